#!/usr/bin/env bash
# @remix-run/headers 0.21.1 and fresh 2.0.0, which express 5.3.0 asks (npm): a version tag that has
# a comma matches no version.
#
# A service gives a job the ETag `"7,3"`, and the client sends it back in If-None-Match. Both
# libraries divide it at its comma into two tags, of which none is the one that was given: the job
# is sent again each time, by express with 200 instead of 304. In If-Match, which the first reads
# too, the change is refused each time, as if someone else had changed the job. Tags without a comma
# match, in lists as well. `Cache-Control: Max-Age=60` is read by the first as one without
# directives.
#
# Expected: a match. RFC 9110, 8.8.3: the text in an entity tag is any visible character but the
# double quote, so that a comma is one; 13.1.2: the condition is false if a tag of the list matches.
# RFC 9111, 5.2: the names of directives are compared without regard to case.
#
# Seen: "7,3": None-Match false, Match false, express 200; "7": true, true, 304; "7" of two: true,
# true, 304; Max-Age=60 undefined, max-age=60 60
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @remix-run/headers@0.21.1 express@5.3.0 fresh@2.0.0 >/dev/null
cat > try.mjs <<'EOF'
import { CacheControl, IfMatch, IfNoneMatch } from "@remix-run/headers";
import express from "express";

let tag;
const app = express().get("/", (request, response) => response.set("ETag", tag).json({ size: 1 }));
const server = app.listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const seen = [];
for (const [given, sent] of [['"7,3"', '"7,3"'], ['"7"', '"7"'], ['"7"', '"6", "7"']]) {
  tag = given;
  const headers = { "If-None-Match": sent, "Cache-Control": "max-age=1" };
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers });
  const found = [IfNoneMatch, IfMatch].map((header) => header.from(sent).matches(given));
  found.push(answer.status);
  console.log(`${given}, sent ${sent}: None-Match, Match and express ${found}`);
  seen.push(found.join());
}
server.close();
const ages = ["Max-Age=60", "max-age=60"].map((header) => CacheControl.from(header).maxAge);
console.log("Max-Age=60 and max-age=60:", ages);
if (seen.join(" ") !== "false,false,200 true,true,304 true,true,304" || ages.join() !== ",60") {
  console.log("changed: the tags are compared otherwise");
  process.exit(1);
}
EOF
node try.mjs
