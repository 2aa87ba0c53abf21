#!/usr/bin/env bash
# @0dep/piso 5.1.2, with tinyduration 3.4.1 and ajv-formats 3.0.1 to compare (npm): no time at all
# is written as "P", which is refused.
#
# The lengths of time `PT0S`, `P0D` and `P0Y` are read, and written back as "P", without a number
# and a unit. The library itself refuses that text, as an unexpected end, and so does every schema
# with `format: duration`. A zero beside another number is left out, `P1DT0S` being `P1D`, which is
# right. The other library writes PT0S.
#
# Expected: `PT0S`, or what was read. RFC 3339, appendix A: after the P of a duration there is a
# date, a time or weeks, and each of them has a number with its unit; JSON Schema Validation
# 2020-12, 7.3.1, takes the format from there. A timeout of nothing that a service stores cannot be
# read again, and an answer that has it breaks its document.
#
# Seen: PT0S, P0D and P0Y: P, not valid, and an error; P1DT0S: P1D, valid; tinyduration PT0S
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @0dep/piso@5.1.2 tinyduration@3.4.1 ajv-formats@3.0.1 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import { parseDuration } from "@0dep/piso";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse, serialize } from "tinyduration";

const ajv = new Ajv.default();
addFormats.default(ajv);
const seen = ["PT0S", "P0D", "P0Y", "P1DT0S"].map((text) => {
  const written = parseDuration(text).toISOString();
  const valid = ajv.validate({ type: "string", format: "duration" }, written);
  let again;
  try {
    again = parseDuration(written).toISOString();
  } catch (error) {
    again = error.name;
  }
  const other = serialize(parse(text));
  console.log(`${text}: ${written}, valid ${valid}, read again ${again}; the other: ${other}`);
  return `${written} ${valid} ${again} ${other}`;
});
const none = "P false RangeError PT0S";
if (seen.join() !== [none, none, none, "P1D true P1D P1D"].join()) {
  console.log("changed: the lengths are written otherwise");
  process.exit(1);
}
EOF
node try.mjs
