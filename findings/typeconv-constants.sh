#!/usr/bin/env bash
# typeconv 2.3.1 with @seriousme/openapi-schema-validator 2.11.0 to check (npm): one constant in a
# schema makes the document in OpenAPI invalid.
#
# JSON Schema is converted to OpenAPI 3.0.0. A field with `const` keeps the keyword, and a list
# that is described element by element keeps its list of `items`; the validator of documents refuses
# both. Bounds and patterns, which 3.0 has, are dropped, and `oneOf` is `anyOf`. A field of two
# types, one of which is null, is converted well, so that the conversion looks like one to 3.0.
# Nothing is raised.
#
# Expected: `enum` with one value, and items that may be either type. OpenAPI 3.0.0, Schema Object:
# the keywords that are supported are listed there, and `const` is not among them; `items` must be a
# Schema Object and not an array. The tools that read the document next stop at it, for a schema
# that says less than the one it was made from.
#
# Seen: const: valid false; list of items: false; minimum: gone, true; string and null: nullable,
# true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    typeconv@2.3.1 @seriousme/openapi-schema-validator@2.11.0 >/dev/null
cat > try.mjs <<'EOF'
import { Validator } from "@seriousme/openapi-schema-validator";
import { getJsonSchemaReader, getOpenApiWriter, makeConverter } from "typeconv";

const { convert } = makeConverter(getJsonSchemaReader(), getOpenApiWriter({ title: "Jobs", version: "1", format: "json" }));
const seen = [];
for (const field of [{ const: "job" }, { type: "array", items: [{ type: "integer" }, { type: "string" }] },
  { type: "integer", minimum: 1 }, { type: ["string", "null"] }]) {
  const schema = { definitions: { Job: { type: "object", properties: { field } } } };
  const document = JSON.parse((await convert({ data: JSON.stringify(schema) })).data);
  const made = JSON.stringify(document.components.schemas.Job.properties.field);
  const { valid } = await new Validator().validate(document);
  console.log(`${JSON.stringify(field)} -> ${made}: OpenAPI ${document.openapi}, valid ${valid}`);
  seen.push(`${made} ${valid}`);
}
if (seen.join("; ") !== '{"const":"job"} false; ' +
    '{"items":[{"type":"integer"},{"type":"string"}],"minItems":0,"type":"array"} false; ' +
    '{"type":"integer"} true; {"nullable":true,"type":"string"} true') {
  console.log("changed: the schemas are converted otherwise");
  process.exit(1);
}
EOF
node try.mjs
