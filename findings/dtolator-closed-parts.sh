#!/usr/bin/env bash
# dtolator 0.31.1 with jsonschema-rs 0.61.2 to check (PyPI): the JSON Schema made from an OpenAPI
# document refuses every job.
#
# A job is `allOf` of a base, which has an `id`, and of an object with a `name`; unknown fields are
# not mentioned. With `--json-schema` each of the two gets `additionalProperties: false`, so that
# the base forbids the name and the other part the id, and both are mandatory. Bounds that are
# excluded (`maximum: 10, exclusiveMaximum: true`) become bounds that are allowed, and those of
# lists are gone. Zod's schemas, made by the same tool, leave objects open.
#
# Expected: {"id": 1, "name": "a"} is valid, and a size of 10 is not. JSON Schema Core, 10.3.2.3, in
# the words of the draft that OpenAPI 3.0 takes over: `additionalProperties` looks at the properties
# beside it alone, and its absence allows all others. A contract test by these schemas reports each
# answer of a right server.
#
# Seen: {"id": 1, "name": "a"} false; size alone, 10: true; tags alone, 4 of at most 3: true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    dtolator==0.31.1 jsonschema-rs==0.61.2
cd "$scratch"
cat > openapi.json <<'EOF'
{"openapi": "3.0.3", "info": {"title": "jobs", "version": "1"}, "paths": {},
 "components": {"schemas": {
   "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}},
   "Job": {"allOf": [{"$ref": "#/components/schemas/Base"},
                     {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}]},
   "Limits": {"type": "object", "properties": {
     "size": {"type": "integer", "maximum": 10, "exclusiveMaximum": true},
     "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3}}}}}}
EOF
venv/bin/dtolator --from-openapi openapi.json --json-schema --output-file schema.json >/dev/null
venv/bin/dtolator --from-openapi openapi.json --zod --output-file schema.ts >/dev/null
venv/bin/python - <<'EOF'
import json, pathlib, sys
import jsonschema_rs

schemas = json.loads(pathlib.Path("schema.json").read_text())["$defs"]
zod = pathlib.Path("schema.ts").read_text()

def valid(name, value):
    return jsonschema_rs.is_valid({"$ref": f"#/$defs/{name}", "$defs": schemas}, value)

seen = [valid("Job", {"id": 1, "name": "a"}), valid("Base", {"id": 1}), valid("Limits", {"size": 10}),
        valid("Limits", {"size": 11}), valid("Limits", {"tags": list("abcd")})]
print(schemas["Job"]["allOf"][1])
print("job, base alone, size 10, size 11, four tags:", *seen, "; zod is closed:", "strict" in zod)
if seen != [False, True, True, False, True] or "strict" in zod:
    sys.exit("changed: the schemas are written otherwise")
EOF
