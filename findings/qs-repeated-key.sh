#!/usr/bin/env bash
# qs 6.17.1 (npm): the 21st value of a repeated key turns the array into an object.
#
# `ids=0&ids=1&...` with 20 values is read as an array of 20. One value more, and `ids` is an
# object with the keys "0" to "20". The limit that the README tells of indices and empty brackets
# (`ids[21]=`, `ids[]=`) is applied to names without any.
#
# Expected: an array of 21. An array in the style `form`, exploded, is a repeated name (OpenAPI
# 3.1, Parameter Object), and so is a list of form fields (URL Standard, 5.1). A service whose page
# allows 50 values answers 400 from the 21st on, or reads none; tests with three values see
# nothing.
#
# Seen: 20 values: array; 21 values: object
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . qs@6.17.1 >/dev/null
cat > try.cjs <<'EOF'
const qs = require("qs");

const read = (count) => {
  const { ids } = qs.parse(Array.from({ length: count }, (_, index) => `ids=${index}`).join("&"));
  return { kind: Array.isArray(ids) ? "array" : typeof ids, values: Object.values(ids).length };
};
const [within, beyond] = [read(20), read(21)];
console.log(`20 values: ${within.kind}; 21 values: ${beyond.kind}`);
if (within.kind !== "array" || beyond.kind !== "object" || beyond.values !== 21) {
  console.log(`changed: ${JSON.stringify([within, beyond])}`);
  process.exit(1);
}
EOF
node try.cjs
