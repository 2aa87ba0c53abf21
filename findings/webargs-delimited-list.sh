#!/usr/bin/env bash
# webargs 8.7.1 with apispec 6.10.1 and marshmallow 4.4.0 (PyPI), as APIFlask 3.1.2 joins them: a
# list that is documented as an array is written and read as a text.
#
# A schema with the field `DelimitedList(Integer())` serves for the query, the body and the answer.
# For the query the document says `explode: false`, and `?ids=1,2` is read. For bodies it says an
# array of integers: the answer has "1,2", a request with [1, 2] is refused ("Not a valid delimited
# list."), and one with "1,2" is taken.
#
# Expected: a string in bodies. JSON Schema Validation 2020-12, 6.1.1: "1,2" is no array; OpenAPI
# 3.1, Parameter Object: the separators belong to the style of a parameter, and a body in JSON has
# no style. By the document every answer is wrong, and no right request gets through.
#
# Seen: query ids=1,2 200; body documented array, [1, 2] 422, "1,2" 200; answered {"ids":"1,2"}
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    apiflask==3.1.2 apispec==6.10.1 marshmallow==4.4.0 webargs==8.7.1
"$scratch/venv/bin/python" - <<'EOF'
import sys
from apiflask import APIFlask, Schema
from apiflask.fields import DelimitedList, Integer

app = APIFlask("jobs", title="jobs", version="1")

class Jobs(Schema):
    ids = DelimitedList(Integer(), required=True)

@app.get("/jobs")
@app.input(Jobs, location="query")
@app.output(Jobs)
def read(query_data):
    return query_data

@app.put("/jobs")
@app.input(Jobs)
@app.output(Jobs)
def write(json_data):
    return json_data

client = app.test_client()
document = client.get("/openapi.json").json
ids = document["components"]["schemas"]["Jobs"]["properties"]["ids"]
[query] = document["paths"]["/jobs"]["get"]["parameters"]
read = client.get("/jobs?ids=1,2")
array, text = [client.put("/jobs", json={"ids": value}).status_code for value in ([1, 2], "1,2")]
print(f'query ids=1,2 {read.status_code}; body documented {ids["type"]}, [1, 2] {array}, "1,2" {text}; '
      f"answered {read.text.strip()}")
if ids != {"type": "array", "items": {"type": "integer"}} or query["explode"] is not False:
    sys.exit("changed: the list is documented otherwise")
if (read.json, array, text) != ({"ids": "1,2"}, 422, 200):
    sys.exit("changed: the list is written or read otherwise")
EOF
