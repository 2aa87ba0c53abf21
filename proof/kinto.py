#!/usr/bin/env python3
"""Kinto with its store in memory, beside the Swagger document that it serves itself."""

from field import main, of_its_own

CONFIGURATION = """\
[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.userid_hmac_secret = field
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

main(
    of_its_own(
        "kinto",
        title="Kinto 26.5.0",
        documentation="its own /v1/__api__",
        document="/v1/__api__",
        pip=["kinto==26.5.0"],
        files={"kinto.ini": CONFIGURATION},
        command=["{bin}/kinto", "start", "--ini", "{work}/kinto.ini", "--port", "{port}"],
        port=15_889,
        ready="/v1/",
        base="/v1",
        options=("--basic field:field",),
    )
)
