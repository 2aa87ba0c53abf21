#!/usr/bin/env bash
# @msw/source 0.6.1 with msw 2.15.0, and ajv 8.20.0 to check (npm): an answer that is documented for
# 2XX has the status NaN.
#
# Handlers are made from a document and answer by it. Where the only answer is that for `2XX`, the
# status of the answer is NaN, which is neither right nor wrong for the caller. A number of at most
# -5 is answered 500, since it "should be greater than min 0". What is an integer or null, and what
# is a constant, is answered without a body, as JSON. A text of at least 30 characters is one word.
# Two bounds above zero are kept, and so is a pattern.
#
# Expected: a status from 200 to 299, -5 or less, and values. OpenAPI 3.1, 4.8.16.2: `2XX` stands
# for all the codes from 200 to 299. JSON Schema Validation 2020-12, 6.1.1: a type may be a list;
# 6.3.2: the text is at least as long as minLength. RFC 8259, 2: a JSON text is a value. A client
# that is tested against the mock fails at answers that no server gives.
#
# Seen: 2XX: NaN; maximum -5: 500; integer or null, const: 200 and no body; minLength 30: 200, not
# valid; minimum 5 and maximum 6, ^[A-Z]{3}$: 200, valid
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @msw/source@0.6.1 msw@2.15.0 ajv@8.20.0 >/dev/null
cat > try.mjs <<'EOF'
import { fromOpenApi } from "@msw/source/open-api";
import Ajv2020 from "ajv/dist/2020.js";
import { setupServer } from "msw/node";

const answers = [
  ["2XX", { enum: ["a"] }],
  ["200", { type: "integer", maximum: -5 }],
  ["200", { type: ["integer", "null"] }],
  ["200", { const: 5 }],
  ["200", { type: "string", minLength: 30 }],
  ["200", { type: "integer", minimum: 5, maximum: 6 }],
  ["200", { type: "string", pattern: "^[A-Z]{3}$" }],
];
const paths = Object.fromEntries(answers.map(([status, schema], number) => {
  const content = { "application/json": { schema } };
  const responses = { [status]: { description: "A value", content } };
  return [`/${number}`, { get: { responses } }];
}));
const server = setupServer(...await fromOpenApi({ openapi: "3.1.0",
  info: { title: "Values", version: "1" }, servers: [{ url: "http://values.example" }], paths }));
server.listen();
console.error = () => {};
const ajv = new Ajv2020.default();
const seen = [];
for (const [number, [status, schema]] of answers.entries()) {
  const answer = await fetch(`http://values.example/${number}`);
  const body = await answer.text();
  const valid = body === "" ? "no body" : ajv.validate(schema, JSON.parse(body));
  const text = JSON.stringify(schema);
  console.log(`${status} ${text}: ${answer.status}, valid: ${valid} ${body.slice(0, 60)}`);
  seen.push(`${answer.status} ${valid}`);
}
server.close();
if (seen.join() !== "NaN true,500 false,200 no body,200 no body,200 false,200 true,200 true") {
  console.log("changed: the values are answered otherwise");
  process.exit(1);
}
EOF
node try.mjs
