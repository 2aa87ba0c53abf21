#!/usr/bin/env bash
# falcon-swoop 4.0.3 with falcon 4.4.0 and pydantic 2.14.4 (PyPI): a mandatory header can be sent in
# no form, and what may be left out is documented as mandatory.
#
# The argument `x_key: str = header_param()` is documented as the mandatory header `x_key`. Requests
# with `x_key: 1`, `X-Key: 1` and `x-key: 1` are all answered 400, "Field required", by an
# application of Falcon's own kind, WSGI; in one for ASGI the first is read. With an alias that has
# a hyphen the header is read by both. An argument with a default, `limit: int =
# query_param(default=5)`, is documented as `required: true` next to `default: 5`; without it the
# request is answered 200.
#
# Expected: one of the three is taken, and `required: false`. RFC 9110, 5.1: names of header fields
# are case-insensitive, and 5.6.2 allows `_`; OpenAPI 3.1, Parameter Object: `required` says whether
# the parameter is mandatory. No request that a client makes from the document is answered but 400.
#
# Seen: x_key documented required, sent x_key, X-Key, x-key: 400 each; alias X-Id: 200; limit
# documented required, left out: 200
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    falcon-swoop==4.0.3 falcon==4.4.0 pydantic==2.14.4
"$scratch/venv/bin/python" -W ignore - <<'EOF'
import sys
import falcon
from falcon.testing import TestClient
from falcon_swoop import SwoopApp, SwoopResource, header_param, operation, query_param
from pydantic import BaseModel

class Job(BaseModel):
    size: int

class Named(SwoopResource):
    def __init__(self):
        super().__init__(route="/named")

    @operation(method="GET")
    def read_named(self, x_key: str = header_param()) -> Job:
        return Job(size=1)

class Other(SwoopResource):
    def __init__(self):
        super().__init__(route="/other")

    @operation(method="GET")
    def read_other(self, key: str = header_param(alias="X-Id"), limit: int = query_param(default=5)) -> Job:
        return Job(size=limit)

app = falcon.App()
swoop = SwoopApp(app, title="jobs", version="1", spec_json_route="/openapi.json")
swoop.add_route(Named())
swoop.add_route(Other())
client = TestClient(app)
parameters = client.simulate_get("/openapi.json").json["components"]["parameters"].values()
documented = {one["name"]: one["required"] for one in parameters}
named = {name: client.simulate_get("/named", headers={name: "1"}).status_code for name in ("x_key", "X-Key", "x-key")}
other = client.simulate_get("/other", headers={"X-Id": "1"})
print(f"documented as required: {documented}; {named}; X-Id without limit: {other.status_code} {other.json}")
if documented != {"x_key": True, "X-Id": True, "limit": True}:
    sys.exit("changed: the parameters are documented otherwise")
if set(named.values()) != {400} or (other.status_code, other.json) != (200, {"size": 5}):
    sys.exit("changed: the parameters are read otherwise")
EOF
