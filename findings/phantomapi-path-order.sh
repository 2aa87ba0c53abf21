#!/usr/bin/env bash
# phantomapi-server 2.1.0 (PyPI): which path answers a request is decided by the order of the
# document.
#
# The document has `/jobs/{id}`, which answers a job in JSON, and after it `/jobs/mine`, which
# answers the text "mine". The mock answers `/jobs/mine` with a job whose numbers are made up.
# With the two the other way round it answers "mine". Nothing is said at the start of the mock,
# which counts two routes both times.
#
# Expected: "mine" in both. OpenAPI 3.0.3, Paths Object: paths without templates are matched
# before their templated counterparts, and an object in JSON is unordered (RFC 8259, 1). Many
# tools sort the paths of what they write, and `{` comes after the letters; where they stand as
# they were written, a consumer tests against an answer that the service never gives.
#
# Seen: {id} first: a job; mine first: "mine"
set -euo pipefail
scratch=$(mktemp -d)
mock=
trap '[ -z "$mock" ] || kill "$mock" 2>/dev/null || true; rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check phantomapi-server==2.1.0
cat > "$scratch/write.py" <<'EOF'
import json, pathlib, sys

job = {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}}}
paths = {
    "/jobs/{id}": {"get": {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "A job.", "content": {"application/json": {"schema": job}}}}}},
    "/jobs/mine": {"get": {
        "responses": {"200": {"description": "Mine.", "content": {"application/json": {
            "schema": {"type": "string", "enum": ["mine"]}}}}}}},
}
for name, order in (("templated", list(paths)), ("concrete", list(paths)[::-1])):
    document = {"openapi": "3.0.3", "info": {"title": "jobs", "version": "1"},
                "paths": {path: paths[path] for path in order}}
    pathlib.Path(sys.argv[1], f"{name}.json").write_text(json.dumps(document))
EOF
cat > "$scratch/ask.py" <<'EOF'
import json, sys, time, urllib.error, urllib.request

for _ in range(120):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/jobs/mine", timeout=5) as answer:
            print(json.dumps(json.load(answer)))
            break
    except (urllib.error.URLError, ConnectionError):
        time.sleep(0.5)
EOF
"$scratch/venv/bin/python" "$scratch/write.py" "$scratch"
answer() {
    local port
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$scratch/venv/bin/phantom-api" serve "$scratch/$1.json" --port "$port" > "$scratch/log" 2>&1 &
    mock=$!
    answered=$("$scratch/venv/bin/python" "$scratch/ask.py" "$port")
    kill "$mock"
    wait "$mock" || true
    mock=
}
answer templated
templated=$answered
answer concrete
concrete=$answered
echo "{id} first: $templated; mine first: $concrete"
case $templated in
    '{"size": '*) ;;
    *) echo "changed: the templated path does not answer"; exit 1 ;;
esac
[ "$concrete" = '"mine"' ] || { echo "changed: the concrete path answers otherwise"; exit 1; }
