#!/usr/bin/env python3
"""Prometheus with its own figures, beside its own reference of the query API.

DOCS: `docs/querying/api.md` of prometheus/prometheus at tag v2.42.0 (the file alone, in a folder).
"""

from field import Server, main

CONFIGURATION = """\
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: ["127.0.0.1:{port}"]
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
resources = { "prometheus.label_name" = "job" }
"""

EXAMPLES = """\
[operations.GetApiQuery]
example = { "query.query" = "up" }
"""

main(
    Server(
        name="prometheus",
        title="Prometheus 2.42.0",
        documentation="prometheus/prometheus, tag v2.42.0, docs/querying/api.md",
        debian=["prometheus=2.42.0+ds-5+b6"],
        files={"prometheus.yml": CONFIGURATION},
        command=["{root}/usr/bin/prometheus", "--config.file={work}/prometheus.yml"]
        + ["--storage.tsdb.path={work}/data", "--web.listen-address=127.0.0.1:{port}"]
        + ["--web.enable-admin-api"],
        port=15_090,
        ready="/-/ready",
        settings=SETTINGS,
        cases={"examples.toml": EXAMPLES},
    )
)
