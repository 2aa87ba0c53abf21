#!/usr/bin/env bash
# star-openapi 0.9.8 with pydantic 2.14.4 and python-multipart 0.0.34 (PyPI): a text in a form that
# may be null, or is one of an enumeration, is taken for a number.
#
# The model of a form has `name: str | None` and `level`, an enumeration of the texts "1" and "2".
# The document says the same. What is sent as `name` is read as JSON first: `12345`, `true` and
# `1e3` are then no texts any more and are answered 422, and so is each of the two levels. `"x"`
# with its quotes is read as x. A field that is `str` alone takes all of them as they are.
#
# Expected: 200, and the text as it was sent. RFC 7578, 4.4: a part without a Content-Type is
# text/plain; OpenAPI 3.1, Encoding Object: so is, by default, a part whose schema is a string, as
# that of the level is, and JSON is for objects. A client that sends names has no trouble until a
# name is of digits, such as a post code, and no value of the enumeration can be sent at all.
#
# Seen: name abc 200 abc, 12345 422, true 422, "x" 200 x; level 1 422, 2 422; str alone 200 12345
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    star-openapi==0.9.8 starlette==1.10.0 pydantic==2.14.4 python-multipart==0.0.34
"$scratch/venv/bin/python" - <<'EOF'
import asyncio, enum, json, sys
from pydantic import BaseModel
from star_openapi import OpenAPI
from starlette.responses import JSONResponse

class Level(str, enum.Enum):
    low = "1"
    high = "2"

class Job(BaseModel):
    name: str | None = None
    level: Level | None = None
    label: str = ""

app = OpenAPI(info={"title": "jobs", "version": "1"})

@app.post("/jobs")
async def create(form: Job):
    return JSONResponse(form.model_dump(mode="json"))

async def send_form(field, value):
    body = (f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n--b--\r\n').encode()
    answer = {"body": b""}
    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}
    async def send(message):
        answer["status"] = message.get("status", answer.get("status"))
        answer["body"] += message.get("body", b"")
    await app({"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http",
               "path": "/jobs", "raw_path": b"/jobs", "query_string": b"",
               "headers": [(b"content-type", b"multipart/form-data; boundary=b")]}, receive, send)
    return answer["status"] if answer["status"] != 200 else json.loads(answer["body"])[field]

schemas = app.api_doc["components"]["schemas"]
media = app.api_doc["paths"]["/jobs"]["post"]["requestBody"]["content"]
documented = schemas["Job"]["properties"]["name"]["anyOf"], schemas["Level"]
print("documented:", *media, *documented)
sent = [("name", "abc"), ("name", "12345"), ("name", "true"), ("name", "1e3"), ("name", '"x"'),
        ("level", "1"), ("level", "2"), ("label", "12345")]
seen = [asyncio.run(send_form(*pair)) for pair in sent]
print("; ".join(f"{field} {value}: {answer}" for (field, value), answer in zip(sent, seen)))
if documented[0] != [{"type": "string"}, {"type": "null"}] or documented[1]["enum"] != ["1", "2"]:
    sys.exit("changed: the form is documented otherwise")
if list(media) != ["multipart/form-data"] or seen != ["abc", 422, 422, 422, "x", 422, 422, "12345"]:
    sys.exit("changed: the form is read otherwise")
EOF
