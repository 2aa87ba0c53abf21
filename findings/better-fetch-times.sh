#!/usr/bin/env bash
# @better-fetch/fetch 1.3.3 and ofetch 1.5.1, with up-fetch 2.6.1 and ajv-formats 3.0.1 to compare
# (npm): a time in a query is sent in quotes.
#
# The query is given as `{ since: new Date(...) }`. Both clients ask for
# `?since="2026-01-02T03:04:05.000Z"`, the JSON text with its quotes. What is absent in a list is
# sent as the text "undefined", `ids: [1, undefined]` as `ids=1&ids=undefined`, though an absent
# value by itself is left out. As a field of a body in JSON the same time is written without fault.
#
# Expected: `since=2026-01-02T03:04:05.000Z`. OpenAPI 3.1, Parameter Object: the style `form` writes
# the value itself, and JSON is for parameters that have `content`; RFC 3339, 5.6, has no quotes in
# `date-time`. A server that knows the format answers 400 to each such request, and one that does
# not looks for a text that begins with a quote.
#
# Seen: ?since=%222026-01-02T03:04:05.000Z%22, not valid; ids=1&ids=undefined; up-fetch
# since=2026-01-02T03:04:05.000Z
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @better-fetch/fetch@1.3.3 \
    ofetch@1.5.1 up-fetch@2.6.1 ajv@8.20.0 ajv-formats@3.0.1 >/dev/null
cat > try.mjs <<'EOF'
import { createFetch as createBetterFetch } from "@better-fetch/fetch";
import { createFetch } from "ofetch";
import { up } from "up-fetch";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const asked = [];
const server = async (target, options) => {
  asked.push(new URL(new Request(target, options).url).searchParams);
  return new Response("{}", { headers: { "Content-Type": "application/json" } });
};
const url = "http://jobs.example/jobs";
const better = createBetterFetch({ customFetchImpl: server });
const of = createFetch({ fetch: server, Headers }), upFetch = up(server);
const clients = {
  "@better-fetch/fetch": (query) => better(url, { query }),
  ofetch: (query) => of(url, { query }),
  "up-fetch": (query) => upFetch(url, { params: query }),
};
const valid = addFormats(new Ajv()).compile({ type: "string", format: "date-time" });
const seen = [];
for (const [name, ask] of Object.entries(clients)) {
  await ask({ since: new Date("2026-01-02T03:04:05Z") });
  await ask({ ids: [1, undefined], absent: undefined });
  const [since, ids] = [asked.at(-2).get("since"), asked.at(-1).toString()];
  console.log(`${name}: since ${since}, valid ${valid(since)}; ${ids}`);
  seen.push(valid(since), ids);
}
if (seen.join(" ") !== "false ids=1&ids=undefined false ids=1&ids=undefined true ids=1%2C") {
  console.log("changed: the queries are written otherwise");
  process.exit(1);
}
EOF
node try.mjs
