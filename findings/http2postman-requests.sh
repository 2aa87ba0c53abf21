#!/usr/bin/env bash
# http2postman 0.1.0 (PyPI) with postman-collection 5.3.1 to read the result (npm): the version of
# HTTP becomes a part of the path, and a header a part of the body.
#
# A file of requests has `POST http://jobs.example/jobs HTTP/1.1`: in the collection the address has
# the version in it. A GET whose query goes on in the next line gets a body, in which that line and
# the Accept header stand, and the type text/plain. `Authorization: Bearer {{token}}` is made to an
# `auth` beside the request, where the library of the format finds none, and the header is gone. A
# request in one line without the version is converted well.
#
# Expected: /jobs, a query with two names, and the token. RFC 9112, 3: a request line is the method,
# the target and the version; both editors that the package names for its input write it so, and let
# a query go on in lines that start with & or ?. Postman Collection Format 2.1.0: `auth` is a
# property of a request or of a folder, and an item has none. The requests are sent elsewhere,
# unfiltered and without authorization.
#
# Seen: http://jobs.example/jobs HTTP/1.1; state=new alone, body "    &limit=5\nAccept:
# application/json", headers Content-Type: text/plain; token: no auth, no headers; short: right
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check http2postman==0.1.0
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    postman-collection@5.3.1 >/dev/null
cat > jobs.http <<'EOF'
### version
POST http://jobs.example/jobs HTTP/1.1
Content-Type: application/json

{"name": "a"}

### query
GET http://jobs.example/jobs?state=new
    &limit=5
Accept: application/json

### token
GET http://jobs.example/jobs
Authorization: Bearer {{token}}

### short
GET http://jobs.example/jobs?state=new
Accept: application/json
EOF
venv/bin/http2postman jobs.http --quiet -o jobs.json
cat > try.cjs <<'EOF'
const { readFileSync } = require("node:fs");
const { Collection } = require("postman-collection");

const seen = {};
new Collection(JSON.parse(readFileSync("jobs.json"))).forEachItem((item) => {
  const { url, headers, body } = item.request;
  seen[item.name] = [url.toString(), headers.all().map(String).join(), body?.raw ?? "",
    item.getAuth()?.type ?? "no auth"];
  console.log(item.name, JSON.stringify(seen[item.name]));
});
if (JSON.stringify(seen) !== JSON.stringify({
  version: ["http://jobs.example/jobs HTTP/1.1", "Content-Type: application/json",
    '{"name": "a"}', "no auth"],
  query: ["http://jobs.example/jobs?state=new", "Content-Type: text/plain",
    "    &limit=5\nAccept: application/json", "no auth"],
  token: ["http://jobs.example/jobs", "", "", "no auth"],
  short: ["http://jobs.example/jobs?state=new", "Accept: application/json", "", "no auth"],
})) {
  console.log("changed: the requests are converted otherwise");
  process.exit(1);
}
EOF
node try.cjs
