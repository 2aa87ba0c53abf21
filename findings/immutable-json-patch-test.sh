#!/usr/bin/env bash
# immutable-json-patch 6.0.3 with rfc6902 5.4.0 to compare (npm): a `test` fails for the order of
# fields, and operations on nothing succeed.
#
# A patch tests that `/owner` is {"name": "x", "id": 1} before it changes a job; the document has
# the same two fields the other way round. "Test failed, value differs", says the library. On the
# other hand `remove`, `replace` and `move` of `/lable`, which is not there, leave the document as
# it was, and an element that is added at the index 5 of a list of two is put at its end.
#
# Expected: the test succeeds, and the others are errors. RFC 6902, 4.6: objects are equal if they
# have the same members (RFC 8259, 4: an object is unordered); 4.2 to 4.4: the target has to exist;
# 4.1: an index is not above the number of elements. A client that took the owner from a server
# which sorts its fields is refused, and one that mistyped a name is told that all went well.
#
# Seen: test of the other order: error; remove, replace and move of /lable: no error; add at 5: put
# at 2
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    immutable-json-patch@6.0.3 rfc6902@5.4.0 >/dev/null
cat > try.mjs <<'EOF'
import { immutableJSONPatch } from "immutable-json-patch";
import { applyPatch } from "rfc6902";

const job = { label: "a", steps: ["build", "ship"], owner: { id: 1, name: "x" } };
const operations = [
  { op: "test", path: "/owner", value: { name: "x", id: 1 } },
  { op: "remove", path: "/lable" },
  { op: "replace", path: "/lable", value: "b" },
  { op: "move", from: "/lable", path: "/title" },
  { op: "add", path: "/steps/5", value: "log" },
];
const seen = operations.map((operation) => {
  const [other] = applyPatch(structuredClone(job), [operation]);
  let outcome;
  try {
    const after = immutableJSONPatch(job, [operation]);
    outcome = JSON.stringify(after) === JSON.stringify(job) ? "unchanged" : after.steps.join();
  } catch (error) {
    outcome = error.message;
  }
  console.log(`${JSON.stringify(operation)}: ${outcome}; rfc6902: ${other ? other.name : "no error"}`);
  return [outcome, other === null];
});
if (JSON.stringify(seen) !== JSON.stringify([
  ['Test failed, value differs (path: "/owner")', true], ["unchanged", false], ["unchanged", false],
  ["unchanged", false], ["build,ship,log", false]])) {
  console.log("changed: the operations are applied otherwise");
  process.exit(1);
}
EOF
node try.mjs
