#!/usr/bin/env bash
# @scalar/openapi-upgrader 0.4.9 (npm), which asks for Node.js 22 and runs with 20 too: operations
# lose their body on the way from Swagger 2.0 to OpenAPI 3.1.
#
# A body that is described once, among the `parameters` of the document, becomes a part of
# `components`, and the operation refers to it from its list of parameters, where no body can be. A
# form with a mandatory field becomes a body that may be left out, and if its field is described
# once the media type is `multipart/form-data`, whatever the operation consumes. A body that is
# described in the operation is converted well.
#
# Expected: `requestBody` in each operation. Swagger 2.0, Operation Object: its parameters may be
# references to those of the document; OpenAPI 3.1, Parameter Object: `in` is query, header, path or
# cookie, and a reference there has to resolve to one; Request Body Object: `required` is false by
# default. A client made from the result sends nothing.
#
# Seen: shared: no requestBody, the list of parameters refers to #/components/requestBodies/Body;
# form: required absent; shared form: multipart/form-data
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @scalar/openapi-upgrader@0.4.9 >/dev/null
cat > try.mjs <<'EOF'
import { upgrade } from "@scalar/openapi-upgrader";

const body = { name: "job", in: "body", required: true, schema: { type: "object" } };
const field = { name: "name", in: "formData", required: true, type: "string" };
const form = ["application/x-www-form-urlencoded"];
const upgraded = (put, parameters) => {
  const document = upgrade({
    swagger: "2.0", info: { title: "Jobs", version: "1" }, consumes: ["application/json"], parameters,
    paths: { "/jobs": { put: { ...put, responses: { 200: { description: "Done" } } } } },
  }, "3.1");
  return [document.paths["/jobs"], document.components];
};
const [shared] = upgraded({ parameters: [{ $ref: "#/parameters/Body" }] }, { Body: body });
const [inline] = upgraded({ parameters: [body] });
const [fields] = upgraded({ consumes: form, parameters: [field] });
const [, components] = upgraded({ consumes: form, parameters: [{ $ref: "#/parameters/Field" }] }, { Field: field });
const seen = [
  shared.put.requestBody, shared.put.parameters[0].$ref, inline.put.requestBody.required,
  fields.put.requestBody.required, Object.keys(components.requestBodies.Field.content).join(),
];
console.log(seen.join("\n"));
if (seen.join(" ") !== " #/components/requestBodies/Body true  multipart/form-data") {
  console.log("changed: the bodies are converted otherwise");
  process.exit(1);
}
EOF
node try.mjs
