#!/usr/bin/env bash
# just-diff-apply 5.5.0 with rfc6902 5.4.0 to write the patches (npm): what a JSON Patch inserts
# into an array overwrites an element, or is lost.
#
# rfc6902 writes the change from ["build", "ship"] to ["test", "build", "ship"] as `add` at
# `/steps/0`. Applied with `diffApply` and `jsonPatchPathConverter`, which the other library's
# README has for standard patches, it gives ["test", "ship"]. The change that puts "log" at the
# end, `add` at `/steps/-`, leaves the array as it was: the value is at the key `-`, which JSON
# does not write. Nothing is raised. The patches that just-diff itself writes for arrays are
# applied well.
#
# Expected: the arrays that were meant. RFC 6902, 4.1: `add` at an index inserts, and elements at
# or above it are shifted; `-` appends. A service on this library loses a step of the list for
# each one that a client inserts, and answers that all went well.
#
# Seen: add /steps/0 -> ["test","ship"]; add /steps/- -> ["build","ship"]; rfc6902 itself: as
# meant
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    just-diff-apply@5.5.0 rfc6902@5.4.0 >/dev/null
cat > try.cjs <<'EOF'
const { diffApply, jsonPatchPathConverter } = require("just-diff-apply");
const { applyPatch, createPatch } = require("rfc6902");

const before = { steps: ["build", "ship"] };
const seen = [["test", "build", "ship"], ["build", "ship", "log"]].map((steps) => {
  const patch = createPatch(before, { steps });
  const [here, there] = [structuredClone(before), structuredClone(before)];
  applyPatch(here, patch);
  diffApply(there, patch, jsonPatchPathConverter);
  const texts = [patch.map(({ op, path }) => `${op} ${path}`).join(), JSON.stringify(there.steps)];
  console.log(`${texts[0]}: rfc6902 ${JSON.stringify(here.steps)}, just-diff-apply ${texts[1]}`);
  return [...texts, JSON.stringify(here.steps) === JSON.stringify(steps)];
});
if (JSON.stringify(seen) !== JSON.stringify([
  ["add /steps/0", '["test","ship"]', true], ["add /steps/-", '["build","ship"]', true]])) {
  console.log("changed: the patches are written or applied otherwise");
  process.exit(1);
}
EOF
node try.cjs
