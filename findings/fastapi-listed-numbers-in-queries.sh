#!/usr/bin/env bash
# fastapi 0.165.0 with pydantic 2.14.4, starlette 1.10.0 and httpx 0.28.1 (PyPI): the document lists
# whole numbers for a query parameter, and the service refuses each of them.
#
# `level: Literal[1, 2, 3]` is documented as `{"type": "integer", "enum": [1, 2, 3]}`, in the query and
# in the path. A query is text, and the text "1" is no member of the literal: `?level=1` is answered
# with 422. A parameter `size: int` beside it takes the same text, as does an `IntEnum` of the same
# numbers, which is documented alike.
#
# Expected: 200. OpenAPI 3.1, "Style Values": with the style `form` the number 1 is written `level=1`,
# so that no request by the document is taken.
#
# Seen: documented [1, 2, 3]; level=1: 422 literal_error; path /1: 422; IntEnum: 200; int: 200
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    fastapi==0.165.0 pydantic==2.14.4 starlette==1.10.0 httpx==0.28.1
"$scratch/venv/bin/python" -W ignore - <<'EOF'
import sys
from enum import IntEnum
from typing import Literal

from fastapi import FastAPI
from fastapi.testclient import TestClient

class Level(IntEnum):
    LOW = 1
    HIGH = 3

app = FastAPI()

@app.get("/games")
def games(level: Literal[1, 2, 3] | None = None, rank: Level | None = None, size: int = 1):
    return {"level": level}

@app.get("/levels/{level}")
def one(level: Literal[1, 2, 3]):
    return {"level": level}

client = TestClient(app)
parameters = app.openapi()["paths"]["/games"]["get"]["parameters"]
schema = next(own["schema"] for own in parameters if own["name"] == "level")
listed = next(own for own in schema["anyOf"] if "enum" in own)
refused = client.get("/games?level=1")
kind = refused.json()["detail"][0]["type"]
seen = (
    f"documented {listed['enum']}; level=1: {refused.status_code} {kind}; "
    f"path /1: {client.get('/levels/1').status_code}; "
    f"IntEnum: {client.get('/games?rank=1').status_code}; int: {client.get('/games?size=1').status_code}"
)
print(seen)
if listed["type"] != "integer" or seen != (
    "documented [1, 2, 3]; level=1: 422 literal_error; path /1: 422; IntEnum: 200; int: 200"
):
    sys.exit("changed: the listed numbers are taken otherwise")
EOF
