#!/usr/bin/env bash
# zod 4.6.7, zod-from-json-schema 0.5.6 and json-schema-to-zod 2.8.1, with ajv 8.20.0 to compare
# (npm): a pattern for letters is kept by no letter.
#
# The schema asks for texts of letters by the pattern `^\p{L}+$`. Validators made from it by
# `z.fromJSONSchema` and by the two converters refuse "ab" and "é", and take "p{L}". Nothing is
# raised. zod itself takes the same expression, with the flag `u`, for what it is. The format
# `uri-reference`, which zod's function knows, refuses the reference "/jobs".
#
# Expected: "ab" and "é" valid, "p{L}" not, and "/jobs" valid. JSON Schema 2020-12 Core, 6.4:
# patterns should be built with the `u` flag or its equivalent; without it JavaScript reads `\p` as
# the letter p. RFC 3986, 4.1 and 4.2: a path that begins with a slash is a relative reference.
# Names in other scripts than Latin are described so, and each of them is refused.
#
# Seen: ab false, é false, p{L} true in all three; ajv true, true, false; /jobs: zod false, ajv true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . zod@4.6.7 \
    zod-from-json-schema@0.5.6 json-schema-to-zod@2.8.1 ajv@8.20.0 ajv-formats@3.0.1 >/dev/null
cat > try.mjs <<'EOF'
import { jsonSchemaToZod } from "json-schema-to-zod";
import { convertJsonSchemaToZod } from "zod-from-json-schema";
import { z } from "zod";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const letters = { type: "string", pattern: "^\\p{L}+$" };
const reference = { type: "string", format: "uri-reference" };
const ajv = addFormats.default(new Ajv.default());
const made = {
  "z.fromJSONSchema": z.fromJSONSchema(letters),
  "zod-from-json-schema": convertJsonSchemaToZod(letters),
  "json-schema-to-zod": new Function("z", `return ${jsonSchemaToZod(letters, { module: "none" })}`)(z),
  "zod with the flag": z.string().regex(/^\p{L}+$/u),
};
const seen = Object.entries(made).map(([name, schema]) => {
  const valid = ["ab", "é", "p{L}"].map((text) => schema.safeParse(text).success).join();
  console.log(`${name}: ${valid}`);
  return valid;
});
const others = ["ab", "é", "p{L}"].map((text) => ajv.validate(letters, text)).join();
const path = [z.fromJSONSchema(reference).safeParse("/jobs").success, ajv.validate(reference, "/jobs")].join();
console.log(`ajv: ${others}; /jobs by zod and ajv: ${path}`);
if (seen.join(" ") !== "false,false,true false,false,true false,false,true true,true,false" ||
    others !== "true,true,false" || path !== "false,true") {
  console.log("changed: other texts are valid");
  process.exit(1);
}
EOF
node try.mjs
