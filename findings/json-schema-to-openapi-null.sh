#!/usr/bin/env bash
# @openapi-contrib/json-schema-to-openapi-schema 4.3.4, with @openapi-contrib's
# openapi-schema-to-json-schema 5.1.0 to come back, and ajv-draft-04 1.0.0 (npm): null does not
# survive the way to OpenAPI 3.0.
#
# `oneOf` of a string, an integer and null is written as `oneOf` of a string and an integer, *both*
# with `nullable: true`: null fits two branches, and is refused. `not: {"type": "null"}`, which takes
# everything but null, is written as `not: {"nullable": true}`, which takes nothing.
#
# Expected: `nullable` in one branch, and `not: {"enum": [null]}`. JSON Schema 2020-12 Core,
# 10.2.1.3: exactly one of `oneOf` has to fit; OpenAPI 3.0.3, Schema Object: `nullable` adds null to
# a type that is given beside it, and says nothing else. `anyOf` of the same three is right, so
# whether null may be sent depends on a word that most take for the same.
#
# Seen: oneOf: null true -> false; not null: 1 true -> false; anyOf: null true -> true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @openapi-contrib/json-schema-to-openapi-schema@4.3.4 \
    @openapi-contrib/openapi-schema-to-json-schema@5.1.0 ajv@8.20.0 ajv-draft-04@1.0.0 >/dev/null
cat > try.mjs <<'EOF'
import toOpenApi from "@openapi-contrib/json-schema-to-openapi-schema";
import { openapiSchemaToJsonSchema } from "@openapi-contrib/openapi-schema-to-json-schema";
import Ajv2020 from "ajv/dist/2020.js";
import Ajv04 from "ajv-draft-04";

const kinds = [{ type: "string" }, { type: "integer" }, { type: "null" }];
const cases = [
  ["oneOf", { oneOf: kinds }, null],
  ["not null", { not: { type: "null" } }, 1],
  ["anyOf", { anyOf: kinds }, null],
];
const convert = toOpenApi.default ?? toOpenApi;
const seen = [];
for (const [name, schema, value] of cases) {
  const before = new Ajv2020.default().validate(schema, value);
  const converted = await convert(structuredClone(schema));
  const text = JSON.stringify(converted);
  const after = new (Ajv04.default ?? Ajv04)({ strict: false }).validate(openapiSchemaToJsonSchema(converted), value);
  console.log(`${name}: ${text}; ${value} ${before} -> ${after}`);
  seen.push(before, after);
}
if (seen.join() !== "true,false,true,false,true,true") {
  console.log("changed: the schemas are converted otherwise");
  process.exit(1);
}
EOF
node try.mjs
