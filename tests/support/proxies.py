"""nginx and Caddy of Debian with the examples of docs/operating, private to one test."""

from __future__ import annotations

import functools
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
EXAMPLES = CHECKOUT / "docs/operating"
END_WITH_US = ("setpriv", "--pdeathsig", "KILL")
START_LIMIT = 30.0


@functools.cache
def installed() -> Path:
    """The folder the proxies were unpacked into, fetching them first where they are missing. Raises when that fails."""
    done = subprocess.run([CHECKOUT / "scripts/proxies"], capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(f"scripts/proxies failed: {done.stderr.strip()}")
    return Path(done.stdout.split()[-1])


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and its key."""
    files = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run(command, check=True, capture_output=True)
    return files


def trusting(certificate: Path) -> ssl.SSLContext:
    """A client that believes this certificate."""
    return ssl.create_default_context(cafile=str(certificate))


def changed(text: str, places: dict[str, str]) -> str:
    """The example at other places; each one must be in it, so that the example cannot drift from its test."""
    for place, other in places.items():
        assert place in text, place
        text = text.replace(place, other)
    return text


@contextmanager
def nginx(folder: Path, port: int, upstream: str) -> Iterator[None]:
    """nginx with our example, at https://localhost:`port`."""
    cert, key = certificate(folder)
    places = {"listen 443 ssl": f"listen 127.0.0.1:{port} ssl", "listen 80;": f"listen unix:{folder}/plain;"}
    places |= {"127.0.0.1:8000": upstream, "atiende.example.org;": "localhost;"}
    live = "/etc/letsencrypt/live/atiende.example.org"
    places |= {f"{live}/fullchain.pem": str(cert), f"{live}/privkey.pem": str(key)}
    site = changed((EXAMPLES / "nginx.conf").read_text(), places)
    paths = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{paths}\n{site}\n}}\n"
    )
    program = installed() / "usr/sbin/nginx"
    with _running([str(program), "-p", str(folder), "-c", str(folder / "nginx.conf")], folder, port):
        yield


@contextmanager
def caddy(folder: Path, port: int, upstream: str) -> Iterator[None]:
    """Caddy with our example, at https://localhost:`port`."""
    cert, key = certificate(folder)
    head = f"https://localhost:{port} {{\n\ttls {cert} {key}"
    site = changed(
        (EXAMPLES / "Caddyfile").read_text(), {"\natiende.example.org {": f"\n{head}", "127.0.0.1:8000": upstream}
    )
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site)
    program = installed() / "usr/bin/caddy"
    with _running([str(program), "run", "--config", str(folder / "Caddyfile")], folder, port):
        yield


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    said = folder / "said"
    environment = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    if not shutil.which(END_WITH_US[0]):
        raise RuntimeError("setpriv is missing")
    with said.open("w") as out:
        process = subprocess.Popen(
            [*END_WITH_US, *command], env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL
        )
    try:
        deadline = time.monotonic() + START_LIMIT
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command[0]} does not start: {said.read_text()[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except OSError:
        return False
    return True
