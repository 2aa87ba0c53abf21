#!/usr/bin/env bash
# @readme/postman-to-openapi 4.1.0 (npm): a merge patch is documented as a text of any type, and its
# type as a header that counts for nothing.
#
# A collection has a PATCH with the header `Content-Type: application/merge-patch+json` and a body
# in JSON. The document has a body of `*/*`, a string, and a parameter "Content-Type". An answer in
# JSON, which is told by its header alone, is text/plain. A code in the query that is "007" is an
# integer, whose example is the text "007". With the language of the body set to JSON, as the editor
# of Postman does, the type is application/json, whatever the header says.
#
# Expected: application/merge-patch+json, application/json, and a string. OpenAPI 3.0.3, Request
# Body Object and Response Object: the keys of `content` are media types; Parameter Object: if a
# header is named Accept, Content-Type or Authorization, the parameter SHALL be ignored, and the
# example SHOULD match the schema. A server that takes merge patches alone answers 415 to what is
# documented.
#
# Seen: body */* string, with the language application/json object; answer text/plain string; code
# integer, example "007"; parameters Content-Type, code
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @readme/postman-to-openapi@4.1.0 >/dev/null
cat > try.cjs <<'EOF'
const convert = require("@readme/postman-to-openapi");

const header = [{ key: "Content-Type", value: "application/merge-patch+json" }];
const url = { raw: "http://jobs.example/jobs?code=007", protocol: "http", host: ["jobs", "example"],
  path: ["jobs"], query: [{ key: "code", value: "007" }] };
const answer = { name: "Done", code: 200, status: "OK", body: '{"id": 1}',
  header: [{ key: "Content-Type", value: "application/json" }] };
const types = (content) => Object.entries(content)
  .map(([type, { schema }]) => `${type} ${schema.type}`).join();

const documented = async (options) => {
  const body = { mode: "raw", raw: '{"name": null}', options };
  const collection = {
    info: { name: "Jobs",
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
    item: [{ name: "Change", request: { method: "PATCH", header, body, url }, response: [answer] }],
  };
  const text = await convert(JSON.stringify(collection), undefined, { outputFormat: "json" });
  const { requestBody, responses, parameters } = JSON.parse(text).paths["/jobs"].patch;
  const code = parameters.find(({ name }) => name === "code");
  const seen = [types(requestBody.content), types(responses[200].content),
    parameters.map(({ name }) => name).join(),
    `${code.schema.type} ${JSON.stringify(code.example)}`];
  console.log(seen);
  return seen.slice(options ? 1 : 0).join("; ") + (options ? `; ${seen[0]}` : "");
};
(async () => {
  const rest = 'text/plain string; Content-Type,code; integer "007"';
  if (await documented() !== `*/* string; ${rest}` ||
      await documented({ raw: { language: "json" } }) !== `${rest}; application/json object`) {
    console.log("changed: the bodies are documented otherwise");
    process.exit(1);
  }
})();
EOF
node try.cjs
