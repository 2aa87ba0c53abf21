#!/usr/bin/env python3
"""OpenStack Placement with SQLite, without Keystone, beside its own API reference.

DOCS: `api-ref/source` of openstack/placement at tag 16.0.0.
"""

from field import Server, main

CONFIGURATION = """\
[placement_database]
connection = sqlite:///{work}/placement.db
sync_on_startup = true
[api]
auth_strategy = noauth2
"""

SETTINGS = """\
[target.field]
endpoint = "http://127.0.0.1:{port}"
mode = "full"
project = "0123456789abcdef0123456789abcdef"
resources = { "placement.user_id" = "fedcba9876543210fedcba9876543210", "placement.resource_provider_uuid" = "0a0a0a0a-0000-4000-8000-000000000001", "placement.resource_class" = "VCPU", "placement.consumer_uuid" = "0a0a0a0a-0000-4000-8000-000000000002" }
headers = { "OpenStack-API-Version" = "placement 1.39" }
auth = { token_env = "FIELD_TOKEN" }
"""

# What names of classes and traits begin with, how a search is written, and that a provider has traits
# that are there.
EXAMPLES = """\
operations.UpdateResourceClass.example."path.name" = "CUSTOM_FIELD"
operations.UpdateTraits.example."path.name" = "CUSTOM_FIELD"
operations.AllocationCandidates.example."query.resources" = "VCPU:1"
operations.UpdateResourceProviderTraits.bind."request.traits[]" = "placement.trait_name"
"""

# A provider with an inventory, and what is allocated of it: without one there is nothing to find.
STOCK = """\
POST /resource_providers {"name": "field", "uuid": "0a0a0a0a-0000-4000-8000-000000000001"}
PUT /resource_providers/0a0a0a0a-0000-4000-8000-000000000001/inventories {"resource_provider_generation": 0, "inventories": {"VCPU": {"total": 16}}}
PUT /allocations/0a0a0a0a-0000-4000-8000-000000000002 {"allocations": {"0a0a0a0a-0000-4000-8000-000000000001": {"resources": {"VCPU": 1}}}, "project_id": "0123456789abcdef0123456789abcdef", "user_id": "fedcba9876543210fedcba9876543210", "consumer_generation": null, "consumer_type": "INSTANCE"}
"""

main(
    Server(
        name="placement",
        title="Placement 16.0.0",
        documentation="openstack/placement, tag 16.0.0, api-ref/source",
        pip=["openstack-placement==16.0.0", "gunicorn==23.0.0"],
        files={"placement.conf": CONFIGURATION},
        environment={"OS_PLACEMENT_CONFIG_DIR": "{work}"},
        # One worker without threads: SQLite refuses a second writer.
        command=["{bin}/gunicorn", "-b", "127.0.0.1:{port}", "placement.wsgi.api:application"],
        port=18_778,
        ready="/",
        settings=SETTINGS,
        cases={"examples.toml": EXAMPLES},
        stock=STOCK,
        options=["--allow-changes placement"],
    )
)
