#!/usr/bin/env bash
# pydantic-deep-patch 0.1.0 with pydantic 2.14.4, and jsonpatch 1.48 for the patches (PyPI): a label
# whose name has a slash cannot be changed, only doubled.
#
# A job has labels, a map of texts. jsonpatch writes the change of the label `app/kind` as `replace`
# at `/labels/app~1kind`. `apply_patch` replaces nothing and adds a label called `app~1kind`;
# nothing is raised. The change that its own `diff` writes has the path `/labels/app/kind`, which it
# cannot apply itself. A `replace` of what is not there adds it, and a `remove` of it does nothing.
#
# Expected: the label changed. RFC 6901, 4: `~1` in a pointer is `/`, and is put there when the
# pointer is made (3); RFC 6902, 4.2 and 4.3: what is replaced or removed has to exist. Names with a
# slash are the rule for labels; a PATCH is answered as done, and the old value stays.
#
# Seen: {'app/kind': 'web', 'app~1kind': 'batch'}; own diff /labels/app/kind: KeyError; replace
# /labels/x: added, remove /labels/y: nothing
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pydantic-deep-patch==0.1.0 pydantic==2.14.4 jsonpatch==1.48
"$scratch/venv/bin/python" - <<'EOF'
import sys
import jsonpatch
from pydantic import BaseModel
from pydantic_deep_patch import apply_patch, diff
from pydantic_deep_patch.types import PatchOp

class Job(BaseModel):
    labels: dict[str, str]

before, after = Job(labels={"app/kind": "web"}), Job(labels={"app/kind": "batch"})
written = jsonpatch.make_patch(before.model_dump(), after.model_dump()).patch
labels = apply_patch(before, [PatchOp(**operation) for operation in written]).labels
print(f"{written} gives {labels}")
own = diff(before, after)
try:
    applied = str(apply_patch(before, own).labels)
except KeyError as error:
    applied = repr(error)
print(f"own diff {own[0].path}: {applied}")
absent = [apply_patch(before, [PatchOp(**operation)]).labels for operation in (
    {"op": "replace", "path": "/labels/x", "value": "1"}, {"op": "remove", "path": "/labels/y"})]
print("absent:", absent)
if labels != {"app/kind": "web", "app~1kind": "batch"} or own[0].path != "/labels/app/kind":
    sys.exit("changed: the pointer is read or written otherwise")
if applied != "KeyError('app')" or absent != [{"app/kind": "web", "x": "1"}, {"app/kind": "web"}]:
    sys.exit("changed: the patches are applied otherwise")
EOF
