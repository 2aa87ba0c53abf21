#!/usr/bin/env bash
# fastapi-problem-details 0.1.5 with fastapi 0.165.0 and pydantic 2.14.4 (PyPI): a refusal with an
# object for its detail becomes a fault of the server.
#
# A handler raises `HTTPException(404, detail={"code": "gone"})`, as FastAPI allows for any value
# that JSON has: it is answered 404 then. After `init_app`, which makes problem documents of all
# refusals, the same request is answered 500, with the message of a failed validation for its
# `detail`. A status that Python has no name for, such as 499, is answered 500 as well. With a
# text and a known status, which is what most tests try, all is well.
#
# Expected: 404, with the object in a member of its own. RFC 9457, 3.1.2: `status` is that of the
# answer, and 3.2: whatever else there is to say goes into extension members. RFC 9110, 15: a
# status that is not known counts as the first of its class, 4xx. By 15.6 the client did no wrong,
# and may try again for ever.
#
# Seen: object: 404 without, 500 with; status 499: 499, 500; text: 404, 404
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    fastapi-problem-details==0.1.5 fastapi==0.165.0 pydantic==2.14.4
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, logging, sys
import fastapi_problem_details
from fastapi import FastAPI, HTTPException

logging.disable(logging.CRITICAL)

def service(with_problems):
    app = FastAPI()
    if with_problems:
        fastapi_problem_details.init_app(app)
    @app.get("/object")
    def an_object():
        raise HTTPException(404, detail={"code": "gone"})
    @app.get("/status")
    def a_status():
        raise HTTPException(499, detail="The client went away.")
    @app.get("/text")
    def a_text():
        raise HTTPException(404, detail="There is no such job.")
    return app

async def ask(app, path):
    seen = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        if message["type"] == "http.response.start":
            seen.append(message["status"])
    try:
        await app({"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http",
                   "path": path, "query_string": b"", "headers": []}, receive, send)
    except Exception:  # raised once more after the answer, for the log of the server
        pass
    return seen[0]

plain, problems = service(False), service(True)
seen = {path: (asyncio.run(ask(plain, path)), asyncio.run(ask(problems, path)))
        for path in ("/object", "/status", "/text")}
print("; ".join(f"{path}: {without} without, {with_it} with" for path, (without, with_it) in seen.items()))
if seen != {"/object": (404, 500), "/status": (499, 500), "/text": (404, 404)}:
    sys.exit("changed: the refusals are answered otherwise")
EOF
