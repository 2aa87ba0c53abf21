#!/usr/bin/env python3
"""MLflow's tracking server with SQLite, beside its own REST reference.

DOCS: `docs/source/rest-api.rst` of mlflow/mlflow at tag v2.19.0 (the file alone, in a folder).
"""

from field import Server, main

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
"""

main(
    Server(
        name="mlflow",
        title="MLflow 2.22.5",
        documentation="mlflow/mlflow, tag v2.19.0, docs/source/rest-api.rst",
        pip=["mlflow==2.22.5", "sqlalchemy<2.1"],
        environment={"PATH": "{bin}:/usr/local/bin:/usr/bin:/bin"},
        command=["{bin}/mlflow", "server", "--host", "127.0.0.1", "--port", "{port}", "-w", "1"]
        + ["--backend-store-uri", "sqlite:///{work}/mlflow.db"]
        + ["--default-artifact-root", "{work}/artifacts"],
        port=15_001,
        ready="/health",
        settings=SETTINGS,
    )
)
