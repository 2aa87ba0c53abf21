#!/usr/bin/env bash
# litestar 2.25.0 (PyPI): a handler that returns a time of day is documented as a duration.
#
# A handler annotated with `datetime.time` answers `"12:30:00"`, while the OpenAPI document that
# the same application serves says `{"type": "string", "format": "duration"}` for it.
#
# Expected: `format: time` or none. JSON Schema Validation 2020-12, 7.3.1, takes `duration` from
# RFC 3339, appendix A, where every duration begins with `P`: no answer of this handler can be one.
# A contract test that asserts formats fails on each correct answer, and a generated client reads a
# length of time.
#
# Seen: documented {'type': 'string', 'format': 'duration'}, answered "12:30:00", valid: False
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    litestar==2.25.0 jsonschema-rs==0.60.3
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, json, sys
from datetime import time
import jsonschema_rs
from litestar import Litestar, get

@get("/opens")
async def opens() -> time:
    return time(12, 30)

app = Litestar([opens])

async def answer(path):
    body = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        body.append(message.get("body", b""))
    await app({"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
               "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
               "query_string": b"", "headers": [(b"host", b"127.0.0.1")],
               "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {}}, receive, send)
    return json.loads(b"".join(body))

operation = app.openapi_schema.to_schema()["paths"]["/opens"]["get"]
schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
sent = asyncio.run(answer("/opens"))
valid = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(sent)
print(f"documented {schema}, answered {json.dumps(sent)}, valid: {valid}")
if (schema, sent, valid) != ({"type": "string", "format": "duration"}, "12:30:00", False):
    sys.exit("changed: the document and the answer no longer disagree in this way")
EOF
