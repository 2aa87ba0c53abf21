#!/usr/bin/env bash
# dom-to-semantic-markdown 1.5.0 with jsdom 26.1.0, and markdown-it 14.1.0 to read the result (npm):
# a line break in a cell makes a row of what comes after it.
#
# The note of `limit` is `How many.<br>At most 100.` In the Markdown the break is a break too, so
# that the table has a row more, with the name "At most 100." A note of two paragraphs puts an empty
# line into the table: it ends there, and the rows below it are text. A list of terms, `<dl>`, comes
# out as one line, "limit How many sort Order", without a sign of where a term ends.
#
# Expected: `<br>` or a blank, and terms in lines of their own. GitHub Flavored Markdown, 4.10: each
# row is one line, and the table ends at the first empty one. HTML Standard, 4.4.9: a `dl` is a list
# of groups of names and values. A parameter is found that does not exist, and those at the end of
# the table are lost.
#
# Seen: limit, How many. / At most 100., "" / state, One; sort is outside of the table; limit How
# many sort Order
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    dom-to-semantic-markdown@1.5.0 jsdom@26.1.0 markdown-it@14.1.0 >/dev/null
cat > try.mjs <<'EOF'
import { convertHtmlToMarkdown } from "dom-to-semantic-markdown";
import { JSDOM } from "jsdom";
import MarkdownIt from "markdown-it";

const { window } = new JSDOM("");
const converted = (html) => convertHtmlToMarkdown(html, { overrideDOMParser: new window.DOMParser() }).trim();
const table = converted(`<table><thead><tr><th>Name</th><th>Note</th></tr></thead><tbody>
<tr><td>limit</td><td>How many.<br>At most 100.</td></tr>
<tr><td>state</td><td><p>One</p><p>Two</p></td></tr>
<tr><td>sort</td><td>Order</td></tr></tbody></table>`);
const terms = converted("<dl><dt>limit</dt><dd>How many</dd><dt>sort</dt><dd>Order</dd></dl>");
console.log(`${table}\n\n${terms}`);
const shown = new JSDOM(new MarkdownIt().render(table)).window.document;
const rows = [...shown.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent));
console.log(JSON.stringify(rows));
if (JSON.stringify(rows) !== '[["limit","How many."],["At most 100.",""],["state","One"]]' ||
    terms !== "limit How many sort Order") {
  console.log("changed: the page is converted otherwise");
  process.exit(1);
}
EOF
node try.mjs
