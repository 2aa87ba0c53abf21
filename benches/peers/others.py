#!/usr/bin/env python3
"""Specmatic, Prism's proxy and Dredd on the shop's breaches, from the same document.

    python3 benches/peers/others.py [--work DIR] [--only TOOL]

prints their columns for the table of `docs/peers.md`. It needs npm, and Java 17 for Specmatic. A
breach is found where a tool says more of it than it says of the correct shop in two runs.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import run
from breaches import BREACHES
from servers import SERVERS

TOKEN = "peers-secret"
PACKAGES = {
    "specmatic": "specmatic@2.55.1",
    "prism": "@stoplight/prism-cli@5.16.0",
    "dredd": "dredd@14.1.0",
}


def program(work: Path, tool: str) -> Path:
    """The program of a tool, which is installed where it is not."""
    folder = work / "npm" / tool
    place = folder / "node_modules" / ".bin" / tool
    if not place.exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, PACKAGES[tool]], check=True)
    return place


def by_specmatic(work: Path, root: str, document: Path) -> set:
    """Its contract tests, which are those of its defaults: the scenarios that fail."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        told = subprocess.run(
            [program(work, "specmatic"), "test", document, f"--testBaseURL={root}"],
            cwd=folder,
            # The token of the security scheme of this name.
            env=os.environ | {"HTTPBearer": TOKEN},
            capture_output=True,
            text=True,
            timeout=600,
        )
    return set(re.findall(r"(?m)^\s*(?:Scenario: )(.*) has FAILED$", told.stdout))


def by_dredd(work: Path, root: str, document: Path) -> set:
    """Its transactions, one of each response that the document shows: those that fail."""
    told = subprocess.run(
        [program(work, "dredd"), document, root, "--header", f"Authorization: Bearer {TOKEN}"],
        cwd=work,
        capture_output=True,
        text=True,
        timeout=600,
    )
    text = re.sub(r"\x1b\[\d*m", "", told.stdout + told.stderr)
    if "processing error" in text:
        raise SystemExit("Dredd refuses the document, and sends nothing")
    return set(re.findall(r"(?m)^fail: (.*?) duration", text))


def sent(url: str, method: str, path: str, body=None, token: str = TOKEN):
    """The body and the violations that the proxy tells of in an answer."""
    request = urllib.request.Request(url + path, method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            text, told = answer.read(), answer.headers.get("sl-violations", "[]")
    except urllib.error.HTTPError as error:
        text, told = error.read(), error.headers.get("sl-violations", "[]")
    own = {
        (method, path.split("?")[0][:7], str(one.get("location")), one.get("code"))
        for one in json.loads(told)
        if one.get("location", [""])[0] == "response"
    }
    try:
        return json.loads(text), own
    except ValueError:
        return None, own


def by_prism(work: Path, root: str, document: Path) -> set:
    """Its proxy judges what passes it; what passes here is one plain request of each operation, what
    is gone, what nobody has, and nobody's request."""
    port = run.free(run.PORT + 150)
    command = [program(work, "prism"), "proxy", document, root, "-p", str(port)]
    url = f"http://127.0.0.1:{port}"
    with open(work / "prism.log", "wb") as log:
        proxy = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(80):
                if run.fetched(f"{url}/items", f"Authorization: Bearer {TOKEN}") is not None:
                    break
                time.sleep(0.25)
            item = {"name": "pen", "colour": "red", "price": 7}
            made, told = sent(url, "POST", "/items", item)
            own = f"/items/{made['id']}"
            for asked in [
                ("GET", "/items?limit=1&offset=0&colour=red"),
                ("GET", own),
                ("PATCH", own, {"price": 8}),
                ("DELETE", own),
                ("GET", own),
                ("GET", "/items/7d0c3f5e-2b64-4e8a-9f17-c6a85d3b9e42"),
                ("GET", "/items", None, ""),
            ]:
                told |= sent(url, *asked)[1]
        finally:
            proxy.terminate()
            proxy.wait(10)
    return told


TOOLS = {"specmatic": by_specmatic, "prism": by_prism, "dredd": by_dredd}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", help="a folder that is kept and used again")
    parser.add_argument("--only", choices=TOOLS, action="append")
    parser.add_argument("--port", type=int, default=run.PORT)
    options = parser.parse_args()
    run.PORT = options.port
    work = Path(options.work or tempfile.mkdtemp(prefix="peers")).resolve()
    (work / "out").mkdir(parents=True, exist_ok=True)
    shop = SERVERS["shop"]

    def told(tool: str, number: int) -> set:
        more = (str(number),) if number else ()
        with run.Running(work, shop, options.port + number, more) as root:
            return TOOLS[tool](work, root, run.document_of(work, shop, root))

    for tool in options.only or TOOLS:
        try:
            correct = told(tool, 0) | told(tool, 0)
        except SystemExit as refused:
            print(f"{PACKAGES[tool]}: {refused}")
            continue
        found = 0
        for number in BREACHES:
            is_found = bool(told(tool, number) - correct)
            found += is_found
            print(f"| {number} | {tool} | {'found' if is_found else '-'} |", flush=True)
        print(f"| {PACKAGES[tool]} | found {found} of {len(BREACHES)} | said of the correct shop: {len(correct)} |")
    if not options.work:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
