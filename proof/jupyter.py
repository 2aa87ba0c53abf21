#!/usr/bin/env python3
"""Jupyter Server, beside the Swagger document that it serves itself."""

from field import main, of_its_own

main(
    of_its_own(
        "jupyter",
        title="Jupyter Server 2.21.1",
        documentation="its own /api/spec.yaml",
        document="/api/spec.yaml?token=field",
        pip=["jupyter_server==2.21.1"],
        command=["{bin}/jupyter-server", "--ServerApp.ip=127.0.0.1", "--ServerApp.port={port}"]
        + ["--ServerApp.root_dir={work}/files", "--IdentityProvider.token=field"]
        + ["--ServerApp.open_browser=False", "--allow-root"],
        files={"files/field.txt": "field"},
        port=15_888,
        ready="/api",
        options=("--header Authorization: token field",),
    )
)
