#!/usr/bin/env bash
# jsonpath-rust-bindings 1.1.1 with jsonpath-rfc9535 1.0.1 to compare (PyPI): a field that is there
# and empty is not there.
#
# `$[?@.note]` asks for the elements that have a `note`. Those whose note is an empty text, an empty
# list or an empty object are left out; those with null, false or 0 are found. `$[?!@.note]` finds
# the empty ones among the elements without a note. `$[?@.note == ""]` works.
#
# Expected: every element that has the field. RFC 9535, 2.3.5.2.1: a test expression asks whether
# the query finds a node, whatever the value of the node is. An assertion such as "every job has a
# note" holds for an answer, or does not, by what is in the notes.
#
# Seen: ?@.note: null, false, 0 and "x", without "", [] and {}; ?!@.note: "", [], {} and absent
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    jsonpath-rust-bindings==1.1.1 jsonpath-rfc9535==1.0.1
"$scratch/venv/bin/python" - <<'EOF'
import sys
import jsonpath_rfc9535
from jsonpath_rust_bindings import Finder

jobs = [{"note": value} for value in (None, False, 0, "x", "", [], {})] + [{}]
seen = {}
for query in ("$[?@.note]", "$[?!@.note]", '$[?@.note == ""]'):
    found = [one.data.get("note", "absent") for one in Finder(jobs).find(query)]
    others = [one.get("note", "absent") for one in jsonpath_rfc9535.find(query, jobs).values()]
    print(f"{query}: {found}; by the other library {others}")
    seen[query] = found, others
if seen != {"$[?@.note]": ([None, False, 0, "x"], [None, False, 0, "x", "", [], {}]),
            "$[?!@.note]": (["", [], {}, "absent"], ["absent"]), '$[?@.note == ""]': ([""], [""])}:
    sys.exit("changed: other elements are found")
EOF
