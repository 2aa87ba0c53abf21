#!/usr/bin/env bash
# docutils-rust 0.1.0 with docutils 0.22.4 to compare (PyPI): a type in a table becomes a heading
# of the page.
#
# In a grid table the name `limit` spans two rows, whose types are `integer` and `string`.
# docutils reads two rows and four cells below the header. The port reads one row: the rule
# between the two types is part of the cell, and as it stands below "integer" it makes a section
# of that title, in which "string" is quoted. No message is given.
#
# Expected: as docutils. reStructuredText Markup Specification, "Grid Tables": a cell may span
# rows, and the rules of the others begin with `+` at the border of their column; the text of a
# cell is within its borders. The port calls itself one of a part of docutils; a table without
# spans, and one with a cell over two columns, it reads as a table. Of two types that a parameter
# may have, one is left in the outline of the page and the other is a quotation.
#
# Seen: docutils 3 rows, no section; docutils-rust 2 rows, <h2>integer</h2> and a quoted string
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    docutils-rust==0.1.0 docutils==0.22.4
"$scratch/venv/bin/python" - <<'EOF'
import sys
import docutils_rust
from docutils.core import publish_string

page = """
+-------+---------+
| Name  | Type    |
+=======+=========+
| limit | integer |
|       +---------+
|       | string  |
+-------+---------+
"""
ported, messages = docutils_rust.publish_string(page)
seen = {}
for name, html in (("docutils", publish_string(page, writer="html5").decode()), ("docutils-rust", ported)):
    body = html[html.index("<tbody>"):html.index("</tbody>")]
    seen[name] = html.count("<tr>"), body.count("<h2>integer</h2>"), body.count("<blockquote>")
    print(f"{name}: rows, headings, quotations {seen[name]}; {' '.join(body.split())}")
print("messages:", messages)
if seen != {"docutils": (3, 0, 0), "docutils-rust": (2, 1, 1)} or messages:
    sys.exit("changed: the table is read otherwise")
EOF
