#!/usr/bin/env bash
# downdoc 1.1.0-stable with @asciidoctor/core 4.1.0 to compare (npm): in a table every cell after a
# pipe stands in the wrong column.
#
# A table of parameters has a cell per line, as tables in AsciiDoc do. The type of `state` is
# `open\|done`, with the pipe escaped. In the Markdown the type ends at the pipe, its rest is the
# note, and the note of `state`, "Filter", is the name of the next row, whose type is "limit". The
# last cells do not fill a row and are lost. Where a name spans two rows, `.2+|limit`, the sign for
# it is a part of the header, and the columns are shifted as well. The command ends with 0.
#
# Expected: rows that begin with state and limit, as the other has them. AsciiDoc Language, "Escape
# the Cell Separator": a pipe after a backslash is content; "Span Columns and Rows": `.2+` before
# the separator makes a cell of two rows. A parameter of the name "Filter" and the type "limit"
# looks like one.
#
# Seen: | state | `open\ | done` | / | Filter | limit | integer |; asciidoctor: state, open|done,
# Filter / limit, integer, How many
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    downdoc@1.1.0-stable @asciidoctor/core@4.1.0 >/dev/null
cat > pipe.adoc <<'EOF'
[cols="1,1,2",options="header"]
|===
|Name |Type |Note

|state
|`open\|done`
|Filter

|limit
|integer
|How many
|===
EOF
cat > span.adoc <<'EOF'
[cols="1,1,2",options="header"]
|===
|Name |Type |Note

.2+|limit
|integer
|How many

|null
|All
|===
EOF
for page in pipe span; do
    node_modules/.bin/downdoc "$page.adoc" -o "$page.md"
    cat "$page.md"
done
cat > try.mjs <<'EOF'
import { convert } from "@asciidoctor/core";
import { readFileSync } from "node:fs";

const rows = (page) => readFileSync(`${page}.md`, "utf8").trim().split("\n").filter((line) => !line.includes("---"));
const html = String(await convert(readFileSync("pipe.adoc", "utf8")));
const body = html.slice(html.indexOf("<tbody>"), html.indexOf("</tbody>"));
const cells = [...body.matchAll(/<p class="tableblock">(.*?)<\/p>/g)].map(([, text]) => text.replace(/<[^>]*>/g, ""));
console.log("asciidoctor:", cells.join(", "));
if (rows("pipe").slice(1).join(" / ") !== "| state | `open\\ | done` | / | Filter | limit | integer |" ||
    rows("span").join(" / ") !== "| Name | Type | Note .2+ | / | limit | integer | How many |") {
  console.log("changed: the tables are written otherwise");
  process.exit(1);
}
if (cells.join() !== "state,open|done,Filter,limit,integer,How many") {
  console.log("changed: asciidoctor reads the table otherwise");
  process.exit(1);
}
EOF
node try.mjs
