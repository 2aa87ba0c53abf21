"""What the scripts of this folder share: a server is installed, started, tried and stopped, and
what docproof says of it is compared with what is known to be true of it.

Each script takes the folder of the server's own documentation and says which public repository and
tag hold it:

    python3 proof/placement.py DOCS [--docproof PATH] [--work DIR] [--report FILE]

It needs Python 3.11 and pip, npm or apt for what it installs, below `--work` (a temporary folder if
absent, which is removed at the end); of a Debian package the program alone is unpacked there, and the
libraries that it depends on have to be installed. Servers listen on this machine alone. It exits 0
where docproof finds what the list in `known/` says, no more and no less.
"""

import argparse
import grp
import http.client
import json
import os
import pwd
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
LONGEST = 1200
WAIT = 90


@dataclass
class Server:
    """One server. In its texts `{root}` (where it is installed), `{bin}` (the programs from PyPI),
    `{work}`, `{port}` and `{docs}` stand for what a run uses."""

    # The name of the service, of the list in `known/`, and of what people read.
    name: str
    title: str
    # The public repository of the documentation, its tag, and the folder or file that is given.
    documentation: str
    port: int
    # A path that answers once the server runs.
    ready: str
    command: list[str]
    # What is installed: from PyPI, npm and Debian, each at a version.
    pip: list[str] = field(default_factory=list)
    npm: list[str] = field(default_factory=list)
    debian: list[str] = field(default_factory=list)
    # What is written and run before it starts.
    files: dict[str, str] = field(default_factory=dict)
    before: list[list[str]] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    # What a person writes by hand: `docproof.toml`, files of `cases/SERVICE/`, and options, each
    # a line.
    settings: str = ""
    cases: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    # What is there before the run, each a line: a request as `METHOD PATH BODY`, which has to succeed.
    stock: str = ""
    # A path, and what its answer shows once there is something to be read: what a server measures or
    # gathers by itself takes its time.
    gathered: tuple[str, str] = ()
    # The document that the server tells of itself, where that is the documentation.
    document: str = ""

    def lines(self) -> int:
        """How many lines are written by hand."""
        texts = [self.settings, self.stock, *self.cases.values(), *self.options]
        return sum(bool(line.strip()) for text in texts for line in text.splitlines())


def of_its_own(name: str, base: str = "", options: tuple = (), resources: str = "", **more) -> Server:
    """A server beside the document that it serves itself, everything of which may be tried; `base`
    is the path before those of the document, `resources` what is there, as `docproof.toml` has it."""
    return Server(
        name=name,
        settings=f"""\
[target.field]
endpoint = "http://127.0.0.1:{{port}}{base}"
mode = "full"
{f"resources = {resources}" if resources else ""}
""",
        options=[f"--allow-changes {name}", *options],
        **more,
    )


def run(command: list, **more) -> None:
    """Runs a command that has to succeed."""
    subprocess.run([str(part) for part in command], check=True, **more)


def installed(server: Server, work: Path) -> Path:
    """The folder in which the server is installed, below the working folder."""
    folder = work / "installed" / server.name
    done = folder / "done"
    wanted = "\n".join([*server.pip, *server.npm, *server.debian])
    if not (done.exists() and done.read_text() == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"installing {wanted.replace(chr(10), ', ')}", file=sys.stderr)
        if server.pip:
            run([sys.executable, "-m", "venv", folder])
            run([folder / "bin/python", "-m", "pip", "-q", "install", *server.pip], cwd=folder)
        if server.npm:
            run(["npm", "install", "--silent", "--prefix", folder, *server.npm])
        for package in server.debian:
            run(["apt-get", "-q", "download", package], cwd=folder, stdout=subprocess.DEVNULL)
        for file in folder.glob("*.deb"):
            run(["dpkg-deb", "-x", file, folder])
        done.write_text(wanted)
    return folder


class Running:
    """A server that runs in a folder of its own while the block lasts."""

    def __init__(self, server: Server, given: dict):
        self.server, self.given = server, given
        self.folder = Path(given["work"])
        self.root = f"http://127.0.0.1:{given['port']}"

    def __enter__(self) -> str:
        fill = self.fill
        for name, text in self.server.files.items():
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(fill(text))
        environment = os.environ | {"HOME": str(self.folder)}
        environment |= {name: fill(value) for name, value in self.server.environment.items()}
        self.log = open(self.folder / "server.log", "wb")
        more = {"cwd": self.folder, "env": environment, "stdout": self.log, "stderr": self.log}
        for command in self.server.before:
            run([fill(part) for part in command], **more)
        command = ["timeout", str(LONGEST), *(fill(part) for part in self.server.command)]
        self.process = subprocess.Popen(command, start_new_session=True, **more)
        begun = time.monotonic()
        while time.monotonic() - begun < WAIT:
            if answers(self.root + self.server.ready) and self.is_filled():
                return self.root
            if self.process.poll() is not None:
                break
            time.sleep(0.25)
        tail = (self.folder / "server.log").read_text(errors="replace")[-2000:]
        self.__exit__()
        raise SystemExit(f"{self.server.title} does not start:\n{tail}")

    def __exit__(self, *_) -> None:
        # The whole session: some servers start others.
        for end in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, end)
                self.process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.log.close()

    def is_filled(self) -> bool:
        """Whether what the server gathers by itself is there."""
        if not self.server.gathered:
            return True
        path, text = self.server.gathered
        try:
            with urllib.request.urlopen(self.root + path, timeout=5) as answer:
                return text in answer.read().decode(errors="replace")
        except (urllib.error.URLError, OSError, http.client.HTTPException):
            return False

    def fill(self, text: str) -> str:
        """A text with what this run uses in it."""
        return re.sub(r"\{(root|bin|work|port|docs|user|group)\}", lambda found: str(self.given[found[1]]), text)


def answers(url: str) -> bool:
    """Whether a server answers anything at all."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return False


def stocked(server: Server, running: Running) -> None:
    """Sends what has to be there before the run, with the headers of the target and the options."""
    target = tomllib.loads(running.fill(server.settings))["target"]["field"]
    headers = {"Content-Type": "application/json"} | target.get("headers", {})
    if variable := target.get("auth", {}).get("token_env"):
        headers["X-Auth-Token"] = os.environ[variable]
    for option in server.options:
        if given := re.fullmatch(r"--(?:header|api-key) ([\w-]+)(?:: |=)(.*)", option):
            headers[given[1]] = given[2]
    for line in server.stock.splitlines():
        method, path, body = running.fill(line).split(" ", 2)
        request = urllib.request.Request(running.root + path, body.encode(), headers, method=method)
        with urllib.request.urlopen(request, timeout=30):
            pass


def processor() -> float:
    """The seconds of a processor that what was run to its end has used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tried(server: Server, options, work: Path, running: Running) -> dict:
    """The report of docproof's run against the server that runs."""
    suite, report = work / "suite", work / "report.json"
    stocked(server, running)
    docs = options.docs
    if server.document:
        docs = work / Path(server.document.split("?")[0]).name
        with urllib.request.urlopen(running.root + server.document, timeout=30) as answer:
            docs.write_bytes(answer.read())
    name = ["--service", server.name]
    run([options.docproof, "init", suite, docs, *name], stdout=subprocess.DEVNULL)
    (work / "docproof.toml").write_text(running.fill(server.settings))
    for file, text in server.cases.items():
        place = suite / "cases" / server.name / file
        # What is written by hand comes after what `init` wrote.
        before = place.read_text() if place.exists() else ""
        place.write_text(before + running.fill(text))
    command = [options.docproof, "run", "--suite", suite, "--config", work / "docproof.toml"]
    command += ["--target", "field"]
    command += [part for option in server.options for part in option.split(" ", 1)]
    command += options.more
    before = processor()
    with open(work / "run.txt", "wb") as out:
        code = subprocess.run([*command, "--report", f"json={report}"], stdout=out, stderr=out)
    own = processor() - before
    if code.returncode not in (0, 1) or not report.exists():
        raise SystemExit((work / "run.txt").read_text(errors="replace")[-3000:])
    return json.loads(report.read_text()) | {"own_seconds": own}


def unserved(report: dict) -> set:
    """The operations of which the server says by itself that it does not serve them."""
    refused = {
        finding["fact"].rsplit("::", 2)[0]
        for finding in report["findings"]
        if finding["fact"].endswith("::request::example")
        and finding["fingerprint"] in ({"kind": "status", "code": code} for code in (405, 501))
    }
    shown = re.compile(r"(.*)::response-2\d\d::status")
    proven = (shown.fullmatch(line["fact"]) for line in report["ledger"] if line["state"] == "proven")
    return refused - {found[1] for found in proven if found}


def decided(report: dict) -> str:
    """How many of the facts that can be tested were decided; and of those of the operations that
    the server serves, where it does not serve all."""
    total = report["coverage"]["total"]
    absent = unserved(report)
    served = [one["tally"] for one in report["coverage"]["operations"] if one["operation"] not in absent]
    testable = sum(tally["facts"] - tally["not_testable"] for tally in served)
    known = sum(tally["proven"] + tally["contradicted"] for tally in served)
    more = f" ({1000 * known // testable / 10} % of what is served)" if absent and testable else ""
    return f"{total['percent']} %{more}"


def fits(found: tuple, known: tuple) -> bool:
    """Whether a fact and its check are those of an entry, in which `*` stands for any letters."""
    pattern = re.escape(known[0]).replace(r"\*", ".*")
    return found[1] == known[1] and re.fullmatch(pattern, found[0]) is not None


def compared(server: Server, report: dict) -> bool:
    """Prints what was found beside what is known, and whether they are the same."""
    place = HERE / "known" / f"{server.name}.toml"
    known = tomllib.loads(place.read_text()) if place.exists() else {}
    listed = {(entry["fact"], entry["check"]): entry for entry in known.get("finding", [])}
    found, beside = {}, set()
    for finding in report["findings"]:
        if finding["level"] != "may":
            found.setdefault((finding["fact"], finding["check"]), finding)
            # What has the cause of another finding is told with it, and counts once.
            for related in (one["finding"] for one in finding.get("related", [])):
                beside.add((related["fact"], related["check"]))
    # What hangs on the order in which things are sent is not seen in every run, nor always told of
    # the same field: `*` stands for any.
    steady = {key for key, entry in listed.items() if not entry.get("sometimes")}
    for key in found.keys() - listed.keys():
        fitting = (known for known in listed.keys() - steady if fits(key, known))
        if known := next(fitting, None):
            listed[key] = listed[known]
    new, gone = sorted(found.keys() - listed.keys()), sorted(steady - found.keys() - beside)
    tally = {"true": 0, "loose": 0}
    for key in found.keys() & listed.keys():
        tally[listed[key].get("kind", "true")] += 1
    for fact, check in new:
        print(f"NEW   {fact} {check}: {found[fact, check]['message']}")
    for fact, check in gone:
        print(f"GONE  {fact} {check}: {listed[fact, check]['seen']}")
    total, summary = report["coverage"]["total"], report["summary"]
    print(
        f"| {server.title} | {len(report['coverage']['operations'])} | {total['facts']} "
        f"| {decided(report)} | {tally['true']} | {tally['loose']} | {len(new)} "
        f"| {summary['requests']} | {summary['wall_ms'] / 1000:.0f} "
        f"| {report['own_seconds']:.0f} | {server.lines()} |"
    )
    return not new and not gone


def main(server: Server) -> None:
    """The command line of a script."""
    parser = argparse.ArgumentParser(description=f"{server.title}, {server.documentation}")
    parser.add_argument("docs", type=Path, nargs="?" if server.document else None)
    parser.add_argument("--docproof", default=os.environ.get("DOCPROOF", "docproof"))
    parser.add_argument("--work", type=Path, help="a folder that is kept, and used again")
    parser.add_argument("--port", type=int, help=f"instead of {server.port}")
    parser.add_argument("--report", type=Path, help="where docproof's JSON report is put")
    options, options.more = parser.parse_known_args()
    if options.docs:
        options.docs = options.docs.resolve()
    work = options.work or Path(tempfile.mkdtemp(prefix="docproof-field-"))
    work = work.resolve()
    try:
        folder = work / server.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        given = {"root": installed(server, work), "work": folder}
        given |= {"bin": given["root"] / "bin"}
        given |= {"port": options.port or server.port, "docs": options.docs}
        given |= {"user": pwd.getpwuid(os.getuid())[0], "group": grp.getgrgid(os.getgid())[0]}
        running = Running(server, given)
        with running:
            report = tried(server, options, folder, running)
        if options.report:
            shutil.copy(folder / "report.json", options.report)
        same = compared(server, report)
    finally:
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)
    raise SystemExit(0 if same else 1)
