#!/usr/bin/env bash
# allof-merge 0.6.8 and json-schema-merge-allof 0.8.1, with ajv 8.20.0 to check (npm): two patterns
# that hold together are merged to one that nothing keeps.
#
# A text has to begin with `job-` and, by another branch of `allOf`, to end with a digit. Both
# libraries, which renderers of references use, write the one pattern `(?=^job-)(?=[0-9]$)`: the
# beginning and the end would have to be at one place, and "job-7" is not valid any more. The first
# library also leaves out a field whose branches are a number and an integer, and of two conditions
# it keeps the second.
#
# Expected: `(?=.*...)` for each, or two branches; an integer; both conditions. JSON Schema 2020-12
# Core, 10.2.1.1: all of `allOf` hold; Validation, 6.3.3: a pattern may match anywhere in the text,
# and 6.1.1: each integer is a number. An example made from the merged schema, and a value checked
# by it, have nothing to do with the document.
#
# Seen: job-7: true before, false after, in both; size 1.5: false, true; level 1: false, true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    allof-merge@0.6.8 json-schema-merge-allof@0.8.1 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import { merge } from "allof-merge";
import other from "json-schema-merge-allof";
import Ajv from "ajv/dist/2020.js";

const patterns = { type: "string", allOf: [{ pattern: "^job-" }, { pattern: "[0-9]$" }] };
const name = { type: "object", properties: { name: patterns } };
const size = { type: "object", properties: { size: { allOf: [{ type: "number" }, { type: "integer" }] } } };
const integer = { if: { type: "integer" } };
const level = { allOf: [{ ...integer, then: { minimum: 3 } }, { ...integer, then: { maximum: 5 } }] };
const seen = [
  ["allof-merge", merge, name, { name: "job-7" }],
  ["json-schema-merge-allof", other, name, { name: "job-7" }],
  ["allof-merge", merge, size, { size: 1.5 }],
  ["allof-merge", merge, level, 1],
].map(([library, function_, schema, value]) => {
  const merged = JSON.parse(JSON.stringify(function_(structuredClone(schema))));
  const valid = [schema, merged].map((one) => new Ajv.default({ strict: false }).validate(one, value));
  console.log(`${library}: ${JSON.stringify(merged)}; ${JSON.stringify(value)} ${valid.join(" -> ")}`);
  return valid.join();
});
if (seen.join(" ") !== "true,false true,false false,true false,true") {
  console.log("changed: the schemas are merged otherwise");
  process.exit(1);
}
EOF
node try.mjs
