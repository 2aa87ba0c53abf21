#!/usr/bin/env python3
"""Node-RED with a user and a token, beside its own reference of the admin API.

DOCS: `docs/api/admin` of node-red/node-red.github.io.
"""

from field import Server, main

# Nothing is installed, and nothing asked of another machine.
CONFIGURATION = """\
module.exports = {
    uiHost: "127.0.0.1",
    uiPort: {port},
    flowFile: "flows.json",
    credentialSecret: "field",
    externalModules: { palette: { allowInstall: false } },
    telemetry: { enabled: false, updateNotification: false },
    diagnostics: { enabled: true },
    runtimeState: { enabled: true },
    logging: { console: { level: "error" } },
    adminAuth: {
        type: "credentials",
        users: [
            {
                username: "field",
                password: "$2b$08$xk/PR99VpRhsWttl2QjSzOp7RjFzqRn0TNBQixLX/sPfjBH9NN4Ga",
                permissions: "*"
            }
        ],
        tokens: async token => (token === "field-token" ? { username: "field", permissions: "*" } : null)
    }
};
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
resources = { "nodered.module" = "node-red", "nodered.set" = "inject" }
"""

# How a token is asked for.
CASES = """\
operations.POSTAuthToken.example.request = { client_id = "node-red-admin", grant_type = "password", scope = "*", username = "field", password = "field" }
"""

main(
    Server(
        name="nodered",
        title="Node-RED 4.1.8",
        documentation="node-red/node-red.github.io, docs/api/admin",
        npm=["node-red@4.1.8"],
        files={"settings.js": CONFIGURATION},
        command=["{root}/node_modules/.bin/node-red", "--userDir", "{work}"]
        + ["--settings", "{work}/settings.js"],
        port=15_880,
        ready="/auth/login",
        settings=SETTINGS,
        cases={"field.toml": CASES},
        # It installs what other machines have.
        options=["--bearer field-token", "--allow-changes nodered", "--skip POSTNodes"],
    )
)
