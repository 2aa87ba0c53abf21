#!/usr/bin/env bash
# py-yaml12 0.2.0 with jsonschema 4.26.0 to check, and PyYAML 6.0.4 to compare (PyPI): large
# integers are read as others.
#
# A document has an enumeration with the identifier 9223372036854775809. It is read as the float
# 9.223372036854776e+18, which is the integer before the one written: by the schema the written
# one is not valid, and the one before it is. The bound 18446744073709551615, the largest of 64
# bits without a sign, becomes one more than that. Up to 9223372036854775807 integers are read as
# they are. The writer of the same package refuses what its reader changed.
#
# Expected: the integers. YAML 1.2.2, 10.2.1.3: `int` is of any size, and where a language has a
# type for it, as Python has, nothing calls for another; 10.3.2: digits alone are an `int`.
# Identifiers and bounds of unsigned numbers are written in documents of APIs. A test by this one
# reports the right answer, and takes a wrong one.
#
# Seen: 9223372036854775809 valid false, ...808 valid true; PyYAML: true, false; bound
# 18446744073709551616
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    py-yaml12==0.2.0 jsonschema==4.26.0 pyyaml==6.0.4
"$scratch/venv/bin/python" - <<'EOF'
import sys
import jsonschema, yaml, yaml12

text = """
id:
  enum: [9223372036854775809]
size:
  type: integer
  maximum: 18446744073709551615
small: 9223372036854775807
"""
seen = {}
for name, schemas in (("yaml12", yaml12.parse_yaml(text)), ("PyYAML", yaml.safe_load(text))):
    identifier = jsonschema.Draft202012Validator(schemas["id"])
    seen[name] = [identifier.is_valid(2**63 + 1), identifier.is_valid(2**63), schemas["size"]["maximum"] - 2**64,
                  jsonschema.Draft202012Validator(schemas["size"]).is_valid(2**64), schemas["small"] - 2**63]
    print(f"{name}: {schemas}, {seen[name]}")
try:
    written = yaml12.format_yaml({"id": 2**63 + 1})
except Exception as error:
    written = type(error).__name__
print("written:", written)
if seen != {"yaml12": [False, True, 0, True, -1], "PyYAML": [True, False, -1, False, -1]}:
    sys.exit("changed: the integers are read otherwise")
if "9223372036854775809" in written:
    sys.exit("changed: the integer is written")
EOF
