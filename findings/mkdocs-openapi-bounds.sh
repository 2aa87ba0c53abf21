#!/usr/bin/env bash
# mkdocs-openapi 0.3.3 with mkdocs-material 9.8.2 (PyPI): of a range whose ends are excluded one end
# is shown, and of the headers of a response nothing.
#
# The page of an operation says of `size`, an integer from 1 to below 10, "Minimum: 1.", and of
# `share`, above 0, nothing. A parameter that is a list of `open` or `done` is an "array of string",
# and a deprecated one is as the others. A response that always has `Location` has no headers on the
# page. `minimum`, `maximum` and an enumeration outside of a list are shown.
#
# Expected: all bounds and values, and the header. JSON Schema Validation 2020-12, 6.2.3 and 6.2.5,
# has the excluded ends beside the others; OpenAPI 3.1, Response Object, has `headers` beside
# `content`. Who reads "Minimum: 1." with nothing after it believes that 10 may be sent, and nobody
# can find where a created job is.
#
# Seen: size Minimum: 1.; share nothing; state array of string; old without deprecated; no Location
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    mkdocs-openapi==0.3.3 mkdocs==1.6.1 mkdocs-material==9.8.2 beautifulsoup4==4.15.0
mkdir "$scratch/docs"
echo "# Home" > "$scratch/docs/index.md"
cat > "$scratch/mkdocs.yml" <<'EOF'
site_name: Jobs
theme: {name: material, font: false}
plugins: [openapi]
nav: [{Home: index.md}, {Reference: openapi.yaml}]
EOF
cat > "$scratch/docs/openapi.yaml" <<'EOF'
openapi: 3.1.0
info: {title: Jobs, version: "1"}
paths:
  /jobs:
    post:
      operationId: createJob
      parameters:
        - {name: size, in: query, schema: {type: integer, minimum: 1, exclusiveMaximum: 10}}
        - {name: share, in: query, schema: {type: number, exclusiveMinimum: 0}}
        - {name: state, in: query, schema: {type: array, items: {type: string, enum: [open, done]}}}
        - {name: mode, in: query, schema: {type: string, enum: [fast, slow]}}
        - {name: old, in: query, deprecated: true, schema: {type: integer, maximum: 7}}
      responses:
        "201":
          description: Created
          headers: {Location: {required: true, schema: {type: string, format: uri-reference}}}
EOF
(cd "$scratch" && NO_MKDOCS_2_WARNING=1 venv/bin/mkdocs build --quiet)
"$scratch/venv/bin/python" - "$scratch/site" <<'EOF'
import pathlib, re, sys
from bs4 import BeautifulSoup

[page] = pathlib.Path(sys.argv[1]).glob("**/operation-post-create-job/index.html")
text = BeautifulSoup(page.read_text(), "html.parser").find("article").get_text(" ")
text = re.sub(r"\s+", " ", text)[re.sub(r"\s+", " ", text).index("Query parameters"):]
print(text)
shown = [word in text for word in ("Minimum: `1`", "Maximum: `7`", "fast", "slow")]
dropped = [word for word in ("10", "xclusive", "> 0", "open", "done", "eprecated", "Location") if word in text]
if not all(shown) or dropped:
    sys.exit(f"changed: the page has {dropped}")
EOF
