#!/usr/bin/env python3
"""Jupyter Server, beside the Swagger document that it serves itself."""

from field import main, of_its_own

# What stands for a kernel: it runs until it is interrupted, and costs nothing.
KERNEL = """\
{"argv": ["sleep", "600"], "display_name": "Field", "language": "none"}
"""

# What a file or a session begins with, and what the path of one calls otherwise than its answer.
CASES = """\
operations.put_api_contents_path.example.request = { type = "file", format = "text", content = "field" }
operations.post_api_kernels.example.request = { name = "python3" }
operations.post_api_sessions.example.request = { path = "field.ipynb", name = "field", type = "notebook" }
[[fixtures]]
key = "jupyter.session"
create = "post_api_sessions"
id = "/id"
show = "get_api_sessions_session"
change = "patch_api_sessions_session"
delete = "delete_api_sessions_session"
"""

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
        files={
            "files/field.txt": "field",
            ".local/share/jupyter/kernels/python3/kernel.json": KERNEL,
        },
        cases={"field.toml": CASES},
        port=15_888,
        ready="/api",
        options=("--header Authorization: token field",),
    )
)
