#!/usr/bin/env bash
# openapi-sampler 1.7.10 (npm), which makes the examples of rendered references: samples that break
# their schema.
#
# For an integer with `minimum: 1.5` the sample is 1.5; for an integer that is a multiple of 7 and
# at least 8 it is 8; for a number between the open bounds 0 and 0.5 it is 1; for three different
# ones of the letters a, b and c it is three times a.
#
# Expected: 2, 14, 0.25 and a, b, c, or no sample. JSON Schema Validation 2020-12, 6.1.1 (an
# integer has no fraction), 6.2.1, 6.2.3 and 6.4.3. Whoever reads a rendered reference finds an
# example there that the table next to it forbids, and cannot tell which of the two the author
# wrote.
#
# Seen: 1.5, 8, 1, ["a","a","a"]; valid: false for all four
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . openapi-sampler@1.7.10 ajv@8.20.0 >/dev/null
cat > try.cjs <<'EOF'
const { sample } = require("openapi-sampler");
const Ajv = require("ajv/dist/2020");

const cases = [
  [{ type: "integer", minimum: 1.5 }, 1.5],
  [{ type: "integer", multipleOf: 7, minimum: 8 }, 8],
  [{ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 0.5 }, 1],
  [{ type: "array", items: { enum: ["a", "b", "c"] }, minItems: 3, uniqueItems: true }, ["a", "a", "a"]],
];
const changed = cases.filter(([schema, expected]) => {
  const seen = sample(schema);
  const valid = new Ajv.default().validate(schema, seen);
  console.log(`${JSON.stringify(schema)} -> ${JSON.stringify(seen)}, valid: ${valid}`);
  return valid || JSON.stringify(seen) !== JSON.stringify(expected);
});
if (changed.length > 0) {
  console.log(`changed: ${JSON.stringify(changed.map(([schema]) => schema))}`);
  process.exit(1);
}
EOF
node try.cjs
