#!/usr/bin/env bash
# pyfastyaml 0.2.0 with ruamel.yaml 0.19.1 to compare (PyPI): of a document in OpenAPI the answers
# have other names, and patterns and dates are cut.
#
# The answers of an operation are read under the keys `"200"` and `"404"`, with the quotes. A list
# that stands as far to the left as its key is null, and of a text in two lines the second is
# dropped. In single quotes the pattern `^\d+$` is read as `^d+$`, and `it''s` as `it`. The example
# 2026-01-02 is the number 2026, 12:30 is 12, and 0x1F is 0. Nothing is raised.
#
# Expected: as the other reader. YAML 1.2.2, 7.3: keys may be quoted, and the quotes are no part of
# them; 7.3.2: in single quotes a backslash is itself and two quotes are one; 8.2.1: the entries of
# a list may be indented as their key is; 10.3.2: a number is the whole of the scalar. Each of the
# forms is in nearly every document, and in one that is read so no operation answers 200.
#
# Seen: answers '"200"'; tags None; description 'Lists'; pattern '^d+$'; date 2026; ruamel.yaml:
# '200', ['a', 'b'], 'Lists jobs.', '^\d+$', a date
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pyfastyaml==0.2.0 ruamel.yaml==0.19.1
"$scratch/venv/bin/python" - <<'EOF'
import datetime, sys
import pyfastyaml
from ruamel.yaml import YAML

pieces = {
    "responses": 'get:\n  responses:\n    "200":\n      description: Jobs\n    "404":\n      description: Absent\n',
    "tags": "tags:\n- a\n- b\n",
    "description": "description: Lists\n  jobs.\n",
    "pattern": "pattern: '^\\d+$'\n",
    "text": "text: 'it''s'\n",
    "date": "date: 2026-01-02\n",
    "time": "time: 12:30\n",
    "number": "number: 0x1F\n",
}
other, seen = YAML(typ="safe", pure=True), {}
for name, text in pieces.items():
    here, there = pyfastyaml.loads(text), other.load(text)
    seen[name] = (here["get"]["responses"], there["get"]["responses"]) if "get" in there else (here[name], there[name])
    print(f"{name}: {seen[name][0]!r}; ruamel.yaml {seen[name][1]!r}")
answers = {"200": {"description": "Jobs"}, "404": {"description": "Absent"}}
if seen != {"responses": ({f'"{status}"': answer for status, answer in answers.items()}, answers),
            "tags": (None, ["a", "b"]), "description": ("Lists", "Lists jobs."), "pattern": ("^d+$", r"^\d+$"),
            "text": ("it", "it's"), "date": (2026, datetime.date(2026, 1, 2)),
            "time": (12, "12:30"), "number": (0, 31)}:
    sys.exit("changed: the pieces are read otherwise")
EOF
