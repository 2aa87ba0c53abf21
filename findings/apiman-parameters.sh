#!/usr/bin/env bash
# apiman 0.5.5 with Flask 3.1.3 (PyPI): a number in a path, a query or a form is refused, whatever
# it is.
#
# An operation is documented with an integer `id` in its path, and with `limit`, an integer, and
# `done`, a boolean, in the query. Its request is validated by the documentation: `/jobs/5`,
# `/jobs?limit=5` and `/jobs?done=true` are refused, "5" is not of type "integer". So is a form with
# the field `size=5`. In JSON the number 5 is taken, and texts are taken everywhere. The document is
# valid, and is what the application serves.
#
# Expected: all taken. OpenAPI 3.0.3, Parameter Object, "Style Values": a primitive value is written
# as text, and the schema describes the value, not its text; Media Type Object, for forms: values
# are serialised as the parameters of a query are. There is no request that such an operation
# accepts, and a client made from its document is refused each time.
#
# Seen: /jobs/5 refused; limit=5 refused; done=true refused; name=a taken; form size=5 refused; JSON
# {"size": 5} taken
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check apiman==0.5.5 Flask==3.1.3
"$scratch/venv/bin/python" -W ignore - <<'EOF'
import sys
from apiman.flask import Apiman
from flask import Flask, request

app, apiman = Flask(__name__), Apiman()
apiman.init_app(app)

def checked():
    try:
        apiman.validate_request(request)
        return "taken"
    except Exception as error:
        return str(error).splitlines()[0], 400

@app.get("/jobs/<id>")
def read_job(id):
    """
    summary: A job
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    responses: {"200": {description: Done}}
    """
    return checked()

@app.get("/jobs")
def list_jobs():
    """
    summary: Jobs
    parameters:
      - {name: limit, in: query, schema: {type: integer}}
      - {name: done, in: query, schema: {type: boolean}}
      - {name: name, in: query, schema: {type: string}}
    responses: {"200": {description: Done}}
    """
    return checked()

@app.post("/jobs")
def add_job():
    """
    summary: A new job
    requestBody:
      required: true
      content:
        application/json: {schema: {type: object, properties: {size: {type: integer}}}}
        application/x-www-form-urlencoded: {schema: {type: object, properties: {size: {type: integer}}}}
    responses: {"200": {description: Done}}
    """
    return checked()

client, seen = app.test_client(), []
for name, answer in (("/jobs/5", client.get("/jobs/5")), ("limit=5", client.get("/jobs?limit=5")),
                     ("done=true", client.get("/jobs?done=true")), ("name=a", client.get("/jobs?name=a")),
                     ("form size=5", client.post("/jobs", data={"size": "5"})),
                     ("JSON size 5", client.post("/jobs", json={"size": 5}))):
    seen.append(answer.status_code)
    print(f"{name}: {answer.text}")
if seen != [400, 400, 400, 200, 400, 200]:
    sys.exit("changed: the requests are validated otherwise")
EOF
