#!/usr/bin/env bash
# json-schema-for-openapi 0.5.0, with @seriousme/openapi-schema-validator 2.11.0 and ajv 8.20.0 to
# check (npm): a condition becomes a duty for all.
#
# JSON Schema is converted to OpenAPI 3.0. A job of the kind "big" needs a size, by `if` and `then`:
# converted, a job of another kind is refused, since a `oneOf` with that one case is all that is
# left. `dependentRequired` becomes a list within the list of `required`, and a bound that is
# excluded stays a number; each makes the document invalid. With an `else` the first is converted
# well, and so is null.
#
# Expected: a second case, "not of this kind"; `required: ["size"]`; `exclusiveMinimum: true`. JSON
# Schema 2020-12, 10.2.2.2: `then` has no effect if `if` does not hold; OpenAPI 3.0.3, Schema
# Object: the keywords are those of Wright Draft 00, whose `required` has texts (5.15) and whose
# exclusiveMinimum is a boolean (5.5).
#
# Seen: {"kind":"small"} valid true, converted false; dependentRequired [["size"]]: document false;
# exclusiveMinimum 0: false; with else true, true; string or null: true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    json-schema-for-openapi@0.5.0 @seriousme/openapi-schema-validator@2.11.0 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import converter from "json-schema-for-openapi";

const convert = async (schema) => {
  const { schemas } = converter.convert(schema);
  const { valid } = await new Validator().validate({
    openapi: "3.0.3", info: { title: "Jobs", version: "1" }, paths: {}, components: { schemas } });
  return { schema: schemas.mainSchema, schemas, valid };
};
const big = { type: "object", properties: { kind: { enum: ["big"] } } };
const ajv = new Ajv2020.default({ strict: false });
const seen = [];
for (const other of [undefined, { not: { required: ["size"] } }]) {
  const job = { if: big, then: { required: ["size"] }, ...(other && { else: other }) };
  const { schemas } = await convert(structuredClone(job));
  const jobs = [{ kind: "small" }, { kind: "big", size: 1 }, { kind: "big" }];
  const valid = [job, { components: { schemas }, $ref: "#/components/schemas/mainSchema" }]
    .map((schema) => jobs.map((value) => ajv.validate(schema, value)).join());
  const name = other ? "with else" : "if and then";
  console.log(`${name}: small, big with size, big: ${valid[0]}; converted ${valid[1]}`);
  seen.push(...valid);
}
for (const schema of [{ dependentRequired: { kind: ["size"] } },
  { type: "integer", exclusiveMinimum: 0 }, { type: ["string", "null"] }]) {
  const converted = await convert(structuredClone(schema));
  const texts = [schema, converted.schema].map((value) => JSON.stringify(value)).join(" -> ");
  console.log(`${texts}: document ${converted.valid}`);
  seen.push(converted.valid);
}
if (seen.join(" ") !==
    "true,true,false false,true,false true,true,false true,true,false false false true") {
  console.log("changed: the conditions are converted otherwise");
  process.exit(1);
}
EOF
node try.mjs
