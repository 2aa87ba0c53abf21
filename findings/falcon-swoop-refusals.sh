#!/usr/bin/env bash
# falcon-swoop 4.0.3 with falcon 4.4.0 and pydantic 2.14.4 (PyPI): a body that breaks its schema is
# a fault of the server.
#
# An operation takes a job with a mandatory `size` of at least 1, and the document says so. Bodies
# without the size, with 0 and with a text are answered 500, "Internal Server Error", without a word
# of what is wrong. A wrong value in the query is answered 400, with the field and the bound, and so
# is a body that is no JSON.
#
# Expected: 400 or 422. RFC 9110, 15.5: the 4xx are for cases in which the client seems to have
# erred, and 15.6: the 5xx are for those in which the server is aware that it has. Clients and
# proxies try again after a 500, which no repetition of the request will change, and every fuzzer
# of a documented API reports each operation that has a body.
#
# Seen: {} 500, {"size": 0} 500, {"size": "x"} 500; limit=x 400; no JSON 400; {"size": 1} 200
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    falcon-swoop==4.0.3 falcon==4.4.0 pydantic==2.14.4
"$scratch/venv/bin/python" -W ignore - 2>/dev/null <<'EOF'
import sys
import falcon
from falcon.testing import TestClient
from falcon_swoop import SwoopApp, SwoopResource, operation, query_param
from pydantic import BaseModel, Field

class Job(BaseModel):
    size: int = Field(ge=1)

class Jobs(SwoopResource):
    def __init__(self):
        super().__init__(route="/jobs")

    @operation(method="PUT")
    def write(self, job: Job, limit: int = query_param(default=5)) -> Job:
        return job

app = falcon.App()
swoop = SwoopApp(app, title="jobs", version="1", spec_json_route="/openapi.json")
swoop.add_route(Jobs())
client = TestClient(app)
documented = client.simulate_get("/openapi.json").json["components"]["schemas"]["Job"]
seen = [client.simulate_put("/jobs", body=body, headers={"Content-Type": "application/json"}).status_code
        for body in ("{}", '{"size": 0}', '{"size": "x"}', "{", '{"size": 1}')]
seen.append(client.simulate_put("/jobs?limit=x", json={"size": 1}).status_code)
print(f"documented {documented}; none, 0, text, no JSON, 1, limit=x: {seen}")
if documented["required"] != ["size"] or documented["properties"]["size"]["minimum"] != 1:
    print("changed: the job is documented otherwise")
    sys.exit(1)
if seen != [500, 500, 500, 400, 200, 400]:
    print("changed: the bodies are answered otherwise")
    sys.exit(1)
EOF
