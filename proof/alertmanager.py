#!/usr/bin/env python3
"""Prometheus Alertmanager, beside its own Swagger document.

DOCS: `api/v2/openapi.yaml` of prometheus/alertmanager at tag v0.25.0 (the file alone, in a folder).
"""

from field import Server, main

CONFIGURATION = """\
route:
  receiver: nobody
receivers:
  - name: nobody
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
"""

EXAMPLES = """\
operations.postSilences.example.request = { matchers = [{ name = "instance", value = "nobody", isRegex = false }], startsAt = "2026-01-01T00:00:00Z", endsAt = "2099-01-01T00:00:00Z", createdBy = "field", comment = "field" }
operations.postAlerts.example.request = [{ labels = { alertname = "field" }, annotations = { summary = "field" } }]
operations.getAlerts.example."query.filter" = ['alertname="field"']
operations.getAlertGroups.example."query.filter" = ['alertname="field"']
operations.getSilences.example."query.filter" = ['instance="nobody"']
"""

main(
    Server(
        name="alertmanager",
        title="Alertmanager 0.25.0",
        documentation="prometheus/alertmanager, tag v0.25.0, api/v2/openapi.yaml",
        debian=["prometheus-alertmanager=0.25.0*"],
        files={"alertmanager.yml": CONFIGURATION},
        command=["{root}/usr/bin/prometheus-alertmanager", "--cluster.listen-address="]
        + ["--config.file={work}/alertmanager.yml", "--storage.path={work}/data"]
        + ["--web.listen-address=127.0.0.1:{port}"],
        port=15_093,
        ready="/-/ready",
        settings=SETTINGS,
        options=["--allow-changes alertmanager"],
        cases={"examples.toml": EXAMPLES},
    )
)
