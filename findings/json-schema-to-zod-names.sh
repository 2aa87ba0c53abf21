#!/usr/bin/env bash
# json-schema-to-zod 2.8.1 with zod 4.6.7, and ajv 8.20.0 to compare (npm): what a schema says of
# some names holds for all.
#
# Of an object whose names that begin with `x-` have integers for values, `{"note": "a"}` is
# refused: the code has a record of integers. A list that is described by `prefixItems`, an integer,
# and by `items`, texts, is a list of texts, and [1, "a"] is refused. A constant that is an object
# is refused in all cases, as it is compared by identity. For the format `ipv4` the code calls a
# method that the version of zod for which it is made does not have.
#
# Expected: all valid. JSON Schema 2020-12 Core, 10.3.2.2: `patternProperties` speaks of the
# matching names alone; 10.3.1.2: `items` begins after `prefixItems`; 4.2.2 and Validation, 6.1.3:
# objects are equal if their fields are. A client that checks answers by this code refuses right
# ones.
#
# Seen: {"note":"a"}: zod false, ajv true; [1,"a"]: false, true; {"kind":"a"}: false, true; ipv4:
# z.string(...).ip is not a function
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    json-schema-to-zod@2.8.1 zod@4.6.7 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import { jsonSchemaToZod } from "json-schema-to-zod";
import { z } from "zod";
import Ajv from "ajv/dist/2020.js";

const made = (schema) => new Function("z", `return ${jsonSchemaToZod(schema, { module: "none" })}`)(z);
const seen = [
  [{ type: "object", patternProperties: { "^x-": { type: "integer" } } }, { note: "a" }],
  [{ type: "array", prefixItems: [{ type: "integer" }], items: { type: "string" } }, [1, "a"]],
  [{ const: { kind: "a" } }, { kind: "a" }],
  [{ type: "array", items: { type: "string" } }, ["a"]],
].map(([schema, value]) => {
  const valid = [made(schema).safeParse(value).success, new Ajv.default({ strict: false }).validate(schema, value)];
  console.log(`${JSON.stringify(schema)} ${JSON.stringify(value)}: zod ${valid[0]}, ajv ${valid[1]}`);
  return valid.join();
});
let message = "none";
try {
  made({ type: "string", format: "ipv4" });
} catch (error) {
  message = error.message;
}
console.log(`ipv4: ${message}`);
if (seen.join(" ") !== "false,true false,true false,true true,true" || !message.endsWith("is not a function")) {
  console.log("changed: the code is written otherwise");
  process.exit(1);
}
EOF
node try.mjs
