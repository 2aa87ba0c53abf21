#!/usr/bin/env bash
# openapi-request-coercer 12.1.3 with openapi-request-validator 12.1.3 (npm): wrong parameters are
# made right.
#
# The two are used one after the other, as express-openapi does. The coercer turns the text of an
# integer into a number by cutting it: `1.9` is 1. Of a boolean every text but `false` is true:
# `0`, `no`, `FALSE` and the empty one. The validator, which comes after, finds nothing to refuse.
#
# Expected: 400. OpenAPI 3.0.3, Schema Object: the type is JSON Schema's, and 1.9 is no integer and
# `no` no boolean. A service built so takes values that its document forbids, and does the opposite
# of what `no` asks. Texts such as `abc` stay as they are and are refused, which is what most tests
# try.
#
# Seen: limit 1.9 -> 1, dry 0 -> true, dry no -> true: no errors; limit abc: an error
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    openapi-request-coercer@12.1.3 openapi-request-validator@12.1.3 >/dev/null
cat > try.cjs <<'EOF'
const Coercer = require("openapi-request-coercer").default;
const Validator = require("openapi-request-validator").default;

const parameters = [
  { name: "limit", in: "query", schema: { type: "integer" } },
  { name: "dry", in: "query", schema: { type: "boolean" } },
];
const coercer = new Coercer({ parameters });
const validator = new Validator({ parameters });
const seen = [{ limit: "1.9" }, { dry: "0" }, { dry: "no" }, { limit: "abc" }].map((query) => {
  const request = { query: { ...query }, headers: {}, params: {} };
  coercer.coerce(request);
  const refused = validator.validateRequest(request) !== undefined;
  console.log(`${JSON.stringify(query)} -> ${JSON.stringify(request.query)}, refused: ${refused}`);
  return [Object.values(request.query)[0], refused];
});
if (JSON.stringify(seen) !== JSON.stringify([[1, false], [true, false], [true, false], ["abc", true]])) {
  console.log("changed: the parameters are read otherwise");
  process.exit(1);
}
EOF
node try.cjs
