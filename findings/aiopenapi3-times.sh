#!/usr/bin/env bash
# aiopenapi3 0.11.0 with httpx2 2.16.2, pydantic 2.14.4 and jsonschema-rs 0.61.2 to check (PyPI): a
# right time in a query is sent as a wrong one.
#
# The parameter `since` is documented with the format `date-time`, and is given as the text
# "2026-01-02T03:04:05Z". The client sends `2026-01-02 03:04:05+00:00`, with a blank in its middle.
# A text for a parameter of the path is put there as it is, so that the job "a/b" is asked for at
# /jobs/a/b, another resource. Lists, objects, headers and cookies are written in their styles.
#
# Expected: `since=2026-01-02T03%3A04%3A05Z` and /jobs/a%2Fb. RFC 3339, 5.6: a T stands between date
# and time (the note beneath it lets applications choose a blank for readability, which
# JSON Schema Validation 2020-12, 7.3.1, does not take over). OpenAPI 3.1, "Path Templating": the
# value of a parameter must not have an unescaped slash. What was checked when it was given is not
# what is sent.
#
# Seen: since=2026-01-02 03:04:05+00:00, not valid; path /jobs/a/b; ids=1,2
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    aiopenapi3==0.11.0 httpx2==2.16.2 pydantic==2.14.4 jsonschema-rs==0.61.2
"$scratch/venv/bin/python" -W ignore - <<'EOF'
import sys
import httpx2, jsonschema_rs
from aiopenapi3 import OpenAPI

document = {
    "openapi": "3.1.0", "info": {"title": "Jobs", "version": "1"}, "servers": [{"url": "http://jobs.example"}],
    "paths": {"/jobs/{id}": {"get": {
        "operationId": "readJob",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "since", "in": "query", "schema": {"type": "string", "format": "date-time"}},
            {"name": "ids", "in": "query", "explode": False, "schema": {"type": "array", "items": {"type": "integer"}}},
        ],
        "responses": {"200": {"description": "A job", "content": {
            "application/json": {"schema": {"type": "object"}}}}}}}}}
sent = []

def answer(request):
    sent.append(request.url)
    return httpx2.Response(200, json={})

def session(*arguments, **options) -> httpx2.Client:
    return httpx2.Client(transport=httpx2.MockTransport(answer))

api = OpenAPI("http://jobs.example/openapi.json", document, session_factory=session)
time = "2026-01-02T03:04:05Z"
api._.readJob(parameters={"id": "a/b", "since": time, "ids": [1, 2]})
since, path, ids = sent[0].params["since"], sent[0].raw_path.decode().split("?")[0], sent[0].params["ids"]
check = jsonschema_rs.Draft202012Validator({"format": "date-time"}, validate_formats=True)
valid = [check.is_valid(text) for text in (time, since)]
print(f"{time} -> {since}, valid {valid}; {path}; ids={ids}")
if since != "2026-01-02 03:04:05+00:00" or valid != [True, False] or path != "/jobs/a/b" or ids != "1,2":
    sys.exit("changed: the request is written otherwise")
EOF
