#!/usr/bin/env python3
"""Chroma, beside the OpenAPI document that it serves itself."""

from field import main, of_its_own

# A collection whose schema has a key of each type that is indexed here.
CASES = """\
operations.create_collection.example.request = { name = "docproof", get_or_create = false, metadata = { text = "a", share = 0.5, flag = true }, schema = { defaults = {}, keys = { flag.bool.bool_inverted_index = { enabled = true, config = {} }, count.int.int_inverted_index = { enabled = false, config = {} }, share.float.float_inverted_index = { enabled = false, config = {} }, word.string.string_inverted_index = { enabled = false, config = {} }, "#embedding".float_list.vector_index = { enabled = true, config = { space = "cosine", source_key = "#document", embedding_function = { type = "known", name = "default", config = {} }, hnsw = { ef_construction = 100, max_neighbors = 16, ef_search = 100, num_threads = 2, batch_size = 100, sync_threshold = 1000, resize_factor = 1.2 } } } } } }
"""

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
        cases={"collections.toml": CASES},
    )
)
