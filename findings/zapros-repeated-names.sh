#!/usr/bin/env bash
# zapros 0.23.0 with pywhatwgurl 0.1.2 (PyPI): of several values under one name in a query the
# first is sent.
#
# A client is given `params=[("id", "1"), ("id", "2")]`, the map `{"id": ["1", "2"]}`, or a URL
# that ends in `?id=1&id=2` already. Each request that leaves it asks for `?id=1`. Nothing is
# raised. The same pairs in `form=` are sent whole, so it is no matter of what the types allow.
#
# Expected: `id=1&id=2`. WHATWG URL, 5: the list of a query's pairs may hold a name more than
# once; RFC 3986, 3.4, gives no reader leave to drop a part of it. OpenAPI 3.1, Parameter Object:
# it is how an array in a query is written by default (`form`, exploded). A test that asks for two
# jobs gets one, and a test of a filter with two values never tries the second.
#
# Seen: pairs, map and URL: /jobs?id=1; form: id=1&id=2
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check zapros==0.23.0 pywhatwgurl==0.1.2
"$scratch/venv/bin/python" - <<'EOF'
import sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import zapros

class Echo(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        text = self.path.encode() + (b" " + body if body else b"")
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    do_POST = do_GET
    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
threading.Thread(target=server.serve_forever, daemon=True).start()
jobs = f"http://127.0.0.1:{server.server_port}/jobs"
pairs = [("id", "1"), ("id", "2")]
client = zapros.Client()
seen = {
    "pairs": client.get(jobs, params=pairs).text,
    "map": client.get(jobs, params={"id": ["1", "2"]}).text,
    "URL": client.get(f"{jobs}?id=1&id=2").text,
    "form": client.post(jobs, form=pairs).text,
}
server.shutdown()
print("; ".join(f"{name}: {text}" for name, text in seen.items()))
if {seen[name] for name in ("pairs", "map", "URL")} != {"/jobs?id=1"}:
    sys.exit("changed: the query is sent otherwise")
if seen["form"] != "/jobs id=1&id=2":
    sys.exit("changed: the form is sent otherwise")
EOF
