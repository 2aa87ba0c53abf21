#!/usr/bin/env bash
# json-schema-faker 0.6.3 (npm): padding that breaks patterns, and texts of the format `duration`
# that are none.
#
# A text that matches its pattern but is shorter than `minLength` is filled up with any characters:
# for `^a+$` and at least 10 characters other letters and digits come. Now and then a text of the
# format `duration` has the T at the end or before its days: `P0DT`, `PT0D`.
#
# Expected: values of the schema. JSON Schema Validation 2020-12: `pattern` (6.3.3) and `minLength`
# (6.3.2) are independent, and both have to hold; 7.3.1 takes `duration` from RFC 3339, appendix A,
# where days stand before the T, and a time has to follow it. A mock that is filled by this breaks
# its own contract.
#
# Seen, for the seeds 1 to 50: 50 texts of the letter a and 3 durations are not valid
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    json-schema-faker@0.6.3 ajv@8.20.0 ajv-formats@3.0.1 >/dev/null
cat > try.mjs <<'EOF'
import { generate } from "json-schema-faker";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const ajv = new Ajv.default();
formats.default(ajv);
const schemas = [
  { type: "string", pattern: "^a+$", minLength: 10 },
  { type: "string", format: "duration" },
];
let changed = false;
for (const schema of schemas) {
  const values = [];
  for (let seed = 1; seed <= 50; seed += 1) values.push(await generate(schema, { seed }));
  const wrong = values.filter((value) => !ajv.validate(schema, value));
  console.log(`${JSON.stringify(schema)}: ${wrong.length} of 50 not valid: ${wrong.slice(0, 3).join(", ")}`);
  changed ||= wrong.length === 0;
}
if (changed) {
  console.log("changed: all texts are of their schema");
  process.exit(1);
}
EOF
node try.mjs
