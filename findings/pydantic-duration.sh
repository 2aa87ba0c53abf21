#!/usr/bin/env bash
# pydantic 2.14.4 with jsonschema-rs 0.60.3 (PyPI): lengths of time are declared `format: duration`
# and written in forms that this format does not have.
#
# The schema that pydantic writes for `timedelta` is `{"type": "string", "format": "duration"}`.
# What it writes for the values skips a unit (`PT1H30S`), has fractions, signs, and years without
# months.
#
# Expected: text of the declared format. JSON Schema Validation 2020-12, 7.3.1, means the grammar
# of RFC 3339, appendix A: hours may be followed by minutes only, years by months only, seconds are
# whole, and nothing stands before the `P`. (ISO 8601 allows more, and many validators follow that
# instead.) A `P1Y` is also a calendar year to most readers, and 365 days to the writer.
#
# Seen: 90 s is fine; 1 h 30 s, 1.5 s, 400 days and minus 1 h are not of their own schema.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pydantic==2.14.4 jsonschema-rs==0.60.3
"$scratch/venv/bin/python" - <<'EOF'
import sys
from datetime import timedelta
import jsonschema_rs
from pydantic import TypeAdapter

adapter = TypeAdapter(timedelta)
schema = adapter.json_schema(mode="serialization")
declared = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
expected = [
    (timedelta(seconds=90), "PT1M30S", True),
    (timedelta(hours=1, seconds=30), "PT1H30S", False),
    (timedelta(seconds=1.5), "PT1.5S", False),
    (timedelta(days=400), "P1Y35D", False),
    (timedelta(hours=-1), "-PT1H", False),
]
changed = []
print(schema)
for value, text, valid in expected:
    written = adapter.dump_python(value, mode="json")
    seen = declared.is_valid(written)
    print(f"{value!s:>20} -> {written:8} valid: {seen}")
    if (written, seen) != (text, valid):
        changed.append(written)
if changed:
    sys.exit(f"changed: {changed}")
EOF
