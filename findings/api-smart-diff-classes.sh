#!/usr/bin/env bash
# api-smart-diff 1.0.6 (npm): changes that no client survives are told to be none.
#
# Between two documents in OpenAPI 3.0 a text in the request gets an enumeration, unknown fields in
# it become forbidden, and a parameter that is a list gets `explode: false`. The first two are
# classified as `non-breaking`, the third as `annotation`. One more value or one less in an
# enumeration, and a new `maxLength`, are `breaking`, so the rules are there.
#
# Expected: `breaking`. JSON Schema Validation 2020-12, 6.1.2 (`enum`), and Core, 10.3.2.3
# (`additionalProperties`), which OpenAPI 3.0.3 takes over: what was valid to send is not any more.
# Parameter Object, `explode`: from `ids=1&ids=2` to `ids=1,2`, so that old clients are read as
# sending one id, or none. A build that stops at breaking changes lets all three pass.
#
# Seen: enum added: non-breaking; fields forbidden: non-breaking; explode: annotation; enum
# shortened: breaking; maxLength added: breaking
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . api-smart-diff@1.0.6 >/dev/null
cat > try.mjs <<'EOF'
import { apiCompare } from "api-smart-diff";

const document = (kind, { more = {}, ids = {} } = {}) => ({
  openapi: "3.0.3", info: { title: "jobs", version: "1" }, paths: { "/jobs": { post: {
    parameters: [{ name: "ids", in: "query", schema: { type: "array", items: { type: "integer" } }, ...ids }],
    requestBody: { content: { "application/json": { schema: {
      type: "object", properties: { kind: { type: "string", ...kind } }, ...more } } } },
    responses: { 200: { description: "done" } } } } } });
const cases = {
  "enum added": [document({}), document({ enum: ["a"] })],
  "fields forbidden": [document({}), document({}, { more: { additionalProperties: false } })],
  "explode": [document({}), document({}, { ids: { explode: false } })],
  "enum shortened": [document({ enum: ["a", "b"] }), document({ enum: ["a"] })],
  "maxLength added": [document({}), document({ maxLength: 3 })],
};
const seen = Object.entries(cases).map(([name, [before, after]]) =>
  `${name}: ${apiCompare(before, after).diffs.map((diff) => diff.type).join(" and ")}`);
console.log(seen.join("\n"));
if (seen.map((line) => line.split(": ")[1]).join() !== "non-breaking,non-breaking,annotation,breaking,breaking") {
  console.log("changed: the changes are classified otherwise");
  process.exit(1);
}
EOF
node try.mjs
