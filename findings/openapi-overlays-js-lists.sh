#!/usr/bin/env bash
# openapi-overlays-js 0.2.0 (npm) and oas-patch 0.6.0 (PyPI): an overlay that removes two parameters
# takes others along.
#
# An operation has the parameters a to f, and the overlay removes `parameters[0,1]`. One tool leaves
# none, the other e and f. An overlay that adds a parameter, by an update whose target is the list,
# makes an object of it with the tool in JavaScript: the keys are "0" to "5", "name", "in" and
# "schema". Both end with 0 and say nothing. A filter that names the two is right in both.
#
# Expected: c to f, and seven parameters. Overlay 1.0.0, Action Object: `remove` removes the target
# from its array, and the target is what the JSONPath selects in the document before the action; an
# update whose target is an array is an entry to append. RFC 9535, 2.3.3: an index counts from the
# start of the array that is there.
#
# Seen: openapi-overlays-js: nothing left, an object; oas-patch: e, f, seven parameters
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check oas-patch==0.6.0 pyyaml==6.0.4
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . openapi-overlays-js@0.2.0 >/dev/null
cat > openapi.yaml <<'EOF'
openapi: 3.1.0
info: {title: Jobs, version: "1"}
paths:
  /jobs:
    get:
      parameters:
        - {name: a, in: query, schema: {type: string}}
        - {name: b, in: query, schema: {type: string}}
        - {name: c, in: query, schema: {type: string}}
        - {name: d, in: query, schema: {type: string}}
        - {name: e, in: query, schema: {type: string}}
        - {name: f, in: query, schema: {type: string}}
      responses: {"200": {description: Jobs}}
EOF
head='{overlay: 1.0.0, info: {title: o, version: "1"}, actions: [{target: "$.paths[%s].get.parameters%s", %s}]}'
# shellcheck disable=SC2059 # the format is the overlay
printf "$head" "'/jobs'" '[0,1]' 'remove: true' > remove.yaml
# shellcheck disable=SC2059
printf "$head" "'/jobs'" "[?(@.name=='a' || @.name=='b')]" 'remove: true' > filter.yaml
# shellcheck disable=SC2059
printf "$head" "'/jobs'" '' 'update: {name: g, in: query, schema: {type: string}}' > add.yaml
for overlay in remove filter add; do
    node_modules/.bin/overlayjs --openapi openapi.yaml --overlay "$overlay.yaml" > "js-$overlay.yaml"
    venv/bin/oas-patch overlay openapi.yaml "$overlay.yaml" -o "py-$overlay.yaml" >/dev/null
done
venv/bin/python - <<'EOF'
import sys, yaml

seen = {}
for tool in ("js", "py"):
    for overlay in ("remove", "filter", "add"):
        with open(f"{tool}-{overlay}.yaml") as file:
            parameters = yaml.safe_load(file)["paths"]["/jobs"]["get"]["parameters"]
        names = [one["name"] for one in parameters] if isinstance(parameters, list) else list(parameters)
        seen[tool, overlay] = type(parameters).__name__, " ".join(names)
        print(tool, overlay, *seen[tool, overlay])
if seen != {("js", "remove"): ("list", ""), ("js", "filter"): ("list", "c d e f"),
            ("js", "add"): ("dict", "0 1 2 3 4 5 name in schema"), ("py", "remove"): ("list", "e f"),
            ("py", "filter"): ("list", "c d e f"), ("py", "add"): ("list", "a b c d e f g")}:
    sys.exit("changed: the overlays are applied otherwise")
EOF
