#!/usr/bin/env bash
# fastapi 0.165.0 (PyPI): a mandatory cookie that is documented as an array can be sent in no form.
#
# `Annotated[list[str], Cookie()]` becomes a parameter `in: cookie` of type array in the OpenAPI
# document. The application answers 422 to one value, to two cookies of the name, and to values
# joined by a comma.
#
# Expected: one of these is taken. OpenAPI 3.1, Parameter Object: the style of a cookie is `form`;
# exploded, which is its default, each value has a cookie of its own, otherwise commas stand
# between them. A mandatory array in a header, in style `simple`, is joined by commas too (and RFC
# 9110, 5.3, lets any intermediary join the lines of a field so); here the joined form is one
# value.
#
# Seen: cookie: 422 in all three forms; header `a, b`: ['a, b']
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check fastapi==0.165.0
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, json, sys
from typing import Annotated
from fastapi import Cookie, FastAPI, Header

app = FastAPI()

@app.get("/cookie")
def cookie(tag: Annotated[list[str], Cookie()]) -> list[str]:
    return tag

@app.get("/header")
def header(x_tag: Annotated[list[str], Header()]) -> list[str]:
    return x_tag

async def ask(path, *headers):
    answer = {"body": b""}
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        answer["status"] = message.get("status", answer.get("status"))
        answer["body"] += message.get("body", b"")
    await app({"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
               "query_string": b"", "headers": list(headers)}, receive, send)
    return answer["status"], json.loads(answer["body"])

documented = app.openapi()["paths"]["/cookie"]["get"]["parameters"][0]
print("documented:", documented)
cookies = {text: asyncio.run(ask("/cookie", (b"cookie", text.encode())))[0]
           for text in ("tag=a", "tag=a; tag=b", "tag=a,b")}
joined = asyncio.run(ask("/header", (b"x-tag", b"a, b")))
print("cookies:", cookies, "header `a, b`:", joined)
if documented["schema"]["type"] != "array" or set(cookies.values()) != {422}:
    sys.exit("changed: a form of the cookie is taken")
if joined != (200, ["a, b"]):
    sys.exit("changed: the joined header is read otherwise")
EOF
