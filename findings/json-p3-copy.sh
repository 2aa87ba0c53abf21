#!/usr/bin/env bash
# json-p3 2.3.1 and json8-patch 1.0.6, with rfc6902 5.4.0 to compare (npm): what a JSON Patch copies
# stays tied to what it was copied from.
#
# A patch copies `/defaults` to `/job` and then replaces `/job/retries` by 0. In the result of both
# libraries the retries of the defaults are 0 too. Both also put the objects of a patch into the
# document as they are: a patch that adds an object and then changes a field of it has changed
# itself when it has been applied.
#
# Expected: defaults with 3 retries. RFC 6902, 4.5: `copy` is the same as an `add` of the value
# that is at `from`; 3: the operations are what changes a document, each at its own target. A
# service that makes jobs from a template loses the template with the first job, and answers 200.
#
# Seen: json-p3 and json8-patch {"defaults":{"retries":0},"job":{"retries":0}}; rfc6902 3 and 0;
# both, another patch after it was applied: [{"op":"add","path":"/job","value":{"retries":5}},...]
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    json-p3@2.3.1 json8-patch@1.0.6 rfc6902@5.4.0 >/dev/null
cat > try.cjs <<'EOF'
const { jsonpatch } = require("json-p3");
const json8 = require("json8-patch");
const { applyPatch } = require("rfc6902");

const copy = [{ op: "copy", from: "/defaults", path: "/job" }, { op: "replace", path: "/job/retries", value: 0 }];
const before = () => ({ defaults: { retries: 3 } });
const libraries = {
  "json-p3": (document, patch) => jsonpatch.apply(patch, document),
  "json8-patch": (document, patch) => json8.patch(document, patch).doc,
  rfc6902: (document, patch) => (applyPatch(document, patch), document),
};
const seen = Object.entries(libraries).map(([name, apply]) => {
  const after = JSON.stringify(apply(before(), structuredClone(copy)));
  const add = [{ op: "add", path: "/job", value: { retries: 3 } }, { op: "replace", path: "/job/retries", value: 5 }];
  apply({}, add);
  console.log(`${name}: ${after}; the other patch after it was applied: ${JSON.stringify(add)}`);
  return [after, add[0].value.retries];
});
const tied = '{"defaults":{"retries":0},"job":{"retries":0}}';
if (seen[0][0] !== tied || seen[0][1] !== 5 || seen[1][0] !== tied ||
    seen[2].join() !== '{"defaults":{"retries":3},"job":{"retries":0}},3') {
  console.log("changed: the patches are applied otherwise");
  process.exit(1);
}
EOF
node try.cjs
