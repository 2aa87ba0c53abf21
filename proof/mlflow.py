#!/usr/bin/env python3
"""MLflow's tracking server with SQLite, beside its own REST reference.

DOCS: `docs/source/rest-api.rst` of mlflow/mlflow at tag v2.19.0 (the file alone, in a folder).
"""

from field import Server, main

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
"""

# Where a model is that nobody has to read, a stage and an alias, and what tags look like.
EXAMPLES = """\
operations.CreateModelVersion.example.request = { name = "field", source = "s3://field/model", tags = [{ key = "field", value = "field" }] }
operations.SearchRuns.example.request = { experiment_ids = ["0"], max_results = 100 }
operations.SearchRuns.bind."request.experiment_ids[]" = "mlflow.experiment_id"
operations.TransitionModelVersionStage.example.request = { name = "field", version = "1", stage = "Staging", archive_existing_versions = false }
operations.SetRegisteredModelAlias.example.request = { name = "field", alias = "field", version = "1" }
operations.SearchExperiments.example.request = { max_results = 100 }
operations.CreateRun.example.request = { experiment_id = "0", tags = [{ key = "field", value = "field" }] }
operations.CreateExperiment.example.request = { name = "field", tags = [{ key = "field", value = "field" }] }
operations.CreateRegisteredModel.example.request = { name = "field", tags = [{ key = "field", value = "field" }] }
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
        cases={"examples.toml": EXAMPLES},
        options=["--allow-changes mlflow"],
    )
)
