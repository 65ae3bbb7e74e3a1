"""`manage.py import_article`: the article at an address, in a file or in a text becomes a draft."""

import json
import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from events import dates
from events.editing import capture, extraction, history, proposals
from events.models import Article, Change

_ADDRESS = re.compile(r"https?://\S*", re.IGNORECASE)
# One line that ends like the name of a file is a path with a slip in it, not a text.
_PATH = re.compile(r"[^\n]*\.(txt|text|md|html?|pdf|docx?|odt|rtf|csv|json)", re.IGNORECASE)


class Command(BaseCommand):
    help = (
        "Store the article at an address, in a file or in a text as a draft. What the options say wins over what was read. Refuses a"
        " text or an address that the archive has already."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source",
            metavar="SOURCE",
            help="An address (https://…), a file (a web page, a PDF, or a text in UTF-8), the text itself, or - for standard input.",
        )
        parser.add_argument(
            "--title", default="", help="The headline. Default: what the page or the text's first line says."
        )
        parser.add_argument(
            "--author",
            action="append",
            default=[],
            help="An author; repeat it for several. Default: those that the page or the byline names.",
        )
        parser.add_argument(
            "--language",
            default="",
            help="The language of the text as a BCP 47 code: fr, ru, az-Cyrl. Default: told by its words.",
        )
        parser.add_argument(
            "--published", default="", help="The day of publication: 2023-02-28. Default: what the page says."
        )
        parser.add_argument(
            "--outlet",
            default="",
            help="Who published it, by name or host; a new one becomes a draft. Default: told by the host of the address.",
        )
        parser.add_argument("--url", default="", help="The address of its page, for a file or a text.")
        parser.add_argument(
            "--rights",
            default=Article.Rights.EXCERPTS,
            choices=Article.Rights.values,
            help="What readers may see of it.",
        )
        parser.add_argument(
            "--kind",
            default=Article.Kind.REPORT,
            choices=Article.Kind.values,
            help="What sort of text it is.",
        )
        parser.add_argument("--json", action="store_true", help="Print what was stored as one JSON object.")

    @history.by(via=Change.Via.COMMAND, comment="manage.py import_article")
    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("title", "author", "language", "published", "outlet", "url"):
            self._check(name, "".join(options[name]))
        try:
            draft = self._draft(options["source"], options["url"])
            article = capture.capture(
                draft,
                title=options["title"],
                authors=options["author"],
                outlet=options["outlet"],
                url=options["url"],
                language=options["language"],
                published_on=options["published"],
                rights=options["rights"],
                kind=options["kind"],
            )
        except capture.Refused as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError(self._explained(error)) from None
        waiting = proposals.refresh(article).waiting if article.text else 0
        snapshot = article.snapshots.first()
        row = {
            "id": article.pk,
            "address": article.get_absolute_url(),
            "status": article.status,
            "title": article.title,
            "authors": article.authors,
            "outlet": article.outlet.name if article.outlet else None,
            "language": article.language,
            "published_on": article.published_on,
            "url": article.url,
            "rights": article.rights,
            "kind": article.kind,
            "characters": len(article.text),
            "text_digest": article.text_digest,
            "proposals": waiting,
            "source": draft.source,
            "byline": draft.byline,
            "snapshot": {
                "id": snapshot.pk,
                "fetched_at": snapshot.fetched_at.isoformat(),
                "media_type": snapshot.media_type,
                "sha256": snapshot.sha256,
            }
            if snapshot
            else None,
        }
        if options["json"]:
            self.stdout.write(json.dumps(row, ensure_ascii=False))
            return
        self.stdout.write(f"Stored as draft article {article.pk}: {article}")
        labels = {
            "authors": "; ".join(article.authors),
            "outlet": row["outlet"],
            "language": article.language,
            "published": dates.wording(article.published_on, "en") if article.published_on else "",
            "address": article.url,
            "rights": article.get_rights_display(),
            "text": f"{len(article.text):,} characters, SHA-256 {article.text_digest}",
            "edit": f"/admin/events/article/{article.pk}/change/",
            "proposals": f"{waiting} waiting at /admin/events/article/{article.pk}/proposals/"
            if waiting
            else "none",
        }
        if draft.byline:
            labels["byline"] = f"“{draft.byline}” was taken off the text"
        if snapshot:
            labels["snapshot"] = f"number {snapshot.pk}, SHA-256 {snapshot.sha256}"
        for label, value in labels.items():
            self.stdout.write(f"  {label + ':':<11}{value or 'not known'}")

    def _check(self, name: str, text: str) -> None:
        """What the shell passes on as it is need not be UTF-8."""
        try:
            text.encode()
        except UnicodeEncodeError:
            option = "" if name == "source" else f"--{name}: "
            raise CommandError(
                f"{option}{'T' if not option else 't'}his is no text in UTF-8. Set the terminal to UTF-8 and try again."
            ) from None

    def _draft(self, source: str, url: str) -> capture.Draft:
        """Read the source, whatever it is."""
        if _ADDRESS.fullmatch(source.strip()):
            return capture.from_address(source)
        if source == "-":
            return capture.from_file(sys.stdin.buffer.read(extraction.LARGEST + 1), url=url)
        try:
            is_file = "\n" not in source and Path(source).is_file()
        except (OSError, ValueError):  # longer than a path can be, or with a NUL byte: a text
            is_file = False
        if is_file:
            path = Path(source)
            try:
                with path.open("rb") as file:
                    return capture.from_file(file.read(extraction.LARGEST + 1), path.name, url=url)
            except OSError as error:
                raise CommandError(f"{source} cannot be read: {error.strerror}.") from None
        self._check("source", source)
        if len(source.split()) < 2 or _PATH.fullmatch(source.strip()):
            reason = f"{source} is a folder" if Path(source).is_dir() else f"There is no file {source}"
            raise CommandError(
                f"{reason}. Give an address with https://, the path of a file (a web page, a PDF or a text), or the text itself."
            )
        return capture.from_text(source, url=url)

    def _explained(self, error: ValidationError) -> str:
        if not hasattr(error, "error_dict"):
            return " ".join(error.messages)
        options = {"published_on": "--published", "authors": "--author"}
        return "\n".join(
            f"{options.get(field, '--' + field)}: {message}" if field not in ("__all__", "text") else message
            for field, messages in error.message_dict.items()
            for message in messages
        )
