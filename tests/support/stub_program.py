"""Stands in for `atiende` where only the supervisor is tested: the real `up`, with programs that do nothing but run.

`python -m atiende.tests.support.stub_program up …` is the real supervisor; its children are this file again.
"""

from __future__ import annotations

import http.server
import os
import signal
import sys
import threading

from atiende.server import cli
from atiende.server.up import supervisor


class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["ATIENDE_DATABASE_URL"].encode())

    def log_message(self, *_: object) -> None:
        pass


def main() -> int:
    name = sys.argv[1]
    if name == "up":
        supervisor.PROGRAM[:] = [sys.executable, "-P", "-m", "atiende.tests.support.stub_program"]
        return cli.main()
    if name == "web":
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["ATIENDE_PORT"])), Ready).serve_forever()
    if name in ("worker", "bridge"):
        threading.Event().wait()
    if name == "prepare":
        print("prepared")
    return 0


if __name__ == "__main__":
    sys.exit(main())
