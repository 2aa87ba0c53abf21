#!/usr/bin/env bash
# spectree 3.0.0 with Flask 3.1.3 (PyPI): a body that is no JSON is a valid empty object.
#
# The route takes a model of which every field is optional; the document says that the body is
# mandatory and an object in JSON. No body, the text `{`, the values `[]`, `null` and `0`, and XML
# are answered 200, as `{}` is. `[1]` is refused.
#
# Expected: 422, the answer of spectree's own validation, or 400 and 415. OpenAPI 3.1, Request Body
# Object: `required: true` means that there has to be one, of a media type listed in `content`;
# RFC 8259, 2: `{` is no JSON text; JSON Schema Validation 2020-12, 6.1.1: `[]`, `null` and `0` are
# no objects. A test that sends broken bodies to a service that is validated by its document finds
# them accepted, and an update whose text was cut off on the way changes everything back to its
# default.
#
# Seen: {} 200, nothing 200, { 200, [] 200, null 200, 0 200, <a/> 200, [1] 422
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    spectree==3.0.0 flask==3.1.3 pydantic==2.14.4
"$scratch/venv/bin/python" - <<'EOF'
import sys
from flask import Flask, jsonify
from pydantic import BaseModel
from spectree import SpecTree

app = Flask("jobs")
spec = SpecTree("flask", title="jobs", version="1")

class Settings(BaseModel):
    limit: int = 10
    owner: str | None = None

@app.post("/settings")
@spec.validate(json=Settings)
def settings(json: Settings):
    return jsonify(json.model_dump())

spec.register(app)
client = app.test_client()
body = client.get("/apidoc/openapi.json").json["paths"]["/settings"]["post"]["requestBody"]

def send(text, media="application/json"):
    return client.post("/settings", data=text, content_type=media).status_code

seen = {text: send(text) for text in ["{}", "", "{", "[]", "null", "0"]}
seen |= {"<a/>": send("<a/>", "application/xml"), "[1]": send("[1]")}
print(", ".join(f"{text or 'nothing'} {status}" for text, status in seen.items()))
if body["required"] is not True or list(body["content"]) != ["application/json"]:
    sys.exit("changed: the body is documented otherwise")
if list(seen.values()) != [200] * 7 + [422]:
    sys.exit("changed: such bodies are read otherwise")
EOF
