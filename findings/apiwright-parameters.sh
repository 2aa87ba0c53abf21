#!/usr/bin/env bash
# apiwright 0.1.0rc6 with httpx 0.28.1 and pydantic 2.14.4 (PyPI): parameters are sent as Python
# writes their values.
#
# An object in the query is sent as `size=low%3D1+high%3D2`, the text that Python prints for it,
# though the document has it in the style `deepObject`. The date and time in it has a blank in its
# middle. The list of `ids` is repeated where the document says `explode: false`. If the optional
# header `X-Trace` is not given, as it is when the other arguments are used alone, no request is
# sent at all: "Header value must be str or bytes".
#
# Expected: `size[low]=1&size[high]=2`, `2026-01-02T03:04:05`, `ids=1,2`, and a request without the
# header. OpenAPI 3.1, Parameter Object, "Style Values", has the first and the third; RFC 3339, 5.6,
# the T of `date-time`. A server that reads the form documented finds no size, one id of two, and
# no valid time.
#
# Seen: ids=1&ids=2; since=2026-01-02 03:04:05+00:00; size=low=1 high=2; TypeError without X-Trace
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    apiwright==0.1.0rc6 httpx==0.28.1 pydantic==2.14.4
cat > "$scratch/openapi.yaml" <<'EOF'
openapi: 3.1.0
info: {title: jobs, version: "1"}
servers: [{url: "http://jobs.example"}]
paths:
  /jobs:
    get:
      operationId: list_jobs
      parameters:
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
        - name: size
          in: query
          style: deepObject
          explode: true
          schema: {type: object, properties: {low: {type: integer}, high: {type: integer}}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        "200": {description: Jobs, content: {application/json: {schema: {type: array, items: {type: integer}}}}}
EOF
cd "$scratch"
venv/bin/apiwright python --input openapi.yaml --output client >/dev/null
PYTHONPATH=client venv/bin/python - <<'EOF'
import asyncio, datetime, sys
import httpx
from jobs import Client, ListJobsParamSize

async def main():
    sent = []

    def answer(request):
        sent.append(dict(request.url.params.multi_items()) if "size" in request.url.params else
                    request.url.params.multi_items())
        return httpx.Response(200, json=[])

    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    client = Client(http_client=httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    for arguments in ({"ids": [1, 2]}, {"since": moment}, {"size": ListJobsParamSize(low=1, high=2)}):
        await client.default.list_jobs(**arguments, x_trace="t")
    try:
        await client.default.list_jobs(ids=[1])
    except TypeError as error:
        sent.append(str(error))
    return sent

seen = asyncio.run(main())
print(*seen, sep="\n")
if seen[:3] != [[("ids", "1"), ("ids", "2")], [("since", "2026-01-02 03:04:05+00:00")],
                {"size": "low=1 high=2"}] or not str(seen[3]).startswith("Header value must be"):
    sys.exit("changed: the parameters are sent otherwise")
EOF
