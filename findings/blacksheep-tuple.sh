#!/usr/bin/env bash
# blacksheep 2.6.4 (PyPI): a tuple of two types is documented as a list of the first.
#
# A handler whose result has a field `tuple[int, str]` answers `[5, "boxes"]`; the document that the
# same application serves says of that field: an array whose items are integers, of any length.
# `list[int]` is documented in the same words.
#
# Expected: items that may be either type (OpenAPI 3.0 has no place for more), with two of them, or
# no word of the items. A contract test finds a wrong type in each answer, and a generated client
# fails to read it.
#
# Seen: amount documented {'type': 'array', 'items': 'integer'}, answered [5, "boxes"]
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check blacksheep==2.6.4
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, json, sys
from dataclasses import dataclass
from blacksheep import Application, get
from blacksheep.server.openapi.v3 import OpenAPIHandler
from blacksheep.testing import TestClient
from openapidocs.v3 import Info

@dataclass
class Stock:
    amount: tuple[int, str]

app = Application()
OpenAPIHandler(info=Info("Stock", "1")).bind_app(app)

@get("/stock")
async def stock() -> Stock:
    return Stock((5, "boxes"))

async def both():
    await app.start()
    client = TestClient(app)
    document = json.loads(await (await client.get("/openapi.json")).read())
    answer = json.loads(await (await client.get("/stock")).read())
    return document["components"]["schemas"]["Stock"]["properties"]["amount"], answer["amount"]

schema, answered = asyncio.run(both())
documented = {"type": schema.get("type"), "items": schema.get("items", {}).get("type")}
print(f"amount documented {documented}, answered {json.dumps(answered)}")
if (documented, answered) != ({"type": "array", "items": "integer"}, [5, "boxes"]):
    sys.exit("changed: the document and the answer no longer disagree in this way")
EOF
