#!/usr/bin/env bash
# @asteasolutions/zod-to-openapi 9.1.0 with zod 4.6.7, and ajv 8.20.0 to check (npm): of a literal
# with several values the document has the first.
#
# `z.literal(["open", "done"])`, zod's short form for one of these texts, is documented as
# `enum: ["open"]`; `z.literal(["open", null])` as a type of text and null with the enumeration
# ["open"], so that null is not valid either. zod takes all of them, and `z.enum(["open", "done"])`
# is documented with both.
#
# Expected: all values. JSON Schema Validation 2020-12, 6.1.2: an instance has to equal an element of
# `enum`. A service that answers "done" breaks its own document; a test that tries what the document
# allows sends "open" for ever, and never reaches the other branch.
#
# Seen: ["open","done"]: {"type":"string","enum":["open"]}, "done" valid false; ["open",null]:
# {"type":["string","null"],"enum":["open"]}, null valid false
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @asteasolutions/zod-to-openapi@9.1.0 zod@4.6.7 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import { OpenApiGeneratorV31, OpenAPIRegistry, extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import Ajv from "ajv/dist/2020.js";
import { z } from "zod";

extendZodWithOpenApi(z);
const cases = [
  ['["open","done"]', z.literal(["open", "done"]), "done"],
  ['["open",null]', z.literal(["open", null]), null],
  ["enum", z.enum(["open", "done"]), "done"],
];
const seen = [];
for (const [name, state, value] of cases) {
  const registry = new OpenAPIRegistry();
  registry.register("Job", z.object({ state }));
  const { Job } = new OpenApiGeneratorV31(registry.definitions).generateComponents().components.schemas;
  const valid = new Ajv.default({ strict: false }).validate(Job, { state: value });
  console.log(`${name}: ${JSON.stringify(Job.properties.state)}, ${JSON.stringify(value)} valid ${valid}, ` +
    `zod ${state.safeParse(value).success}`);
  seen.push(valid, state.safeParse(value).success);
}
if (seen.join() !== "false,true,false,true,true,true") {
  console.log("changed: the literals are documented otherwise");
  process.exit(1);
}
EOF
node try.mjs
