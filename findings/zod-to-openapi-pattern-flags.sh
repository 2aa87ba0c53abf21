#!/usr/bin/env bash
# @asteasolutions/zod-to-openapi 9.1.0 with zod 4.6.7, and ajv 8.20.0 to check (npm): the flags of a
# regular expression become text that has to be matched.
#
# `z.string().regex(/^\p{L}+$/u)` is documented with the pattern `^\p{L}+$/u`: a slash and a u after
# the end of the text. No text matches it. `/^job-/i` becomes `^job-/i`, which only texts such as
# "job-/i" match. Without a flag the pattern is right.
#
# Expected: `^\p{L}+$`, and `^[jJ][oO][bB]-` or no pattern. JSON Schema 2020-12 Core, 6.4: a pattern
# is an ECMA-262 expression, to be read with Unicode, and has no flags; the slashes of JavaScript are
# no part of it (Validation, 6.3.3). A contract test finds fault with each right value, and nothing
# can be generated for the pattern.
#
# Seen: /^\p{L}+$/u -> ^\p{L}+$/u, "ab": zod true, document false; /^job-/i -> ^job-/i, "Job-1": true,
# false; /^job-/ -> ^job-, "job-1": true, true
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
const seen = [];
for (const [expression, value] of [[/^\p{L}+$/u, "ab"], [/^job-/i, "Job-1"], [/^job-/, "job-1"]]) {
  const registry = new OpenAPIRegistry();
  registry.register("Name", z.string().regex(expression));
  const { Name } = new OpenApiGeneratorV31(registry.definitions).generateComponents().components.schemas;
  const taken = z.string().regex(expression).safeParse(value).success;
  const valid = new Ajv.default({ strict: false }).validate(Name, value);
  console.log(`${expression} -> ${Name.pattern}, "${value}": zod ${taken}, document ${valid}`);
  seen.push(Name.pattern, taken, valid);
}
if (seen.join() !== "^\\p{L}+$/u,true,false,^job-/i,true,false,^job-,true,true") {
  console.log("changed: the patterns are documented otherwise");
  process.exit(1);
}
EOF
node try.mjs
