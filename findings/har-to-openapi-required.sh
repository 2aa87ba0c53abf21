#!/usr/bin/env bash
# har-to-openapi 3.0.1 with @seriousme/openapi-schema-validator 2.11.0 to check (npm): the document
# that is made from a recording with an object in it is invalid.
#
# A recording has one answer to GET /jobs?limit=5&tag=a&tag=b, {"id": 1}. The schema of the object
# has an empty list of `required`, which makes the document, of OpenAPI 3.0.0, invalid; the same
# recording with a text for an answer makes a valid one. And what the first request had is the
# `default` of the parameters: 5 for the limit, ["a", "b"] for the tags. The server, the types and
# the list are right.
#
# Expected: no `required`, and examples alone. OpenAPI 3.0.0, Schema Object: `required` is that of
# JSON Schema Validation (Wright Draft 00), 5.15: the array MUST have at least one element; the
# default is what would be assumed by the consumer if the value is not given. A client that believes
# it leaves the limit away to get 5 jobs, and a mock filters by tags that nobody asked for.
#
# Seen: application/json: valid false, required []; text/plain: valid true; defaults 5 and a,b
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    har-to-openapi@3.0.1 @seriousme/openapi-schema-validator@2.11.0 >/dev/null
cat > try.mjs <<'EOF'
import { Validator } from "@seriousme/openapi-schema-validator";
import { generateSpec } from "har-to-openapi";

const queryString = [["limit", "5"], ["tag", "a"], ["tag", "b"]]
  .map(([name, value]) => ({ name, value }));
const log = { version: "1.2", creator: { name: "a", version: "1" } };
const recorded = (mimeType, text) => ({ log: { ...log, entries: [{
  startedDateTime: "2026-01-02T03:04:05Z", time: 1, cache: {},
  timings: { send: 0, wait: 1, receive: 0 },
  request: { method: "GET", url: "http://jobs.example/jobs?limit=5&tag=a&tag=b", queryString,
    httpVersion: "HTTP/1.1", headers: [], cookies: [], headersSize: -1, bodySize: 0 },
  response: { status: 200, statusText: "OK", httpVersion: "HTTP/1.1", redirectURL: "",
    headersSize: -1, bodySize: 9, headers: [{ name: "content-type", value: mimeType }], cookies: [],
    content: { mimeType, text, size: 9 } } }] } });
const seen = [];
for (const [mimeType, text] of [["application/json", '{"id": 1}'], ["text/plain", "id 1"]]) {
  const { spec } = await generateSpec(recorded(mimeType, text));
  const { valid } = await new Validator().validate(structuredClone(spec));
  const { parameters, responses } = spec.paths["/jobs"].get;
  const { schema } = responses[200].content[mimeType];
  const defaults = parameters.map((one) => `${one.name}=${one.schema.default}`).join(" ");
  console.log(`OpenAPI ${spec.openapi}, valid: ${valid}; defaults ${defaults};`, schema);
  seen.push(valid, JSON.stringify(schema.required), defaults);
}
if (seen.join() !== "false,[],limit=5 tag=a,b,true,,limit=5 tag=a,b") {
  console.log("changed: the recording is described otherwise");
  process.exit(1);
}
EOF
node try.mjs
