#!/usr/bin/env bash
# ravyn 0.4.3 with pydantic 2.14.4 (PyPI): what is no model is documented as a text.
#
# Handlers annotated with `dict[str, int]`, `tuple[int, str]` and `Job | None`, where Job is a model
# of pydantic, answer `{"boxes":5}`, `[5,"boxes"]` and `{"size":5}`. The document that the same
# application serves has `{"type": "string"}` for all three; for `Job` alone it has the right schema.
#
# Expected: an object, an array, and Job or null, or no schema (OpenAPI 3.1, Media Type Object,
# leaves it out where nothing is known). JSON Schema Validation 2020-12, 6.1.1: none of the answers
# is a string. A contract test fails on each of them, and a generated client hands a text out.
#
# Seen: mapping, pair, maybe: documented {'type': 'string'}, answered {"boxes":5}, [5,"boxes"],
# {"size":5}
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    ravyn==0.4.3 lilya==0.29.0 pydantic==2.14.4 httpx==0.28.1
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, logging, sys
import httpx
from pydantic import BaseModel
from ravyn import Gateway, Ravyn, get

logging.disable(logging.INFO)

class Job(BaseModel):
    size: int

@get("/mapping")
async def mapping() -> dict[str, int]:
    return {"boxes": 5}

@get("/pair")
async def pair() -> tuple[int, str]:
    return (5, "boxes")

@get("/maybe")
async def maybe() -> Job | None:
    return Job(size=5)

@get("/job")
async def job() -> Job:
    return Job(size=5)

app = Ravyn(routes=[Gateway(handler=one) for one in (mapping, pair, maybe, job)], enable_openapi=True)

async def main():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        return {path: (operations["get"]["responses"]["200"]["content"]["application/json"]["schema"],
                       (await client.get(path)).text) for path, operations in paths.items()}

seen = asyncio.run(main())
for path, (schema, text) in seen.items():
    print(f"{path}: documented {schema}, answered {text}")
text = {"type": "string"}
if [seen[path] for path in ("/mapping", "/pair", "/maybe")] != [
        (text, '{"boxes":5}'), (text, '[5,"boxes"]'), (text, '{"size":5}')]:
    sys.exit("changed: the answers are documented or written otherwise")
if seen["/job"][0]["type"] != "object":
    sys.exit("changed: the model is documented otherwise")
EOF
