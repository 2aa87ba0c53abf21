#!/usr/bin/env bash
# drf-spectacular 0.30.0 with djangorestframework 3.18.3 (PyPI): the form in which a field is
# written does not reach the document.
#
# `UUIDField(format="int")`, `DateField(format="%d.%m.%Y")` and a method that returns a `timedelta`
# are documented as `format: uuid`, `format: date` and `format: duration`, as the same fields are
# without an own form. The serializer and the JSON renderer of the same application write a number
# of up to 39 digits, `02.01.2026` and `"86400.0"`.
#
# Expected: no format, or one that the answers have. JSON Schema Validation 2020-12, 7.3: `uuid` is
# RFC 4122's text form, `date` and `duration` are RFC 3339's. A contract test that asserts formats
# fails on each answer of a server that does what its code says.
#
# Seen: identifier documented as uuid, answered 9424700545868379173519127404616881301
#       day documented as date, answered "02.01.2026"
#       length documented as duration, answered "86400.0"
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    drf-spectacular==0.30.0 djangorestframework==3.18.3 Django==5.2.19
"$scratch/venv/bin/python" - <<'EOF'
import json, sys, uuid
from datetime import date, timedelta
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="none", ROOT_URLCONF=__name__, INSTALLED_APPS=["rest_framework", "drf_spectacular"],
    REST_FRAMEWORK={"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
                    "DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
    ALLOWED_HOSTS=["*"])
django.setup()
from django.test import Client
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

class Loan(serializers.Serializer):
    identifier = serializers.UUIDField(format="int")
    day = serializers.DateField(format="%d.%m.%Y")
    length = serializers.SerializerMethodField()

    def get_length(self, loan) -> timedelta:
        return loan["until"] - loan["day"]

class Loans(APIView):
    @extend_schema(responses=Loan)
    def get(self, request):
        loan = {"identifier": uuid.UUID(int=9424700545868379173519127404616881301),
                "day": date(2026, 1, 2), "until": date(2026, 1, 3)}
        return Response(Loan(loan).data)

urlpatterns = [path("loan", Loans.as_view())]
document = SchemaGenerator().get_schema(request=None, public=True)
documented = {name: schema["format"]
              for name, schema in document["components"]["schemas"]["Loan"]["properties"].items()}
answered = json.loads(Client().get("/loan", headers={"accept": "application/json"}).content)
for name, value in answered.items():
    print(f"{name} documented as {documented[name]}, answered {json.dumps(value)}")
if documented != {"identifier": "uuid", "day": "date", "length": "duration"}:
    sys.exit("changed: other formats are documented")
if answered != {"identifier": 9424700545868379173519127404616881301, "day": "02.01.2026",
                "length": "86400.0"}:
    sys.exit("changed: other values are answered")
EOF
