#!/usr/bin/env bash
# python-openapi 0.3.0 with json_strong_typing 0.5.0, which it stands on, and jsonschema-rs 0.61.2
# to check (PyPI): a field whose name is a word of Python is documented with an underscore, and
# answered without.
#
# The class of an answer has the fields `class_`, `from_` and `size`, an integer or a number. The
# serialiser of the package writes `class` and `from`, as its documentation tells, and its reader
# asks for them. The document has `class_` and `from_`, as mandatory fields of an object that has no
# others. The size is a `oneOf` of both types, so that 1, its default, is one value too many.
#
# Expected: `class` and `from`, and an `anyOf`. OpenAPI 3.1, 4.8.24: the Schema Object defines what
# is sent and received. JSON Schema 2020-12, 10.2.1.3: `oneOf` holds if one schema does, and the
# number 1 is of both types (6.1.1 of its Validation). Every answer breaks the document, and what
# keeps it is refused as a body.
#
# Seen: {"class": "a", "from": 1, "size": 2.5} not valid; {"class_": "a", ...} valid, and refused by
# the reader: missing `class`; size 2.5 valid, 1 not
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    python-openapi==0.3.0 json_strong_typing==0.5.0 jsonschema-rs==0.61.2
cat > "$scratch/try.py" <<'EOF'
import json, sys
from dataclasses import dataclass
import jsonschema_rs
from pyopenapi.options import Options
from pyopenapi.specification import Info, Server
from pyopenapi.utility import Specification
from strong_typing.exception import JsonKeyError
from strong_typing.serialization import json_to_object, object_to_json

@dataclass
class Job:
    class_: str
    from_: int
    size: int | float = 1

class Jobs:
    def get_job(self, id: int, /) -> Job: ...

options = Options(server=Server(url="http://jobs.example"), info=Info(title="Jobs", version="1"))
schema = Specification(Jobs, options).get_json()["components"]["schemas"]["Job"]
check = jsonschema_rs.Draft202012Validator(schema)
written = object_to_json(Job("a", 1, 2.5))
documented = {"class_": "a", "from_": 1, "size": 2.5}
valid = [check.is_valid(value) for value in (written, documented, {**documented, "size": 1})]
print(schema["required"], schema["additionalProperties"], schema["properties"]["size"])
print(json.dumps(written), "valid:", valid[0])
print(json.dumps(documented), "valid:", valid[1], "- with the size 1:", valid[2])
try:
    print(json_to_object(Job, documented))
    refused = False
except JsonKeyError as error:
    print("as a body it is refused:", error)
    refused = True
if valid != [False, True, False] or not refused or set(written) != {"class", "from", "size"}:
    sys.exit("changed: the names or the numbers are documented otherwise")
EOF
"$scratch/venv/bin/python" "$scratch/try.py"
