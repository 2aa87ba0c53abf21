#!/usr/bin/env bash
# apispec 6.10.1 with marshmallow 4.4.0 and jsonschema-rs 0.61.2 (PyPI): a bound that is excluded is
# documented as one that is allowed.
#
# `Float(validate=Range(min=0, max=1, min_inclusive=False, max_inclusive=False))` is written with
# `minimum: 0.0` and `maximum: 1.0`, for OpenAPI 3.0 and 3.1 alike. By the document 0 and 1 are
# valid; marshmallow refuses both, "Must be greater than 0 and less than 1."
#
# Expected: `exclusiveMinimum: 0` for 3.1 (JSON Schema Validation 2020-12, 6.2.5), and
# `exclusiveMinimum: true` beside `minimum` for 3.0 (Schema Object, which takes it from JSON Schema
# draft 5). What tests an API by its document tries the bounds first, and here each of them is
# documented and answered 422.
#
# Seen: 3.0.3 {"type": "number", "minimum": 0.0, "maximum": 1.0}, the same for 3.1.0; 0 and 1 are
# valid by the document, refused by marshmallow
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    apispec==6.10.1 marshmallow==4.4.0 jsonschema-rs==0.61.2
"$scratch/venv/bin/python" - <<'EOF'
import json, sys
import jsonschema_rs
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields, validate

class Job(Schema):
    share = fields.Float(validate=validate.Range(
        min=0, max=1, min_inclusive=False, max_inclusive=False))

for version in ("3.0.3", "3.1.0"):
    spec = APISpec("jobs", "1", version, plugins=[MarshmallowPlugin()])
    spec.components.schema("Job", schema=Job)
    job = spec.to_dict()["components"]["schemas"]["Job"]
    print(version, json.dumps(job["properties"]["share"]))
    if job["properties"]["share"] != {"type": "number", "minimum": 0.0, "maximum": 1.0}:
        sys.exit("changed: the bounds are documented otherwise")
for value in (0, 1):
    valid, errors = jsonschema_rs.is_valid(job, {"share": value}), Job().validate({"share": value})
    print(f"{value} is valid by the document: {valid}, marshmallow: {errors}")
    if not valid or not errors:
        sys.exit("changed: the bounds are read otherwise")
EOF
