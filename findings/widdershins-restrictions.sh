#!/usr/bin/env bash
# widdershins 4.0.1 (npm): the Markdown made from an OpenAPI document says `none` where there are
# restrictions.
#
# A response field that is a text of 2 to 5 letters has `none` in the column `Restrictions`; a
# parameter with a minimum, a maximum and a default has the description `none`, and nothing else.
# Enumerations are kept.
#
# Expected: the bounds, or no column that denies them. JSON Schema Validation 2020-12, 6, has them
# on the same level as `enum`. Pages made so are common; whoever reads a contract out of one must
# not take the word for a fact: `none` here is not a free text.
#
# Seen: |limit|query|integer|false|none| and |> code|string|true|none|none|, with a guillemet for >
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . widdershins@4.0.1 >/dev/null
cat > try.cjs <<'EOF'
const widdershins = require("widdershins");

const code = { type: "string", minLength: 2, maxLength: 5, pattern: "^[a-z]+$" };
const document = {
  openapi: "3.0.3", info: { title: "jobs", version: "1" },
  paths: { "/jobs": { get: {
    parameters: [{ name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 50, default: 10 } }],
    responses: { 200: { description: "done", content: { "application/json": {
      schema: { type: "object", required: ["code"], properties: { code } } } } } },
  } } },
};
widdershins.convert(document, { language_tabs: [{ http: "HTTP" }], codeSamples: false }).then((page) => {
  const rows = page.split("\n").filter((line) => /^\|(limit|» code)\|/.test(line));
  console.log(rows.join("\n"));
  if (rows.join("\n") !== "|limit|query|integer|false|none|\n|» code|string|true|none|none|") {
    console.log("changed: the rows are written otherwise");
    process.exit(1);
  }
});
EOF
node try.cjs
