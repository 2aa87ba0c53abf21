#!/usr/bin/env bash
# apispec 6.10.1 with marshmallow 4.4.0 (PyPI), OpenAPI 3.0: a nested object that may be null may
# be anything.
#
# `Nested(Owner, allow_none=True)` is written as `anyOf` of `{"type": "object", "nullable": true}`
# and the reference to Owner. The first branch takes every object, so `{}` and `{"id": []}` are
# valid although Owner has a mandatory `id` that is a number; marshmallow refuses both.
#
# Expected: Owner's rules hold for whatever is not null. One branch is enough for `anyOf` (JSON
# Schema Core, 10.2.1.2), so the branch for null should take null alone, by `enum: [null]` beside
# `nullable` (OpenAPI 3.0.3, Schema Object). Under OpenAPI 3.1 apispec writes `{"type": "null"}`
# and is right.
#
# Seen: {} and {"id": []} are valid for 3.0.3 and not for 3.1.0
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    apispec==6.10.1 marshmallow==4.4.0 openapi-schema-validator==0.8.1
"$scratch/venv/bin/python" - <<'EOF'
import json, sys
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields
from openapi_schema_validator import OAS30Validator, OAS31Validator

class Owner(Schema):
    id = fields.Integer(required=True)

class Job(Schema):
    owner = fields.Nested(Owner, allow_none=True)

def owner_schema(version):
    spec = APISpec("jobs", "1", version, plugins=[MarshmallowPlugin()])
    spec.components.schema("Job", schema=Job)
    schemas = spec.to_dict()["components"]["schemas"]
    written = schemas["Job"]["properties"]["owner"]
    inlined = [schemas["Owner"] if "$ref" in branch else branch for branch in written["anyOf"]]
    return written, {"anyOf": inlined}

seen = {}
for version, validator in (("3.0.3", OAS30Validator), ("3.1.0", OAS31Validator)):
    written, schema = owner_schema(version)
    seen[version] = [validator(schema).is_valid(owner) for owner in ({"id": 1}, {}, {"id": []})]
    print(version, json.dumps(written), '{"id": 1}, {}, {"id": []}:', seen[version])
refused = [bool(Job().validate({"owner": owner})) for owner in ({"id": 1}, {}, {"id": []})]
print("refused by marshmallow:", refused)
if seen != {"3.0.3": [True, True, True], "3.1.0": [True, False, False]} or refused != [False, True, True]:
    sys.exit("changed: the nested object is held to other rules")
EOF
