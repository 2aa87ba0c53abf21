#!/usr/bin/env bash
# elysia 1.4.30 with @elysiajs/openapi 1.4.16 (npm): null in JSON is documented, and an empty text
# answered.
#
# A route with the response `t.Nullable(t.Object(...))` is documented as `application/json`, an
# object or null. An object is answered so; null is answered 200 with `text/plain` and an empty body.
# Within an object null stays.
#
# Expected: `null`, in JSON. RFC 8259, 2: null is a JSON text of its own, and an empty one is none;
# OpenAPI 3.1, Response Object: the answer has a media type of `content`. A client that reads JSON,
# as the document says, stops with an error where there is nothing to tell, and a contract test finds
# two faults: the media type, and no body.
#
# Seen: documented application/json; /job/1 -> application/json {"size":1}; /job/2 -> 200
# text/plain;charset=UTF-8, 0 characters
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    elysia@1.4.30 @elysiajs/openapi@1.4.16 @sinclair/typebox@0.34.52 >/dev/null
cat > try.mjs <<'EOF'
import { openapi } from "@elysiajs/openapi";
import { Elysia, t } from "elysia";

const app = new Elysia().use(openapi()).get("/job/:id", ({ params }) => params.id === "1" ? { size: 1 } : null,
  { response: t.Nullable(t.Object({ size: t.Number() })) });
const ask = async (path) => {
  const answer = await app.handle(new Request(`http://localhost${path}`));
  return { status: answer.status, media: answer.headers.get("content-type"), text: await answer.text() };
};
const document = JSON.parse((await ask("/openapi/json")).text);
const media = Object.keys(document.paths["/job/{id}"].get.responses["200"].content).join();
const [job, none] = [await ask("/job/1"), await ask("/job/2")];
console.log(`documented ${media}; /job/1 -> ${job.media} ${job.text}; ` +
  `/job/2 -> ${none.status} ${none.media}, ${none.text.length} characters`);
if (media !== "application/json" || job.media !== "application/json" || job.text !== '{"size":1}' ||
    none.status !== 200 || none.text !== "" || !none.media?.startsWith("text/plain")) {
  console.log("changed: null is documented or answered otherwise");
  process.exit(1);
}
process.exit(0);
EOF
node try.mjs
