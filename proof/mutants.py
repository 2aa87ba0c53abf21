#!/usr/bin/env python3
"""Breaches that are put in front of a real server, and how many of them docproof finds.

    python3 proof/mutants.py alertmanager DOCS [--docproof PATH] [--work DIR] [--port N] [--only N]

The server of the script of that name runs behind a proxy of this machine that changes one thing in
what passes it. A breach is found where docproof says of the broken one, at `must` or `should`, what
it did not say in two runs against the proxy that changes nothing.
"""

import argparse
import http.client
import json
import os
import re
import runpy
import shutil
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import field

HERE = Path(__file__).resolve().parent
CORRECT = "nothing is changed"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def first(value, fits, change):
    """The value with the first part that fits changed, the outermost first; whether there was one."""
    level = [(None, None, value)]
    while level:
        for above, key, part in level:
            if fits(part):
                if above is None:
                    return change(part), True
                above[key] = change(part)
                return value, True
        level = [
            (part, key, below)
            for _, _, part in level
            for key, below in (
                part.items()
                if isinstance(part, dict)
                else enumerate(part) if isinstance(part, list) else ()
            )
        ]
    return value, False


def of_json(fits, change):
    """A breach of the bodies of successes."""

    def broken(answer, _request):
        if 200 <= answer["status"] < 300 and answer["body"]:
            try:
                value, is_found = first(json.loads(answer["body"]), fits, change)
            except ValueError:
                return
            if is_found:
                answer["body"] = json.dumps(value).encode()

    return broken


def is_text(value) -> bool:
    return isinstance(value, str) and value != ""


def is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def without_last(value: dict) -> dict:
    """An object of several fields without its last one."""
    return dict(list(value.items())[:-1])


def status(fits, code):
    def broken(answer, request):
        if fits(answer, request):
            answer["status"] = code

    return broken


def is_success(answer, _request) -> bool:
    return 200 <= answer["status"] < 300


def is_refusal(answer, _request) -> bool:
    return 400 <= answer["status"] < 500


def body(fits, text, kind="application/json"):
    def broken(answer, request):
        if fits(answer, request):
            answer["body"] = text
            answer["headers"]["Content-Type"] = kind

    return broken


def cut(answer, request):
    if is_success(answer, request) and len(answer["body"].strip()) > 2:
        answer["body"] = answer["body"].strip()[:-1]


def as_text(answer, request):
    if is_success(answer, request) and answer["body"]:
        answer["headers"]["Content-Type"] = "text/plain"


def of_method(*methods):
    return lambda answer, request: is_success(answer, request) and request["method"] in methods


# What is changed, with what is done to an answer; what is done to a request stands below.
ANSWERS = {
    CORRECT: lambda answer, request: None,
    "a read answers 202": status(of_method("GET"), 202),
    "a write answers 203": status(of_method("POST", "PUT", "PATCH", "DELETE"), 203),
    "what is refused answers 500": status(is_refusal, 500),
    "what is refused answers 200": status(is_refusal, 200),
    "a refusal has the text of an SQL error": body(
        is_refusal, b'{"message": "near \\"FROM\\": syntax error: SELECT id FROM items WHERE id = 1"}'
    ),
    "an answer lacks its last field": of_json(
        lambda part: isinstance(part, dict) and len(part) > 1, without_last
    ),
    "a number is shown as text": of_json(is_number, str),
    "a text is shown as a number": of_json(is_text, lambda _: 7),
    "a true or false is shown as text": of_json(lambda part: isinstance(part, bool), str),
    "a text is shown as null": of_json(is_text, lambda _: None),
    "a list is shown as an object": of_json(
        lambda part: isinstance(part, list), lambda part: {"items": part}
    ),
    "a time is shown that is none": of_json(
        lambda part: isinstance(part, str) and TIME.match(part), lambda _: "yesterday"
    ),
    "JSON is cut by its last byte": cut,
    "JSON is called plain text": as_text,
    "an answer of JSON is empty": body(of_method("GET"), b""),
}


def without_query(request):
    request["target"] = request["target"].split("?")[0]


def is_write(request) -> bool:
    return request["method"] in ("POST", "PUT", "PATCH", "DELETE")


# What is done to a request before the server sees it.
REQUESTS = {
    "a read ignores its query": lambda request: (
        without_query(request) if request["method"] == "GET" else None
    ),
    "a body is not looked at": lambda request: (
        request.update(body=request["kept"].setdefault(request["target"], request["body"]))
        if request["method"] in ("POST", "PUT") and request["body"]
        else None
    ),
    "a delete answers and deletes nothing": lambda request: (
        request.update(method="GET") if request["method"] == "DELETE" else None
    ),
    "a method that is not documented is served as a read": lambda request: (
        request.update(method="GET", body=b"") if request["method"] == "PATCH" else None
    ),
}


def proxy(port: int, upstream: int, breach: str, touched: list) -> ThreadingHTTPServer:
    """A proxy that breaks one thing; `touched` says of what passes whether it was changed."""
    kept: dict = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self):
            length = int(self.headers.get("Content-Length") or 0)
            request = {"method": self.command, "target": self.path, "kept": kept}
            request["body"] = self.rfile.read(length)
            asked = (request["method"], request["target"], request["body"])
            REQUESTS.get(breach, lambda _: None)(request)
            server = http.client.HTTPConnection("127.0.0.1", upstream, timeout=30)
            # What is compressed could not be broken.
            kept_back = (*HOP, "accept-encoding")
            passed = {k: v for k, v in self.headers.items() if k.lower() not in kept_back}
            if request["body"] or is_write(request):
                passed["Content-Length"] = str(len(request["body"]))
            try:
                server.request(request["method"], request["target"], request["body"], passed)
                told = server.getresponse()
                headers = {k: v for k, v in told.getheaders() if k.lower() not in HOP}
                answer = {"status": told.status, "headers": headers, "body": told.read()}
            except (OSError, http.client.HTTPException):
                # What the server leaves without an answer stays without one.
                self.close_connection = True
                return
            finally:
                server.close()
            before = answer | {"headers": dict(headers)}
            ANSWERS.get(breach, ANSWERS[CORRECT])(answer, {"method": self.command})
            touched.append(asked != (request["method"], request["target"], request["body"]))
            touched.append(before != answer)
            self.send_response_only(answer["status"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            is_bare = answer["status"] in (204, 304) or self.command == "HEAD"
            if not is_bare:
                self.send_header("Content-Length", str(len(answer["body"])))
            self.end_headers()
            if not is_bare:
                self.wfile.write(answer["body"])

        def log_message(self, *_):
            pass

        def __getattr__(self, name):
            # Every method is passed on, also one that nobody has heard of.
            if name.startswith("do_"):
                return self.handle_one
            raise AttributeError(name)

    ThreadingHTTPServer.request_queue_size = 128
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


HOP = ("content-length", "transfer-encoding", "connection", "keep-alive")


def said(server, options, work: Path, breach: str, touched: list) -> set:
    """What docproof says of a fresh server behind the proxy."""
    folder = work / server.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    root = field.installed(server, work)
    upstream = options.port + 1
    given = {"root": root, "bin": root / "bin", "work": folder, "docs": options.docs}
    given |= {"port": upstream, "user": "", "group": ""}
    running = field.Running(server, given)
    with running:
        front = proxy(options.port, upstream, breach, touched)
        running.given = given | {"port": options.port}
        try:
            report = field.tried(server, options, folder, running)
        finally:
            front.shutdown()
            front.server_close()
    findings = [one for one in report["findings"] if one["level"] != "may"]
    findings += [beside["finding"] for one in findings for beside in one.get("related", [])]
    return {(one["fact"], one["check"], json.dumps(one.get("fingerprint"))) for one in findings}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server")
    parser.add_argument("docs", type=Path, nargs="?")
    parser.add_argument("--docproof", default=os.environ.get("DOCPROOF", "docproof"))
    parser.add_argument("--work", type=Path, help="a folder that is kept, and used again")
    parser.add_argument("--port", type=int, default=15_200, help="and the one after it")
    parser.add_argument("--only", help="the breaches whose words have this in them")
    options, options.more = parser.parse_known_args()
    options.docs = options.docs and options.docs.resolve()
    found_server = []
    field.main = found_server.append
    runpy.run_path(str(HERE / f"{options.server}.py"))
    server = found_server[0]
    work = (options.work or Path(tempfile.mkdtemp(prefix="docproof-mutants-"))).resolve()
    try:
        twice = [said(server, options, work, CORRECT, []) for _ in range(2)]
        correct = twice[0] | twice[1]
        print(f"{server.title}: {len(correct)} said of it behind a proxy that changes nothing")
        tally = []
        for breach in [*list(ANSWERS)[1:], *REQUESTS]:
            if options.only and options.only not in breach:
                continue
            touched: list = []
            more = said(server, options, work, breach, touched) - correct
            # Where no answer has a time, none can be shown wrong.
            if any(touched):
                tally.append(bool(more))
            told = (len(more) or "-") if any(touched) else "nothing to break"
            example = " ".join(min(more)[:2]) if more else ""
            print(f"| {breach} | {told} | {example} |", flush=True)
        print(f"| **found** | **{sum(tally)} of {len(tally)}** | |")
    finally:
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
