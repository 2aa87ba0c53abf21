#!/usr/bin/env bash
# ratelimit-header-parser 0.1.0 with express-rate-limit 8.7.5 and express 5.3.0 (npm), the first two
# of one project: what the limiter writes the parser reads as numbers that are none.
#
# The limiter knows three forms of its headers. The first two are read: 100 requests, 99 left, and
# when the count begins anew. The newest, `RateLimit: "100-in-15min"; r=99; t=900`, is read as well,
# by the result: there is an object with the same four fields, and its numbers are NaN and its date
# is no date.
#
# Expected: 100 and 99, or undefined, which the parser's documentation gives for headers that it
# does not find. Drafts of "RateLimit header fields for HTTP", 08 and later: `r` is what is left and
# `t` the seconds to wait. A client that waits if `remaining < 1` never waits, as no comparison with
# NaN is true, and neither does one that sleeps until the date.
#
# Seen: draft-6 and draft-7 100, 99; draft-8 NaN, NaN, Invalid Date
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . ratelimit-header-parser@0.1.0 \
    express-rate-limit@8.7.5 express@5.3.0 light-my-request@6.8.1 >/dev/null
cat > try.mjs <<'EOF'
import express from "express";
import { rateLimit } from "express-rate-limit";
import inject from "light-my-request";
import { parseRateLimit } from "ratelimit-header-parser";

const seen = [];
for (const standardHeaders of ["draft-6", "draft-7", "draft-8"]) {
  const app = express();
  app.use(rateLimit({ windowMs: 15 * 60 * 1000, limit: 100, standardHeaders, legacyHeaders: false }));
  app.get("/", (request, response) => response.send("jobs"));
  const { headers } = await inject(app, { url: "/", remoteAddress: "127.0.0.1" });
  const { limit, remaining, reset } = parseRateLimit(headers);
  console.log(`${standardHeaders}: ${headers.ratelimit ?? headers["ratelimit-remaining"]}: ` +
    `limit ${limit}, remaining ${remaining}, ${Number.isNaN(+reset) ? reset : "a date"}`);
  seen.push(limit, remaining, Number.isNaN(+reset));
}
if (seen.join() !== "100,99,false,100,99,false,NaN,NaN,true") {
  console.log("changed: the headers are written or read otherwise");
  process.exit(1);
}
EOF
node try.mjs
