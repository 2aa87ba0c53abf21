#!/usr/bin/env bash
# mashumaro 3.23 with jsonschema-rs 0.61.2 (PyPI): the schema of a map with numbers for keys is one
# that only the empty map fits.
#
# The schema written for `dict[int, str]` has `propertyNames: {"type": "integer"}`, for
# `dict[Level, str]`, with an enumeration of numbers, `propertyNames: {"enum": [1, 2]}`. The
# serializer of the same class writes {"1": "low"} for both; its reader takes it for `int` and
# refuses it for Level, of which it knows the number 1 alone.
#
# Expected: a pattern of digits, the numbers as texts, or no word of the names. JSON Schema 2020-12
# Core, 10.3.2.4: `propertyNames` is held against the name, which is a string always (RFC 8259, 4);
# an integer it never is. By the schema every map with an entry is wrong, those in answers too, and
# what makes values of the schema sends empty maps only, with which no code for entries is tried.
#
# Seen: int {"1": "low"} valid: False, read: True; Level {"1": "low"} valid: False, read: False;
# str {"1": "low"} valid: True, read: True; the empty map is valid for all
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    mashumaro==3.23 jsonschema-rs==0.61.2
"$scratch/venv/bin/python" - <<'EOF'
import json, sys
from dataclasses import dataclass
from enum import Enum
import jsonschema_rs
from mashumaro.jsonschema import build_json_schema
from mashumaro.mixins.json import DataClassJSONMixin

class Level(Enum):
    LOW = 1
    HIGH = 2

@dataclass
class ByNumber(DataClassJSONMixin):
    names: dict[int, str]

@dataclass
class ByLevel(DataClassJSONMixin):
    names: dict[Level, str]

@dataclass
class ByText(DataClassJSONMixin):
    names: dict[str, str]

def reads(kind, text, value):
    try:
        return kind.from_json(text).names == value
    except ValueError:
        return False

seen = []
for kind, value in ((ByNumber, {1: "low"}), (ByLevel, {Level.LOW: "low"}), (ByText, {"1": "low"})):
    schema = build_json_schema(kind).to_dict()
    names = json.dumps(schema["properties"]["names"].get("propertyNames"))
    text = kind(value).to_json()
    valid, empty = [jsonschema_rs.is_valid(schema, json.loads(one)) for one in (text, '{"names": {}}')]
    read = reads(kind, text, value)
    print(f"{kind.__name__} {names}: {text} valid: {valid}, read: {read}, empty: {empty}")
    seen.append((text, valid, read, empty))
written = '{"names": {"1": "low"}}'
if seen != [(written, False, True, True), (written, False, False, True), (written, True, True, True)]:
    sys.exit("changed: the names are described, written or read otherwise")
EOF
