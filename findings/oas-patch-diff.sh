#!/usr/bin/env bash
# oas-patch 0.6.0 (PyPI): the overlay between two documents misses a change, or cannot be applied.
#
# `oas-patch diff` writes the overlay that leads from one document to another, and `oas-patch
# overlay` applies it. If a field may be null from now on, its type goes from `integer` to
# `[integer, "null"]`, and the overlay has no actions. If the address of the only server changes, it
# has one with the target `$.servers[0]`, and applying it ends with "list indices must be integers
# or slices, not NoneType". A bound that changes, and a field that is new, are written and applied.
#
# Expected: the second document, each time. Overlay 1.0.0, Action Object: an update of an object is
# merged into it, in which an element of an array is no exception. A review of the differences finds
# "no changes" for one that breaks the clients of statically typed languages.
#
# Seen: type: 0 actions; server: 1 action, TypeError; bound and new field: applied, as meant
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check oas-patch==0.6.0 pyyaml==6.0.4
cd "$scratch"
venv/bin/python - <<'EOF'
import copy, subprocess, sys, yaml

fields = {"size": {"type": "integer", "maximum": 10}}
document = {"openapi": "3.1.0", "info": {"title": "Jobs", "version": "1"},
            "servers": [{"url": "https://api.example.com/v1"}], "paths": {},
            "components": {"schemas": {"Job": {"type": "object", "properties": fields}}}}

def written(name, content):
    with open(name, "w") as file:
        yaml.safe_dump(content, file)
    return name

def changed(change):
    """How many actions the overlay has, and what comes of it."""
    after = copy.deepcopy(document)
    change(after, after["components"]["schemas"]["Job"]["properties"])
    names = written("before.yaml", document), written("after.yaml", after)
    subprocess.run(["venv/bin/oas-patch", "diff", *names, "-o", "overlay.yaml"], check=True, capture_output=True)
    with open("overlay.yaml") as file:
        actions = yaml.safe_load(file)["actions"]
    done = subprocess.run(["venv/bin/oas-patch", "overlay", names[0], "overlay.yaml", "-o", "made.yaml"],
                          capture_output=True, text=True)
    if done.returncode:
        return len(actions), done.stderr.strip().splitlines()[-1].split(":")[0]
    with open("made.yaml") as file:
        return len(actions), "as meant" if yaml.safe_load(file) == after else "another document"

seen = {
    "type": changed(lambda after, fields: fields["size"].update(type=["integer", "null"])),
    "server": changed(lambda after, fields: after["servers"][0].update(url="https://api.example.com/v2")),
    "bound": changed(lambda after, fields: fields["size"].update(maximum=5)),
    "field": changed(lambda after, fields: fields.update(name={"type": "string"})),
}
print(seen)
if seen != {"type": (0, "another document"), "server": (1, "TypeError"), "bound": (1, "as meant"),
            "field": (1, "as meant")}:
    sys.exit("changed: the overlays are written or applied otherwise")
EOF
