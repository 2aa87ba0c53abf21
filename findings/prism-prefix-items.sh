#!/usr/bin/env bash
# @stoplight/prism-cli 5.14.2 (npm): OpenAPI 3.1's `prefixItems` is read on neither side of the
# mock.
#
# The document describes a pair, a number and then a text, by `prefixItems` and `minItems: 2`. The
# mock answers with the empty array and takes a request whose pair has the text first. A number
# that breaks `multipleOf` is refused, so requests are validated.
#
# Expected: an answer such as [0, "string"], and 422. OpenAPI 3.1, Schema Object, is JSON Schema
# 2020-12, whose Core, 10.3.1.1, holds each item to the schema at its position. A consumer that is
# tested against this mock never meets the pair, and a contract test of the mock reports an answer
# that breaks its document.
#
# Seen: answer {"pair":[]}; ["x",1] -> 200; size 3 -> 422
set -euo pipefail
scratch=$(mktemp -d)
mock=
trap '[ -z "$mock" ] || kill "$mock"; rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @stoplight/prism-cli@5.14.2 >/dev/null
cat > jobs.json <<'EOF'
{"openapi": "3.1.0", "info": {"title": "jobs", "version": "1"}, "paths": {"/jobs": {"post": {
  "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}}},
  "responses": {"200": {"description": "done", "content": {"application/json": {"schema": {
    "type": "object", "required": ["pair"], "properties": {"pair": {"$ref": "#/components/schemas/Pair"}}}}}}}}}},
 "components": {"schemas": {
  "Pair": {"type": "array", "minItems": 2, "prefixItems": [{"type": "integer"}, {"type": "string"}]},
  "Job": {"type": "object", "properties": {"pair": {"$ref": "#/components/schemas/Pair"},
                                           "size": {"type": "integer", "multipleOf": 4}}}}}}
EOF
port=$(node -e '
  const probe = require("net").createServer();
  probe.listen(0, "127.0.0.1", () => { console.log(probe.address().port); probe.close(); });')
node node_modules/@stoplight/prism-cli/dist/index.js mock -h 127.0.0.1 -p "$port" jobs.json > mock.log 2>&1 &
mock=$!
cat > try.mjs <<'EOF'
const post = async (body) => {
  const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/jobs`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.text() };
};
for (let waited = 0; waited < 60; waited += 1) {
  if (await post({}).catch(() => undefined)) break;
  await new Promise((done) => setTimeout(done, 500));
}
const [swapped, size] = [await post({ pair: ["x", 1] }), await post({ size: 3 })];
console.log(`answer ${swapped.body}; ["x",1] -> ${swapped.status}; size 3 -> ${size.status}`);
if (swapped.status !== 200 || swapped.body !== '{"pair":[]}' || size.status !== 422) {
  console.log("changed: the pair is read otherwise");
  process.exit(1);
}
EOF
node try.mjs "$port"
