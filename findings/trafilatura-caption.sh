#!/usr/bin/env bash
# trafilatura 2.3.1 (PyPI): in extracted Markdown the caption of a table becomes its header, and
# lists are lost.
#
# A table with a `<caption>`, a header row and a cell that ends in a list comes out with the
# caption as the first row and a rule below it, then the header and a second rule, and the cell
# without its list.
#
# Expected: the caption above the table. HTML Standard, 4.9.2: a caption is the title of its table,
# no row of it; and GitHub Flavored Markdown, 4.10: the row before the one rule is the header. A
# reader sees the columns "Table 1" and "", and the fields "Name" and "---". The values that the
# list allows are nowhere. Tables of portals have a caption nearly always.
#
# Seen: | Table 1 Body |  | / |---|---| / | Name | Description | / |---|---| / | mode | Mode.
# Values: |
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    trafilatura==2.3.1 lxml_html_clean==0.4.6
"$scratch/venv/bin/python" - <<'EOF'
import re, sys
import trafilatura

sentence = "This operation changes one job of a project, and answers when the change is done. "
page = (f"<html><body><article><h1>Change a job</h1><p>{sentence * 8}</p>"
        "<table><caption>Table 1 Body</caption><thead><tr><th>Name</th><th>Description</th></tr></thead>"
        "<tbody><tr><td>mode</td><td><p>Mode. Values:</p><ul><li>full</li><li>fast</li></ul></td></tr>"
        "</tbody></table></article></body></html>")
text = trafilatura.extract(page, output_format="markdown", include_tables=True)
rows = [re.sub(" +", " ", line).strip() for line in text.splitlines() if line.startswith("|")]
print("\n".join(rows))
if rows != ["| Table 1 Body | |", "|---|---|", "| Name | Description |", "|---|---|", "| mode | Mode. Values: |"]:
    sys.exit("changed: the table is written otherwise")
if "fast" in text:
    sys.exit("changed: the list is kept")
EOF
