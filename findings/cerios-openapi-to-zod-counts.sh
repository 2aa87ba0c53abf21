#!/usr/bin/env bash
# @cerios/openapi-to-zod 1.7.0 with zod 4.6.7, and ajv 8.20.0 to check (npm): an object that needs
# at least one field is refused whatever it has.
#
# A filter in the document is an object with `minProperties: 1` and no named fields. The schema that
# is generated from it in the default mode drops what has no name, counts then what is left, and
# refuses the value. In every mode labels that are described by their pattern alone, in an object
# without others, are refused, and of an object with a field `size` beside an `allOf` the size is
# not in the code: it is dropped, or refused in the strict mode. And a map of integers takes a text.
#
# Expected: the values as they were. JSON Schema Validation 2020-12, 6.5.2: the fields that the
# value has are counted; Core, 10.3.2.3: `additionalProperties` is about the fields that neither
# `properties` nor `patternProperties` names; 10.2: `allOf` adds to the keywords beside it. A right
# answer of the server is reported as a broken contract, or arrives without its fields.
#
# Seen: {"kind":"a"} refused; {"x-a":"b"} refused; {"name":"a","size":1} read as {"name":"a"};
# {"a":"b"} for a map of integers taken
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @cerios/openapi-to-zod@1.7.0 zod@4.6.7 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import { writeFileSync } from "node:fs";
import { OpenApiGenerator } from "@cerios/openapi-to-zod";
import Ajv2020 from "ajv/dist/2020.js";

const schemas = {
  Filter: { type: "object", minProperties: 1 },
  Labels: { type: "object", additionalProperties: false,
    patternProperties: { "^x-": { type: "string" } } },
  Job: { type: "object", properties: { size: { type: "integer" } },
    allOf: [{ type: "object", properties: { name: { type: "string" } } }] },
  Counts: { type: "object", additionalProperties: { type: "integer" } },
};
const values = { Filter: { kind: "a" }, Labels: { "x-a": "b" }, Job: { name: "a", size: 1 },
  Counts: { a: "b" } };
writeFileSync("openapi.json", JSON.stringify(
  { openapi: "3.1.0", info: { title: "Jobs", version: "1" }, paths: {}, components: { schemas } }));
const files = { input: "openapi.json", output: "jobs.ts", outputTypes: "jobs.ts" };
const code = new OpenApiGenerator(files).generateString();
writeFileSync("jobs.mjs", code.replace(/^export type .*$/gm, ""));
const generated = await import("./jobs.mjs");
const seen = Object.entries(values).map(([name, value]) => {
  const valid = new Ajv2020.default({ strict: false }).validate(schemas[name], value);
  const { success, data } = generated[`${name.toLowerCase()}Schema`].safeParse(value);
  const read = JSON.stringify(data) ?? "";
  console.log(`${name}: ${JSON.stringify(value)} valid ${valid}; generated: ${success} ${read}`);
  return [valid, success, data && Object.keys(data).join()];
});
if (JSON.stringify(seen) !==
    '[[true,false,null],[true,false,null],[true,true,"name"],[false,true,"a"]]') {
  console.log("changed: the objects are read otherwise");
  process.exit(1);
}
EOF
node try.mjs
