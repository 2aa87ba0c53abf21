#!/usr/bin/env bash
# requests 2.34.2 and httpx 0.28.1 (PyPI): the target of a Link header is cut at a semicolon.
#
# `Link: <http://127.0.0.1/jobs?from=a;b=c>; rel="next"` gives the target
# `http://127.0.0.1/jobs?from=a` and, beside `rel`, a parameter `b`. Both libraries split at `;`
# before they look for the closing `>`. A title with `=` in it ends the reading: what stands after
# it, `rel` too, is not there.
#
# Expected: the target whole. RFC 8288, 3: what stands between `<` and `>` is a URI reference, in
# which RFC 3986, 2.2 and 3.4, allows `;`; and a parameter may be a quoted string. Servers that put
# an opaque cursor or matrix parameters in the link send such targets: pages are read twice, or the
# last one never comes.
#
# Seen: url http://127.0.0.1/jobs?from=a for both; no `next` for the title `limit=10`
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check requests==2.34.2 httpx==0.28.1
"$scratch/venv/bin/python" - <<'EOF'
import sys
import httpx, requests

def links(field):
    of_requests = requests.Response()
    of_requests.headers["Link"] = field
    return of_requests.links, httpx.Response(200, headers={"Link": field}).links

cut = links('<http://127.0.0.1/jobs?from=a;b=c>; rel="next"')
titled = links('<http://127.0.0.1/jobs?page=2>; title="limit=10"; rel="next"')
print("semicolon:", cut)
print("title:", titled)
if any(found.get("next", {}).get("url") != "http://127.0.0.1/jobs?from=a" for found in cut):
    sys.exit("changed: the target is not cut")
if any("next" in found for found in titled):
    sys.exit("changed: the relation after the title is seen")
EOF
