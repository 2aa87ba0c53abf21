#!/usr/bin/env bash
# @readme/oas-to-har 38.5.1 with oas 38.6.0 (npm), which makes the requests that ReadMe's code samples
# show: a header becomes others, unless the document says what it need not say.
#
# The parameter `X-Page`, `in: header`, is an object with the fields `from` and `size`. Without a
# `style` its two fields are sent as headers of their own, `from: 1` and `size: 5`, and no `X-Page`.
# With `style: simple`, the default and the only style that a header can have, `X-Page` is sent. A
# cookie with `explode: false` is likewise taken apart until `style: form` is written beside it.
#
# Expected: the same with and without. OpenAPI 3.0.3, Parameter Object: the default of `style` is
# `simple` in headers and `form` in cookies, and `X-Page: from,1,size,5` is its form. The request
# lacks a mandatory header, and has another that means something else in HTTP: From is the address of
# who sends (RFC 9110, 10.1.2).
#
# Seen: no style: from: 1, size: 5; simple: X-Page: from,1,size,5; cookie: ids=1, ids=2; form: ids=1,2
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @readme/oas-to-har@38.5.1 oas@38.6.0 >/dev/null
cat > try.mjs <<'EOF'
import oasToHar from "@readme/oas-to-har";
import Oas from "oas";

const request = (parameter, value) => {
  const document = new (Oas.default ?? Oas)({
    openapi: "3.0.3", info: { title: "jobs", version: "1" }, servers: [{ url: "http://127.0.0.1" }],
    paths: { "/jobs": { get: { parameters: [parameter], responses: { 200: { description: "jobs" } } } } } });
  const har = (oasToHar.default ?? oasToHar)(document, document.operation("/jobs", "get"),
    { [parameter.in]: { [parameter.name]: value } });
  return har.log.entries[0].request;
};
const page = { name: "X-Page", in: "header", required: true, schema: {
  type: "object", properties: { from: { type: "integer" }, size: { type: "integer" } } } };
const ids = { name: "ids", in: "cookie", explode: false, schema: { type: "array", items: { type: "integer" } } };
const header = (more) => request({ ...page, ...more }, { from: 1, size: 5 }).headers
  .map(({ name, value }) => `${name}: ${value}`).join(", ");
const cookie = (more) => request({ ...ids, ...more }, [1, 2]).cookies
  .map(({ name, value }) => `${name}=${value}`).join(", ");
const seen = [`no style: ${header({})}`, `simple: ${header({ style: "simple" })}`,
  `cookie: ${cookie({})}`, `form: ${cookie({ style: "form" })}`].join("; ");
console.log(seen);
if (seen !== "no style: from: 1, size: 5; simple: X-Page: from,1,size,5; cookie: ids=1, ids=2; form: ids=1,2") {
  console.log("changed: the parameters are sent otherwise");
  process.exit(1);
}
EOF
node try.mjs
