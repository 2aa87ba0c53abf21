#!/usr/bin/env bash
# openapi-py-fetch 0.3.0 with httpx 0.28.1 (PyPI): the text "12" is sent as the number 12, and a
# cookie in the query.
#
# The document has a PUT whose body is a text in JSON, and a GET with the mandatory cookie `session`
# and a list in the query that is written in one part. Of the texts, "12" is sent as the number 12,
# and "new" as text/plain, without quotes. The function for the GET takes the cookie as an argument
# and writes `session=abc` into the address; there is no Cookie header. The list is written in two
# parts. A header, and a body that is an object, are sent as documented.
#
# Expected: `"12"` and `"new"` in application/json, `Cookie: session=abc`, and `ids=1,2`. RFC 8259,
# 3 and 7: a text is a value in quotes. OpenAPI 3.1, 4.8.13: the keys of `content` are the media
# types that may be sent; 4.8.12: `in: cookie` is a place of its own, and without `explode` a list
# in a query is written with commas (4.8.12.3). The server answers 415, or that the session is
# missing.
#
# Seen: PUT "12": 12 application/json, "new": new text/plain, {"a": 1}: right; GET
# /job?ids=1&ids=2&session=abc, cookie None
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    openapi-py-fetch==0.3.0 httpx==0.28.1
cd "$scratch"
cat > openapi.json <<'EOF'
{"openapi": "3.1.0", "info": {"title": "jobs", "version": "1"},
 "servers": [{"url": "http://jobs.example"}],
 "paths": {"/job": {
   "get": {"operationId": "readJob", "tags": ["jobs"], "parameters": [
       {"name": "ids", "in": "query", "explode": false, "schema":
         {"type": "array", "items": {"type": "integer"}}},
       {"name": "session", "in": "cookie", "required": true, "schema": {"type": "string"}},
       {"name": "tenant", "in": "header", "schema": {"type": "string"}}],
     "responses": {"200": {"description": "A job", "content":
       {"application/json": {"schema": {"type": "object"}}}}}},
   "put": {"operationId": "nameJob", "tags": ["jobs"], "requestBody": {"required": true,
       "content": {"application/json": {"schema": {"type": ["string", "object"]}}}},
     "responses": {"204": {"description": "Named"}}}}}}
EOF
venv/bin/openapi-py-fetch openapi.json jobs >/dev/null
PYTHONPATH=jobs venv/bin/python - <<'EOF'
import functools, inspect, sys
import httpx
from openapi_client.api.jobs_api import JobsApi

sent = []

def answer(request):
    sent.append(request)
    return httpx.Response(200, json={})

httpx.Client = functools.partial(httpx.Client, transport=httpx.MockTransport(answer))
api = JobsApi()
api.read_job(session="abc", ids=[1, 2], tenant="a")
mandatory = inspect.signature(api.read_job).parameters["session"].default is inspect.Parameter.empty
headers = sent[0].headers
read = (sent[0].url.raw_path.decode(), headers.get("cookie"), headers.get("tenant"), mandatory)
print("GET {}; cookie {}; tenant {}; session mandatory {}".format(*read))
named = []
for body in ("12", "new", {"a": 1}):
    api.name_job(body)
    named.append((sent[-1].content.decode(), sent[-1].headers["content-type"]))
    print(f"PUT {body!r}: {' '.join(named[-1])}")
if read != ("/job?ids=1&ids=2&session=abc", None, "a", True) or named != [
        ("12", "application/json"), ("new", "text/plain"), ('{"a":1}', "application/json")]:
    sys.exit("changed: the requests are written otherwise")
EOF
