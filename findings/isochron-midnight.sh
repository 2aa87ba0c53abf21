#!/usr/bin/env bash
# isochron 0.1.0 and aniso8601 10.0.1, with python-dateutil 2.9.0.post0 to compare (PyPI): the end
# of a day is read as its beginning.
#
# `2026-01-02T24:00:00Z` is read by both as 2026-01-02T00:00:00, and written so by isochron. The
# last second of 2016, `2016-12-31T23:59:60Z`, is 23:59:59.999999 for isochron, without a word, and
# an error for the other. `2026-01-02T23:59:59Z` is read well by all.
#
# Expected: 2026-01-03T00:00:00. ISO 8601, 4.2.3 of the edition of 2004, and again since the
# amendment of 2022: 24:00:00 is the end of a calendar day, which is the beginning of the next one;
# XML Schema Part 2, 3.2.7.1, says so too. RFC 3339, 5.6, has :60 for leap seconds. A time limit
# "until January 2, 24:00" has passed before the day begins, and an interval from noon ends before
# it starts.
#
# Seen: isochron 2026-01-02 00:00:00, aniso8601 the same, dateutil 2026-01-03 00:00:00
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    isochron==0.1.0 aniso8601==10.0.1 python-dateutil==2.9.0.post0
"$scratch/venv/bin/python" - <<'EOF'
import sys
import aniso8601, isochron
from dateutil.parser import isoparse

readers = {"isochron": isochron.parse_datetime, "aniso8601": aniso8601.parse_datetime, "dateutil": isoparse}
seen = {name: read("2026-01-02T24:00:00Z").strftime("%F %T") for name, read in readers.items()}
before = {read("2026-01-02T23:59:59Z").strftime("%F %T") for read in readers.values()}
leap = isochron.format_datetime(isochron.parse_datetime("2016-12-31T23:59:60Z"))
print(seen, before, leap)
if seen != {"isochron": "2026-01-02 00:00:00", "aniso8601": "2026-01-02 00:00:00", "dateutil": "2026-01-03 00:00:00"}:
    sys.exit("changed: the end of the day is read otherwise")
if before != {"2026-01-02 23:59:59"} or leap != "2016-12-31T23:59:59.999999Z":
    sys.exit("changed: other times are read otherwise")
EOF
