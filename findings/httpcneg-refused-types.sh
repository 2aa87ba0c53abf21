#!/usr/bin/env bash
# httpcneg 0.1.0 (PyPI): the type that the client refuses is the one that it gets.
#
# `best_match` is given `application/json;q=0, */*` and the offers `application/json` and
# `text/html`, in this order: the answer is JSON. The wildcard, which fits too, outweighs the
# refusal. For `application/json;q=0.1, */*` it is JSON again. In languages the range `de` fits no
# offer `de-AT`, so that a reader of German is answered in English.
#
# Expected: `text/html` twice, and `de-AT`. RFC 9110, 12.5.1: of the ranges that fit a type the most
# specific one has precedence, and 12.4.2: a weight of 0 means "not acceptable". 12.5.4 with RFC
# 4647, 3.3.1: a range fits each tag that it begins, up to a hyphen. A test that asks for another
# form, or that has to be answered 406, finds the server at fault.
#
# Seen: application/json, application/json, en; with application/json;q=0 alone: None
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check httpcneg==0.1.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
from httpcneg import best_match

types, languages = ["application/json", "text/html"], ["de-AT", "en"]
seen = []
for header, offers, kind in [("application/json;q=0, */*", types, "accept"),
                             ("application/json;q=0.1, */*", types, "accept"),
                             ("de, en;q=0.5", languages, "accept-language"),
                             ("application/json;q=0", types, "accept")]:
    seen.append(best_match(header, offers, kind))
    print(f"{kind}: {header} of {', '.join(offers)}: {seen[-1]}")
if seen != ["application/json", "application/json", "en", None]:
    sys.exit("changed: other offers are chosen")
EOF
