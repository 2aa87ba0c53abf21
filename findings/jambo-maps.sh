#!/usr/bin/env bash
# jambo 0.2.0.post1 with pydantic 2.14.4 (PyPI): a map comes out of its model empty, and a month is
# 30 days.
#
# The field `labels` is an object of any names with texts for values. A job with two labels is read
# without an error and written with `"labels": {}`; a label that is a number is no error either. The
# field `every` with the format `duration` is read from "P1M" and written as "P30D". A conversion of
# schemas that it does not know raises an error; here it says nothing.
#
# Expected: both labels, and P1M. JSON Schema 2020-12 Core, 10.3.2.3: the values of all other names
# are valid if they fit the schema of `additionalProperties`. RFC 3339, appendix A, has months and
# days as parts of their own, as ISO 8601 does: from January 31 on the two are different dates.
# What is read, changed and written back by such a model has lost every label.
#
# Seen: {"labels": {"app": "web", "tier": "1"}, "every": "P1M"} -> {"labels": {}, "every": "P30D"};
# a number for a label: no error
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    jambo==0.2.0.post1 pydantic==2.14.4
"$scratch/venv/bin/python" -W ignore - <<'EOF'
import json, sys
from jambo import SchemaConverter

Job = SchemaConverter.build({
    "title": "Job", "type": "object", "required": ["labels", "every"], "properties": {
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "every": {"type": "string", "format": "duration"}}})
job = {"labels": {"app": "web", "tier": "1"}, "every": "P1M"}
written = Job.model_validate(job).model_dump(mode="json")
number = Job.model_validate({"labels": {"app": 1}, "every": "P1D"}).model_dump(mode="json")
print(f"{json.dumps(job)} -> {json.dumps(written)}; a number: {json.dumps(number)}")
if written != {"labels": {}, "every": "P30D"} or number != {"labels": {}, "every": "P1D"}:
    sys.exit("changed: the model is made otherwise")
EOF
