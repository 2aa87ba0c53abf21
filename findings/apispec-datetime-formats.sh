#!/usr/bin/env bash
# apispec 6.10.1 with marshmallow 4.4.0 and openapi-spec-validator 0.9.0 (PyPI): one date in another
# form, and the document is no OpenAPI any more.
#
# marshmallow's `DateTime` knows the formats `rfc` and `timestamp`. The first is documented with
# `format: null`, the second as a number with `min: "0"` and the text "1676451245.596" for an
# example. The validator of documents refuses both in 3.0 and the first in 3.1; the same field with
# the format `iso` is fine. The times that `timestamp` writes for days before 1970 are below 0.
#
# Expected: no `format`, no `min`, and a number. OpenAPI 3.0.3, Schema Object: `format` is a string,
# and fields that the specification does not name begin with `x-`; JSON Schema Validation 2020-12,
# 7.1, has a string too. Tools that check the document before they use it (mocks, generators,
# gateways) refuse the whole API for one field.
#
# Seen: 3.0.3: iso valid, rfc not, timestamp not; 3.1.0: iso valid, rfc not, timestamp valid
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    apispec==6.10.1 marshmallow==4.4.0 openapi-spec-validator==0.9.0
"$scratch/venv/bin/python" - <<'EOF'
import json, sys
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

seen, written = {}, {}
for version, validator in (("3.0.3", OpenAPIV30SpecValidator), ("3.1.0", OpenAPIV31SpecValidator)):
    for form in ("iso", "rfc", "timestamp"):
        spec = APISpec("jobs", "1", version, plugins=[MarshmallowPlugin()])
        spec.components.schema("Job", schema=Schema.from_dict({"at": fields.DateTime(format=form)}))
        document = json.loads(json.dumps(spec.to_dict()))
        written[form] = document["components"]["schemas"]["Job"]["properties"]["at"]
        seen[version, form] = validator(document).is_valid()
for form, schema in written.items():
    print(form, json.dumps(schema))
for (version, form), valid in seen.items():
    print(version, form, "valid" if valid else "not valid")
if list(seen.values()) != [True, False, False, True, False, True]:
    sys.exit("changed: other documents are valid")
if written["rfc"]["format"] is not None or written["timestamp"]["min"] != "0":
    sys.exit("changed: the formats are documented otherwise")
EOF
