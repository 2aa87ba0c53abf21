#!/usr/bin/env bash
# @asyncapi/converter 2.0.2, with @asyncapi/parser 3.6.3 and @asyncapi/openapi-schema-parser 3.1.0
# to check (npm): a document in OpenAPI with a parameter in a path becomes an invalid one in
# AsyncAPI.
#
# `convertOpenAPI` takes OpenAPI 3.0. Each parameter of a path is written with `required: true`, and
# its enumeration with the numbers that were there; the tags of the document become a list in a
# list. The parser of the same project refuses all three. Of an answer that may be JSON or plain
# text the message has the text alone, which is the last of the two. Nothing is raised.
#
# Expected: a valid document that names both. AsyncAPI 3.0.0, Parameter Object: its fields are
# `enum`, whose values are strings, `default`, `description`, `examples` and `location`; Info
# Object: `tags` is a list of Tag Objects; OpenAPI 3.0.0, Response Object: `content` is a map whose
# entries are all possible answers. The form of the answers that clients use most is gone from the
# document.
#
# Seen: parameter: "required" is not expected, item at index 0 must be string; tags: must be object;
# two media types: text/plain; a path without parameters: valid
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @asyncapi/converter@2.0.2 \
    @asyncapi/parser@3.6.3 @asyncapi/openapi-schema-parser@3.1.0 >/dev/null
cat > try.mjs <<'EOF'
import { convertOpenAPI } from "@asyncapi/converter";
import { OpenAPISchemaParser } from "@asyncapi/openapi-schema-parser";
import { Parser } from "@asyncapi/parser";

const content = { "application/json": { schema: { type: "object" } }, "text/plain": { schema: { type: "string" } } };
const job = (path, parameters, tags) => JSON.stringify({
  openapi: "3.0.0", info: { title: "Jobs", version: "1" }, servers: [{ url: "https://api.example.com/v1" }], tags,
  paths: { [path]: { parameters, get: { operationId: "readJob", responses: { 200: { description: "A job", content } } } } },
});
const id = { name: "id", in: "path", required: true, schema: { type: "integer", enum: [1, 2] } };
const documents = {
  "without parameters": job("/job"), "a parameter": job("/jobs/{id}", [id]), tags: job("/job", undefined, [{ name: "a" }]),
};
const seen = [];
for (const [name, document] of Object.entries(documents)) {
  const parser = new Parser();
  parser.registerSchemaParser(OpenAPISchemaParser());
  const converted = convertOpenAPI(document, "3.0.0");
  const faults = (await parser.validate(JSON.stringify(converted))).filter(({ severity }) => severity === 0);
  const kinds = Object.values(converted.channels).flatMap(({ messages }) =>
    Object.values(messages).map(({ contentType }) => contentType));
  console.log(`${name}: ${kinds}; ${[...new Set(faults.map(({ message }) => message))].join("; ") || "valid"}`);
  seen.push(kinds.join(), faults.length > 0);
}
if (seen.join() !== "text/plain,false,text/plain,true,text/plain,true") {
  console.log("changed: the documents are converted otherwise");
  process.exit(1);
}
EOF
node try.mjs
