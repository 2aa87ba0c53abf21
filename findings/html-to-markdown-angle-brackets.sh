#!/usr/bin/env bash
# html-to-markdown 3.21.2 with markdown-it-py 4.3.0 to read the result (PyPI): what stands in
# angle brackets becomes a tag.
#
# The heading `GET /jobs/&lt;id&gt;` of a page is written as `### GET /jobs/<id>`. Read as
# Markdown, `<id>` is a tag that no browser shows: the heading says "GET /jobs/". A cell with the
# type `List&lt;Job&gt;` says "List" then. In code all is well, and pipes, hashes and the dots
# after numbers get their backslash outside of it.
#
# Expected: `\<id>` or `&lt;id>`. CommonMark 0.31.2, 6.6: an open tag is `<`, a name and `>`, of
# any name, and goes into the page as it is; 2.4: a backslash makes the bracket a character. Pages
# of APIs write parameters of paths and types so. After one conversion two paths can be one, and a
# list of jobs any list; nobody is told.
#
# Seen: ### GET /jobs/<id> -> "GET /jobs/"; List<Job> -> "List"; `<id>` in code -> "<id>"
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    html-to-markdown==3.21.2 markdown-it-py==4.3.0
"$scratch/venv/bin/python" - <<'EOF'
import sys
from html.parser import HTMLParser
from html_to_markdown import convert
from markdown_it import MarkdownIt

class Words(HTMLParser):
    """What a browser shows of a page."""
    def __init__(self, page):
        super().__init__()
        self.words = []
        self.feed(page)
        self.close()
    def handle_data(self, data):
        self.words += data.split()

pages = {
    "heading": "<h3>GET /jobs/&lt;id&gt;</h3>",
    "cell": "<table><tr><th>Name</th><th>Type</th></tr><tr><td>jobs</td><td>List&lt;Job&gt;</td></tr></table>",
    "code": "<p><code>&lt;id&gt;</code></p>",
    "pipe": "<table><tr><th>Name</th></tr><tr><td>a|b</td></tr></table>",
}
seen = {}
for name, page in pages.items():
    markdown = convert(page).content.strip()
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    seen[name] = " ".join(Words(html).words)
    print(f"{name}: {' / '.join(markdown.splitlines())} -> {seen[name]}")
if seen != {"heading": "GET /jobs/", "cell": "Name Type jobs List", "code": "<id>", "pipe": "Name a|b"}:
    sys.exit("changed: the brackets are written otherwise")
EOF
