#!/usr/bin/env bash
# asciidoctrine 0.2.0a8 (PyPI) with @asciidoctor/core 4.1.0 (npm) to compare: a table of status
# codes is a syntax error.
#
# The row `|404 |No such job` is refused, "Malformed table cell specifier '404'", and with it the
# page. So is every row in which a cell that is not the last is a number. With a line for each cell,
# or with the number in the last cell, the same table is read.
#
# Expected: a row of two cells. AsciiDoc Language, "Cell Specifiers": a specifier stands directly
# before the separator of its cell, without a blank between them, and a number in it is followed by
# `+` or `*`. asciidoctor reads the table so. Status codes, bounds and sizes are what the tables of
# an API are made of, and one row per line is how they are written most.
#
# Seen: |404 |No such job: Malformed table cell specifier '404'; a line for each cell: read;
# asciidoctor: 404, No such job for both
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check asciidoctrine==0.2.0a8
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @asciidoctor/core@4.1.0 >/dev/null
printf '|===\n|Status |Meaning\n\n|404 |No such job\n|===\n' > row.adoc
printf '|===\n|Status |Meaning\n\n|404\n|No such job\n|===\n' > lines.adoc
cat > try.mjs <<'EOF'
import { convert } from "@asciidoctor/core";
import { readFileSync } from "node:fs";

for (const page of ["row", "lines"]) {
  const html = String(await convert(readFileSync(`${page}.adoc`, "utf8")));
  const body = html.slice(html.indexOf("<tbody>"), html.indexOf("</tbody>"));
  const cells = [...body.matchAll(/<p class="tableblock">(.*?)<\/p>/g)].map(([, text]) => text);
  console.log(`asciidoctor, ${page}: ${cells.join(", ")}`);
  if (cells.join() !== "404,No such job") {
    console.log("changed: asciidoctor reads the table otherwise");
    process.exit(1);
  }
}
EOF
node try.mjs
venv/bin/python - <<'EOF'
import pathlib, sys
import asciidoctrine

seen = {}
for page in ("row", "lines"):
    try:
        asciidoctrine.loads(pathlib.Path(f"{page}.adoc").read_text())
        seen[page] = "read"
    except asciidoctrine.AsciiDocSyntaxError as error:
        seen[page] = str(error)
    print(f"asciidoctrine, {page}: {seen[page]}")
if "Malformed table cell specifier '404'" not in seen["row"] or seen["lines"] != "read":
    sys.exit("changed: the tables are read otherwise")
EOF
