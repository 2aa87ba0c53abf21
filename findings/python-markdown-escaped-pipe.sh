#!/usr/bin/env bash
# Markdown 3.11.3 with markdown-it-py 4.3.0 to compare (PyPI): the backslash before a pipe in code
# stays.
#
# The cell `` `^(a\|b)$` ``, written as GitHub's Markdown asks for it, is rendered by
# Python-Markdown, on which MkDocs builds, as the code `^(a\|b)$`. Outside code the backslash goes.
# Without the backslash it renders the pattern that was meant, and GitHub cuts the cell: no way of
# writing serves both.
#
# Expected: `^(a|b)$`. GitHub Flavored Markdown, 4.10: the escape is taken away when the row is cut
# into cells, before the code span is read. The same page shows two patterns, one in the repository
# and one on its site, and the second asks for a pipe in the text.
#
# Seen: Markdown: ^(a\|b)$ and a|b; markdown-it-py: ^(a|b)$ and a|b
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check Markdown==3.11.3 markdown-it-py==4.3.0
"$scratch/venv/bin/python" - <<'EOF'
import re, sys
import markdown
from markdown_it import MarkdownIt

page = "| Pattern | Text |\n|---|---|\n| `^(a\\|b)$` | a\\|b |\n"

def cells(html):
    return [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", html)]

of_markdown = cells(markdown.markdown(page, extensions=["tables"]))
compared = cells(MarkdownIt("commonmark").enable("table").render(page))
print(f"Markdown: {' and '.join(of_markdown)}; markdown-it-py: {' and '.join(compared)}")
if of_markdown != ["^(a\\|b)$", "a|b"] or compared != ["^(a|b)$", "a|b"]:
    sys.exit("changed: the escape is read otherwise")
EOF
