#!/usr/bin/env bash
# rst2gemtext 0.7.1 with docutils 0.23 (PyPI): parameters become a part of the heading, or vanish.
#
# A page lists its parameters as definitions, `limit : integer` with a line that is indented below,
# and again as fields, `:limit: How many.` In the Gemtext the heading is "# Parameterslimitinteger",
# the second term stands at the end of the description of the first, "How many.sortstring", and of
# the fields there is nothing, neither name nor text. The command ends with 0 and gives no message.
# Paragraphs, lists and tables are converted well.
#
# Expected: terms in lines of their own, and the fields. reStructuredText Markup Specification,
# "Definition Lists" and "Field Lists": both are body elements, and parameters are what they are
# used for most. Gemtext, "Line-oriented design": the type of a line is decided by its first
# characters, and a heading line holds the heading.
#
# Seen: # Parameterslimitinteger / How many.sortstring / Order. / The end.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check rst2gemtext==0.7.1 docutils==0.23
cat > "$scratch/page.rst" <<'EOF'
Parameters
==========

limit : integer
    How many.
sort : string
    Order.

:page: Which one.
:size: How large.

The end.
EOF
"$scratch/venv/bin/rst2gemtext" "$scratch/page.rst" "$scratch/page.gmi"
"$scratch/venv/bin/python" - "$scratch/page.gmi" <<'EOF'
import pathlib, sys

lines = [line for line in pathlib.Path(sys.argv[1]).read_text().splitlines() if line]
print(" / ".join(lines))
if lines != ["# Parameterslimitinteger", "How many.sortstring", "Order.", "The end."]:
    sys.exit("changed: the page is converted otherwise")
EOF
