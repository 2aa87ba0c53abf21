#!/usr/bin/env bash
# schemax-cli 0.1.0 and mkschema 0.1.0 with jsonschema-rs 0.61.2 to check (PyPI): the schema that is
# made from a sample refuses the sample.
#
# A sample has the local time "03:04", the date and time "2026-01-02T03:04:05" without an offset,
# and the version "999.1.0.0". schemax writes the formats `time`, `date-time` and `ipv4` for them,
# and mkschema the second and the third. By these schemas, with the formats asserted, none of the
# three is valid. For a time with an offset both write `date-time` too, and are right.
#
# Expected: no format. JSON Schema Validation 2020-12, 7.3.1: both are RFC 3339's, where the offset
# has to be (5.6), and seconds too; 7.3.4: the numbers of an address are at most 255 (RFC 2673,
# 3.2). A check of answers by a schema that was inferred from them starts with a fault in each, and
# whoever switches the formats off to be rid of it loses the ones that are right.
#
# Seen: schemax time, date-time, ipv4: not valid; mkschema date-time, ipv4: not valid; with an
# offset: date-time, valid
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    schemax-cli==0.1.0 mkschema==0.1.0 jsonschema-rs==0.61.2
cd "$scratch"
echo '{"at": "03:04", "when": "2026-01-02T03:04:05", "version": "999.1.0.0", "exact": "2026-01-02T03:04:05Z"}' > sample.json
venv/bin/schemax infer sample.json > schemax.json
venv/bin/mkschema sample.json > mkschema.json
venv/bin/python - <<'EOF'
import json, pathlib, sys
import jsonschema_rs

sample, seen = json.loads(pathlib.Path("sample.json").read_text()), {}
for tool in ("schemax", "mkschema"):
    fields = json.loads(pathlib.Path(f"{tool}.json").read_text())["properties"]
    for name, value in sample.items():
        check = jsonschema_rs.Draft202012Validator(fields[name], validate_formats=True)
        seen[tool, name] = fields[name].get("format"), check.is_valid(value)
        print(f"{tool} {name} {value}: format {seen[tool, name][0]}, valid {seen[tool, name][1]}")
if seen != {("schemax", "at"): ("time", False), ("schemax", "when"): ("date-time", False),
            ("schemax", "version"): ("ipv4", False), ("schemax", "exact"): ("date-time", True),
            ("mkschema", "at"): (None, True), ("mkschema", "when"): ("date-time", False),
            ("mkschema", "version"): ("ipv4", False), ("mkschema", "exact"): ("date-time", True)}:
    sys.exit("changed: the schemas are written otherwise")
EOF
