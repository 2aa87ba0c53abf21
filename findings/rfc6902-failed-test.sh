#!/usr/bin/env bash
# rfc6902 5.4.0 (npm): a JSON Patch whose `test` fails is applied all the same.
#
# The patch tests that the version is 2 and then sets the owner. The document has version 1: the
# library reports the failed test in the array that it returns, goes on, and changes the owner. A
# `replace` of the position after the last element (`/tags/-`) is reported as done, and nothing in
# the array has changed.
#
# Expected: no change, and an error for the second. RFC 6902, 5: an operation that fails ends the
# patch; RFC 5789, 2: a patch is applied as a whole or not at all. 4.3: the target of `replace` has
# to exist. `test` is how clients guard against a change by others: a service on this library takes
# the stale write, and a contract test that only tries patches that fit finds no fault.
#
# Seen: results ["TestError",null], owner "b"; replace of /tags/-: [null], tags ["x"]
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . rfc6902@5.4.0 >/dev/null
cat > try.cjs <<'EOF'
const { applyPatch } = require("rfc6902");

const patched = (document, patch) =>
  [applyPatch(document, patch).map((error) => error && error.name), document];
const [tested, job] = patched({ version: 1, owner: "a" }, [
  { op: "test", path: "/version", value: 2 },
  { op: "replace", path: "/owner", value: "b" },
]);
const [replaced, { tags }] = patched({ tags: ["x"] }, [{ op: "replace", path: "/tags/-", value: "y" }]);
const seen = JSON.stringify([tested, job.owner, replaced, Array.from(tags)]);
console.log(seen);
if (seen !== JSON.stringify([["TestError", null], "b", [null], ["x"]])) {
  console.log("changed: the patch is applied otherwise");
  process.exit(1);
}
EOF
node try.cjs
