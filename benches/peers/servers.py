"""The servers that both tools are run against: what is installed, and how each starts."""

from dataclasses import dataclass, field

SCHEMATHESIS = "schemathesis==4.32.5"


@dataclass
class Server:
    """One server. `{bin}`, `{port}`, `{folder}` and `{here}` stand for what a run uses."""

    name: str
    title: str
    packages: list[str]
    command: list[str]
    # Where it serves its document, and what stands before the paths of it.
    document: str
    base: str = ""
    # The credential, as a header.
    header: str = ""
    docproof: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)


KINTO = """\
[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.userid_hmac_secret = peers
multiauth.policies = basicauth
kinto.bucket_create_principals = system.Authenticated

[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = ERROR
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = plain

[formatter_plain]
format = %(message)s
"""

SERVERS = {
    server.name: server
    for server in [
        Server(
            name="shop",
            title="the shop",
            packages=["fastapi==0.165.0", "uvicorn==0.54.0"],
            command=["{bin}/python", "{here}/shop.py", "{port}"],
            document="/openapi.json",
            header="Authorization: Bearer peers-secret",
            docproof=["--bearer", "peers-secret"],
        ),
        Server(
            name="jupyter",
            title="Jupyter Server 2.21.1",
            packages=["jupyter_server==2.21.1"],
            command=[
                "{bin}/jupyter-server",
                "--ServerApp.ip=127.0.0.1",
                "--ServerApp.port={port}",
                "--ServerApp.root_dir={folder}",
                "--IdentityProvider.token=peers",
                "--ServerApp.open_browser=False",
                "--allow-root",
            ],
            document="/api/spec.yaml",
            header="Authorization: token peers",
            docproof=["--header", "Authorization: token peers"],
        ),
        Server(
            name="chroma",
            title="Chroma 1.5.9",
            packages=["chromadb==1.5.9"],
            command=[
                "{bin}/chroma",
                "run",
                "--path",
                "{folder}/data",
                "--host",
                "127.0.0.1",
                "--port",
                "{port}",
            ],
            document="/openapi.json",
            header="x-chroma-token: peers",
            docproof=["--api-key", "x-chroma-token=peers"],
        ),
        Server(
            name="kinto",
            title="Kinto 26.5.0",
            packages=["kinto==26.5.0"],
            command=["{bin}/kinto", "start", "--ini", "{folder}/kinto.ini", "--port", "{port}"],
            document="/v1/__api__",
            base="/v1",
            header="Authorization: Basic cGVlcnM6cGVlcnM=",
            docproof=["--basic", "peers:peers"],
            files={"kinto.ini": KINTO},
        ),
    ]
}
