#!/usr/bin/env bash
# markdownify 1.2.3 with markdown-it-py 4.3.0 to read the result (PyPI): a caption takes the table
# away.
#
# A table of two rows, the first of `<th>`, with a `<caption>` before them comes out as the caption
# and two lines with pipes, without the rule between them. It is a paragraph then: no header, no
# rows. Without the caption, or with the rows in `<tbody>`, the rule is there. A `<colgroup>` has the
# effect of the caption.
#
# Expected: the rule below the header. HTML Standard, 4.9.1: the rows of a table may stand in it
# directly, after its caption and columns; GitHub Flavored Markdown, 4.10: without a delimiter row
# there is no table. Tables of reference pages have a caption often, and whoever reads their
# parameters from the Markdown finds none.
#
# Seen: caption: 0 rows, Body / | Name | Type | / | mode | string |; caption and tbody, and neither
# of both: 2 rows
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    markdownify==1.2.3 markdown-it-py==4.3.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
from markdown_it import MarkdownIt
from markdownify import markdownify

rows = "<tr><th>Name</th><th>Type</th></tr><tr><td>mode</td><td>string</td></tr>"
pages = {
    "caption": f"<table><caption>Body</caption>{rows}</table>",
    "colgroup": f"<table><colgroup><col><col></colgroup>{rows}</table>",
    "caption and tbody": f"<table><caption>Body</caption><tbody>{rows}</tbody></table>",
    "neither": f"<table>{rows}</table>",
}
seen = {}
for name, page in pages.items():
    text = markdownify(page).strip()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    seen[name] = sum(token.type == "tr_open" for token in tokens)
    print(f"{name}: {seen[name]} rows, {' / '.join(line for line in text.splitlines() if line)}")
if seen != {"caption": 0, "colgroup": 0, "caption and tbody": 2, "neither": 2}:
    sys.exit("changed: the tables are written otherwise")
EOF
