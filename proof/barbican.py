#!/usr/bin/env python3
"""OpenStack Barbican with SQLite and its pipeline without authentication, beside its own reference.

DOCS: `doc/source/api/reference` of openstack/barbican at tag 23.0.0.
"""

from field import Server, main

CONFIGURATION = """\
[DEFAULT]
host_href = http://127.0.0.1:{port}
db_auto_create = true
[database]
connection = sqlite:///{work}/barbican.db
[secretstore]
enabled_secretstore_plugins = store_crypto
[crypto]
enabled_crypto_plugins = simple_crypto
[oslo_policy]
enforce_scope = false
[simple_crypto_plugin]
kek = MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
"""

# Its own pipeline asks Keystone; the one without it lacks the id of the request, which the server
# reads, and the headers that Keystone would add are given by the target.
APPLICATION = """\
import pathlib, re, sys, uuid
sys.argv = ["barbican"]
from paste.deploy import loadapp
paste = pathlib.Path("{work}/paste.ini")
paste.write_text(re.sub("(?m)^/v1: .*", "/v1: barbican_api", pathlib.Path("{bin}/../etc/barbican/barbican-api-paste.ini").read_text()))
barbican = loadapp(f"config:{paste}")
def application(environ, start):
    environ["webob.adhoc_attrs"] = {"request_id": f"req-{uuid.uuid4()}"}
    return barbican(environ, start)
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
[target.field.headers]
X-Project-Id = "0123456789abcdef0123456789abcdef"
X-User-Id = "fedcba9876543210fedcba9876543210"
X-Roles = "admin,member,reader,creator,key-manager:service-admin"
"""

# The page's examples name secrets and users of their author.
EXAMPLES = """\
operations.PostSecrets.example.request = { name = "field", algorithm = "aes", bit_length = 256, mode = "cbc", payload = "YmVlcg==", payload_content_type = "application/octet-stream", payload_content_encoding = "base64" }
operations.PostContainers.example.request = { type = "generic", name = "field", secret_refs = [] }
operations.PostOrders.example.request = { type = "key", meta = { name = "field", algorithm = "aes", bit_length = 256, mode = "cbc", payload_content_type = "application/octet-stream" } }
operations.PutSecretsAcl.example.request = { read = { users = [], project-access = true } }
operations.PutContainersAcl.example.request = { read = { users = [], project-access = true } }
"""

main(
    Server(
        name="barbican",
        title="Barbican 23.0.0",
        documentation="openstack/barbican, tag 23.0.0, doc/source/api/reference",
        pip=["barbican==23.0.0", "gunicorn==23.0.0"],
        files={".barbican/barbican.conf": CONFIGURATION, "application.py": APPLICATION},
        command=["{bin}/gunicorn", "-b", "127.0.0.1:{port}", "application:application"],
        port=15_311,
        ready="/v1/secrets",
        settings=SETTINGS,
        cases={"examples.toml": EXAMPLES},
        options=["--allow-changes barbican"],
    )
)
