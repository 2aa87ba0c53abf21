#!/usr/bin/env bash
# digest-fields-parse 0.1.1 with contentdigest 1.0.0 on the other side (PyPI): two libraries for
# RFC 9530 do not understand each other.
#
# A server that wants SHA-512 writes `Want-Content-Digest: sha-512=1, sha-256=10` with
# contentdigest. digest-fields-parse reads two algorithms by the names `sha-512=1` and `sha-256=10`,
# wanted alike. What it writes itself, `sha-512;q=1, sha-256;q=0.3`, contentdigest refuses. Its own
# tests read what it wrote. The fields with the digests are read well on both sides.
#
# Expected: `sha-512=1`. RFC 9530, 4: the field is a dictionary whose keys are the algorithms, and
# whose values are integers from 0 to 10; the form with `q` was that of `Want-Digest` in RFC 3230,
# which the RFC makes obsolete. A client that looks its algorithms up finds none of them wanted, and
# sends no digest.
#
# Seen: [('sha-512=1', 1.0), ('sha-256=10', 1.0)]; the weight of 'sha-512' is not an integer from 0
# to 10
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    digest-fields-parse==0.1.1 contentdigest==1.0.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
import contentdigest
from digest_fields_parse import (DigestPreference, parse_content_digest, parse_want_content_digest,
                                 serialize_want_content_digest)

wanted = contentdigest.make_want({"sha-512": 1, "sha-256": 10})
read = [(one.algorithm, one.q) for one in parse_want_content_digest(wanted)]
written = serialize_want_content_digest([DigestPreference("sha-512", 1.0), DigestPreference("sha-256", 0.3)])
try:
    back = contentdigest.parse_want(written)
except contentdigest.DigestError as error:
    back = str(error)
digest = parse_content_digest(contentdigest.make_digest(b"a box"))
print(f"{wanted} is read as {read}; {written} as {back}; digests: {list(digest)}")
if read != [("sha-512=1", 1.0), ("sha-256=10", 1.0)] or written != "sha-512;q=1, sha-256;q=0.3":
    sys.exit("changed: the weights are read or written otherwise")
if "not an integer" not in str(back) or list(digest) != ["sha-256"]:
    sys.exit("changed: the other library reads them")
EOF
