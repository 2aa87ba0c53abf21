#!/usr/bin/env bash
# voluptuous-openapi 0.4.1 with voluptuous 0.16.0 and openapi-spec-validator 0.9.0 (PyPI): an object
# without a mandatory field makes the document invalid, and lists have the length of a text.
#
# Each object gets a `required`; where no field is mandatory it is `[]`, and the validator of
# documents in OpenAPI 3.0, for which the conversion is made unless told otherwise, refuses the
# whole. A list of one to two texts gets `minLength` and `maxLength`, so that an empty one, and one
# of three, are valid by the document and refused by the code. A date, "2026-01-02", is documented
# as `date-time`, and a list of anything as a list of texts.
#
# Expected: no `required`, `minItems` and `maxItems`, `format: date`, and no word of the items. JSON
# Schema Validation, draft 5, which OpenAPI 3.0.3 takes over, 5.15: `required` has at least one
# element; 5.6 and 5.7: the lengths are for strings, and mean nothing to an array. RFC 3339, 5.6,
# has forms of their own for a date and for a date with a time.
#
# Seen: "[] should be non-empty"; [] and ["a","b","c"] valid by the document, refused; date-time;
# [1] taken by the code, not valid by the document
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    voluptuous-openapi==0.4.1 voluptuous==0.16.0 openapi-spec-validator==0.9.0 openapi-schema-validator==0.9.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
import voluptuous as code
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator
from voluptuous_openapi import convert

def faults(schema):
    document = {"openapi": "3.0.3", "info": {"title": "jobs", "version": "1"}, "paths": {},
                "components": {"schemas": {"Job": convert(schema)}}}
    return [fault.message for fault in OpenAPIV30SpecValidator(document).iter_errors()]

def taken(schema, value):
    """Whether the code takes the value, and whether the document does."""
    try:
        code.Schema(schema)(value)
        by_code = True
    except code.Invalid:
        by_code = False
    return by_code, OAS30Validator(convert(schema)).is_valid(value)

optional, mandatory = (code.Schema({kind("name"): str}) for kind in (code.Optional, code.Required))
found = [any("should be non-empty" in fault for fault in faults(schema)) for schema in (optional, mandatory)]
names = code.All([str], code.Length(min=1, max=2))
seen = [taken(names, []), taken(names, ["a"]), taken(names, ["a", "b", "c"]), taken(list, [1])]
date = convert(code.Date())
print(f"invalid without and with a mandatory field: {found}; {convert(names)}: {seen[:3]}; list {seen[3]}; {date}")
if found != [True, False] or date != {"type": "string", "format": "date-time"}:
    sys.exit("changed: the schemas are written otherwise")
if seen != [(False, True), (True, True), (False, True), (True, False)]:
    sys.exit("changed: other values are valid")
EOF
