#!/usr/bin/env bash
# nadoc 0.1.2 (PyPI): the page does not say which values a parameter that is a list may have.
#
# The parameter `state` is a list of the values `open` and `done`, `ids` one of integers of at least
# 1, and `filter` an object with the mandatory field `owner`. The page has "array", "array" and
# "object" for the three, and "items ≥ 1", the bound of the list itself. The same list as a field of
# an answer is shown with its values, and so is the single value `mode` in the query.
#
# Expected: the values and types of the items. OpenAPI 3.1, Parameter Object: the schema of a
# parameter is a schema as any other, and JSON Schema 2020-12 Core, 10.3.1.2, has `items` for all
# elements. A list of states is how filters are documented most often; the reader of this page has
# to guess, and to guess that one may not be sent twice.
#
# Seen: state array items ≥ 1; ids array; filter object; mode string, Allowed fast slow
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check nadoc==0.1.2 beautifulsoup4==4.15.0
cat > "$scratch/openapi.yaml" <<'EOF'
openapi: 3.1.0
info: {title: Jobs, version: "1"}
paths:
  /jobs:
    get:
      operationId: listJobs
      parameters:
        - {name: mode, in: query, schema: {type: string, enum: [fast, slow]}}
        - {name: state, in: query, schema: {type: array, minItems: 1, items: {type: string, enum: [open, done]}}}
        - {name: ids, in: query, schema: {type: array, items: {type: integer, minimum: 1}}}
        - name: filter
          in: query
          content: {application/json: {schema: {type: object, required: [owner], properties: {owner: {type: string}}}}}
      responses:
        "200":
          description: Jobs
          content:
            application/json:
              schema: {type: object, properties: {left: {type: array, items: {enum: [early, late]}}}}
EOF
"$scratch/venv/bin/nadoc" "$scratch/openapi.yaml" --output-dir "$scratch/site" >/dev/null
"$scratch/venv/bin/python" - "$scratch/site/index.html" <<'EOF'
import pathlib, re, sys
from bs4 import BeautifulSoup

page = BeautifulSoup(pathlib.Path(sys.argv[1]).read_text(), "html.parser")
for aside in page(["script", "style"]):
    aside.extract()
text = re.sub(r"\s+", " ", page.get_text(" "))
parameters = text[text.index("Query Parameters"):text.index("Code examples")]
print(parameters)
if "mode string Allowed fast slow" not in parameters or "state array Range items ≥ 1" not in parameters:
    sys.exit("changed: the parameters are written otherwise")
if any(word in parameters for word in ("open", "done", "integer", "owner")):
    sys.exit("changed: the items are on the page")
if "early" not in text or "late" not in text:
    sys.exit("changed: the fields of answers have no values")
EOF
