#!/usr/bin/env bash
# robyn 0.88.0 with openapi-spec-validator 0.9.0 to check (PyPI): the document of every
# application is invalid.
#
# An application with one route serves its document at /openapi.json. There is `"externalDocs":
# null` in it, a contact whose three fields are null, a license whose name is null, and within
# `info` the members `servers`, `externalDocs` and `components`, which stand beside `info` too.
# With a contact, a license and links to other documents given, the last three are in `info` all
# the same.
#
# Expected: what is not known left out. OpenAPI 3.1, Info Object: of those three it has none, and
# fields that the specification does not name begin with `x-`; License Object: the name is a
# string that has to be there. Whatever checks a document before it reads it (generators, mocks,
# gateways) refuses the API, whatever the routes are, and nothing that can be said of it helps,
# short of a file with a document of one's own.
#
# Seen: invalid; with all given: invalid; the served one without null and the three members: valid
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    robyn==0.88.0 openapi-spec-validator==0.9.0
cat > "$scratch/service.py" <<'EOF'
import sys
from robyn import OpenAPI, Robyn
from robyn.openapi import Contact, ExternalDocumentation, License, OpenAPIInfo

openapi = OpenAPI()
if sys.argv[2] == "given":
    openapi = OpenAPI(info=OpenAPIInfo(
        title="jobs", version="1", description="Jobs.", termsOfService="http://127.0.0.1/terms",
        contact=Contact(name="Desk", url="http://127.0.0.1/desk", email="desk@example.org"),
        license=License(name="MIT", url="http://127.0.0.1/license"),
        externalDocs=ExternalDocumentation(description="More.", url="http://127.0.0.1/more")))
port = int(sys.argv[1])
del sys.argv[1:]
app = Robyn(__file__, openapi=openapi)

@app.get("/jobs")
def jobs() -> dict:
    return {"size": 1}

app.start(host="127.0.0.1", port=port)
EOF
"$scratch/venv/bin/python" - "$scratch/service.py" <<'EOF'
import json, os, signal, socket, subprocess, sys, time, urllib.error, urllib.request
from openapi_spec_validator import OpenAPIV31SpecValidator

def served(kind):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service = subprocess.Popen([sys.executable, sys.argv[1], str(port), kind], start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=5) as answer:
                    return json.load(answer)
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.5)
        sys.exit("no document was served")
    finally:
        os.killpg(service.pid, signal.SIGKILL)
        service.wait()

def without_null(part):
    if isinstance(part, dict):
        kept = {name: without_null(value) for name, value in part.items() if value is not None}
        return {name: value for name, value in kept.items() if value != {} or name == "paths"}
    return part

plain, given = served("plain"), served("given")
mended = without_null(plain)
for name in ("servers", "externalDocs", "components"):
    mended["info"].pop(name, None)
valid = [OpenAPIV31SpecValidator(document).is_valid() for document in (plain, given, mended)]
print("info:", json.dumps(plain["info"]))
print("externalDocs:", json.dumps(plain["externalDocs"]), "valid:", valid)
print("given:", ", ".join(given["info"]))
if plain["externalDocs"] is not None or "components" not in given["info"] or valid != [False, False, True]:
    sys.exit("changed: the document is written otherwise")
EOF
