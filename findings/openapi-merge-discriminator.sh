#!/usr/bin/env bash
# openapi-merge 2.0.2, with openapi-enforcer 1.23.0 to check (npm): after the merge a value is held
# to the schema of another document.
#
# One document has a Pet that is a Cat or a Dog, told apart by `kind`; another has a Cat that is a
# machine. Merged after it, the first Cat becomes `Cat1`, and every reference follows. The
# discriminator, which has no `mapping`, stays: by it the kind "Cat" means the schema of this name,
# and that is the machine now. A validator takes {"kind": "Cat", "name": "Tom"} before and refuses it
# after, for want of a weight. Of a `mapping` that is there the targets are rewritten; none is added.
#
# Expected: a `mapping` from "Cat" to Cat1. OpenAPI 3.0.3, Discriminator Object: without one the
# value is the name of the schema, so the name is part of what is sent and cannot be changed alone.
# No reference is broken, and both documents were right. The option `dispute`, which gives a prefix
# instead of the number, does the same.
#
# Seen: {"propertyName":"kind"} over Cat1 and Dog; before: valid, after: One or more required
# properties missing: weight
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
    openapi-merge@2.0.2 openapi-enforcer@1.23.0 >/dev/null
cat > try.mjs <<'EOF'
import Enforcer from "openapi-enforcer";
import { merge } from "openapi-merge";

const schema = (field) => ({ type: "object", required: ["kind", field],
  properties: { kind: { type: "string" }, [field]: { type: "string" } } });
const document = (path, name, schemas) => ({
  openapi: "3.0.3", info: { title: path, version: "1" },
  paths: { [path]: { get: { responses: { 200: { description: path, content: { "application/json": {
    schema: { $ref: `#/components/schemas/${name}` } } } } } } } },
  components: { schemas } });
const pets = document("/pets", "Pet", {
  Pet: { oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }],
         discriminator: { propertyName: "kind" } },
  Cat: schema("name"), Dog: schema("name") });
const machines = document("/machines", "Cat", { Cat: schema("weight") });

const check = async (text) => {
  const api = await Enforcer(JSON.parse(text));
  const pet = api.paths["/pets"].get.responses[200].content["application/json"].schema;
  const fault = pet.validate({ kind: "Cat", name: "Tom" });
  return fault ? String(fault).trim().split("\n").at(-1).trim() : "valid";
};
const { output } = merge([{ oas: structuredClone(machines) }, { oas: structuredClone(pets) }]);
const { oneOf, discriminator } = output.components.schemas.Pet;
const names = oneOf.map((one) => one.$ref.split("/").at(-1)).join(" and ");
const [before, after] = [await check(JSON.stringify(pets)), await check(JSON.stringify(output))];
console.log(`${JSON.stringify(discriminator)} over ${names}; before: ${before}, after: ${after}`);
if (discriminator.mapping || names !== "Cat1 and Dog" || before !== "valid" ||
    after !== "One or more required properties missing: weight") {
  console.log("changed: the discriminator is merged or read otherwise");
  process.exit(1);
}
EOF
node try.mjs
