#!/usr/bin/env bash
# url-template 3.1.1 and @hyperjump/uri-template 0.3.0 with uri-template 2.0.0 to compare (npm): a
# filter by nothing becomes a filter by the empty text, or by the text "null".
#
# The template `/jobs{?tags,limit}` is filled with an empty list of tags. url-template writes
# `/jobs?tags=&limit=5`; with `{?tags*}` the name is left out. With null for the tags the other
# library writes `/jobs?tags=null&limit=5`. Each of the two is right where the other is wrong.
#
# Expected: `/jobs?limit=5` in all cases. RFC 6570, 2.3: a variable is undefined if its value is a
# list without members, or if it is null, and 3.2.1: what is undefined is left out of the expansion.
# A server looks for jobs that are tagged with "" or "null", and answers that there are none.
#
# Seen: url-template [] ?tags=&limit=5, null ?limit=5; @hyperjump/uri-template [] ?limit=5, null
# ?tags=null&limit=5; uri-template ?limit=5 twice
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    url-template@3.1.1 @hyperjump/uri-template@0.3.0 uri-template@2.0.0 >/dev/null
cat > try.mjs <<'EOF'
import { parseTemplate } from "url-template";
import * as hyperjump from "@hyperjump/uri-template";
import other from "uri-template";

const libraries = {
  "url-template": (template, values) => parseTemplate(template).expand(values),
  "@hyperjump/uri-template": (template, values) => hyperjump.expand(hyperjump.parse(template), values),
  "uri-template": (template, values) => other.parse(template).expand(values),
};
const seen = Object.entries(libraries).map(([name, expand]) => {
  const links = [["/jobs{?tags,limit}", []], ["/jobs{?tags*,limit}", []], ["/jobs{?tags,limit}", null]]
    .map(([template, tags]) => expand(template, { tags, limit: 5 }));
  console.log(`${name}: [] ${links[0]}, [] exploded ${links[1]}, null ${links[2]}`);
  return links.map((link) => link.replace("/jobs?", "").replace("limit=5", ""));
});
if (JSON.stringify(seen) !== '[["tags=&","",""],["","","tags=null&"],["","",""]]') {
  console.log("changed: the templates are expanded otherwise");
  process.exit(1);
}
EOF
node try.mjs
