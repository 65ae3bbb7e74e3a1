"""What ``make run`` starts: the archive on a machine of one's own, ready to be read and edited.

A child process makes the records ready (caucasus/preparation.py), and then this one becomes granian's. Its workers are forked
from a process that has loaded neither Django nor a connection, so they read the settings as they do in production.
"""

import functools
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from caucasus import database, local

HOST = "127.0.0.1"
WORKERS = min(2, multiprocessing.cpu_count())
THREADS = 4  # in each worker; as many as its pool has connections (caucasus/wsgi.py)
PATIENCE = 5  # seconds, for answers that are under way when the server is stopped


class StartError(Exception):
    """The archive cannot be started; the message says why and what to do."""


def read_port(text: str) -> int:
    """The port that ``PORT`` names, 8000 where it is empty. Raises StartError for anything but a number from 1 to 65535."""
    text = text.strip() or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise StartError(f"PORT={text} is not a port. Right is a number from 1 to 65535: make run PORT=8001")
    return int(text)


def check_port(port: int) -> None:
    """Raises StartError where the port cannot be had. granian alone would share it with another granian."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            reason = f"Port {port} may be used by an administrator only."
        except OSError:
            reason = f"Port {port} is in use; perhaps the archive runs already at http://{HOST}:{port}/."
        else:
            return
    raise StartError(f"{reason} Stop what uses it, or choose another port: make run PORT={other_port(port)}")


def other_port(port: int) -> int:
    """The port to propose instead of this one."""
    return port + 1 if 1024 <= port < 65535 else 8001


def answers(port: int) -> bool:
    """Whether the archive answers at the port that all is well.

    Asked by a bare socket: urllib loads OpenSSL's algorithms even for http, and a worker that is forked meanwhile inherits OpenSSL's
    lock as held by a thread that it does not have. The first password that it checks would wait for ever.
    """
    try:
        with socket.create_connection((HOST, port), PATIENCE) as asked, asked.makefile("rb") as answer:
            asked.sendall(
                f"GET /healthz/ HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode()
            )
            return answer.readline().split()[1:2] == [b"200"]
    except OSError:
        return False


def load_application(launcher: int) -> Callable[..., Any]:
    """The WSGI application, to be called in a worker; the worker ends when the launcher is gone, even if that was killed."""

    def follow() -> None:
        while os.getppid() == launcher:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    # A fork of granian's takes over its way with signals, which is to wait. While it loads, a worker shall end at once when told
    # to; and only the launcher shall hear the terminal's Ctrl-C.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setpgrp()
    threading.Thread(target=follow, daemon=True).start()
    from caucasus.wsgi import application

    return application


def serve(port: int) -> None:
    """Serve the archive until this process is interrupted, terminated or loses its terminal."""
    server = MPServer(
        "caucasus.wsgi:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
    )

    def announce() -> None:
        while not server.interrupt_signal:
            if answers(port):
                local.say("Address", f"http://{HOST}:{port}/  (Ctrl-C stops the archive)")
                return
            time.sleep(0.1)

    def start_announcing() -> None:
        # granian takes the loss of its terminal as a request to start its workers anew.
        signal.signal(signal.SIGHUP, server.signal_handler_interrupt)
        threading.Thread(target=announce, daemon=True).start()

    server.on_startup(start_announcing)
    server.serve(target_loader=functools.partial(load_application, os.getpid()), wrap_loader=False)


def run() -> None:
    """Bring up the archive and serve it. Raises StartError, and KeyboardInterrupt when stopped before it serves."""
    port = read_port(os.environ.get("PORT", ""))
    check_port(port)
    local.configure()
    os.environ.setdefault("HTTPS", "false")
    try:
        database.ensure()
    except database.DatabaseUnavailableError as error:
        raise StartError(str(error)) from error
    embedded = bool(database.users_lock())
    local.say(
        "Database",
        f"PostgreSQL in {database.ARCHIVE.home}" if embedded else "the one that DATABASE_URL names",
    )
    command = [sys.executable, "-m", "caucasus.preparation", *(["--demo-editor"] if embedded else [])]
    if subprocess.run(command, cwd=database.PROJECT_DIR, check=False).returncode != 0:
        raise StartError("The archive was not started.")
    serve(port)


def main() -> None:
    """The whole life of ``make run``, from the first line to the stop of the database."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    failure: str | None = None
    try:
        run()
    except StartError as error:
        failure = str(error)
    except KeyboardInterrupt:
        pass
    finally:
        if database.users_lock():
            stopped = database.leave()
            local.say(
                "Stopped",
                "the archive and its database" if stopped else "the archive; its database is still in use",
            )
    sys.exit(failure)


if __name__ == "__main__":
    main()
