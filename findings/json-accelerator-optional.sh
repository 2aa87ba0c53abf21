#!/usr/bin/env bash
# json-accelerator 0.1.7 with @sinclair/typebox 0.34.52 (npm): without two optional fields what is
# written is no JSON.
#
# An encoder is made from a model with the optional fields `name` and `size` and a mandatory list.
# A job that has neither is written as `{,"steps":[]}`, and one without the second as well as one
# without the first is written well. If the model is plain JSON Schema, where optional is what is
# not in `required`, a text that is absent is the text "undefined", and an absent number is the bare
# word, which is no JSON either.
#
# Expected: `{"steps":[]}`. RFC 8259, 4: a comma stands between two members of an object; 3: the
# only bare words are true, false and null. JSON Schema Validation 2020-12, 6.5.3: all of these jobs
# are valid. The rest of the application works with a JSON parser and never sees the text, until a
# client with few fields gets an answer that it cannot read.
#
# Seen: {,"steps":[]}; plain schema: {"name":"undefined","size":undefined,"steps":[]}
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    json-accelerator@0.1.7 @sinclair/typebox@0.34.52 >/dev/null
cat > try.mjs <<'EOF'
import { Type } from "@sinclair/typebox";
import { createAccelerator } from "json-accelerator";

const model = Type.Object({
  name: Type.Optional(Type.String()), size: Type.Optional(Type.Integer()), steps: Type.Array(Type.String()),
});
const plain = {
  type: "object", required: ["steps"], properties: {
    name: { type: "string" }, size: { type: "integer" }, steps: { type: "array", items: { type: "string" } } },
};
const readable = (text) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const seen = [
  createAccelerator(model)({ steps: [] }), createAccelerator(model)({ name: "a", steps: [] }),
  createAccelerator(model)({ size: 1, steps: [] }), createAccelerator(plain)({ steps: [] }),
];
seen.forEach((text) => console.log(text, readable(text)));
if (seen.join(" ") !== '{,"steps":[]} {"name":"a","steps":[]} {"size":1,"steps":[]} ' +
    '{"name":"undefined","size":undefined,"steps":[]}') {
  console.log("changed: the jobs are written otherwise");
  process.exit(1);
}
EOF
node try.mjs
