#!/usr/bin/env bash
# json-schema-to-pydantic 0.5.0 with pydantic 2.14.4, and jsonschema-rs 0.61.2 to check (PyPI): a
# text that is described by `allOf` has to be an object.
#
# The field `state` is `allOf` of one reference to an enumeration, with a default beside it: the
# form in which documents of OpenAPI 3.0 give a reference a default or a description. The model made
# from it refuses "open", "Input should be a valid dictionary". So it is with an integer of at least
# 1 and, in another branch, of at most 5. Without `allOf` the same reference is right; nothing is
# raised when the model is made.
#
# Expected: "open" and 3 are valid. JSON Schema 2020-12 Core, 10.2.1.1: a value is valid if it is
# valid against each schema of `allOf`; nothing there asks for an object. A client that reads
# answers into such models finds fault with each right one.
#
# Seen: state "open": the schema true, the model false; size 3: true, false; reference alone: true,
# true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    json-schema-to-pydantic==0.5.0 pydantic==2.14.4 jsonschema-rs==0.61.2
"$scratch/venv/bin/python" - <<'EOF'
import sys
import jsonschema_rs
from json_schema_to_pydantic import create_model
from pydantic import ValidationError

named = {"State": {"type": "string", "enum": ["open", "done"]}, "Size": {"type": "integer", "minimum": 1}}
cases = {
    "state": ({"allOf": [{"$ref": "#/$defs/State"}], "default": "open"}, "open"),
    "size": ({"allOf": [{"$ref": "#/$defs/Size"}, {"maximum": 5}]}, 3),
    "reference alone": ({"$ref": "#/$defs/State"}, "open"),
}
seen = []
for name, (field, value) in cases.items():
    schema = {"title": "Job", "type": "object", "properties": {"field": field}, "$defs": named}
    try:
        create_model(schema).model_validate({"field": value})
        message = None
    except ValidationError as error:
        message = error.errors()[0]["msg"]
    seen.append((jsonschema_rs.is_valid(schema, {"field": value}), message is None))
    print(f"{name} {value!r}: schema {seen[-1][0]}, model {seen[-1][1]} {message or ''}")
if seen != [(True, False), (True, False), (True, True)]:
    sys.exit("changed: the models are made otherwise")
EOF
