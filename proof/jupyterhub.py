#!/usr/bin/env python3
"""JupyterHub with SQLite and its proxy, beside its own OpenAPI document.

DOCS: `docs/source/_static/rest-api.yml` of jupyterhub/jupyterhub at tag 5.5.1 (the file alone, in a
folder).
"""

from field import Server, main

# Servers of users are small programs, users are whoever asks, and one of them may do all.
CONFIGURATION = """\
from jupyterhub.auth import DummyAuthenticator
from jupyterhub.spawner import SimpleLocalProcessSpawner
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {port} + 100
c.JupyterHub.db_url = "sqlite:///{work}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{work}/cookie"
c.JupyterHub.authenticator_class = DummyAuthenticator
c.JupyterHub.spawner_class = SimpleLocalProcessSpawner
c.JupyterHub.allow_named_servers = True
c.SimpleLocalProcessSpawner.home_dir_template = "{work}/homes/{username}"
c.Spawner.cmd = ["python3", "{work}/single.py"]
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.auth_token = "field"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:%d" % ({port} + 200)
c.Authenticator.allow_all = True
c.JupyterHub.api_tokens = {"0123456789abcdef0123456789abcdef": "owner"}
c.Authenticator.admin_users = {"owner"}
c.JupyterHub.services = [{"name": "field"}]
"""

# A user's server, as the hub sees it: it answers at its own path, and says its version.
SINGLE = """\
import os, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlparse
class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("X-JupyterHub-Version", "5.5.1")
        self.end_headers()
    def log_message(self, *_):
        pass
# Whoever ends the hub may leave it.
last = threading.Timer(1200, os._exit, [0])
last.daemon = True
last.start()
address = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
ThreadingHTTPServer((address.hostname, address.port), Answers).serve_forever()
"""

# The proxy belongs to the processes that are ended with the hub.
START = """\
{root}/node_modules/.bin/configurable-http-proxy --ip 127.0.0.1 --port {port} \\
  --api-ip 127.0.0.1 --api-port $(({port} + 200)) &
exec {bin}/jupyterhub -f {work}/jupyterhub_config.py
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
resources = { "jupyterhub.user_name" = "owner", "jupyterhub.owner" = "owner", "jupyterhub.server_name" = "field", "jupyterhub.group_name" = "guests", "jupyterhub.service_name" = "field" }
"""

STOCK = """\
POST /hub/api/users/owner/servers/field {}
POST /hub/api/groups/guests {}
POST /hub/api/groups/guests/users {"users": ["owner"]}
POST /hub/api/shares/owner/field {"user": "owner"}
POST /hub/api/shares/owner/field {"group": "guests"}
POST /hub/api/share-codes/owner/field {}
"""

CASES = """\
operations = { post-shares-server.example.request = { user = "owner" }, patch-shares-server.example.request = { user = "owner" }, post-share-code.example.request = { expires_in = 3600 } }
"""

main(
    Server(
        name="jupyterhub",
        title="JupyterHub 5.5.1",
        documentation="jupyterhub/jupyterhub, tag 5.5.1, docs/source/_static/rest-api.yml",
        pip=["jupyterhub==5.5.1"],
        npm=["configurable-http-proxy@5.1.0"],
        files={"jupyterhub_config.py": CONFIGURATION, "single.py": SINGLE, "homes/.keep": ""},
        environment={"PATH": "{bin}:/usr/local/bin:/usr/bin:/bin", "CONFIGPROXY_AUTH_TOKEN": "field"},
        command=["bash", "-c", START],
        port=15_700,
        ready="/hub/api/",
        gathered=("/hub/api/", "version"),
        settings=SETTINGS,
        stock=STOCK,
        cases={"shares.toml": CASES},
        options=[
            "--header Authorization: token 0123456789abcdef0123456789abcdef",
            "--allow-changes jupyterhub",
            # It ends the server.
            "--skip shutdown",
            # It sends the hub to another proxy.
            "--skip patch-proxy",
        ],
    )
)
