#!/usr/bin/env bash
# schemathesis 4.32.5 with ruamel.yaml 0.19.1 to compare (PyPI): of the times of an enumeration
# some are read as numbers.
#
# The enumeration `[08:30, 12:30]` of a YAML document is read as the text "08:30" and the number
# 750: twelve and a half times sixty. `012` is read as 10. Words such as `on` and `no`, which older
# YAML takes for booleans, are texts, so the reader looks like one of YAML 1.2.
#
# Expected: two texts, and 12. OpenAPI 3.1, "Format", asks for YAML 1.2 and its JSON-like tags;
# YAML 1.2.2, 10.3.2, knows neither numbers to the base sixty nor octal ones without `0o`. Half of
# the values that are then sent as valid are none, and a right answer is reported.
#
# Seen: schemathesis ['08:30', 750], ['on', 'no'], 10; ruamel.yaml ['08:30', '12:30'], ['on',
# 'no'], 12
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    schemathesis==4.32.5 ruamel.yaml==0.19.1
cat > "$scratch/jobs.yaml" <<'EOF'
openapi: 3.1.0
info: {title: jobs, version: "1"}
paths: {}
components:
  schemas:
    Start: {enum: [08:30, 12:30]}
    Repeat: {enum: [on, no]}
    Month: {const: 012}
EOF
"$scratch/venv/bin/python" - "$scratch/jobs.yaml" <<'EOF'
import pathlib, sys
import schemathesis
from ruamel.yaml import YAML

path = sys.argv[1]
def read(document):
    schemas = document["components"]["schemas"]
    return [schemas["Start"]["enum"], schemas["Repeat"]["enum"], schemas["Month"]["const"]]
seen = read(schemathesis.openapi.from_path(path).raw_schema)
compared = read(YAML(typ="safe", pure=True).load(pathlib.Path(path)))
print("schemathesis", *seen)
print("ruamel.yaml", *compared)
if seen != [["08:30", 750], ["on", "no"], 10] or compared != [["08:30", "12:30"], ["on", "no"], 12]:
    sys.exit("changed: the values are read otherwise")
EOF
