#!/usr/bin/env bash
# @hugoalh/http-header-link 1.0.3 with http-link-header 1.1.4 to compare (npm): the relation of
# every link but the last is read as the empty text.
#
# Of `</jobs?page=2>; rel=next, </jobs?page=9>; rel=last` the library has the last page and no next
# one: the first link has the relation "". So has a link whose relation is followed by another
# parameter, `rel=next; title="Next"`. Nothing is raised, and it writes what it has read with a bare
# `rel`. With quotes both are read. Of a link with two relations, `rel="next last"`, it has neither.
#
# Expected: the next page in all cases. RFC 8288, 3: the value of a parameter is a token or a quoted
# string, and both mean the same (appendix B.3 reads both); 3.3: `rel` may have several relations
# with blanks between them. A client reads the first page of a list and takes it for all.
#
# Seen: two links: 0 next, 1 last; rel=next; title: 0; in quotes: 1, 1; rel="next last": 0, 0;
# http-link-header: 1 each time
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @hugoalh/http-header-link@1.0.3 http-link-header@1.1.4 >/dev/null
cat > try.mjs <<'EOF'
import { HTTPHeaderLink } from "@hugoalh/http-header-link";
import LinkHeader from "http-link-header";

const headers = [
  "</jobs?page=2>; rel=next, </jobs?page=9>; rel=last",
  '</jobs?page=2>; rel=next; title="Next"',
  '</jobs?page=2>; rel="next", </jobs?page=9>; rel="last"',
  '</jobs?page=2>; rel="next last"',
];
const seen = headers.map((header) => {
  const read = new HTTPHeaderLink(header);
  const other = LinkHeader.parse(header);
  const links = ["next", "last"].map((relation) => read.getByRel(relation).length);
  const others = ["next", "last"].map((relation) => other.rel(relation).length);
  console.log(`${header}: next and last ${links}; the other ${others}; written ${read}`);
  return [...links, ...others].join("");
});
if (seen.join() !== "0111,0010,1111,0011") {
  console.log("changed: the links are read otherwise");
  process.exit(1);
}
EOF
node try.mjs
