#!/usr/bin/env bash
# @apiture/openapi-down-convert 0.14.2 with ajv 8.20.0 (npm): a map becomes an object that has to be
# empty.
#
# A document in OpenAPI 3.1 describes a map of labels by `patternProperties` for names of small
# letters and `additionalProperties: false` for all others. The conversion to 3.0 takes the first
# away and leaves the second; by default nothing is said, and the exit code is 0. The README has
# `patternProperties` among the keywords that are not converted, not that it is removed.
#
# Expected: `additionalProperties` with the schema of the pattern, or none. JSON Schema 2020-12
# Core, 10.3.2.3: what `additionalProperties` holds for are the properties that no pattern takes,
# so it means another thing when the patterns go: {"colour": "red"} is valid before and not after.
# OpenAPI 3.0 has no patterns of names, and whoever cannot say a rule says less, not more. Each
# answer that has a label breaks the converted document.
#
# Seen: {"type":"object","additionalProperties":false}; {"colour":"red"}: true before, false after
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @apiture/openapi-down-convert@0.14.2 ajv@8.20.0 >/dev/null
cat > labels.json <<'EOF'
{"openapi": "3.1.0", "info": {"title": "labels", "version": "1"}, "paths": {},
 "components": {"schemas": {"Labels": {"type": "object", "additionalProperties": false,
  "patternProperties": {"^[a-z]+$": {"type": "string"}}}}}}
EOF
said=$(node node_modules/@apiture/openapi-down-convert/lib/src/cli.js \
    --input labels.json --output converted.json 2>&1)
cat > try.mjs <<'EOF'
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

const labels = (name) => JSON.parse(readFileSync(name)).components.schemas.Labels;
const valid = (schema) => new Ajv.default().validate(schema, { colour: "red" });
const [before, after] = [labels("labels.json"), labels("converted.json")];
console.log(`${JSON.stringify(after)}; {"colour":"red"}: ${valid(before)} before, ${valid(after)} after`);
if (process.argv[2]) console.log(process.argv[2]);
if (JSON.stringify(after) !== '{"type":"object","additionalProperties":false}' || process.argv[2]) {
  console.log("changed: the map is converted otherwise, or something is said");
  process.exit(1);
}
EOF
node try.mjs "$said"
