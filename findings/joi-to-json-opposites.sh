#!/usr/bin/env bash
# joi-to-json 5.0.5 with joi 18.3.2, and ajv 8.20.0 to check (npm): the schema asks for what the
# code forbids.
#
# `Joi.string().pattern(/^tmp-/, { invert: true })`, a text that does not begin so, is documented
# with the pattern `^tmp-`. `Joi.object().min(1)`, an object with any fields but at least one, has
# no properties, `additionalProperties: false` and no bound: the empty one is the only valid value,
# and the only one that the code refuses. `Joi.string().ip()` takes addresses of both versions and
# has the format `ipv4`; `isoDate()` takes 2026-01-02 and has `date-time`.
#
# Expected: `not` around the pattern, `minProperties: 1`, and `anyOf` of the two formats. JSON
# Schema 2020-12 Core, 10.3.2.3: with no properties, false forbids all names; Validation, 6.3.3,
# 6.5.2 and 7.3.4; RFC 3339, 5.6, for the two forms of time. A test that sends what the document
# allows is answered 400, and the one that sends what it forbids 200.
#
# Seen, joi and schema: "job" true false, "tmp-1" false true; {"a":1} true false, {} false true; ::1
# true false; 2026-01-02 true false
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    joi-to-json@5.0.5 joi@18.3.2 ajv@8.20.0 ajv-formats@3.0.1 >/dev/null
cat > try.cjs <<'EOF'
const Joi = require("joi");
const parse = require("joi-to-json");
const Ajv = require("ajv/dist/2019");
const addFormats = require("ajv-formats");

const seen = [
  [Joi.string().pattern(/^tmp-/, { invert: true }), ["job", "tmp-1"]],
  [Joi.object().min(1), [{ a: 1 }, {}]],
  [Joi.string().ip(), ["::1", "192.0.2.1"]],
  [Joi.string().isoDate(), ["2026-01-02", "2026-01-02T03:04:05Z"]],
].map(([code, values]) => {
  const { $schema, ...schema } = parse(code, "json-draft-2019-09");
  const ajv = addFormats(new Ajv({ strict: false }));
  const valid = values.map((value) =>
    `${!code.validate(value, { convert: false }).error} ${ajv.validate(schema, value)}`);
  console.log(`${JSON.stringify(schema)}: ${values.map((value, at) => `${JSON.stringify(value)} ${valid[at]}`).join(", ")}`);
  return valid.join();
});
if (seen.join("; ") !== "true false,false true; true false,false true; true false,true true; true false,true true") {
  console.log("changed: the schemas are written otherwise");
  process.exit(1);
}
EOF
node try.cjs
