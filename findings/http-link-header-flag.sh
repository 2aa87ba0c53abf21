#!/usr/bin/env bash
# http-link-header 1.1.4 (npm): a parameter without a value swallows what comes after it.
#
# `</jobs?page=2>; crossorigin; rel="next"` is read as a link without a relation, whose one
# parameter is called `crossorigin; rel`. If the flag is the link's last parameter, it takes the
# comma and the next link along: of `</jobs?page=2>; crossorigin, </jobs?page=9>; rel="last"` one
# link is left, and page 2 is the last one. No error is raised; a flag at the very end is read well.
#
# Expected: `next`, and two links. RFC 8288, 3: a link-param is a name with `=` and a value, or the
# name alone (B.3 reads it so too). Servers add such a flag to links that a browser may load ahead,
# as HTML has it without a value. A client that follows `next` stops after the first page, and one
# that jumps to `last` misses all others.
#
# Seen: {"uri":"/jobs?page=2","crossorigin; rel":"next"}, no next; 1 link, last is /jobs?page=2
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . http-link-header@1.1.4 >/dev/null
cat > try.cjs <<'EOF'
const LinkHeader = require("http-link-header");

const before = LinkHeader.parse('</jobs?page=2>; crossorigin; rel="next"');
const after = LinkHeader.parse('</jobs?page=2>; crossorigin, </jobs?page=9>; rel="last"');
const end = LinkHeader.parse('</jobs?page=2>; rel="next"; crossorigin');
const last = after.rel("last").map((link) => link.uri).join();
console.log(`${JSON.stringify(before.refs[0])}, ${before.rel("next").length || "no"} next; ` +
  `${after.refs.length} link, last is ${last}; at the end: next is ${end.rel("next")[0]?.uri}`);
if (before.rel("next").length !== 0 || after.refs.length !== 1 || last !== "/jobs?page=2" ||
    end.rel("next")[0]?.uri !== "/jobs?page=2") {
  console.log("changed: the flag is read otherwise");
  process.exit(1);
}
EOF
node try.cjs
