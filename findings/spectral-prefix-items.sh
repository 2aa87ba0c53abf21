#!/usr/bin/env bash
# @stoplight/spectral-cli 6.16.3 (npm): the rule `array-items` reports an error for a list of
# OpenAPI 3.1 that is described by `prefixItems`.
#
# The document describes a pair of numbers: `type: array`, two `prefixItems`, and two items at least
# and at most. The rule of the bundled ruleset `spectral:oas` asks for `items` beside it, and takes
# `items: false` for none; with `items: {}`, which says nothing, it is quiet.
#
# Expected: no error. OpenAPI 3.0.3, Schema Object, says that `items` must be there where the type is
# `array`; OpenAPI 3.1 has no such sentence: its schemas are those of JSON Schema 2020-12, where
# Core, 10.3.1, makes every one of `prefixItems`, `items` and `contains` optional.
#
# Seen: prefixItems: array-items; with items false: array-items; with items {}: nothing
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @stoplight/spectral-cli@6.16.3 >/dev/null
echo 'extends: ["spectral:oas"]' > .spectral.yaml
write() {
  cat <<YAML
openapi: 3.1.0
info:
  title: Points
  version: "1"
  description: Points.
  contact: { name: Nobody, url: "https://example.com", email: nobody@example.com }
servers: [{ url: "https://points.example.org" }]
tags: [{ name: points, description: Points. }]
paths:
  /point:
    get:
      operationId: getPoint
      description: The point.
      tags: [points]
      responses:
        "200":
          description: The point.
          content:
            application/json:
              schema:
                type: array
                prefixItems: [{ type: number }, { type: number }]
                minItems: 2
                maxItems: 2
$1
YAML
}
write "" > pair.yaml
write "                items: false" > closed.yaml
write "                items: {}" > open.yaml
rules() {
  node_modules/.bin/spectral lint "$1" -r .spectral.yaml -f json --quiet > "$1.json" || true
  node -e '
    const found = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    console.log(found.map((one) => one.code).join(" ") || "nothing");' "$1.json"
}
pair=$(rules pair.yaml) closed=$(rules closed.yaml) open=$(rules open.yaml)
echo "prefixItems: $pair; with items false: $closed; with items {}: $open"
if [ "$pair $closed $open" != "array-items array-items nothing" ]; then
  echo "changed: the pair is judged otherwise"
  exit 1
fi
