#!/usr/bin/env bash
# mkdocs-owl-api 0.3.0 with mkdocs 1.6.1 and fastapi 0.165.0 for the document (PyPI): what may be
# absent is on the page as an object.
#
# A FastAPI application has a job whose priority is an integer or null, and a filter in the query
# that is one too; each is an `anyOf` of the two types in the document. On the page both have the
# type "object", and neither integer nor null is told, nor the bounds. A field that is an integer or
# a text is an object as well, and null in an enumeration is the value `None`. A field of one type
# has its type and its bounds, and an `anyOf` that is a schema of its own is shown with its
# branches.
#
# Expected: "integer | null", as for `type: [integer, "null"]`, and null. JSON Schema 2020-12,
# 10.2.1.2: a value keeps an `anyOf` that keeps one of its schemas; Validation, 6.1.1: object,
# integer and null are different types. JSON has no `None` (RFC 8259, 3).
#
# Seen: parameter priority object; fields size integer, priority object, id object; mode "fast,
# None"
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    mkdocs-owl-api==0.3.0 mkdocs==1.6.1 fastapi==0.165.0 pydantic==2.14.4 beautifulsoup4==4.15.0
cd "$scratch"
mkdir docs
printf 'site_name: Jobs\nplugins:\n  - owl-api\n' >mkdocs.yml
printf -- '---\ntechdocs-owl:\n  type: openapi\n  spec: ../openapi.json\n---\n' >docs/index.md
venv/bin/python - <<'EOF'
import json
from typing import Annotated, Literal
from fastapi import FastAPI
from pydantic import BaseModel, Field

class Job(BaseModel):
    size: int = Field(ge=1)
    priority: Annotated[int, Field(ge=1)] | None = None
    id: int | str
    mode: Literal["fast", None] = None

app = FastAPI()

@app.get("/jobs")
def jobs(priority: int | None = None) -> Job: ...

document = app.openapi()
print(json.dumps(document["components"]["schemas"]["Job"]["properties"]["priority"]))
json.dump(document, open("openapi.json", "w"))
EOF
venv/bin/mkdocs build --quiet
venv/bin/python - <<'EOF'
import sys
from bs4 import BeautifulSoup

page = BeautifulSoup(open("site/index.html").read(), "html.parser")
rows = [" ".join(row.get_text(" ").split()) for row in page("tr")]
seen = [row for row in rows if row.split()[0] in ("priority", "size", "id", "mode")]
print(*seen, sep="\n")
if seen != ["priority query object —", "size required integer Minimum: 1.0", "priority object",
            "id required object", "mode null | string Allowed values: fast , None"]:
    sys.exit("changed: the types are shown otherwise")
EOF
