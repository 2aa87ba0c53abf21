#!/usr/bin/env bash
# sanic-ext 25.12.0 with sanic 25.12.1 (PyPI): a tuple is documented as an object whose fields are
# its methods.
#
# A handler whose answer is a dataclass with the field `size: tuple[int, str]` answers
# `[5, "boxes"]`. The document that the same application serves says of the field: an object with
# the properties `count` and `index`, objects too. `count` and `index` are what Python's tuples can
# do; `list[int]` beside it is documented as an array.
#
# Expected: an array (OpenAPI 3.0.3, Schema Object, takes `type` from JSON Schema, where [5,
# "boxes"] is an array and no object). A contract test finds a wrong type in each answer, and a
# generated client has a class with two fields that never come.
#
# Seen: documented {'type': 'object', 'properties': {'count': {'type': 'object'}, 'index': {'type':
# 'object'}}}, answered [5, "boxes"]
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    sanic-ext==25.12.0 sanic==25.12.1 sanic-testing==24.6.0 pydantic==2.14.4
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, json, logging, sys
from dataclasses import dataclass
from sanic import Sanic
from sanic import json as answer
from sanic_ext import Extend, openapi

logging.disable(logging.INFO)
app = Sanic("boxes")
Extend(app)

@dataclass
class Amount:
    size: tuple[int, str]
    parts: list[int]

@app.get("/amount")
@openapi.response(200, {"application/json": Amount})
async def amount(request):
    return answer({"size": (5, "boxes"), "parts": [2, 3]})

async def main():
    _, document = await app.asgi_client.get("/docs/openapi.json")
    _, got = await app.asgi_client.get("/amount")
    return document.json, got.json

document, got = asyncio.run(main())
content = document["paths"]["/amount"]["get"]["responses"]["200"]["content"]
fields = content["application/json"]["schema"]["properties"]
size = {key: fields["size"][key] for key in ("type", "properties") if key in fields["size"]}
print(f"documented {size}, answered {json.dumps(got['size'])}")
if size != {"type": "object", "properties": {name: {"type": "object"} for name in ("count", "index")}}:
    sys.exit("changed: the tuple is documented otherwise")
if fields["parts"]["type"] != "array" or got["size"] != [5, "boxes"]:
    sys.exit("changed: the lists are documented or answered otherwise")
EOF
