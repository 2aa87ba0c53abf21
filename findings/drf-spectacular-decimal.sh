#!/usr/bin/env bash
# drf-spectacular 0.30.0 with djangorestframework 3.18.3 (PyPI): the pattern of a decimal number is
# kept by texts without a digit, and the bound of a list is not in the document.
#
# `DecimalField(max_digits=6, decimal_places=2)` is documented with the pattern
# `^-?\d{0,4}(?:\.\d{0,2})?$`, in which each part may be absent: `""`, `"-"` and `"."` are valid by
# the document and refused by the serializer that it describes. `ListField(allow_empty=False)` has
# no `minItems`: `[]` is valid and refused likewise.
#
# Expected: a digit that must be there, and `minItems: 1`. What generates values from the document
# (a property test, a client's form) is answered 400 for values that are documented as valid.
#
# Seen: price "" is valid by the document, refused: A valid number is required.
#       price "-" is valid by the document, refused: A valid number is required.
#       price "." is valid by the document, refused: A valid number is required.
#       tags [] is valid by the document, refused: This list may not be empty.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    drf-spectacular==0.30.0 djangorestframework==3.18.3 Django==5.2.19 jsonschema-rs==0.60.3
"$scratch/venv/bin/python" - <<'EOF'
import json, sys
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="none", ROOT_URLCONF=__name__, INSTALLED_APPS=["rest_framework", "drf_spectacular"],
    REST_FRAMEWORK={"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
                    "DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None})
django.setup()
import jsonschema_rs
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.views import APIView

class Article(serializers.Serializer):
    price = serializers.DecimalField(max_digits=6, decimal_places=2)
    tags = serializers.ListField(child=serializers.CharField(), allow_empty=False)

class Articles(APIView):
    @extend_schema(request=Article, responses=Article)
    def post(self, request):
        raise NotImplementedError

urlpatterns = [path("articles", Articles.as_view())]
document = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))
validator = jsonschema_rs.Draft202012Validator(document["components"]["schemas"]["Article"])
right = {"price": "1.50", "tags": ["new"]}
if not Article(data=right).is_valid():
    sys.exit("changed: the plain article is refused")
changed = False
for name, value in [("price", ""), ("price", "-"), ("price", "."), ("tags", [])]:
    body = right | {name: value}
    serializer = Article(data=body)
    documented, accepted = validator.is_valid(body), serializer.is_valid()
    errors = serializer.errors.get(name, [])
    message = " ".join(errors if isinstance(errors, list) else errors["non_field_errors"])
    print(f"{name} {json.dumps(value)} is {'valid' if documented else 'invalid'} by the document, "
          f"{'accepted' if accepted else 'refused'}: {message}")
    changed |= not documented or accepted
if changed:
    sys.exit("changed: the document and the serializer agree about a value")
EOF
