#!/usr/bin/env bash
# keystone 30.0.0 (PyPI): the address of a new tag is none that the service has.
#
# `PUT /v3/projects/ID/tags/TAG` gives a project a tag, which is then at that address: a read of it
# answers 204. The answer to the `PUT` is a 201 whose `Location` lacks a part of the path,
# `/v3/ID/tags/TAG`, and a read of that answers 404.
#
# Expected: `/v3/projects/ID/tags/TAG`, or no `Location` at all. RFC 9110, 15.3.2: what a 201 has
# created is identified by its `Location`, and without one by the target of the request. A client
# that follows the header finds nothing.
#
# Seen: 201 with Location /v3/ID/tags/TAG, which answers 404; /v3/projects/ID/tags/TAG answers 204
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check keystone==30.0.0
mkdir -m 700 "$scratch/keys" "$scratch/credentials"
cat > "$scratch/keystone.conf" <<EOF
[database]
connection = sqlite:///$scratch/keystone.db
[fernet_tokens]
key_repository = $scratch/keys
[credential]
key_repository = $scratch/credentials
EOF
manage() {
    "$scratch/venv/bin/keystone-manage" --config-file "$scratch/keystone.conf" "$@" > "$scratch/log" 2>&1
}
owner=(--keystone-user "$(id -un)" --keystone-group "$(id -gn)")
manage db_sync
manage fernet_setup "${owner[@]}"
manage credential_setup "${owner[@]}"
manage bootstrap --bootstrap-password secret --bootstrap-public-url http://localhost/v3/
OS_KEYSTONE_CONFIG_DIR=$scratch "$scratch/venv/bin/python" -W ignore - 2> "$scratch/log" <<'EOF'
import sys
from urllib.parse import urlsplit

sys.argv = ["keystone"]
from keystone.wsgi.api import application
from werkzeug.test import Client

client = Client(application)
user = {"name": "admin", "domain": {"id": "default"}, "password": "secret"}
project = {"name": "admin", "domain": {"id": "default"}}
asked = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}},
                  "scope": {"project": project}}}
answer = client.post("/v3/auth/tokens", json=asked)
headers = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
own = answer.json["token"]["project"]["id"]
place = f"/v3/projects/{own}/tags/blue"
put = client.put(place, headers=headers)
told = urlsplit(put.headers["Location"]).path
read, followed = (client.get(path, headers=headers).status_code for path in (place, told))
print(f"PUT {put.status_code}, its place {read}, its Location {told.replace(own, 'ID')} {followed}")
if (put.status_code, read) != (201, 204):
    print("changed: a tag is answered otherwise")
    sys.exit(1)
if told != f"/v3/{own}/tags/blue" or followed != 404:
    print("changed: the Location is another")
    sys.exit(1)
EOF
