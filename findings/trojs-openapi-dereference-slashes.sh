#!/usr/bin/env bash
# @trojs/openapi-dereference 2.0.4 with @seriousme/openapi-schema-validator 2.11.0 to check (npm): a
# path that is described by a reference to another path becomes null.
#
# The document has /jobs, and /tasks with `$ref: "#/paths/~1jobs"`. After the references are
# resolved /tasks is null, without a word, and the document is invalid. So is a schema in `$defs`
# with a slash in its name. A reference through one, such as that to the schema of a media type,
# `.../content/application~1json/schema`, raises a TypeError about null. Plain names are found.
#
# Expected: the operations of /jobs twice, and the schema. RFC 6901, 4: `~1` is a slash and `~0` a
# tilde in the name of a member. OpenAPI 3.1, 4.8.9: a Path Item Object may be a reference to
# another, whose name starts with a slash in every document. A test that walks over the paths has
# none for /tasks, or stops at it.
#
# Seen: /tasks null, state null, kind the enumeration; valid true before and false afterwards; the
# media type: Cannot read properties of null (reading 'schema')
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    @trojs/openapi-dereference@2.0.4 @seriousme/openapi-schema-validator@2.11.0 >/dev/null
cat > try.mjs <<'EOF'
import { Validator } from "@seriousme/openapi-schema-validator";
import { dereferenceSync } from "@trojs/openapi-dereference";

const job = {
  type: "object",
  $defs: { "job/state": { enum: ["new", "done"] }, kind: { enum: ["big", "small"] } },
  properties: {
    state: { $ref: "#/components/schemas/Job/$defs/job~1state" },
    kind: { $ref: "#/components/schemas/Job/$defs/kind" },
  },
};
const described = (tasks, schemas) => ({
  openapi: "3.1.0", info: { title: "Jobs", version: "1" },
  paths: {
    "/jobs": { get: { responses: { 200: { $ref: "#/components/responses/Jobs" } } } },
    "/tasks": tasks,
  },
  components: {
    responses: { Jobs: {
      description: "Jobs", content: { "application/json": { schema: { type: "array" } } } } },
    schemas,
  },
});
const valid = async (document) => (await new Validator().validate(structuredClone(document))).valid;
const document = described({ $ref: "#/paths/~1jobs" }, { Job: job });
const resolved = dereferenceSync(structuredClone(document));
const { state, kind } = resolved.components.schemas.Job.properties;
const seen = [resolved.paths["/tasks"], state, kind, await valid(document), await valid(resolved)];
console.log("/tasks, state, kind, valid before and after:", ...seen);
try {
  const Copy = { $ref: "#/components/responses/Jobs/content/application~1json/schema" };
  seen.push(dereferenceSync(described({}, { Copy })).components.schemas.Copy);
} catch (error) {
  seen.push(error.message);
}
console.log("the schema of a media type:", seen.at(-1));
if (JSON.stringify(seen) !== '[null,null,{"enum":["big","small"]},true,false,' +
    '"Cannot read properties of null (reading \'schema\')"]') {
  console.log("changed: the references are resolved otherwise");
  process.exit(1);
}
EOF
node try.mjs
