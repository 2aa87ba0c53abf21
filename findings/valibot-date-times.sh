#!/usr/bin/env bash
# @valibot/to-json-schema 1.8.0 with valibot 1.5.0, and ajv 8.20.0 with ajv-formats 3.0.1 to check
# (npm): no text is a date and time for both the code and its schema.
#
# `isoDateTime()` takes 2026-01-02T03:04 and nothing with seconds or an offset, and `isoTime()`
# takes 12:30. Their schemas say `format: date-time` and `format: time`. What the first takes the
# second refuses, and the other way round. Nothing is raised, as it is for actions that have no
# counterpart. `isoTimestamp()`, whose schema has `date-time` too, agrees with it.
#
# Expected: a pattern, or no format. JSON Schema Validation 2020-12, 7.3.1 (draft 7 has the same):
# both formats are those of RFC 3339, 5.6, where seconds and offset have to be. A generated client
# sends what the document says and is refused each time; a contract test finds each right answer
# at fault.
#
# Seen: 2026-01-02T03:04: valibot true, schema false; 2026-01-02T03:04:05Z: false, true; 12:30:
# true, false; 12:30:00Z: false, true
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @valibot/to-json-schema@1.8.0 valibot@1.5.0 ajv@8.20.0 ajv-formats@3.0.1 >/dev/null
cat > try.mjs <<'EOF'
import { toJsonSchema } from "@valibot/to-json-schema";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import * as v from "valibot";

const ajv = addFormats(new Ajv());
const seen = [
  [v.isoDateTime(), "2026-01-02T03:04"], [v.isoDateTime(), "2026-01-02T03:04:05Z"],
  [v.isoTime(), "12:30"], [v.isoTime(), "12:30:00Z"],
  [v.isoTimestamp(), "2026-01-02T03:04"], [v.isoTimestamp(), "2026-01-02T03:04:05Z"],
].map(([action, text]) => {
  const kind = v.pipe(v.string(), action);
  const schema = toJsonSchema(kind, { errorMode: "throw" });
  const fits = [v.is(kind, text), ajv.validate(schema, text)];
  console.log(`${action.type}, format ${schema.format}: ${text}: valibot ${fits[0]}, schema ${fits[1]}`);
  return [schema.format, ...fits].join();
});
if (seen.join(" ") !== "date-time,true,false date-time,false,true time,true,false time,false,true " +
    "date-time,false,false date-time,true,true") {
  console.log("changed: the times are taken or described otherwise");
  process.exit(1);
}
EOF
node try.mjs
