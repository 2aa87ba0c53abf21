#!/usr/bin/env bash
# lihil 0.2.41 (PyPI): a problem document without `type`, and with a list for its `detail`.
#
# What is not valid is answered 422 with `Content-Type: application/problem+json`. The body has the
# kind of problem in the member `type_`, and in `detail` a list of objects. The schema that the same
# application documents, whose description names RFC 9457, has `type_` too.
#
# Expected: `type`, and a text. RFC 9457, 3.1.1: `type` is the member that says which problem it is,
# and where it is absent it counts as `about:blank`; 3.1.4: `detail` is a string; 3.1: a member of
# another type is ignored by whoever reads it. So a reader of the RFC learns neither what is wrong nor
# where, and a test that compares answers with the document finds nothing.
#
# Seen: 422 application/problem+json, type_ "invalid-request-errors", detail a list, no type;
# documented: type_, status, title, detail, instance
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    lihil==0.2.41 msgspec==0.21.1
"$scratch/venv/bin/python" -W ignore - <<'EOF'
import asyncio, json, sys
from lihil import Lihil, Route

jobs = Route("jobs")

async def read(size: int = 1) -> list[int]:
    return [size]

jobs.get(read)
app = Lihil(jobs)

async def ask(path, query=b""):
    answer = {"body": b""}
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        if message["type"] == "http.response.start":
            headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            answer.update(status=message["status"], media=headers["content-type"])
        else:
            answer["body"] += message.get("body", b"")
    await app({"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
               "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
               "query_string": query, "headers": [], "client": ("127.0.0.1", 1),
               "server": ("127.0.0.1", 80)}, receive, send)
    return answer["status"], answer["media"], json.loads(answer["body"])

async def main():
    messages, started = asyncio.Queue(), asyncio.Event()
    async def send(message):
        started.set()
    await messages.put({"type": "lifespan.startup"})
    life = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, messages.get, send))
    await started.wait()
    wrong, document = await ask("/jobs", b"size=x"), await ask("/openapi")
    await messages.put({"type": "lifespan.shutdown"})
    await life
    return wrong, document[2]["components"]["schemas"]["InvalidRequestErrors"]

(status, media, problem), schema = asyncio.run(main())
print(f"{status} {media}, {json.dumps(problem)}; documented: {', '.join(schema['properties'])}")
if (status, media) != (422, "application/problem+json") or list(schema["properties"])[0] != "type_":
    sys.exit("changed: the problem is documented otherwise")
if "type" in problem or "type_" not in problem or not isinstance(problem["detail"], list):
    sys.exit("changed: the problem has other members")
EOF
