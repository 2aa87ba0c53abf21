#!/usr/bin/env bash
# docstrfmt 2.2.1 with docutils 0.22.4 to read the result (PyPI): the formatter takes the types
# away.
#
# A page lists its parameters as definitions: `limit : integer`, `sort : string : optional`, each
# with a line that is indented below. After formatting the terms are `limit` and `sort`. The
# command says that a file was reformatted, and ends with 0.
#
# Expected: the same page in another layout. reStructuredText Markup Specification, "Definition
# Lists": what stands after ` : ` is a classifier of the term, a part of the document as the term
# and the definition are; it is how types of parameters are written there. A build that formats
# pages before it commits them loses all types for good, and whoever compares a service with its
# page has nothing left to compare.
#
# Seen: before limit [integer], sort [string, optional]; after limit [], sort []; exit code 0
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    docstrfmt==2.2.1 docutils==0.22.4
cat > "$scratch/page.rst" <<'EOF'
Parameters
==========

limit : integer
    How many jobs come at once.

sort : string : optional
    The order in which they come.
EOF
"$scratch/venv/bin/python" - "$scratch/page.rst" <<'EOF'
import pathlib, subprocess, sys
from docutils import nodes
from docutils.core import publish_doctree

page = pathlib.Path(sys.argv[1])

def types():
    """The classifiers of each term."""
    document = publish_doctree(page.read_text())
    return {item.next_node(nodes.term).astext(): [node.astext() for node in item.findall(nodes.classifier)]
            for item in document.findall(nodes.definition_list_item)}

before = types()
code = subprocess.run([sys.executable, "-m", "docstrfmt", str(page)], capture_output=True).returncode
after = types()
print(page.read_text())
print(f"before {before}; after {after}; exit code {code}")
if before != {"limit": ["integer"], "sort": ["string", "optional"]} or code != 0:
    sys.exit("changed: the page is read otherwise, or refused")
if after != {"limit": [], "sort": []}:
    sys.exit("changed: the definitions are written otherwise")
EOF
