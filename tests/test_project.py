"""The project as a whole: the settings of production under the real web server, and what make, Docker and the locks say."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import psycopg.conninfo
import psycopg.sql
import pytest
import yaml
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection

from caucasus import launcher, preparation

PROJECT = Path(__file__).resolve().parent.parent
KEY = "production-key-of-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
HOST = "archive.example"
PATIENCE = 60
MADE = {".git", ".venv", "var", "node_modules"}

Answer = tuple[int, dict[str, str], bytes]


def production(tmp_path: Path, **settings: str) -> dict[str, str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL") if name in os.environ}
    settings = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": HOST, "STATIC_ROOT": str(tmp_path / "static"), **settings}
    return {**environment, **{name: value for name, value in settings.items() if value}}


def manage(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((launcher.HOST, 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection(launcher.HOST, port, timeout=PATIENCE)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    answer = response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    connection.close()
    return answer


def start_granian(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    command += ["--workers-kill-timeout", "5", "caucasus.wsgi:application"]
    return subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


@pytest.fixture(scope="module")
def web_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of granian with the settings of production, behind a proxy that does HTTPS."""
    environment = production(tmp_path_factory.mktemp("production"), TRUST_FORWARDED_PROTO="true")
    collected = manage("collectstatic", "--no-input", "--verbosity", "0", environment=environment)
    assert (collected.returncode, collected.stderr) == (0, "")
    port = free_port()
    with start_granian(port, environment) as process:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and process.poll() is None:
            try:
                get(port, "/healthz/")
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield port
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def test_health_is_told_over_plain_http_and_under_any_name(web_server):
    status, headers, body = get(web_server, "/healthz/", Host="10.0.0.7")
    assert (status, headers["cache-control"], body) == (200, "no-store", b"ok\n")


def test_plain_http_is_redirected(web_server):
    status, headers, _ = get(web_server, "/admin/login/?next=/admin/", Host=HOST)
    assert (status, headers["location"]) == (301, f"https://{HOST}/admin/login/?next=/admin/")


def test_pages_come_with_the_headers_of_production(web_server):
    status, headers, body = get(web_server, "/admin/login/", Host=HOST, X_Forwarded_Proto="https")
    assert (status, headers["strict-transport-security"]) == (
        200,
        "max-age=31536000; includeSubDomains; preload",
    )
    assert re.fullmatch(
        r"__Host-csrftoken=\w+; expires=[^;]+; HttpOnly; Max-Age=\d+; Path=/; SameSite=Lax; Secure",
        headers["set-cookie"],
    )
    sheet = re.search(rb'href="(/static/admin/css/base\.[0-9a-f]{12}\.css)"', body)
    assert sheet is not None
    status, headers, _ = get(
        web_server, sheet[1].decode(), Host=HOST, X_Forwarded_Proto="https", Accept_Encoding="br"
    )
    assert (status, headers["cache-control"], headers["content-encoding"]) == (
        200,
        "max-age=315360000, public, immutable",
        "br",
    )


def test_a_host_that_is_not_ours_is_refused(web_server):
    assert get(web_server, "/admin/login/", Host="elsewhere.example", X_Forwarded_Proto="https")[0] == 400


def test_health_tells_when_the_database_does_not_answer(client, monkeypatch):
    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/healthz/")
    assert (response.status_code, response.content) == (503, b"The database does not answer.\n")


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("SECRET_KEY", 'Environment variable "SECRET_KEY" not set'),
        ("DATABASE_URL", "DATABASE_URL is not set. Give one, for example DATABASE_URL=postgresql://"),
    ],
)
def test_the_web_server_does_not_start_without(tmp_path, missing, message):
    environment = production(tmp_path)
    del environment[missing]
    with start_granian(free_port(), environment) as process:
        _, complaint = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert message in complaint.decode()


def test_deployment_check_finds_nothing(tmp_path):
    result = manage("check", "--deploy", "--fail-level", "WARNING", environment=production(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")


def run_launcher(tmp_path: Path, port: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "caucasus.launcher"]
    environment = production(tmp_path, PORT=port)
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5", "٨٠٠٠", "9" * 5000])
def test_launcher_refuses_what_is_no_port(tmp_path, port):
    with pytest.raises(launcher.StartError) as refused:
        launcher.read_port(port)
    assert str(refused.value) == (
        f"PORT={port} is not a port. Right is a number from 1 to 65535: make run PORT=8001"
    )


def test_launcher_takes_ports_and_their_absence():
    assert [launcher.read_port(text) for text in ("", " 8001 ", "1", "65535")] == [8000, 8001, 1, 65535]


def test_launcher_says_when_the_port_is_in_use(tmp_path):
    with socket.socket() as other:
        other.bind((launcher.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        result = run_launcher(tmp_path, str(port))
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        f"Port {port} is in use; perhaps the archive runs already at http://127.0.0.1:{port}/. Stop what uses it, or choose"
        f" another port: make run PORT={launcher.other_port(port)}\n",
    )


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database of its own on the tests' server."""
    name = f"test_archive_{os.environ['TEST_SESSION']}_{os.getpid()}_launcher"
    address = psycopg.conninfo.conninfo_to_dict(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        identifier = psycopg.sql.Identifier(name)
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(identifier))
        yield psycopg.conninfo.make_conninfo("", **{**address, "dbname": name})
        connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


class TestLauncherAsks:
    """While its workers are forked."""

    @pytest.fixture
    def port(self, request) -> Iterator[int]:
        """Of a server that gives one answer."""
        with socket.create_server(("127.0.0.1", 0)) as server:

            def answer() -> None:
                asked, _address = server.accept()
                with asked:
                    asked.recv(1000)
                    asked.sendall(request.param)

            thread = threading.Thread(target=answer)
            thread.start()
            yield server.getsockname()[1]
            thread.join(PATIENCE)

    @pytest.mark.parametrize(
        ("port", "expected"),
        [
            (b"HTTP/1.1 200 OK\r\n\r\nok", True),
            (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
            (b"", False),
        ],
        indirect=["port"],
    )
    def test_whether_all_is_well_without_openssl(self, port, expected, monkeypatch):
        monkeypatch.setattr(ssl, "SSLContext", None)  # whoever makes one fails
        assert launcher.answers(port) is expected

    def test_where_nobody_listens(self):
        assert launcher.answers(free_port()) is False


def test_launcher_serves_what_it_prepared_and_ends_when_told(tmp_path, empty_database):
    port = free_port()
    environment = production(tmp_path, PORT=str(port), DATABASE_URL=empty_database, ALLOWED_HOSTS="127.0.0.1")
    with subprocess.Popen(
        [sys.executable, "-m", "caucasus.launcher"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Address"):
                break
        assert get(port, "/admin/login/")[0] == 200
        process.send_signal(signal.SIGHUP)
        rest, complaint = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest, complaint) == (0, "", "")
    assert [line[:16].strip() for line in lines if line[0] != " "] == [
        "Database",
        "Migrations",
        "Static files",
        "Sample archive",
        "Index",
        "Sign in",
        "Address",
    ]
    assert lines[0] == "Database        the one that DATABASE_URL names\n"
    assert lines[-1] == f"Address         http://127.0.0.1:{port}/  (Ctrl-C stops the archive)\n"
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM auth_user").fetchone() == (0,)
    with pytest.raises(OSError, match="refused"):
        get(port, "/healthz/")


def sign_in(client: Any, name: str, password: str) -> None:
    """Without a second factor: none is asked on a machine of one's own."""
    data = {"username": name, "password": password.strip(), "next": "/admin/"}
    response = client.post("/admin/login/", data)
    assert (response.status_code, response.url, client.get("/admin/").status_code) == (302, "/admin/", 200)


def test_demo_editor_can_sign_in_and_edit(db, client, tmp_path, monkeypatch):
    file = tmp_path / "var" / "demo-editor.txt"
    monkeypatch.setattr(preparation, "PASSWORD_FILE", file)
    preparation.make_demo_editor()
    account = get_user_model().objects.get()
    groups = sorted(account.groups.values_list("name", flat=True))
    assert (account.username, account.is_staff, account.is_superuser, groups) == (
        "editor",
        True,
        False,
        ["Editor", "Reviewer"],
    )
    assert file.stat().st_mode & 0o777 == 0o600
    sign_in(client, "editor", file.read_text())

    account.set_password("their own")
    account.save()
    preparation.make_demo_editor()
    sign_in(client, "editor", "their own")

    file.unlink()
    preparation.make_demo_editor()
    sign_in(client, "editor", file.read_text())
    assert get_user_model().objects.count() == 1


def make(*words: str, cwd: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess[str]:
    names = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        ["make", *words], cwd=cwd, env=names, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def test_make_lists_its_targets(tmp_path):
    result = make("--no-print-directory", "-C", str(PROJECT), cwd=tmp_path)
    targets = re.findall(r"^  make (\w+) +\S", result.stdout, re.MULTILINE)
    assert targets == [
        "help",
        "run",
        "test",
        "dev",
        "lint",
        "format",
        "types",
        "bench",
        "lock",
        "sample",
        "shell",
        "clean",
    ]
    assert (result.returncode, result.stderr) == (0, "")


def test_make_refuses_a_python_that_does_not_fit(tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    for name in ("Makefile", "manage.py"):
        shutil.copy(PROJECT / name, folder)
    old = tmp_path / "old python"
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac\n')
    old.chmod(0o755)
    result = make("run", cwd=folder, PYTHON=str(old))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines()[0] == (
        f"PYTHON={old} (Python 3.9.2) does not fit: the archive needs Python 3.11, 3.12 or 3.13."
    )


def test_make_says_how_to_get_virtual_environments(tmp_path):
    for name in ("Makefile", "manage.py"):
        shutil.copy(PROJECT / name, tmp_path)
    bare = tmp_path / "python3"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    bare.chmod(0o755)
    result = make("run", cwd=tmp_path, PYTHON=str(bare))
    assert result.stderr.splitlines()[0] == (
        f"{bare} cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv. Then run make again."
    )


def locked(name: str) -> dict[str, str]:
    text = (PROJECT / "requirements" / name).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def test_locks_agree_and_hold_what_the_project_asks_for():
    run, dev = locked("run.txt"), locked("dev.txt")
    assert {name: dev.get(name) for name in run} == run
    project = (PROJECT / "pyproject.toml").read_text()
    asked = re.findall(r'^    "([A-Za-z0-9-]+)[^"]*",$', project.partition("[tool.")[0], re.MULTILINE)
    assert [name for name in asked if name.lower() not in dev] == []
    for name in ("run.txt", "dev.txt"):
        text = (PROJECT / "requirements" / name).read_text()
        entries = re.split(r"\n(?! )", text.strip())
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
        assert re.findall(r"https?:|--index|--find-links|file:", text) == []


def own_files() -> list[Path]:
    """Every text file of the tree that git would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        paths = [PROJECT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for path in PROJECT.rglob("*") if not MADE & set(path.relative_to(PROJECT).parts)]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def test_no_file_names_a_machine_or_an_index():
    # Put together here, so that this file does not hold them itself.
    words = [
        "/" + "work/",
        "/" + "root/",
        "/" + "home/",
        "extra-" + "index-url",
        "index" + "-url =",
        "find" + "-links =",
    ]
    found = {
        str(path.relative_to(PROJECT)): [word for word in words if word in path.read_text(errors="replace")]
        for path in own_files()
    }
    assert {name: words for name, words in found.items() if words} == {}


def compose() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


def test_compose_starts_in_order_with_secrets_from_outside():
    services = compose()["services"]
    assert sorted(services) == ["database", "migrate", "proxy", "web"]
    healthy = {"database": {"condition": "service_healthy"}}
    assert services["migrate"]["depends_on"] == healthy
    assert services["web"]["depends_on"] == {
        **healthy,
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert (services["database"]["image"], services["database"]["volumes"]) == (
        "postgres:18",
        ["database:/var/lib/postgresql"],
    )
    assert services["database"]["environment"]["POSTGRES_INITDB_ARGS"] == (
        "--locale-provider=builtin --locale=C.UTF-8"
    )
    assert services["migrate"]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert services["web"]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert services["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"proxy": ["127.0.0.1:${PORT:-8000}:8080"]}


def test_compose_gives_nginx_what_its_configuration_names():
    services, text = compose()["services"], (PROJECT / "deploy/nginx.conf").read_text()
    proxy, web = services["proxy"], services["web"]
    assert proxy["volumes"] == [
        "./deploy:/etc/nginx/archive:ro",
        "static:/srv/archive/static:ro",
        "edge:/srv/archive/edge:ro",
    ]
    assert proxy["command"][:3] == ["nginx", "-c", "/etc/nginx/archive/nginx.conf"]
    assert proxy["depends_on"] == {"web": {"condition": "service_healthy"}}
    roots = [f"{root}/" for root in re.findall(r"^ *root (.+);", text, re.MULTILINE)]
    assert roots == ["/srv/archive/edge/current/", "/srv/archive/", "/etc/nginx/archive/"]
    assert ("listen 8080;" in text, "server web:8000;" in text) == (True, True)
    # Where the image collects the files, and where the archive lays its link.
    image = (PROJECT / "Dockerfile").read_text()
    assert "STATIC_ROOT=/srv/archive/collected" in image
    assert web["volumes"][1:] == ["static:/srv/archive/collected:ro", "edge:/srv/archive/edge"]
    assert services["migrate"]["volumes"] == ["static:/srv/archive/collected"]
    assert web["environment"]["EDGE_DIR"] == "/srv/archive/edge"
    assert proxy["extra_hosts"] == [f"web:{web['networks']['default']['ipv4_address']}"]


def test_example_environment_has_every_name_that_compose_demands():
    text = (PROJECT / "docker-compose.yml").read_text()
    demanded = set(re.findall(r"\$\{(\w+):\?", text))
    example = dict(
        line.split("=", 1)
        for line in (PROJECT / ".env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    assert demanded == {"SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"}
    assert sorted(demanded - example.keys()) == []
    assert set(example) <= set(re.findall(r"\$\{(\w+):", text))
    assert (example["SECRET_KEY"], example["POSTGRES_PASSWORD"]) == ("", "")


def test_compose_hands_on_the_settings_that_it_does_not_decide():
    table = (PROJECT / "docs/operations.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    given = set(compose()["services"]["web"]["environment"]) | {"PORT"}
    assert documented - given == {
        "DATABASE_POOL_SIZE", "DEBUG", "HTTPS", "MEDIA_ROOT", "SECURE_SSL_REDIRECT", "STATIC_ROOT"
    }  # fmt: skip


def test_image_holds_what_it_copies_and_runs_as_nobody_special():
    text = (PROJECT / "Dockerfile").read_text()
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.13-slim", "python:3.13-slim"]
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["archive"]
    assert "pip install --no-cache-dir --require-hashes -r /tmp/run.txt" in text
    assert "/healthz/" in re.findall(r"^HEALTHCHECK .*\n.*", text, re.MULTILINE)[0]
    # Every GRANIAN_ name is one that granian reads.
    options = subprocess.run(
        [sys.executable, "-m", "granian", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "400"},
    ).stdout
    names = re.findall(r"\bGRANIAN_\w+", text)
    assert len(names) == 8
    assert [name for name in names if name not in options] == []


def test_ci_calls_make_test():
    script = PROJECT / ".ci" / "run"
    assert script.read_text() == '#!/bin/sh\nexec make -C "$(dirname "$0")/.." test </dev/null\n'
    assert os.access(script, os.X_OK)
