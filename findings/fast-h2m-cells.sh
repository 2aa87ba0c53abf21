#!/usr/bin/env bash
# fast-h2m 0.4.5 with markdown-it-py 4.0.0 to read the result (PyPI): two values become one word,
# and a pattern a column.
#
# A cell lists the values of a parameter, `<ul><li>fast</li><li>slow</li></ul>`: the Markdown has
# `fastslow`. A cell with `<code>^a|b$</code>` is written with a bare pipe, so that `b$` stands in
# the next column and what stood there is gone. Of `list&lt;string&gt;` the page shows `list`, since
# the rest is read as a tag; and the sentence "1. is the default" becomes an item of a list.
#
# Expected: two values, one cell, and the texts as they were. HTML Standard, 4.4.8: each `li` is an
# item of its own. GitHub Flavored Markdown, 4.10: a pipe in a cell is escaped, in code too;
# CommonMark 0.31.2, 2.4 and 6.6: what would be a marker or a tag is written with a backslash. Who
# reads the page learns of a value that no server takes.
#
# Seen: fastslow; `^a | b$` in two columns, without its description; list for list<string>; an <ol>
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    fast-h2m==0.4.5 markdown-it-py==4.0.0 beautifulsoup4==4.15.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
from bs4 import BeautifulSoup
from fast_h2m import convert_to_markdown
from markdown_it import MarkdownIt

page = """<table><thead><tr><th>Name</th><th>Values</th><th>Note</th></tr></thead><tbody>
<tr><td>mode</td><td><ul><li>fast</li><li>slow</li></ul></td><td>Speed</td></tr>
<tr><td>code</td><td><code>^a|b$</code></td><td>Pattern</td></tr>
<tr><td>tags</td><td>list&lt;string&gt;</td><td>Labels</td></tr>
</tbody></table><p>1. is the default.</p>"""
markdown = convert_to_markdown(page)
print(markdown)
shown = BeautifulSoup(MarkdownIt("commonmark").enable("table").render(markdown), "html.parser")
rows = [[cell.get_text() for cell in row("td")] for row in shown("tr")[1:]]
print(rows, "an ordered list:", shown.find("ol") is not None)
if rows != [["mode", "fastslow", "Speed"], ["code", "`^a", "b$`"], ["tags", "list", "Labels"]] or not shown.find("ol"):
    sys.exit("changed: the table is written otherwise")
EOF
