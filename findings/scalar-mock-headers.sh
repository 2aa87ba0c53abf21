#!/usr/bin/env bash
# @scalar/mock-server 0.14.4, which asks for Node.js 22 and runs with 20 too, with ajv 8.20.0 to
# check (npm): the headers of an answer are there and empty, and lists are shorter than they may be.
#
# A document says that a created job is answered with `Location`, with the example "/jobs/7", and
# that a page of jobs has a `Link` with an example and at least two jobs, each with a pair of an
# integer and a text. The mock answers `Location:` and `Link:` without a value, one job, and `[]`
# for the pair. The same example within the schema of the header is sent. A wrong request is refused
# by the document, so that the mock looks like one that keeps it.
#
# Expected: the examples, and two of each. OpenAPI 3.1, Header Object: it follows the Parameter
# Object, which has `example` beside `schema`; RFC 9110, 10.2.2: an empty Location refers to the
# request itself. JSON Schema Validation 2020-12, 6.4.2, and Core, 10.3.1.1. A client that follows
# Location by the mock asks for the list that it posted to, and one that reads `pair[1]` fails.
#
# Seen: Location "", Link "", example in the schema "/jobs/8"; [{"pair":[]}] valid false; wrong
# request 422
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @scalar/mock-server@0.14.4 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import { createMockServer } from "@scalar/mock-server";
import Ajv from "ajv/dist/2020.js";

const text = { type: "string" };
const pair = { type: "array", minItems: 2, prefixItems: [{ type: "integer" }, text] };
const jobs = { type: "array", minItems: 2, items: { type: "object", required: ["pair"], properties: { pair } } };
const document = {
  openapi: "3.1.0", info: { title: "Jobs", version: "1" }, paths: { "/jobs": {
    get: {
      parameters: [{ name: "limit", in: "query", schema: { type: "integer" } }],
      responses: { 200: {
        description: "Jobs", content: { "application/json": { schema: jobs } },
        headers: { Link: { schema: text, example: '</jobs?page=2>; rel="next"' } },
      } },
    },
    post: { responses: { 201: {
      description: "Created",
      headers: { Location: { required: true, schema: text, example: "/jobs/7" },
        "Content-Location": { schema: { ...text, example: "/jobs/8" } } },
    } } },
  } },
};
const app = await createMockServer({ document });
const [made, page, wrong] = [await app.request("/jobs", { method: "POST" }), await app.request("/jobs"),
  await app.request("/jobs?limit=x")];
const body = await page.json();
const valid = new Ajv.default({ strict: false }).validate(jobs, body);
const seen = [made.headers.get("Location"), page.headers.get("Link"), made.headers.get("Content-Location"),
  JSON.stringify(body), valid, wrong.status];
console.log(seen.map((value) => JSON.stringify(value)).join(", "));
if (seen.join("; ") !== '; ; /jobs/8; [{"pair":[]}]; false; 422') {
  console.log("changed: the mock answers otherwise");
  process.exit(1);
}
EOF
node try.mjs
