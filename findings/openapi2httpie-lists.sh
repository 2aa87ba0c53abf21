#!/usr/bin/env bash
# openapi2httpie 0.1.0 with httpie 3.2.4 and fastapi 0.165.0 (PyPI): the commands made from a
# server's own document are refused by this server.
#
# The server has a mandatory list of integers in the query, with an example of two. The command has
# it as a text in JSON, `ids==[1,2]`, and HTTPie sends `?ids=[1,2]`: 422, "unable to parse string as
# an integer". A part of a form that is a file becomes the text "string" without a file name, and
# for a body in `application/merge-patch+json` HTTPie, which is told nothing else, says
# `application/json`. Nothing is left out or marked.
#
# Expected: `ids==1 ids==2`, `file@...` and a Content-Type. OpenAPI 3.1, Parameter Object: the
# default style of a query is `form`, exploded, a pair for each element; Media Type Object and
# "Considerations for File Uploads" for the other two. The first command that a reader of the
# document runs is answered as wrong.
#
# Seen: ids==[1,2] -> GET /jobs?ids=%5B1%2C2%5D -> 422; by hand ids==1 ids==2 -> 200; file=string;
# PATCH application/json
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    openapi2httpie==0.1.0 httpie==3.2.4 fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1 \
    python-multipart==0.0.34
cd "$scratch"
cat > server.py <<'EOF'
import json
from fastapi import Body, FastAPI, Query, UploadFile
from pydantic import BaseModel

app = FastAPI(title="jobs", servers=[{"url": "http://jobs.example"}])

@app.get("/jobs")
def read(ids: list[int] = Query(openapi_examples={"two": {"value": [1, 2]}})):
    return ids

@app.post("/jobs")
def upload(file: UploadFile):
    return file.filename

class Change(BaseModel):
    name: str

@app.patch("/jobs")
def patch(change: Change = Body(media_type="application/merge-patch+json")):
    return change

if __name__ == "__main__":
    print(json.dumps(app.openapi()))
EOF
venv/bin/python server.py > openapi.json
venv/bin/openapi2httpie --offline openapi.json > commands.sh
grep '^http' commands.sh
PATH="$scratch/venv/bin:$PATH" HTTPIE_CONFIG_DIR="$scratch" bash commands.sh > requests.txt
venv/bin/python -W ignore - <<'EOF'
import pathlib, re, sys
from fastapi.testclient import TestClient
from server import app

requests = pathlib.Path("requests.txt").read_text().replace("\r\n", "\n")
target = re.search(r"GET (\S+)", requests)[1]
patch = requests[requests.index("PATCH "):]
kind = re.search(r"(?im)^content-type: (\S+)", patch)[1]
file = re.search(r'name="file"(.*)\n', requests)[1]
client = TestClient(app)
answers = client.get(target).status_code, client.get("/jobs?ids=1&ids=2").status_code
print(f"GET {target}: {answers[0]}; by hand {answers[1]}; file with a name: {'filename' in file}; PATCH {kind}")
if target != "/jobs?ids=%5B1%2C2%5D" or answers != (422, 200) or "filename" in file or kind != "application/json":
    sys.exit("changed: the commands send other requests")
EOF
