#!/usr/bin/env bash
# starlette 1.10.0 (PyPI): the Allow header of a 405 names the methods of the first route only.
#
# Two routes share a path, one for GET and one for POST, as every application has them that
# registers a function for each operation. `DELETE` is answered 405 with `Allow: GET, HEAD`,
# although POST works.
#
# Expected: RFC 9110, 15.5.6: a 405 must have an Allow field with the methods that the target
# resource supports (10.2.1). A test that reads Allow to learn which methods exist misses one, or
# takes the working POST for a method that should have been refused. In FastAPI the same, there
# without HEAD.
#
# Seen: DELETE -> 405, allow: GET, HEAD; POST -> 200
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check starlette==1.10.0
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def done(request):
    return PlainTextResponse("done")

app = Starlette(routes=[Route("/jobs", done, methods=["GET"]), Route("/jobs", done, methods=["POST"])])

async def ask(method):
    answer = {}
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        if message["type"] == "http.response.start":
            answer.update(status=message["status"], headers=dict(message["headers"]))
    await app({"type": "http", "http_version": "1.1", "method": method, "scheme": "http",
               "path": "/jobs", "query_string": b"", "headers": []}, receive, send)
    methods = answer["headers"].get(b"allow", b"").decode().split(", ")
    return answer["status"], sorted(methods)

refused, posted = asyncio.run(ask("DELETE")), asyncio.run(ask("POST"))
print(f"DELETE -> {refused[0]}, allow: {', '.join(refused[1])}; POST -> {posted[0]}")
if refused != (405, ["GET", "HEAD"]) or posted[0] != 200:
    sys.exit("changed: the Allow header is another")
EOF
