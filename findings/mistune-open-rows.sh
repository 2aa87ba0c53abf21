#!/usr/bin/env bash
# mistune 3.4.0 with markdown-it-py 4.3.0 to compare (PyPI): rows without a pipe at their end get a
# column more.
#
# In a table whose rows begin with a pipe and do not end with one, mistune puts an empty column
# before the others: `| limit | integer` has the cells "", "limit", "integer", and so has the
# header. The table is accepted, no cell is lost, and each value stands one column to the right.
#
# Expected: two cells. GitHub Flavored Markdown, 4.10: a leading and a trailing pipe are
# recommended, and each may be left out. Whoever reads the page by position takes the name for the
# type; by header names all is well until a row of the same page is written with both pipes.
#
# Seen: mistune ['', 'limit', 'integer'], markdown-it-py ['limit', 'integer']
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check mistune==3.4.0 markdown-it-py==4.3.0
"$scratch/venv/bin/python" - <<'EOF'
import re, sys
import mistune
from markdown_it import MarkdownIt

page = "| Name | Type\n|------|-----\n| limit | integer\n"

def cells(html, tag):
    return re.findall(rf"<{tag}>(.*?)</{tag}>", html)

seen = {}
for reader, html in (("mistune", mistune.create_markdown(plugins=["table"])(page)),
                     ("markdown-it-py", MarkdownIt("commonmark").enable("table").render(page))):
    seen[reader] = cells(html, "th"), cells(html, "td")
    print(reader, *seen[reader])
if seen["mistune"] != (["", "Name", "Type"], ["", "limit", "integer"]):
    sys.exit("changed: mistune reads the row otherwise")
if seen["markdown-it-py"] != (["Name", "Type"], ["limit", "integer"]):
    sys.exit("changed: the comparison reads the row otherwise")
EOF
