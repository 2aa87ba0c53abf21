#!/usr/bin/env bash
# apiwright 0.1.0rc6 with fastapi 0.165.0, pydantic 2.14.4 and httpx 0.28.1 (PyPI): a client that is
# made from a server's own document is refused by this server.
#
# The server's job has a name and an optional `size`, an integer that the server fills in. The
# client made from the document sends `Job(name="a")` as {"name": "a", "size": null}, and is
# answered 422. For a PATCH, whose body is documented as `application/merge-patch+json` and
# mandatory, the client has a method that takes no body and sends none: 422 again.
#
# Expected: {"name": "a"}, and a body. JSON Schema Validation 2020-12, 6.1.1: null is no integer,
# and 6.5.3: what is not in `required` may be absent; OpenAPI 3.1, Request Body Object: the body is
# described by media type, whichever it is. In a merge patch the two are opposites: null deletes
# (RFC 7396, 2), absence keeps.
#
# Seen: {"name":"a","size":null} 422; patch_job(self): b'' 422; by hand {"name":"a"} 200
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    apiwright==0.1.0rc6 fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1
cat > "$scratch/server.py" <<'EOF'
import json
from fastapi import Body, FastAPI
from pydantic import BaseModel, Field

app = FastAPI(title="jobs", servers=[{"url": "http://jobs.example"}])

class Job(BaseModel):
    name: str
    size: int = Field(default_factory=lambda: 1)

class JobPatch(BaseModel):
    name: str = "unnamed"

@app.put("/job", operation_id="put_job")
def put(job: Job) -> Job:
    return job

@app.patch("/job", operation_id="patch_job")
def patch(job: JobPatch = Body(media_type="application/merge-patch+json")) -> Job:
    return Job(name=job.name)

if __name__ == "__main__":
    print(json.dumps(app.openapi()))
EOF
cd "$scratch"
venv/bin/python server.py > openapi.json
venv/bin/apiwright python --input openapi.json --output client >/dev/null
PYTHONPATH=client venv/bin/python - <<'EOF'
import asyncio, inspect, sys
import httpx
from jobs import ApiError, Client, Job
from jobs.api.default import DefaultApi
from server import app

async def main():
    sent = []

    async def keep(request):
        sent.append(request.content.decode())

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://jobs.example",
                                 event_hooks={"request": [keep]}) as http:
        client, answers = Client(http_client=http), []
        for call in (lambda: client.default.put_job(Job(name="a")), lambda: client.default.patch_job()):
            try:
                await call()
                answers.append(200)
            except ApiError as error:
                answers.append(error.status)
        answers.append((await http.put("/job", json={"name": "a"})).status_code)
    return list(zip(sent, answers))

seen, parameters = asyncio.run(main()), list(inspect.signature(DefaultApi.patch_job).parameters)
print(f"PUT {seen[0]}; PATCH {parameters} {seen[1]}; by hand {seen[2]}")
if seen != [('{"name":"a","size":null}', 422), ("", 422), ('{"name":"a"}', 200)] or parameters != ["self"]:
    sys.exit("changed: other bodies are sent")
EOF
