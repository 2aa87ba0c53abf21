#!/usr/bin/env bash
# sphinx 9.0.4 with docutils 0.22.4 (PyPI): the text builder writes tables that reStructuredText
# reads otherwise.
#
# `sphinx-build -b text` draws a grid whose header rule begins and ends with `|` where the grid of
# reStructuredText has `+`. docutils takes the rule for text: the table has no header, and the
# cells of the header and of the first row are one cell each, with the rule between them.
#
# Expected: a header. reStructuredText Markup Specification, "Grid Tables": the rule below the
# header is of `=`, and every corner and crossing is a `+`. The text looks like a grid table, so
# tools that look for one find it and lose the first row: in a table of one parameter, all of it.
#
# Seen: 0 headers, 1 row, its first cell holds Name, a rule and mode; with + put there by hand: 1
# header, 2 rows
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check sphinx==9.0.4 docutils==0.22.4
mkdir "$scratch/page"
: > "$scratch/page/conf.py"
cat > "$scratch/page/index.rst" <<'EOF'
Job
===

.. list-table::
   :header-rows: 1

   * - Name
     - Type
   * - mode
     - string
EOF
"$scratch/venv/bin/python" -m sphinx -q -b text "$scratch/page" "$scratch/text"
"$scratch/venv/bin/python" - "$scratch/text/index.txt" <<'EOF'
import pathlib, re, sys
from docutils import nodes
from docutils.core import publish_doctree

text = pathlib.Path(sys.argv[1]).read_text()
print(text)
def shape(source):
    """How many headers and rows there are, and the first cell."""
    settings = {"report_level": 5, "halt_level": 5}
    table = next(publish_doctree(source, settings_overrides=settings).findall(nodes.table))
    first = next(table.findall(nodes.entry)).astext()
    return len(list(table.findall(nodes.thead))), len(list(table.findall(nodes.row))), " ".join(first.split())
mended = re.sub(r"^\|(=+)\|(=+)\|$", r"+\1+\2+", text, flags=re.MULTILINE)
written, meant = shape(text), shape(mended)
print("as written:", written, "mended:", meant, sep="\n")
if written[:2] != (0, 1) or "==" not in written[2] or meant != (1, 2, "Name"):
    sys.exit("changed: the grid is written or read otherwise")
EOF
