#!/usr/bin/env bash
# @apidevtools/swagger-parser 13.0.0 (npm): what stands beside a `$ref` replaces what the `$ref`
# points to.
#
# In an OpenAPI 3.1 document `{"$ref": "#/components/schemas/Name", "maxLength": 10}`, where Name
# has `maxLength: 5`, `dereference()` gives one schema with `maxLength: 10`: the stricter bound is
# gone. A `pattern` beside the `$ref` replaces the pattern of Name in the same way.
#
# Expected: both hold. JSON Schema 2020-12 Core, 8.2.3.1: `$ref` is one applicator among the
# keywords of its schema, and an instance has to satisfy all of them; the form without `$ref` is
# `allOf`. A validator that is given the dereferenced document takes values that the same validator
# refuses when it is given the document as it was.
#
# Seen: {"maxLength":10,"type":"string","pattern":"z$"}; "abcdefgz": true after, false before
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @apidevtools/swagger-parser@13.0.0 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import SwaggerParser from "@apidevtools/swagger-parser";
import Ajv from "ajv/dist/2020.js";

const document = () => ({
  openapi: "3.1.0", info: { title: "jobs", version: "1" }, paths: {},
  components: { schemas: {
    Name: { type: "string", maxLength: 5, pattern: "^a" },
    Title: { $ref: "#/components/schemas/Name", maxLength: 10, pattern: "z$" },
  } },
});
const { Title } = (await SwaggerParser.dereference(document())).components.schemas;
const valid = (schema) => new Ajv.default({ strict: false }).validate(schema, "abcdefgz");
const before = valid({ ...document(), $ref: "#/components/schemas/Title" });
const after = valid(Title);
console.log(`${JSON.stringify(Title)}; "abcdefgz": ${after} after, ${before} before`);
if (Title.maxLength !== 10 || Title.pattern !== "z$" || after !== true || before !== false) {
  console.log("changed: the siblings of $ref are merged otherwise");
  process.exit(1);
}
EOF
node try.mjs
