#!/usr/bin/env bash
# jambo 0.2.0.post1 and json-schema-to-pydantic 0.5.0 with pydantic 2.14.4 (PyPI): steps that may
# not repeat are done in another order.
#
# A list of texts with `uniqueItems` becomes a set in the models of both converters. The steps
# fetch, build, test, ship, clean and log are read, and written again in an order that differs from
# run to run of the program. A step that stands there twice is not refused but taken out. The same
# list with objects for elements is refused, as they are "not hashable".
#
# Expected: the order kept, the repetition refused, and objects taken. JSON Schema Validation
# 2020-12, 6.4.3: the elements of a valid array are unique, and nothing else; RFC 8259, 5: an array
# is an ordered sequence. An API that reads a plan by such a model and stores it has another plan,
# and a test with one element, or one that compares sorted, does not see it.
#
# Seen: in 8 runs more than one order; a repeated step: taken, 5 left of 6; objects: refused
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    jambo==0.2.0.post1 json-schema-to-pydantic==0.5.0 pydantic==2.14.4
cat > "$scratch/try.py" <<'EOF'
import json, sys
from jambo import SchemaConverter
from json_schema_to_pydantic import create_model
from pydantic import ValidationError

def job(items):
    steps = {"type": "array", "uniqueItems": True, "items": items}
    return {"title": "Job", "type": "object", "required": ["steps"], "properties": {"steps": steps}}

make = {"jambo": SchemaConverter.build, "json-schema-to-pydantic": create_model}[sys.argv[1]]
texts, objects = make(job({"type": "string"})), make(job({"type": "object", "properties": {"a": {"type": "integer"}}}))
order = texts(steps=["fetch", "build", "test", "ship", "clean", "log"]).model_dump(mode="json")["steps"]
again = texts(steps=["fetch", "build", "test", "ship", "clean", "build"]).model_dump(mode="json")["steps"]
try:
    objects(steps=[{"a": 1}])
    refused = False
except ValidationError:
    refused = True
print(json.dumps([order, len(again), refused]))
EOF
for library in jambo json-schema-to-pydantic; do
    for seed in 1 2 3 4 5 6 7 8; do
        PYTHONHASHSEED=$seed "$scratch/venv/bin/python" -W ignore "$scratch/try.py" "$library"
    done > "$scratch/runs"
    orders=$(sort -u "$scratch/runs" | wc -l)
    others=$(grep -vc ', 5, true]$' "$scratch/runs" || true)
    echo "$library: $orders orders in 8 runs, such as $(head -1 "$scratch/runs")"
    if [ "$orders" -lt 2 ] || [ "$others" -ne 0 ]; then
        echo "changed: the list is read otherwise"
        exit 1
    fi
done
