#!/usr/bin/env bash
# pydantic 2.14.4 (PyPI): the bounds of a number that may be whole or not are left out of the
# schema.
#
# For `Annotated[int | float, Field(ge=3, le=10, multiple_of=2)]` the model refuses 1 and 5. Its
# JSON Schema has `ge`, `le` and `multiple_of` beside `anyOf`: Python's names, which are no
# keywords. With `str | list[str]` and `min_length=2` the schema has `minLength` and no `minItems`.
#
# Expected: `minimum: 3, maximum: 10, multipleOf: 2`, as for `int` alone. JSON Schema 2020-12 Core,
# 6.5, lets a validator take unknown keywords for annotations, so none complains: whoever derives
# tests from the document believes that every number and every list is allowed.
#
# Seen: {'anyOf': [{'type': 'integer'}, {'type': 'number'}], 'ge': 3, 'le': 10, 'multiple_of': 2}
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pydantic==2.14.4 jsonschema-rs==0.60.3
"$scratch/venv/bin/python" - <<'EOF'
import sys
from typing import Annotated
import jsonschema_rs
from pydantic import Field, TypeAdapter, ValidationError

def verdicts(annotation, value):
    """The schema, and what the model and a validator of the schema say of the value."""
    adapter = TypeAdapter(annotation)
    schema = adapter.json_schema()
    try:
        adapter.validate_python(value)
        model = True
    except ValidationError:
        model = False
    return schema, model, jsonschema_rs.Draft202012Validator(schema).is_valid(value)

seen = [
    verdicts(Annotated[int | float, Field(ge=3, le=10, multiple_of=2)], 5),
    verdicts(Annotated[str | list[str], Field(min_length=2)], ["a"]),
]
for schema, model, valid in seen:
    print(f"{schema}\n  the model takes it: {model}, the schema takes it: {valid}")
number, text = (schema for schema, *_ in seen)
if any((model, valid) != (False, True) for _, model, valid in seen):
    sys.exit("changed: the model and its schema agree")
if "ge" not in number or "minimum" in str(number) or "minItems" in str(text):
    sys.exit("changed: the schema is written otherwise")
EOF
