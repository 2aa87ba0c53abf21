#!/usr/bin/env bash
# @elysiajs/openapi 1.4.16 with elysia 1.4.30, and @seriousme/openapi-schema-validator 2.11.0 to check
# (npm): a route that answers nothing makes the document invalid.
#
# A route whose response is `t.Void()` is documented with `"content": {"type": "void"}`: the schema
# stands where the media types should, so that there is a media type `type`, described by a text. The
# validator of documents refuses the whole; without this route it is valid. The route answers 200
# without a body.
#
# Expected: a response with its description alone. OpenAPI 3.1, Response Object: `content` is a map
# from media types to Media Type Objects, and is left out where there is no body. One DELETE takes
# the API from whatever checks the document before it reads it.
#
# Seen: {"description":"Response for status 200","content":{"type":"void"}}; valid false, without the
# route true; DELETE /jobs -> 200, 0 characters
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    elysia@1.4.30 @elysiajs/openapi@1.4.16 @sinclair/typebox@0.34.52 \
    @seriousme/openapi-schema-validator@2.11.0 >/dev/null
cat > try.mjs <<'EOF'
import { openapi } from "@elysiajs/openapi";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Elysia, t } from "elysia";

const application = () => new Elysia().use(openapi()).get("/jobs", () => [1], { response: t.Array(t.Number()) });
const ask = (app, path, method = "GET") => app.handle(new Request(`http://localhost${path}`, { method }));
const read = async (app) => {
  const document = await (await ask(app, "/openapi/json")).json();
  return [document, (await new Validator().validate(structuredClone(document))).valid];
};
const app = application().delete("/jobs", () => {}, { response: t.Void() });
const [document, valid] = await read(app);
const [, without] = await read(application());
const response = document.paths["/jobs"].delete.responses["200"];
const answer = await ask(app, "/jobs", "DELETE");
const length = (await answer.text()).length;
console.log(`${JSON.stringify(response)}; valid ${valid}, without the route ${without}; ` +
  `DELETE /jobs -> ${answer.status}, ${length} characters`);
if (JSON.stringify(response.content) !== '{"type":"void"}' || valid || !without ||
    answer.status !== 200 || length !== 0) {
  console.log("changed: the route is documented otherwise");
  process.exit(1);
}
process.exit(0);
EOF
node try.mjs
