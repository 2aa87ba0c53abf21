#!/usr/bin/env python3
"""Runs docproof and Schemathesis side by side, and prints the tables of `docs/peers.md`.

    python3 benches/peers/run.py --docproof target/release/docproof

installs the servers and Schemathesis at pinned versions into a folder (a temporary one, or that of
`--work`, which is used again), starts each server on this machine, afresh for each run, and gives
both tools the same document.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from servers import SERVERS, SCHEMATHESIS, Server  # noqa: E402

LONGEST = 1800
MODES = {"Schemathesis": [], "Schemathesis, --continue-on-failure": ["--continue-on-failure"]}
PORT = 18_700
NUMBERS = range(1, 21)
# The seconds that docproof has for a run; none for as many as it takes.
BUDGET = ""


@dataclass
class Told:
    """What one run of a tool came to."""

    code: int
    seconds: float
    megabytes: float
    findings: set = field(default_factory=set)
    requests: int = 0


def installed(work: Path, name: str, packages: list[str]) -> Path:
    """The folder of a virtual environment with these packages."""
    folder = work / "env" / name
    done = folder / "done"
    if not done.exists():
        print(f"installing {' '.join(packages)}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [folder / "bin" / "python", "-m", "pip", "-q", "install", *packages]
        subprocess.run(pip, check=True, cwd=folder)
        done.touch()
    return folder / "bin"


def free(port: int) -> int:
    """A port that nobody listens on: this one, or one of those that no other run asks for."""
    for other in range(port, 1 << 16, 200):
        with socket.socket() as asked:
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                asked.bind(("127.0.0.1", other))
            except OSError:
                continue
            return other
    raise SystemExit("no port is free")


class Running:
    """A server that runs in a folder of its own while the block lasts."""

    def __init__(self, work: Path, server: Server, port: int, more: tuple[str, ...] = ()):
        self.bin = installed(work, server.name, server.packages)
        self.server, self.port = server, free(port)
        self.folder = Path(tempfile.mkdtemp(prefix=server.name, dir=work))
        self.more = more

    def __enter__(self) -> str:
        given = {"bin": self.bin, "port": self.port, "folder": self.folder, "here": HERE}
        for name, text in self.server.files.items():
            (self.folder / name).write_text(text.format(**given))
        command = [part.format(**given) for part in self.server.command] + list(self.more)
        environment = os.environ | {"HOME": str(self.folder)}
        environment |= {k: v.format(**given) for k, v in self.server.environment.items()}
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.root = f"http://127.0.0.1:{self.port}"
        for _ in range(240):
            time.sleep(0.25)
            if fetched(self.root + self.server.document, self.server.header) is not None:
                return self.root
            if self.process.poll() is not None:
                break
        raise SystemExit(f"{self.server.name} does not start: see {self.folder}/log")

    def __exit__(self, *_):
        # The whole session: some servers start others.
        for end in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, end)
                self.process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def fetched(url: str, header: str) -> bytes | None:
    """What a server answers at a place, if it does."""
    request = urllib.request.Request(url)
    if header:
        name, value = header.split(": ", 1)
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def timed(command: list, folder: Path, output: Path) -> Told:
    """Runs a tool to its end: its exit code, wall time and peak memory."""
    with open(output, "wb") as out:
        begun = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            if time.monotonic() - begun > LONGEST:
                process.kill()
            time.sleep(0.01)
        seconds = time.monotonic() - begun
    # The children's own figures are those of the largest of them.
    return Told(os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss / 1024)


def by_docproof(docproof: str, server: Server, root: str, document: Path, output: Path) -> Told:
    report = output.with_suffix(".json")
    report.unlink(missing_ok=True)
    command = [docproof, "run", document, "--endpoint", root + server.base, *server.docproof]
    if BUDGET:
        command += ["--budget", BUDGET]
    told = timed([*command, "--report", f"json={report}"], output.parent, output)
    if report.exists():
        read = json.loads(report.read_text())
        told.findings = {(f["fact"], f["check"]) for f in read["findings"] if f["level"] != "may"}
        told.requests = read["summary"]["requests"]
    return told


HEADING = re.compile(r"^_+ (.+?) _+$")
FAILURE = re.compile(r"^- (ST\d+ .+?)(?: \(\d+ violations?\))?$")
RECEIVED = re.compile(r"^\s+Received: (\S+)")
CASES = re.compile(r"^\s+(\d+) generated")


def read_schemathesis(text: str) -> tuple[set, int]:
    """The failures that it prints, by operation and kind, and how many requests it made: those of
    an undocumented status by the status too."""
    found, requests, about, failure = set(), 0, "", ""
    for line in text.splitlines():
        if heading := HEADING.match(line):
            about = heading[1]
        elif failed := FAILURE.match(line):
            failure = failed[1]
            found.add((about, failure))
        elif received := RECEIVED.match(line):
            found.discard((about, failure))
            found.add((about, f"{failure} {received[1]}"))
        elif cases := CASES.match(line):
            requests = int(cases[1])
    return found, requests


def by_schemathesis(
    work: Path, server: Server, root: str, document: Path, output: Path, more: list[str]
) -> Told:
    schemathesis = installed(work, "schemathesis", [SCHEMATHESIS]) / "schemathesis"
    header = ["-H", server.header] if server.header else []
    command = [schemathesis, "run", document, "--url", root + server.base, "--seed", "1"]
    with tempfile.TemporaryDirectory(dir=work) as folder:
        told = timed([*command, *header, *more], Path(folder), output)
    told.findings, told.requests = read_schemathesis(output.read_text(errors="replace"))
    return told


def document_of(work: Path, server: Server, root: str) -> Path:
    """The server's own document, as it serves it first."""
    place = work / "out" / f"{server.name}{Path(server.document).suffix or '.json'}"
    if not place.exists():
        place.write_bytes(fetched(root + server.document, server.header) or b"")
    return place


def row(*cells) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def side_by_side(options, work: Path, server: Server) -> None:
    """Both tools on one server: time, memory, and what they found."""
    all_told: dict[str, Told] = {}
    for tool, more in {"docproof": None, **MODES}.items():
        with Running(work, server, PORT) as root:
            document = document_of(work, server, root)
            output = work / "out" / f"{server.name}-{tool.replace(', --', '-')}.txt"
            if more is None:
                told = by_docproof(options.docproof, server, root, document, output)
            else:
                told = by_schemathesis(work, server, root, document, output, more)
            all_told[tool] = told
            print(
                row(
                    f"{server.title}",
                    tool,
                    f"{told.seconds:.1f} s",
                    f"{told.megabytes:.0f} MB",
                    told.requests,
                    len(told.findings),
                ),
                flush=True,
            )


def breach(options, work: Path, number: int, tool: str) -> tuple[int, str, Told]:
    """One tool on the shop with one breach; number 0 is the correct shop."""
    server = SERVERS["shop"]
    port = PORT + 1 + number + 30 * list(MODES).index(tool) if tool in MODES else PORT + 100 + number
    more = (str(number),) if number else ()
    output = work / "out" / f"breach-{number}-{tool.replace(', --', '-')}.txt"
    with Running(work, server, port, more) as root:
        document = document_of(work, server, root)
        if tool == "docproof":
            told = by_docproof(options.docproof, server, root, document, output)
        else:
            told = by_schemathesis(work, server, root, document, output, MODES[tool])
    return number, tool, told


def breaches(options, work: Path) -> None:
    """Which of the shop's breaches each tool finds: what it says beyond what it says of the correct
    shop."""
    from breaches import BREACHES

    tools = ["docproof", *MODES]
    if options.only_docproof:
        tools = ["docproof"]
    installed(work, "shop", SERVERS["shop"].packages)
    installed(work, "schemathesis", [SCHEMATHESIS])
    told: dict[tuple[int, str], Told] = {}
    with ThreadPoolExecutor(options.jobs) as pool:
        runs = [
            pool.submit(breach, options, work, number, tool)
            for tool in tools
            for number in (0, *NUMBERS)
        ]
        for run in runs:
            number, tool, result = run.result()
            told[number, tool] = result
    print(row("", "breach", *tools))
    print(row(*["---"] * (2 + len(tools))))
    found = dict.fromkeys(tools, 0)
    for number in NUMBERS:
        cells = []
        for tool in tools:
            is_found = bool(told[number, tool].findings - told[0, tool].findings)
            found[tool] += is_found
            cells.append("found" if is_found else "-")
        print(row(number, BREACHES[number], *cells))
    print(row("", "found", *[f"{found[tool]} of {len(NUMBERS)}" for tool in tools]))
    print(row("", "said of the correct server", *[len(told[0, tool].findings) for tool in tools]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--docproof", default="target/release/docproof")
    parser.add_argument("--work", help="a folder that is kept and used again")
    parser.add_argument("--only", action="append", help="a server's name, or `breaches`")
    parser.add_argument("--only-docproof", action="store_true")
    parser.add_argument("--budget", default="", help="the seconds that docproof has for a run")
    parser.add_argument("--jobs", type=int, default=1, help="breaches tried side by side")
    parser.add_argument("--port", type=int, default=PORT, help="the first of the ports that are used")
    options = parser.parse_args()
    globals()["PORT"] = options.port
    globals()["BUDGET"] = options.budget
    options.docproof = str(Path(options.docproof).resolve())
    work = Path(options.work or tempfile.mkdtemp(prefix="peers")).resolve()
    (work / "out").mkdir(parents=True, exist_ok=True)
    if options.only_docproof:
        MODES.clear()
    wanted = options.only or [*SERVERS, "breaches"]
    if any(name in SERVERS for name in wanted):
        print(row("server", "tool", "wall time", "peak memory", "requests", "findings"))
        print(row(*["---"] * 6))
    for name in wanted:
        if name in SERVERS:
            side_by_side(options, work, SERVERS[name])
    if "breaches" in wanted:
        print()
        breaches(options, work)
    if not options.work:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
