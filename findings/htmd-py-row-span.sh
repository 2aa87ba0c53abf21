#!/usr/bin/env bash
# htmd-py 0.1.2 (PyPI): a type that shares its name with the one above becomes a name, and what is
# struck out becomes valid.
#
# In a table the name `limit` spans two rows, with the types integer and null. The Markdown has the
# second type in the first column, and its description in the second: a parameter called "null" of
# the type "All of them". A parameter that is struck out with `<del>` is written as the others. A
# pipe in code, `open|done`, is shown as `open&#124;done`.
#
# Expected: an empty cell, or the name again; a mark for what is deleted; and a pipe. HTML Standard,
# 4.9.11: a cell with `rowspan` takes the place of its column in the rows below; 4.7.2: `del` is a
# removal. CommonMark 0.31.2, 2.5: entities are not read in code; GitHub Flavored Markdown, 4.10,
# has `\|` for it.
#
# Seen: | null | All of them | |; | mode | text | Old |; `open&#124;done`
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check htmd-py==0.1.2
"$scratch/venv/bin/python" - <<'EOF'
import sys
import htmd

page = """<table><thead><tr><th>Name</th><th>Type</th><th>Note</th></tr></thead><tbody>
<tr><td rowspan="2">limit</td><td>integer</td><td>How many</td></tr>
<tr><td>null</td><td>All of them</td></tr>
<tr><td>state</td><td><code>open|done</code></td><td>Filter</td></tr>
<tr><td><del>mode</del></td><td>text</td><td>Old</td></tr>
</tbody></table>"""
markdown = htmd.convert_html(page)
print(markdown)
rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in markdown.strip().splitlines()[2:]]
if rows != [["limit", "integer", "How many"], ["null", "All of them", ""],
            ["state", "`open&#124;done`", "Filter"], ["mode", "text", "Old"]]:
    sys.exit("changed: the table is written otherwise")
EOF
