#!/usr/bin/env bash
# sfvparse 0.1.0 with http-sf 1.5.0 to compare (PyPI): what is read from a structured field is
# written as another type.
#
# The list `"burst";q=100;w=60`, which names a limit by a text, is read and written again as
# `burst; q=100; w=60`: a token. The number `1.0` becomes `1`, an integer. Of `:aGk=:`, the bytes
# "hi", the text `aGk=` is read, and written as `:YUdrPQ==:`, encoded twice. The dictionary `u=2, i`
# is an error, as `i` has no `=`.
#
# Expected: the same values. RFC 8941, 3.3: strings, tokens, integers and decimals are types of
# their own; 4.1.8: bytes are encoded once; 3.2: a member whose value is true is written without
# one, as `Priority: u=2, i` is (RFC 9218, 4.2). A proxy that reads and writes a field changes it,
# and a reader that asks for a string, as the drafts of RateLimit do, drops it.
#
# Seen: burst; q=100; w=60 (token), 1 (int), :YUdrPQ==: (b'aGk='); u=2, i: expected '='
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    sfvparse==0.1.0 http-sf==1.5.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
import http_sf, sfvparse

seen = []
for field in ['"burst";q=100;w=60', "1.0", ":aGk=:"]:
    written = sfvparse.serialize_item(sfvparse.parse_item(field))
    values = [http_sf.parse(text, tltype="item")[0] for text in (field.encode(), written)]
    types = [type(value).__name__ for value in values]
    print(f"{field} -> {written.decode()}: {types[0]} {values[0]!r} -> {types[1]} {values[1]!r}")
    seen.append((written.decode(), *types))
flags = http_sf.parse(b"u=2, i", tltype="dictionary")
try:
    flag = sfvparse.parse_dict("u=2, i")
except ValueError as error:
    flag = str(error)
print("u=2, i:", flag, "; http-sf:", flags)
if seen != [("burst; q=100; w=60", "str", "Token"), ("1", "Decimal", "int"),
            (":YUdrPQ==:", "bytes", "bytes")] or not str(flag).startswith("expected '='"):
    sys.exit("changed: the fields are read or written otherwise")
EOF
