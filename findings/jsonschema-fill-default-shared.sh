#!/usr/bin/env bash
# jsonschema-fill-default 0.2.4.20260725 (PyPI): what one job does to its tags becomes the default
# of all others.
#
# The tags of a job have the default `[]`. Two jobs are filled and one tag is added to the first:
# the second has it too, the schema has `"default": ["urgent"]` by then, and a job that is filled
# later gets the tag. The values are not copied, in lists and objects alike. That the value that is
# filled is changed in place is documented; of the schema nothing is said. A job that is null, which
# its schema allows, raises a TypeError.
#
# Expected: an empty list each time, and null. JSON Schema Validation 2020-12, 9.2: `default` is a
# value that is associated with the schema; Core, 10.3.2.1: `properties` is about objects alone, and
# 4.2.1 has null among the values. A service fills a second request with what the first one said,
# and the document that it serves changes while it runs.
#
# Seen: second job ["urgent"], later job ["urgent"], schema default ["urgent"]; null: TypeError
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    jsonschema-fill-default==0.2.4.20260725 jsonschema==4.26.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
import jsonschema
from jsonschema_fill_default import fill_default

job = {"type": ["object", "null"], "properties": {"tags": {"type": "array", "default": []}}}
schema = {"type": "array", "items": job}
jobs, later = [{}, {}], [{}]
fill_default(jobs, schema)
jobs[0]["tags"].append("urgent")
fill_default(later, schema)
seen = [jobs[1]["tags"], later[0]["tags"], job["properties"]["tags"]["default"]]
print("the second job, a later one, the default in the schema:", *seen)
jsonschema.validate([None], schema)
try:
    fill_default([None], schema)
    error = "none"
except TypeError as raised:
    error = type(raised).__name__
print("a job that is null, which is valid:", error)
if seen != [["urgent"]] * 3 or error != "TypeError":
    sys.exit("changed: the jobs are filled otherwise")
EOF
