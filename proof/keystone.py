#!/usr/bin/env python3
"""OpenStack Keystone with SQLite, beside its own API reference.

DOCS: `api-ref/source/v3` of openstack/keystone at tag 30.0.0.
"""

from field import Server, main

CONFIGURATION = """\
[database]
connection = sqlite:///{work}/keystone.db
[token]
expiration = 86400
[fernet_tokens]
key_repository = {work}/fernet
[credential]
key_repository = {work}/credentials
[identity]
password_hash_rounds = 4
[oslo_policy]
enforce_scope = false
[cache]
enabled = true
backend = dogpile.cache.memory
"""

# It reads the command line where it is imported.
APPLICATION = """\
import sys
sys.argv = ["keystone"]
from keystone.wsgi.api import application
"""

TOKEN = """\
import json, urllib.request
user = {"name": "admin", "domain": {"id": "default"}, "password": "field"}
auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"system": {"all": True}}}
request = urllib.request.Request("http://127.0.0.1:{port}/v3/auth/tokens", json.dumps({"auth": auth}).encode(), {"Content-Type": "application/json"})
print(urllib.request.urlopen(request).headers["X-Subject-Token"])
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
auth = { token_command = ["python3", "{work}/token.py"] }
timeout = "30s"
"""

MANAGE = ["{bin}/keystone-manage", "--config-file", "{work}/keystone.conf"]
OWNER = ["--keystone-user", "{user}", "--keystone-group", "{group}"]
BOOTSTRAP = ["bootstrap", "--bootstrap-password", "field", "--bootstrap-region-id", "RegionOne"]

main(
    Server(
        name="keystone",
        title="Keystone 30.0.0",
        documentation="openstack/keystone, tag 30.0.0, api-ref/source/v3",
        pip=["keystone==30.0.0", "gunicorn==23.0.0"],
        files={
            "keystone.conf": CONFIGURATION,
            "application.py": APPLICATION,
            "token.py": TOKEN,
            "fernet/.keep": "",
            "credentials/.keep": "",
        },
        before=[
            ["chmod", "700", "fernet", "credentials"],
            [*MANAGE, "db_sync"],
            [*MANAGE, "fernet_setup", *OWNER],
            [*MANAGE, "credential_setup", *OWNER],
            [*MANAGE, *BOOTSTRAP, "--bootstrap-public-url", "http://127.0.0.1:{port}/v3/"],
        ],
        environment={"OS_KEYSTONE_CONFIG_DIR": "{work}"},
        command=["{bin}/gunicorn", "-b", "127.0.0.1:{port}", "application:application"],
        port=15_000,
        ready="/v3",
        settings=SETTINGS,
        # Each request takes it a tenth of a second, on one processor.
        options=["--cases 5"],
    )
)
