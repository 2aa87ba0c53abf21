#!/usr/bin/env bash
# ravyn 0.4.3 with pydantic 2.14.4 (PyPI): headers and cookies are documented under the name of the
# argument, and faults under another status.
#
# The handler has `tenant: str = Header(value="X-Tenant")` and `size: int`. The document that the
# same application serves names a mandatory header `tenant`, and 422 with a body of `detail`, a list
# of objects, for what is not valid. A request with `tenant` is answered 400 and one with `X-Tenant`
# 200; a wrong size is answered 400, and its `detail` is a text.
#
# Expected: the header `X-Tenant`, and 400. OpenAPI 3.1, Parameter Object: the name of a parameter in
# a header is the name of the header; Responses Object: it should cover the known errors. A generated
# client sends no request that is taken, and a test of refusals finds the wrong status in each.
#
# Seen: documented tenant and 422; tenant: 400, X-Tenant: 200; size=x: 400, detail a str
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    ravyn==0.4.3 lilya==0.29.0 pydantic==2.14.4 httpx==0.28.1
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, logging, sys
import httpx
from ravyn import Gateway, Header, Ravyn, get

logging.disable(logging.INFO)

@get("/jobs")
async def jobs(size: int, tenant: str = Header(value="X-Tenant")) -> list[str]:
    return [tenant]

app = Ravyn(routes=[Gateway(handler=jobs)], enable_openapi=True)

async def main():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        operation = (await client.get("/openapi.json")).json()["paths"]["/jobs"]["get"]
        [header] = [one["name"] for one in operation["parameters"] if one["in"] == "header"]
        sent = [(await client.get("/jobs?size=1", headers={name: "a"})).status_code
                for name in (header, "X-Tenant")]
        wrong = await client.get("/jobs?size=x", headers={"X-Tenant": "a"})
        return header, sorted(operation["responses"]), sent, wrong

header, statuses, sent, wrong = asyncio.run(main())
detail = type(wrong.json()["detail"]).__name__
print(f"documented {header} and {statuses}; {header}: {sent[0]}, X-Tenant: {sent[1]}; "
      f"size=x: {wrong.status_code}, detail a {detail}")
if (header, statuses, sent) != ("tenant", ["200", "422"], [400, 200]):
    sys.exit("changed: the header is documented or read otherwise")
if (wrong.status_code, detail) != (400, "str"):
    sys.exit("changed: the refusal is another")
EOF
