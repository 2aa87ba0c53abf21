#!/usr/bin/env bash
# jsonschema-markdown 2026.8.0 with markdown-it-py 4.0.0 to read the result (PyPI): one restriction
# of a text hides another.
#
# A text of 2 to 5 letters is shown with its length. If it has a pattern as well, or a format, or
# may be null, the column "Possible values" has the pattern, the format or "string", and the length
# is nowhere. The bounds of a list are never shown; those of its elements stand there as if they
# were the list's. A value with a pipe, `a|b`, is written bare, so that its row has one cell too
# many and the last one is lost.
#
# Expected: all restrictions. JSON Schema Validation 2020-12, 6.3: `minLength`, `maxLength` and
# `pattern` hold independently; 6.4 has `minItems` and `maxItems`. GitHub Flavored Markdown, 4.10: a
# pipe in a cell is escaped, in code too, and cells beyond the header's are ignored. A page that
# shows a length for one field makes its reader believe that the others have none.
#
# Seen: Length: 2 <= string <= 5; with a pattern ^[a-z]+$; with a format Format: email; with null
# string; list of 1 to 3: string; a|b: `a
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    jsonschema-markdown==2026.8.0 markdown-it-py==4.0.0 beautifulsoup4==4.15.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
import jsonschema_markdown
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

length = {"type": "string", "minLength": 2, "maxLength": 5}
fields = {
    "plain": length,
    "pattern": length | {"pattern": "^[a-z]+$"},
    "format": length | {"format": "email"},
    "null": length | {"type": ["string", "null"]},
    "list": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "string"}},
    "pipe": {"type": "string", "enum": ["a|b"], "examples": ["a|b"]},
}
page = jsonschema_markdown.generate({"type": "object", "title": "Job", "properties": fields})
shown = BeautifulSoup(MarkdownIt("commonmark").enable("table").render(page), "html.parser")
seen = {row[0]: row[3] for row in ([cell.get_text() for cell in line("td")] for line in shown("tr")) if row}
print(seen)
if seen != {"plain": "Length: 2 <= string <= 5", "pattern": "^[a-z]+$", "format": "Format: email", "null": "string",
            "list": "string", "pipe": "`a"}:
    sys.exit("changed: the restrictions are written otherwise")
EOF
