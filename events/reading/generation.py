"""What the cache in front of the archive keeps is forgotten by a new generation: a link in a folder that both can see.

nginx has no request by which pages are taken out of its cache. But it can put the real path of a folder into the key of each page
(``$realpath_root``, deploy/nginx.conf). So the archive lays a link `current` there, to an empty folder with a name of its own, and
points it to a new one whenever readers may be told something else. What was kept under the former name is never found again, also
when the archive itself does not answer any more.
"""

import logging
import os
import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path

LINK = "current"
LINGER = 60  # seconds that a former folder stays, for those who were just reading the link
log = logging.getLogger("events.edge")


class Generation:
    """The generation as one process knows it. `follow` is called with each version of the archive that the process sees."""

    def __init__(self, folder: Path, release: str) -> None:
        self.folder, self.release = folder, release
        self.known: dict[str, str] = {}
        self.lock = threading.Lock()

    def follow(self, version: str, database: str) -> None:
        """Begin a new generation where `database` says another version than before. Costs nothing while it says the same.

        A name is never used twice, so that of two processes the slower one cannot lead back to what was forgotten. A process that has
        just been started goes on with the generation of its own release and version. Where the link cannot be laid, an error is
        logged, and the next request tries again.
        """
        if self.known.get(database) == version:
            return
        with self.lock:
            if self.known.get(database) == version:
                return
            name = f"{self.release}-{version}-"
            try:
                if database in self.known or not self._current().startswith(name):
                    self._begin(name + secrets.token_hex(8))
            except OSError:
                log.exception("The cache in front of the archive could not be told of a change.")
            else:
                self.known[database] = version

    def _current(self) -> str:
        try:
            return os.readlink(self.folder / LINK)
        except FileNotFoundError:
            return ""

    def _begin(self, name: str) -> None:
        former = self._current()
        if former:
            with suppress(FileNotFoundError):
                os.utime(self.folder / former)
        (self.folder / name).mkdir(parents=True)
        fresh = self.folder / f"{LINK}.{name}"
        fresh.symlink_to(name)
        fresh.replace(self.folder / LINK)
        for path in self.folder.iterdir():
            # Another process may clean up too.
            with suppress(OSError):
                if (
                    path.is_dir()
                    and path.name not in (LINK, name)
                    and path.stat().st_mtime < time.time() - LINGER
                ):
                    path.rmdir()
