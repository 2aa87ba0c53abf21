#!/usr/bin/env bash
# harspec 0.1.0 with jsonschema-rs 0.61.2 to check (PyPI): the document that is made from recorded
# answers refuses one of them.
#
# Three answers of one operation are recorded: `{"value": 1}`, `{"value": "none"}` and `{"value":
# 1.5}`. The OpenAPI document made from the recording describes the value by `oneOf` of an
# integer, a string and a number, so 1 fits twice and is refused; it is also the document's
# example. Without the text, or with the numbers one after the other, whole and broken numbers are
# joined to one type, and all is well: the order of the traffic decides.
#
# Expected: `anyOf`, or number and string. JSON Schema 2020-12 Core, 10.2.1.3, in the words of the
# older draft that OpenAPI 3.0 takes over: exactly one of `oneOf` has to be valid, and an integer
# is a number. A contract test by this document reports the answers that it was made from.
#
# Seen: oneOf integer, string, number: 1 false, "none" true, 1.5 true; 1, 1.5, "none": all true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    harspec==0.1.0 jsonschema-rs==0.61.2 pyyaml==6.0.4
"$scratch/venv/bin/python" - "$scratch" <<'EOF'
import json, pathlib, subprocess, sys
import jsonschema_rs, yaml

folder = pathlib.Path(sys.argv[1])

def described(values):
    """The schema of the value, and which of the recorded answers fit the document."""
    answers = [{"value": value} for value in values]
    entries = [{"startedDateTime": "2026-01-02T03:04:05Z", "time": 1, "cache": {}, "timings": {},
                "request": {"method": "GET", "url": "https://api.example.com/limits", "httpVersion": "HTTP/1.1",
                            "headers": [], "queryString": [], "cookies": []},
                "response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [],
                             "cookies": [], "content": {"mimeType": "application/json",
                                                        "text": json.dumps(answer)}}} for answer in answers]
    recording = folder / "recording.har"
    recording.write_text(json.dumps({"log": {"version": "1.2", "entries": entries,
                                             "creator": {"name": "a browser", "version": "1"}}}))
    subprocess.run([sys.executable, "-m", "harspec", str(recording), "-o", str(folder / "out")],
                   check=True, stdout=subprocess.DEVNULL)
    document = yaml.safe_load((folder / "out" / "openapi.yaml").read_text())
    schema = document["paths"]["/limits"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft4Validator(schema)
    return schema["properties"]["value"], [validator.is_valid(answer) for answer in answers]

mixed, sorted_ones = described([1, "none", 1.5]), described([1, 1.5, "none"])
print("1, none, 1.5:", *mixed)
print("1, 1.5, none:", *sorted_ones)
if mixed != ({"oneOf": [{"type": name} for name in ("integer", "string", "number")]}, [False, True, True]):
    sys.exit("changed: the answers are described otherwise")
if sorted_ones[1] != [True, True, True]:
    sys.exit("changed: the answers in the other order do not all fit")
EOF
