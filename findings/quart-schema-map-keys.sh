#!/usr/bin/env bash
# quart-schema 0.25.0 with Quart 0.22.0 and pydantic 2.14.4 (PyPI): the conversion of names changes
# data too.
#
# With `convert_casing=True` the field `shop_name` is documented and answered as `shopName`. The
# keys of a `dict` are converted as well, but not in the document: a map whose keys are documented
# as `in_stock` or `sold_out` is answered with `inStock`, and a map of labels with the key `A_B-c`
# with `AB-c`, which a request brings back as `ab-c`.
#
# Expected: the names of fields converted, and the keys of maps as they are. JSON Schema 2020-12
# Core, 10.3.2.4: with `propertyNames: {"enum": ["in_stock", "sold_out"]}` the answer is not valid.
# Where keys are free, such as identifiers and labels, nobody finds fault, and what is read and
# written back is another thing.
#
# Seen: documented ['in_stock', 'sold_out'], answered ['inStock']; label A_B-c: read AB-c, sent
# back ab-c
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    "quart-schema[pydantic]==0.25.0" quart==0.22.0 pydantic==2.14.4
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, sys
from dataclasses import dataclass
from typing import Literal
from quart import Quart
from quart_schema import QuartSchema, validate_request, validate_response

app = Quart("shop")
QuartSchema(app, convert_casing=True)

@dataclass
class Stock:
    shop_name: str
    boxes: dict[Literal["in_stock", "sold_out"], int]
    labels: dict[str, str]

held = [Stock("corner", {"in_stock": 1}, {"A_B-c": "z"})]

@app.get("/stock")
@validate_response(Stock)
async def read() -> Stock:
    return held[-1]

@app.put("/stock")
@validate_request(Stock)
@validate_response(Stock)
async def write(data: Stock) -> Stock:
    held.append(data)
    return data

async def main():
    client = app.test_client()
    document = await (await client.get("/openapi.json")).get_json()
    content = document["paths"]["/stock"]["get"]["responses"]["200"]["content"]["application/json"]
    answer = await (await client.get("/stock")).get_json()
    put = await client.put("/stock", json=answer)
    return content["schema"]["properties"], answer, put.status_code

fields, answer, status = asyncio.run(main())
names, keys = fields["boxes"]["propertyNames"]["enum"], list(answer["boxes"])
[read], [back] = list(answer["labels"]), list(held[-1].labels)
print(f"documented {names}, answered {keys}; label A_B-c: read {read}, sent back {back}")
if "shopName" not in fields or names != ["in_stock", "sold_out"]:
    sys.exit("changed: the document has other names")
if keys != ["inStock"] or status != 200 or (read, back) != ("AB-c", "ab-c"):
    sys.exit("changed: the keys are converted otherwise")
EOF
