#!/usr/bin/env python3
"""Chroma, beside the OpenAPI document that it serves itself."""

from field import main, of_its_own

main(
    of_its_own(
        "chroma",
        title="Chroma 1.5.9",
        documentation="its own /openapi.json",
        document="/openapi.json",
        pip=["chromadb==1.5.9"],
        command=["{bin}/chroma", "run", "--path", "{work}/data", "--host", "127.0.0.1"]
        + ["--port", "{port}"],
        port=15_800,
        ready="/api/v2/heartbeat",
    )
)
