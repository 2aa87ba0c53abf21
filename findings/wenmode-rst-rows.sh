#!/usr/bin/env bash
# wenmode 0.15.3 with docutils 0.22.4 to read the result (PyPI): in reStructuredText two rows of a
# table are one, and a note is a part of the example.
#
# A table in Markdown has a row for `limit` of the type integer, and one without a name for its
# other type, null. The page that is written has a simple table, in which docutils reads one row:
# "integer null", "How many All". A quotation after a block of code, `> At most 100.`, is written
# with three blanks before it, and is the last line of the code. A name that is struck out is
# written as the others. No message is given by either.
#
# Expected: two rows, a paragraph of its own, and a mark. reStructuredText Markup Specification,
# "Simple Tables": a blank first column means that the row continues the one above, and an empty
# cell there needs a backslash or `..`; "Block Quotes" and "Comments": what is indented below a
# directive belongs to it, until an empty comment ends it. GitHub Flavored Markdown, 6.5, has the
# deletion.
#
# Seen: [['limit', 'integer null', 'How many All'], ['mode', 'text', 'Old']]; {"a": 1} At most 100.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    wenmode==0.15.3 docutils==0.22.4 pygments==2.21.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
from docutils import nodes
from docutils.core import publish_doctree
from wenmode import RSTRenderer, Wenmode
from wenmode.presets import github

page = """
| Name | Type | Note |
| --- | --- | --- |
| limit | integer | How many |
| | null | All |
| ~~mode~~ | text | Old |

```json
{"a": 1}
```

> At most 100.
"""
written = Wenmode(github(), renderer=RSTRenderer()).render(page)
print(written)
tree = publish_doctree(written)
rows = [[" ".join(cell.astext().split()) for cell in row.findall(nodes.entry)]
        for body in tree.findall(nodes.tbody) for row in body.findall(nodes.row)]
[code] = tree.findall(nodes.literal_block)
quotes, messages = list(tree.findall(nodes.block_quote)), list(tree.findall(nodes.system_message))
print(rows, " ".join(code.astext().split()))
if rows != [["limit", "integer null", "How many All"], ["mode", "text", "Old"]]:
    sys.exit("changed: the table is written otherwise")
if code.astext().split() != ['{"a":', "1}", "At", "most", "100."] or quotes or messages:
    sys.exit("changed: the quotation is written otherwise")
EOF
