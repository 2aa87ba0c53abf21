#!/usr/bin/env bash
# starlette 1.10.0 (PyPI): static files hold HEAD, and units that they do not know, to the Range
# header.
#
# `Range: items=0-1` is answered 400, and a HEAD with `Range: bytes=0-1` is answered 206 with a
# Content-Length of 2 and a Content-Range.
#
# Expected: 200 to both. RFC 9110, 14.2: a server must ignore a Range whose unit it does not
# understand, and one in a request whose method has no range handling; the RFC defines it for GET
# alone. A page that says `200` or `404` for a download is broken by a header that should mean
# nothing, and a client that asks by HEAD how long a file is, is told the length of the part.
#
# Seen: GET items=0-1 -> 400; HEAD bytes=0-1 -> 206, content-length 2
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check starlette==1.10.0
printf 'hello' > "$scratch/word.txt"
"$scratch/venv/bin/python" - "$scratch/word.txt" <<'EOF'
import asyncio, pathlib, sys
from starlette.staticfiles import StaticFiles

app = StaticFiles(directory=pathlib.Path(sys.argv[1]).parent)

async def ask(method, wanted):
    answer = {}
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        if message["type"] == "http.response.start":
            answer.update(status=message["status"], headers=dict(message["headers"]))
    await app({"type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": "/word.txt",
               "root_path": "", "query_string": b"", "headers": [(b"range", wanted)]}, receive, send)
    return answer["status"], answer["headers"].get(b"content-length")

unit, head = asyncio.run(ask("GET", b"items=0-1")), asyncio.run(ask("HEAD", b"bytes=0-1"))
print(f"GET items=0-1 -> {unit[0]}; HEAD bytes=0-1 -> {head[0]}, content-length {head[1].decode()}")
if unit[0] != 400 or head != (206, b"2"):
    sys.exit("changed: the Range header is treated otherwise")
EOF
