#!/usr/bin/env python3
"""httpbin, which answers with what it was asked, beside the Swagger document that it serves itself."""

from field import main, of_its_own

main(
    of_its_own(
        "httpbin",
        title="httpbin 0.10.4",
        documentation="its own /spec.json",
        document="/spec.json",
        pip=["httpbin==0.10.4", "flasgger==0.9.7.1", "gunicorn==23.0.0"],
        command=["{bin}/gunicorn", "--threads", "16", "-b", "127.0.0.1:{port}", "httpbin:app"],
        port=15_080,
        ready="/get",
        # They wait as long as they are asked to.
        options=("--skip drip", "--skip path.delay", "--basic field:field"),
        resources='{ "httpbin.user" = "field", "httpbin.passwd" = "field", "httpbin.qop" = "auth", '
        '"httpbin.algorithm" = "MD5", "httpbin.stale_after" = "never", '
        '"httpbin.set_name" = "field", "httpbin.etag" = "field", "httpbin.n" = "3", '
        '"httpbin.codes" = "200", "httpbin.delay" = "0", "httpbin.value" = "ZmllbGQ=" }',
    )
)
