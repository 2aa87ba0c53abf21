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
operations.GetApiQuery.example = { "query.query" = "up", "query.timeout" = "5s" }
operations.PostApiQuery.example = { "query.query" = "up", "query.timeout" = "5s" }
operations.GetApiQueryRange.example = { "query.query" = "up", "query.start" = "2026-01-01T00:00:00Z", "query.end" = "2026-01-01T01:00:00Z", "query.step" = "60s" }
operations.PostApiQueryRange.example = { "query.query" = "up", "query.start" = "2026-01-01T00:00:00Z", "query.end" = "2026-01-01T01:00:00Z", "query.step" = "60s" }
operations.GetApiLabels.example = { "query.start" = "2026-01-01T00:00:00Z", "query.end" = "2026-01-01T01:00:00Z" }
operations.PostApiLabels.example = { "query.start" = "2026-01-01T00:00:00Z", "query.end" = "2026-01-01T01:00:00Z" }
operations.QueryLabelValues.example = { "query.start" = "2026-01-01T00:00:00Z", "query.end" = "2026-01-01T01:00:00Z" }
operations.GetApiSeries.example = { "query.match[]" = "up", "query.start" = "2026-01-01T00:00:00Z", "query.end" = "2026-01-01T01:00:00Z" }
operations.PostApiSeries.example = { "query.match[]" = "up", "query.start" = "2026-01-01T00:00:00Z", "query.end" = "2026-01-01T01:00:00Z" }
"""

main(
    Server(
        name="prometheus",
        title="Prometheus 2.42.0",
        documentation="prometheus/prometheus, tag v2.42.0, docs/querying/api.md",
        debian=["prometheus=2.42.0*"],
        files={"prometheus.yml": CONFIGURATION},
        command=["{root}/usr/bin/prometheus", "--config.file={work}/prometheus.yml"]
        + ["--storage.tsdb.path={work}/data", "--web.listen-address=127.0.0.1:{port}"]
        + ["--web.enable-admin-api"],
        port=15_090,
        ready="/-/ready",
        gathered=("/api/v1/query?query=up", '"value"'),
        settings=SETTINGS,
        options=["--allow-changes prometheus"],
        cases={"examples.toml": EXAMPLES},
    )
)
