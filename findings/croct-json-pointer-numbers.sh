#!/usr/bin/env bash
# @croct/json-pointer 0.3.0, with jsonpointer 5.0.1 and @hyperjump/json-pointer 1.1.2 to compare
# (npm): an answer with a status code cannot be pointed at.
#
# The pointer `/paths/~1jobs/get/responses/200/description` is looked up in a document, in which the
# answers are an object with the keys "200" and "default". The library takes every part in digits
# for the index of an array and raises an error, since the answers are none; nor can the value be
# set, and asked whether it is there, the library says no. With `default` in the place of 200 it is,
# and the others find both.
#
# Expected: the description. RFC 6901, 4: if what is referred to is an object, the part is the name
# of its member, whatever it is; only if it is an array, digits are an index. What a validator tells
# about an answer by its pointer cannot be looked up.
#
# Seen: 200: Expected array at "/paths/~1jobs/get/responses", got object.; has false; default:
# Other, true; others: Jobs, Other
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @croct/json-pointer@0.3.0 jsonpointer@5.0.1 @hyperjump/json-pointer@1.1.2 >/dev/null
cat > try.mjs <<'EOF'
import { JsonPointer } from "@croct/json-pointer";
import { get } from "@hyperjump/json-pointer";
import jsonpointer from "jsonpointer";

const responses = { 200: { description: "Jobs" }, default: { description: "Other" } };
const document = {
  openapi: "3.1.0", info: { title: "Jobs", version: "1" },
  paths: { "/jobs": { get: { responses } } } };
const copy = structuredClone(document);
const calls = {
  "@croct/json-pointer": (pointer) => JsonPointer.parse(pointer).get(document),
  "the same, is it there": (pointer) => JsonPointer.parse(pointer).has(document),
  "the same, set": (pointer) => JsonPointer.parse(pointer).set(copy, "x") ?? "done",
  jsonpointer: (pointer) => jsonpointer.get(document, pointer),
  "@hyperjump/json-pointer": (pointer) => get(pointer, document),
};
const seen = Object.entries(calls).map(([name, call]) => ["200", "default"].map((status) => {
  let value;
  try {
    value = call(`/paths/~1jobs/get/responses/${status}/description`);
  } catch (error) {
    value = error.message;
  }
  console.log(`${name}, ${status}: ${value}`);
  return value;
}));
const refused = 'Expected array at "/paths/~1jobs/get/responses", got object.';
if (JSON.stringify(seen) !== JSON.stringify(
  [[refused, "Other"], [false, true], [refused, "done"], ["Jobs", "Other"], ["Jobs", "Other"]])) {
  console.log("changed: the pointers are looked up otherwise");
  process.exit(1);
}
EOF
node try.mjs
