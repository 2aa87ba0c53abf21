#!/usr/bin/env bash
# json-schema-resolve-allof 1.5.0 with ajv 8.20.0 to check (npm): of two bounds the later one holds,
# and of two enumerations either.
#
# The parts of an `allOf` are put together into one schema. A size of at least 5 and of at least 3
# may be 3 now, since the later part replaces the earlier. Names that have to be in two enumerations
# may be in one of them, and of two patterns the second is left; of two `anyOf` one list is made, so
# that one of all the choices is enough. And an object that has a field called `allOf` has a field
# called `type` afterwards.
#
# Expected: 5, the common names, both patterns. JSON Schema 2020-12, 10.2.1.1: `allOf` holds if
# every schema in it does, whatever their order; 10.3.2.1: the keys within `properties` are names of
# fields. Pages and mocks that are made from the result allow what the service refuses.
#
# Seen: minimum 3, enum [a,b,c], pattern b$, anyOf of three: 3, "a", "xb" and "x" valid, before not;
# properties {"type":"string"}; required and properties of two parts are put together well
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    json-schema-resolve-allof@1.5.0 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import Ajv2020 from "ajv/dist/2020.js";
import resolve from "json-schema-resolve-allof";

const ajv = new Ajv2020.default({ strict: false });
const cases = [
  [{ allOf: [{ minimum: 5 }, { minimum: 3 }] }, 3],
  [{ allOf: [{ enum: ["a", "b"] }, { enum: ["b", "c"] }] }, "a"],
  [{ allOf: [{ pattern: "^a" }, { pattern: "b$" }] }, "xb"],
  [{ allOf: [{ anyOf: [{ const: "x" }, { const: "y" }] }, { anyOf: [{ const: "y" }] }] }, "x"],
  [{ allOf: [{ required: ["a"] }, { required: ["b"] }] }, { a: 1 }],
];
const seen = cases.map(([schema, value]) => {
  const resolved = resolve(structuredClone(schema));
  const valid = [ajv.validate(schema, value), ajv.validate(resolved, value)];
  const [before, after, text] = [schema, resolved, value].map((part) => JSON.stringify(part));
  console.log(`${before} -> ${after}: ${text} ${valid}`);
  return valid.join();
});
const job = { type: "object", properties: { allOf: { type: "string" } } };
const field = JSON.stringify(resolve(job));
console.log(`a field called allOf: ${field}`);
if (seen.join(" ") !== "false,true false,true false,true false,true false,false" ||
    field !== '{"type":"object","properties":{"type":"string"}}') {
  console.log("changed: the parts are put together otherwise");
  process.exit(1);
}
EOF
node try.mjs
