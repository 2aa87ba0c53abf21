#!/usr/bin/env bash
# httpbin 0.10.4 with Flask 3.1.3 and Werkzeug 3.1.9 (PyPI): a redirect that a form asks for, as
# documented, leads to `None`.
#
# Its document takes the address of `POST`, `PUT` and `PATCH /redirect-to` from a form: `url`, which
# is mandatory, and `status_code`. The answer to such a form is a 302 with `Location: None`, the same
# as without any form, and the status that was asked for is ignored. What works is a query, which the
# document has for `GET` alone.
#
# Expected: the address of the form and its status; without an address, a 400. RFC 9110, 10.2.2: the
# value of `Location` is a reference that the client follows, so that a client that is tested with
# this asks for a page called None.
#
# Seen: a form with /get and 307: 302 None (POST, PUT, PATCH); an empty form: 302 None; the same as a
# query: 307 /get
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    httpbin==0.10.4 flasgger==0.9.7.1 Flask==3.1.3 Werkzeug==3.1.9
"$scratch/venv/bin/python" -W ignore - <<'EOF'
import sys
from httpbin import app

client = app.test_client()
wanted = {"url": "/get", "status_code": "307"}
operations = client.get("/spec.json").json["paths"]["/redirect-to"]
documented = [(part["in"], part.get("required")) for part in operations["post"]["parameters"]
              if part["name"] == "url"]

def told(answer):
    return answer.status_code, answer.headers["Location"]

forms = [told(client.open("/redirect-to", method=method, data=wanted))
         for method in ("POST", "PUT", "PATCH")]
empty = told(client.post("/redirect-to", data={}))
query = told(client.post("/redirect-to", query_string=wanted))
print(f"documented {documented}; forms {forms}, empty {empty}, query {query}")
if documented != [("formData", True)]:
    print("changed: the address is documented otherwise")
    sys.exit(1)
if forms != [(302, "None")] * 3 or empty != (302, "None") or query != (307, "/get"):
    print("changed: the forms are answered otherwise")
    sys.exit(1)
EOF
