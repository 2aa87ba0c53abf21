#!/usr/bin/env bash
# spectree 3.0.0 with pydantic 2.14.4 and Flask 3.1.3 (PyPI): a field is documented under its alias
# and answered under its name.
#
# The model of the response has the field `max_size` with the alias `maxSize`, and forbids others.
# The document says so: `maxSize` is mandatory, and there are no additional properties. A handler
# that returns the model answers `{"max_size": 3}`, with the validation of responses on; the same
# model as the body of a request takes `maxSize` and refuses `max_size`.
#
# Expected: `{"maxSize": 3}`. JSON Schema Validation 2020-12, 6.5.3 (`required`), and Core, 10.3.2.3
# (`additionalProperties`): the answer breaks both, on each request. What a client reads from one
# operation it cannot send to the next.
#
# Seen: documented ['maxSize'], answered {"max_size":3}; sent max_size: 422, maxSize: 200
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    spectree==3.0.0 flask==3.1.3 pydantic==2.14.4
"$scratch/venv/bin/python" - <<'EOF'
import sys
from flask import Flask
from pydantic import BaseModel, ConfigDict, Field
from spectree import Response, SpecTree

app = Flask("jobs")
spec = SpecTree("flask", title="jobs", version="1")

class Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")
    max_size: int = Field(alias="maxSize")

@app.get("/limits")
@spec.validate(resp=Response(HTTP_200=Limits))
def read():
    return Limits(maxSize=3)

@app.put("/limits")
@spec.validate(json=Limits, resp=Response(HTTP_200=Limits))
def write(json: Limits):
    return json

spec.register(app)
client = app.test_client()
schemas = client.get("/apidoc/openapi.json").json["components"]["schemas"]
[limits] = [schema for schema in schemas.values() if schema["title"] == "Limits"]
answer = client.get("/limits").text.strip()
sent = [client.put("/limits", json={name: 3}).status_code for name in ("max_size", "maxSize")]
print(f"documented {limits['required']}, answered {answer}; sent max_size: {sent[0]}, maxSize: {sent[1]}")
if limits["required"] != ["maxSize"] or limits["additionalProperties"] is not False:
    sys.exit("changed: the field is documented otherwise")
if answer != '{"max_size":3}' or sent != [422, 200]:
    sys.exit("changed: the field is written or read otherwise")
EOF
