#!/usr/bin/env bash
# linkml-openapi 0.17.0 with linkml 1.11.1, and jsonschema-rs 0.61.2 to check (PyPI): of one model
# two generators make schemas, and a job with steps is valid for one of them alone.
#
# A job has `steps`, several and inlined, each with a name that identifies it. LinkML's own schema
# has an object whose keys are the names; the OpenAPI document has an array. Of one to two `states`,
# and of `kind`, which has to be "job", the document has the bare type. It also has two paths for a
# step, `/jobs/{id}/steps/{step_id}` and `/jobs/{job_id}/steps/{name}`. No warning is given.
#
# Expected: what LinkML says. LinkML documentation, "Inlining objects": a multivalued inlined slot
# whose range has an identifier is a dictionary unless `inlined_as_list` is set; OpenAPI 3.1, Paths
# Object: paths that differ in the names of their parameters alone must not exist, as they are
# identical. Data that was checked by the model is refused by the API, and the other way round.
#
# Seen: steps by name: LinkML true, OpenAPI false; steps as a list: false, true; no states: false,
# true; another kind: false, true; two paths
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    linkml-openapi==0.17.0 linkml==1.11.1 jsonschema-rs==0.61.2
cd "$scratch"
cat > model.yaml <<'EOF'
id: https://example.org/jobs
name: jobs
prefixes: {linkml: "https://w3id.org/linkml/", jobs: "https://example.org/jobs/"}
imports: [linkml:types]
default_prefix: jobs
default_range: string
classes:
  Job:
    tree_root: true
    attributes:
      id: {identifier: true}
      states: {range: State, multivalued: true, minimum_cardinality: 1, maximum_cardinality: 2}
      kind: {equals_string: job}
      steps: {range: Step, multivalued: true, inlined: true}
  Step:
    attributes:
      name: {identifier: true}
      minutes: {range: integer}
enums:
  State: {permissible_values: {open: {}, done: {}}}
EOF
venv/bin/gen-json-schema model.yaml > schema.json 2>/dev/null
venv/bin/gen-openapi model.yaml --openapi-version 3.1.0 -f json > openapi.json
venv/bin/python - <<'EOF'
import json, sys
import jsonschema_rs

own, document = json.load(open("schema.json")), json.load(open("openapi.json"))
api = {"$ref": "#/components/schemas/Job", "components": document["components"]}
cases = {"steps by name": {"steps": {"s": {"minutes": 1}}}, "steps as a list": {"steps": [{"name": "s", "minutes": 1}]},
         "no states": {"states": []}, "another kind": {"kind": "x"}, "one state": {"states": ["open"]}}
seen = {}
for name, fields in cases.items():
    job = {"id": "a"} | fields
    seen[name] = (jsonschema_rs.Draft201909Validator(own).is_valid(job),
                  jsonschema_rs.Draft202012Validator(api).is_valid(job))
    print(f"{name}: LinkML {seen[name][0]}, OpenAPI {seen[name][1]}")
paths = [path for path in document["paths"] if path.count("{") == 2]
print(*paths)
if seen != {"steps by name": (True, False), "steps as a list": (False, True),
            "no states": (False, True), "another kind": (False, True), "one state": (True, True)}:
    sys.exit("changed: the schemas are written otherwise")
if paths != ["/jobs/{id}/steps/{step_id}", "/jobs/{job_id}/steps/{name}"]:
    sys.exit("changed: the document has other paths")
EOF
