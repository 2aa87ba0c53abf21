#!/usr/bin/env bash
# ruamel.yaml 0.19.1 with openapi-spec-validator 0.8.5 (PyPI): an OpenAPI document with the text
# `=` cannot be read.
#
# A parameter that is a comparison has the enumeration `[<, =, >]`. Both readers stop with "could
# not determine a constructor for the tag ...value": they resolve a lone `=` to a type of YAML 1.1
# that neither of them can construct. With quotes around it, or as `==`, the document is read.
# ruamel.yaml reads YAML 1.2 otherwise.
#
# Expected: three texts. YAML 1.2.2, 10.3.2: what is no null, boolean or number is a string; there
# is no type "value", and `=` is no indicator (5.3). A document that other tools read, such as
# those in JavaScript, is refused as a whole for one value.
#
# Seen: ConstructorError for both; with quotes: ['<', '=', '>'] for both
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    ruamel.yaml==0.19.1 openapi-spec-validator==0.8.5
"$scratch/venv/bin/python" - "$scratch" <<'EOF'
import pathlib, sys
from openapi_spec_validator.readers import read_from_filename
from ruamel.yaml import YAML

def read(sign):
    path = pathlib.Path(sys.argv[1], "jobs.yaml")
    path.write_text("openapi: 3.1.0\ninfo: {title: jobs, version: '1'}\npaths: {}\n"
                    f"components: {{schemas: {{Comparison: {{enum: [<, {sign}, '>']}}}}}}\n")
    seen = []
    for reader in (YAML(typ="safe", pure=True).load, lambda path: read_from_filename(str(path))[0]):
        try:
            seen.append(list(reader(path)["components"]["schemas"]["Comparison"]["enum"]))
        except Exception as error:
            seen.append(type(error).__name__)
    return seen

bare, quoted = read("="), read("'='")
print("bare:", bare, "quoted:", quoted)
if bare != ["ConstructorError"] * 2 or quoted != [["<", "=", ">"]] * 2:
    sys.exit("changed: the sign is read otherwise")
EOF
