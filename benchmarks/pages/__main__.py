"""How fast the public pages are in archives of several sizes, beside the bare SQL and the naive way.

    python -m benchmarks.pages [QUOTATIONS ...] [--only /meetings/] [--starts 3] [--rounds 20]        (make bench SIZES="10000 100000 1000000")

Makes the archives that are missing (manage.py generate_archive, seed 1), serves each as `make run` does, and asks the addresses of
addresses.py over HTTP: cold (for the first time after a start), warm, and with the ETag that they were answered with. Writes the section on
pages of docs/performance.md and docs/images/pages.svg; what was measured before, at other sizes, stays in var/bench-pages.json.

`--only` asks the addresses that hold these letters, and leaves what is known of the others. `DATABASE_URL` names the server, without it the embedded one is used. An address that answers anything but 200 or 304 is named as a failure
and makes the exit code 1.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(PROJECT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")

from caucasus import database, local

local.configure()
database.ensure()

import django

django.setup()

import psycopg
from django.core.management import get_commands

from benchmarks.pages import report
from benchmarks.pages.addresses import ADDRESSES, Address, asked, path_of, values
from benchmarks.pages.serving import Client, Server
from events.editing import generating
from events.editing.generating import databases

SIZES = (10_000, 100_000, 1_000_000)
PORT = int(os.environ.get("PORT") or 8319)
LONGEST = 5.0  # seconds for the rounds of one address, if it had three
BUILT = ("build_index",)  # commands that build what pages of a large archive are answered from
PATIENCE = "20s"  # for a naive query
KEPT = PROJECT / "var" / "bench-pages.json"


def percentile(times: Iterable[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def archive(size: int) -> str:
    """The name of the database with so many quotations, made where there is none."""
    name = f"archive_generated_{size}"
    with databases.connect("postgres") as server:
        known = server.execute("select from pg_database where datname = %s", [name]).fetchone()
    if known is None:
        words = ["generate_archive", "--quotations", str(size), "--database", name]
        subprocess.run([sys.executable, "manage.py", *words], cwd=PROJECT, check=True)
    environment = {**os.environ, "DATABASE_URL": generating.address(name)}
    for words in (
        ["migrate", "--verbosity", "0"],
        *([command] for command in BUILT if command in get_commands()),
    ):
        subprocess.run([sys.executable, "manage.py", *words], cwd=PROJECT, env=environment, check=True)
    return name


def measure(size: int, chosen: list[Address], starts: int, rounds: int) -> dict[str, object]:
    name = archive(size)
    server = Server(generating.address(name), PORT)
    with databases.connect(name) as connection:
        known = values(connection)
        paths = {}
        with server.running():
            client = Client(PORT)
            for address in chosen:
                path = quote(path_of(address, known), safe="/?&=%+")
                answer = client.get(path)
                # A record is found at its number, and a list at the canonical order of its parameters.
                paths[address.path] = (
                    answer.headers.get("location", path) if answer.status in (301, 302) else path
                )
        found = {address.path: {"kind": address.kind, "path": paths[address.path]} for address in chosen}
        memory = served(server, found, starts, rounds)
        counted(generating.address(name), found)
        for address in chosen:
            if address.rows is not None and found[address.path]["status"] == 200:
                compared(connection, address, known, found[address.path])
            say(size, address.path, found[address.path])
    return {
        "pages": found,
        "memory": memory,
        "load": os.getloadavg()[1],
        "at": time.strftime("%Y-%m-%d %H:%M"),
    }


def served(server: Server, found: dict[str, dict], starts: int, rounds: int) -> float:
    """The times over HTTP; those of one connection are of one process of the server. What its largest process holds at the end, in MB."""
    order = list(found)
    memory = 0.0
    for start in range(starts):
        random.Random(start).shuffle(order)
        with server.running():
            client = Client(PORT)
            for name in order:
                answer = client.get(found[name]["path"])
                found[name].setdefault("cold", []).append(answer.ms)
                found[name] |= {"status": answer.status, "bytes": answer.length}
                print(
                    f"           start {start + 1}, {answer.ms:8.1f} ms, {answer.status}  {name}", flush=True
                )
            if start == starts - 1:
                for name in order:
                    if found[name]["status"] == 200:
                        warm(client, found[name], rounds)
            memory = max([memory, *server.memory()])
    return memory


def warm(client: Client, one: dict, rounds: int) -> None:
    times = []
    begun = time.monotonic()
    while len(times) < 3 or (len(times) < rounds and time.monotonic() - begun < LONGEST):
        answer = client.get(one["path"])
        times.append(answer.ms)
    one |= {"least": min(times), "p50": median(times), "p95": percentile(times, 0.95)}
    if etag := answer.headers.get("etag"):
        again = [client.get(one["path"], {"If-None-Match": etag}) for _round in range(5)]
        one |= {"conditional": median(each.ms for each in again), "conditional_status": again[-1].status}


def counted(url: str, found: dict[str, dict]) -> None:
    """Queries and rows, by Django's test client in another process."""
    paths = [one["path"] for one in found.values() if one["status"] == 200]
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages.counting"],
        input=json.dumps(paths),
        env={**os.environ, "DATABASE_URL": url},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    counts = json.loads(made.stdout)
    for one in found.values():
        if one["path"] in counts:
            one["queries"], one["rows"] = counts[one["path"]]


def compared(connection: psycopg.Connection, address: Address, known: dict[str, object], one: dict) -> None:
    """The floor and the naive way, over the connection of this process."""
    parameters = asked(address, known, connection)
    connection.execute("set statement_timeout = 0")
    if address.rows.floor:
        one["floor"] = timed(connection, [address.rows.floor], parameters, 7)
    connection.execute(f"set statement_timeout = '{PATIENCE}'")
    try:
        one["naive"] = timed(connection, address.rows.naive, parameters, 2)
    except psycopg.errors.QueryCanceled:
        one["naive"] = float(PATIENCE.rstrip("s")) * 1000
        one["naive_cut"] = True


def timed(
    connection: psycopg.Connection, queries: list[str], parameters: dict[str, object], rounds: int
) -> float:
    """Milliseconds for all queries, the least of the rounds: other work on the machine only adds."""
    took = []
    for _round in range(rounds):
        begun = time.perf_counter()
        for query in queries:
            connection.execute(query, parameters).fetchall()
        took.append((time.perf_counter() - begun) * 1000)
    return min(took)


def say(size: int, name: str, one: dict) -> None:
    told = (
        f"{one['p50']:8.1f} ms warm {max(one['cold']):8.1f} cold"
        if "p50" in one
        else f"answered {one['status']}"
    )
    print(f"{size:>9,}  {told}  {name}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages", description="Measure the public pages; see the top of the file."
    )
    parser.add_argument("sizes", nargs="*", type=int, metavar="QUOTATIONS")
    parser.add_argument("--only", default="", metavar="LETTERS", help="the addresses that hold these")
    parser.add_argument(
        "--starts", type=int, default=3, help="of the server; each gives one cold time an address"
    )
    parser.add_argument("--rounds", type=int, default=20, help="of each address when warm")
    given = parser.parse_args()
    sizes = given.sizes or SIZES
    chosen = [address for address in ADDRESSES if given.only in address.path]
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for size in sizes:
        made = measure(size, chosen, given.starts, given.rounds)
        before = kept.get(str(size), {}).get("pages", {}) if given.only else {}
        pages = {**before, **made["pages"]}
        made["pages"] = {address.path: pages[address.path] for address in ADDRESSES if address.path in pages}
        kept[str(size)] = made
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(kept))
        report.write(kept)
    wrong = report.failures(kept, sizes)
    for line in wrong:
        print(f"FAILED {line}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
