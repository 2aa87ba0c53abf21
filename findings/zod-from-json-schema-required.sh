#!/usr/bin/env bash
# zod 4.6.7 with ajv 8.20.0 to compare (npm): a field is mandatory only where it is described.
#
# `z.fromJSONSchema` reads `{"type": "object", "required": ["id"]}` as an object that may be empty.
# So it is with `allOf` of a described object and one that only makes `id` mandatory, which is how
# documents derive "a stored job" from "a job": {} is taken. A `default` has the same effect: with
# one, a mandatory field may be absent. The function, which its documentation calls experimental,
# raises an error for keywords that it does not know (`not`, `if`); here it says nothing.
#
# Expected: {} refused in all three. JSON Schema Validation 2020-12, 6.5.3: each element of `required`
# has to be the name of a property in the instance; `properties` has no part in it (Core, 10.3.2.1),
# nor has `default`, which is an annotation (9.2). A validator made from a document takes answers
# without the fields that the document promises.
#
# Seen: alone: zod true, ajv false; allOf: true, false; default: true, false; described: false, false
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . zod@4.6.7 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import Ajv from "ajv/dist/2020.js";
import { z } from "zod";

const job = { type: "object", properties: { id: { type: "integer" } } };
const cases = {
  alone: { type: "object", required: ["id"] },
  allOf: { allOf: [job, { type: "object", required: ["id"] }] },
  default: { type: "object", properties: { id: { type: "integer", default: 1 } }, required: ["id"] },
  described: { ...job, required: ["id"] },
};
const seen = Object.entries(cases).map(([name, schema]) => {
  const zod = z.fromJSONSchema(structuredClone(schema)).safeParse({}).success;
  return `${name}: zod ${zod}, ajv ${new Ajv.default({ strict: false }).validate(schema, {})}`;
});
console.log(seen.join("\n"));
if (seen.map((line) => line.match(/true|false/g).join("-")).join() !== "true-false,true-false,true-false,false-false") {
  console.log("changed: mandatory fields are read otherwise");
  process.exit(1);
}
EOF
node try.mjs
