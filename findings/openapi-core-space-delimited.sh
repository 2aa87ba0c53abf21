#!/usr/bin/env bash
# openapi-core 0.23.1 (PyPI): an array in the style `spaceDelimited` cannot be read from a real
# request.
#
# The request `?ids=1%202` reaches the library through its adapter for Werkzeug, which gives query
# values decoded: `1 2`. The reader of the style splits at the three characters `%20`, so the whole
# text is taken for one number and refused. Only `?ids=1%25202`, encoded twice, is read as two.
#
# Expected: [1, 2] for `?ids=1%202`. OpenAPI 3.1, Parameter Object, style examples: `%20` there
# stands for the encoded space. `pipeDelimited` beside it is read as it should be.
#
# Seen: spaces: refused; encoded twice: [1, 2]; pipes: [1, 2]
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    openapi-core==0.23.1 werkzeug==3.1.4
"$scratch/venv/bin/python" - <<'EOF'
import sys
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

def read(style, query):
    parameter = {"name": "ids", "in": "query", "style": style, "explode": False,
                 "schema": {"type": "array", "items": {"type": "integer"}}}
    document = {"openapi": "3.1.0", "info": {"title": "jobs", "version": "1"},
                "servers": [{"url": "http://127.0.0.1"}],
                "paths": {"/jobs": {"get": {"parameters": [parameter],
                                            "responses": {"200": {"description": "done"}}}}}}
    builder = EnvironBuilder("/jobs", query_string=query, base_url="http://127.0.0.1")
    request = WerkzeugOpenAPIRequest(Request(builder.get_environ()))
    result = OpenAPI.from_dict(document).unmarshal_request(request)
    return "refused" if result.errors else result.parameters.query["ids"]

seen = [read("spaceDelimited", "ids=1%202"), read("spaceDelimited", "ids=1%25202"),
        read("pipeDelimited", "ids=1%7C2")]
print(f"spaces: {seen[0]}; encoded twice: {seen[1]}; pipes: {seen[2]}")
if seen != ["refused", [1, 2], [1, 2]]:
    sys.exit("changed: the style is read otherwise")
EOF
