#!/usr/bin/env bash
# joi-openapi 3.2.1 with joi 18.3.2, and ajv 8.20.0 and @seriousme/openapi-schema-validator 2.11.0
# to check (npm): a number greater than zero is documented as one of at least 1.
#
# `Joi.number().positive()` is a number with `minimum: 1`, and `greater(1).less(5)` one from 2 to 4,
# though nothing says that they are integers: 0.5 and 1.5 keep the code and break the document. The
# length of a text is written under the name `length`, which is no keyword, and makes the document
# invalid. Bounds that are allowed themselves, and the longest text, are written as they are.
#
# Expected: `minimum: 0` with `exclusiveMinimum: true`, and a `minLength` with a `maxLength`.
# OpenAPI 3.0.3, Schema Object: exclusiveMinimum, minLength and maxLength are taken from JSON Schema
# as they are (Wright Draft 00, 5.5: with exclusiveMinimum the value has to be greater than the
# minimum), and no field is called `length`.
#
# Seen: positive {"minimum":1}: 0.5 code true, schema false; 1 to 5 {"minimum":2,"maximum":4}: 1.5
# true, false; length(3) {"length":3}: document false; number().min(1) and string().max(3) true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    joi-openapi@3.2.1 joi@18.3.2 ajv@8.20.0 @seriousme/openapi-schema-validator@2.11.0 >/dev/null
cat > try.mjs <<'EOF'
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv";
import Joi from "joi";
import { convert } from "joi-openapi";

const ajv = new Ajv.default({ strict: false, validateFormats: false });
const numbers = [[Joi.number().positive(), 0.5], [Joi.number().greater(1).less(5), 1.5]];
const bounds = numbers.map(([code, value]) => {
  const schema = convert(code);
  const seen = [code.validate(value).error === undefined, ajv.validate(schema, value)];
  console.log(`${JSON.stringify(schema)}: ${value} by the code ${seen[0]}, by it ${seen[1]}`);
  return [schema.minimum, schema.maximum ?? "none", ...seen];
});
const documents = [];
for (const code of [Joi.string().length(3), Joi.string().max(3), Joi.number().min(1)]) {
  const Job = convert(Joi.object({ field: code }));
  const { valid } = await new Validator().validate({
    openapi: "3.0.3", info: { title: "Jobs", version: "1" }, paths: {},
    components: { schemas: { Job } } });
  console.log(`${JSON.stringify(Job.properties.field)}: the document is valid: ${valid}`);
  documents.push(valid);
}
if (JSON.stringify([bounds, documents]) !==
    '[[[1,"none",true,false],[2,4,true,false]],[false,true,true]]') {
  console.log("changed: the bounds are documented otherwise");
  process.exit(1);
}
EOF
node try.mjs
