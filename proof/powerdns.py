#!/usr/bin/env python3
"""PowerDNS's authoritative server with SQLite, beside its own Swagger document.

DOCS: `docs/http-api/swagger` of PowerDNS/pdns at tag auth-4.7.3.
"""

from field import Server, main

CONFIGURATION = """\
launch=gsqlite3
gsqlite3-database={work}/zones.db
gsqlite3-dnssec=yes
module-dir={root}/usr/lib/x86_64-linux-gnu/pdns
socket-dir={work}
local-address=127.0.0.1
local-port=15353
api=yes
api-key=field
webserver-address=127.0.0.1
webserver-port={port}
"""

DATABASE = """\
import pathlib, sqlite3
schema = pathlib.Path("{root}/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql")
sqlite3.connect("{work}/zones.db").executescript(schema.read_text())
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
resources = { "powerdns.server_id" = "localhost", "powerdns.metadata_kind" = "ALLOW-AXFR-FROM", "powerdns.ip" = "127.0.0.9" }
"""

EXAMPLES = """\
operations.createZone.example.request = { name = "field.example.", kind = "Native", nameservers = ["ns.field.example."], masters = ["127.0.0.1"] }
operations.putZone.example.request = { kind = "Native", account = "field", masters = ["127.0.0.1"] }
operations.patchZone.example.request = { rrsets = [] }
operations.createTSIGKey.example.request = { name = "field", algorithm = "hmac-sha256" }
operations.createCryptokey.example.request = { keytype = "csk", active = true }
operations.createMetadata.example.request = { kind = "ALLOW-AXFR-FROM", metadata = ["127.0.0.1"] }
operations.createAutoprimary.example.request = { ip = "127.0.0.9", nameserver = "ns.field.example", account = "field" }
operations.searchData.example = { "query.q" = "*", "query.max" = 10, "query.object_type" = "all" }
operations.cacheFlushByName.example."query.domain" = "field.example."
"""

main(
    Server(
        name="powerdns",
        title="PowerDNS 4.7.3",
        documentation="PowerDNS/pdns, tag auth-4.7.3, docs/http-api/swagger",
        debian=["pdns-server=4.7.3*", "pdns-backend-sqlite3=4.7.3*"],
        files={"pdns.conf": CONFIGURATION, "database.py": DATABASE},
        before=[["python3", "database.py"]],
        command=["{root}/usr/sbin/pdns_server", "--config-dir={work}", "--daemon=no"]
        + ["--guardian=no", "--disable-syslog"],
        port=15_081,
        ready="/",
        settings=SETTINGS,
        cases={"examples.toml": EXAMPLES},
        options=["--api-key X-API-Key=field", "--allow-changes powerdns"],
    )
)
