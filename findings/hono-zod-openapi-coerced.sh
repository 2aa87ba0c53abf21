#!/usr/bin/env bash
# @hono/zod-openapi 1.6.3 with hono 4.13.19 and zod 4.6.7, and @seriousme/openapi-schema-validator
# 2.11.0 to check (npm): a number in the path makes the document invalid.
#
# The values of a path are texts, so the route has `z.coerce.number()` for its `{id}`. The document
# that the application serves says `required: false` for this parameter, `in: path`, and that it may
# be null; the validator of documents refuses it. The server answers 400 to `/jobs/null`, and 404
# without an id. With a bound, `z.coerce.number().min(1)`, or with `z.string()`, all is well.
#
# Expected: `required: true`, and a number. OpenAPI 3.1, Parameter Object: for a parameter in the path
# `required` has to be there and be true. Whatever checks the document before it uses it refuses the
# whole API for a number in one path.
#
# Seen: coerced: required false, ["number","null"], valid false; bound: true, "number", true; text:
# true, "string", true; /jobs/7 200, /jobs/null 400, /jobs 404
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @hono/zod-openapi@1.6.3 hono@4.13.19 zod@4.6.7 @seriousme/openapi-schema-validator@2.11.0 >/dev/null
cat > try.mjs <<'EOF'
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { Validator } from "@seriousme/openapi-schema-validator";

const application = (id) => {
  const app = new OpenAPIHono();
  app.openapi(createRoute({ method: "get", path: "/jobs/{id}", request: { params: z.object({ id }) },
    responses: { 200: { description: "a job" } } }), (context) => context.body("job"));
  app.doc31("/openapi.json", { openapi: "3.1.0", info: { title: "jobs", version: "1" } });
  return app;
};
const kinds = { coerced: z.coerce.number(), bound: z.coerce.number().min(1), text: z.string() };
const seen = [];
for (const [name, id] of Object.entries(kinds)) {
  const document = await (await application(id).request("/openapi.json")).json();
  const [parameter] = document.paths["/jobs/{id}"].get.parameters;
  const { valid } = await new Validator().validate(structuredClone(document));
  seen.push(`${name}: required ${parameter.required}, ${JSON.stringify(parameter.schema.type)}, valid ${valid}`);
}
const app = application(kinds.coerced);
for (const path of ["/jobs/7", "/jobs/null", "/jobs"]) seen.push(`${path} ${(await app.request(path)).status}`);
console.log(seen.join("\n"));
if (seen.join() !== 'coerced: required false, ["number","null"], valid false,' +
    'bound: required true, "number", valid true,text: required true, "string", valid true,' +
    "/jobs/7 200,/jobs/null 400,/jobs 404") {
  console.log("changed: the parameter is documented or read otherwise");
  process.exit(1);
}
EOF
node try.mjs
