#!/usr/bin/env bash
# otterapi 0.1.14 with httpx 0.28.1 and pydantic 2.14.4 (PyPI): the function of the client takes the
# cookie, and does not send it.
#
# The document has the mandatory cookie `session` and a PATCH whose body is
# `application/merge-patch+json`. The generated function has the mandatory argument `session`; the
# request has no Cookie header. The body is sent as `application/json`. The styles of the query are
# kept, and so are headers.
#
# Expected: `Cookie: session=abc`, and the documented media type. OpenAPI 3.1, Parameter Object:
# `in: cookie` is one of four places; Request Body Object: the keys of `content` are the media types
# that may be sent. RFC 5789, 2.2: a server answers 415 to a patch in a form that it does not
# support for the resource. A caller who is asked for the cookie by the types will look for the
# fault elsewhere.
#
# Seen: read_job(session="abc"): no Cookie; patch_job: application/json
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    otterapi==0.1.14 httpx==0.28.1 pydantic==2.14.4
cat > "$scratch/openapi.json" <<'EOF'
{"openapi": "3.1.0", "info": {"title": "jobs", "version": "1"}, "servers": [{"url": "http://jobs.example"}],
 "paths": {"/job": {
   "get": {"operationId": "readJob",
     "parameters": [{"name": "session", "in": "cookie", "required": true, "schema": {"type": "string"}},
                    {"name": "ids", "in": "query", "explode": false,
                     "schema": {"type": "array", "items": {"type": "integer"}}}],
     "responses": {"200": {"description": "A job", "content": {"application/json":
       {"schema": {"$ref": "#/components/schemas/Job"}}}}}},
   "patch": {"operationId": "patchJob",
     "requestBody": {"required": true, "content": {"application/merge-patch+json":
       {"schema": {"$ref": "#/components/schemas/Job"}}}},
     "responses": {"204": {"description": "Changed"}}}}},
 "components": {"schemas": {"Job": {"type": "object", "properties": {"name": {"type": "string"}}}}}}
EOF
cd "$scratch"
printf 'documents:\n  - source: ./openapi.json\n    output: ./jobs\n' > otter.yml
venv/bin/otter generate -c otter.yml >/dev/null
venv/bin/python - <<'EOF'
import inspect, sys
import httpx
from jobs.client import Client
from jobs.endpoints import patch_job, read_job
from jobs.models import Job

sent = []

def answer(request):
    sent.append(request)
    return httpx.Response(200, json={"name": "a"})

client = Client(http_client=httpx.Client(transport=httpx.MockTransport(answer)))
read_job(session="abc", ids=[1, 2], client=client)
patch_job(Job(name="b"), client=client)
mandatory = inspect.signature(read_job).parameters["session"].default is inspect.Parameter.empty
seen = (mandatory, sent[0].url.params["ids"], "cookie" in sent[0].headers, sent[1].headers["content-type"])
print("session mandatory: {}; ids {}; a cookie: {}; the patch is {}".format(*seen))
if seen != (True, "1,2", False, "application/json"):
    sys.exit("changed: the requests are written otherwise")
EOF
