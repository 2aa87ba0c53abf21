#!/usr/bin/env bash
# @himenon/openapi-parameter-formatter 2.1.0 (npm), by which generated clients write parameters:
# false and 0 are sent as nothing.
#
# `{ style: "form", explode: true, value: false }` for the query parameter `done` gives `done=`, and
# 0 for `offset` gives `offset=`; true and 5 are written. In a path, 0 for `id` is `undefined`: a
# client that joins the parts asks for /jobs/undefined. A text with a slash is not encoded in a
# path, so that `a/b` becomes two segments, though it is in a query.
#
# Expected: `done=false`, `offset=0`, `0` and `a%2Fb`. OpenAPI 3.0.3, Parameter Object, "Style
# Values": a primitive value is written after the name, and the empty form is for an empty text; the
# value of a path parameter must not add segments, "Path Templating": no unescaped slash. A filter
# for what is not done yet is no filter, and the first page and the job with the identifier 0 cannot
# be asked for.
#
# Seen: done=, offset=, undefined, a/b; true and 5: done=true, offset=5
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @himenon/openapi-parameter-formatter@2.1.0 >/dev/null
cat > try.cjs <<'EOF'
const { PathParameter, QueryParameter } = require("@himenon/openapi-parameter-formatter");

const query = (name, value) => QueryParameter.generate(name, { style: "form", explode: true, value });
const path = (value) => PathParameter.generate("id", { style: "simple", explode: false, value });
const seen = [query("done", false), query("done", true), query("offset", 0), query("offset", 5),
  `/jobs/${path(0)}`, `/jobs/${path(5)}`, `/jobs/${path("a/b")}`];
console.log(seen.join("  "));
if (seen.join() !== "done=,done=true,offset=,offset=5,/jobs/undefined,/jobs/5,/jobs/a/b") {
  console.log("changed: the parameters are written otherwise");
  process.exit(1);
}
EOF
node try.cjs
