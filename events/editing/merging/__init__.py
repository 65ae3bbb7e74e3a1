"""Two records that turned out to be one: what merging them would do, doing it, and taking it back."""

import contextlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.editing import drafting, history
from events.editing.merging.planning import BOTH, GONE, KEPT, Difference, Folding, Move, Plan, Planner
from events.editing.merging.rows import Writer
from events.editing.merging.titles import titles_of
from events.editing.merging.undoing import Undoing
from events.editing.merging.writing import write
from events.models import Change, Merge
from events.models.base import rule_broken_by

__all__ = [
    "BOTH",
    "GONE",
    "KEPT",
    "NOUNS",
    "Difference",
    "Folding",
    "Merge",
    "Move",
    "Plan",
    "Refused",
    "Stale",
    "merge",
    "plan",
    "titles_of",
    "undo",
]

NOUNS = tuple(Merge.Noun.values)


class Refused(ValidationError):
    """It cannot be done; the messages are all that stands in its way, and nothing was changed."""


class Stale(Refused):
    """One of the two records, or what leads to them, is not as it was when somebody looked."""


def plan(kept: Any, gone: Any, choices: Mapping[str, str] | None = None) -> Plan:
    """What merging `gone` into `kept` would do, with the fields that `choices` pick ({key of a difference: "kept", "gone", "both"}).

    Nothing is written. Raises `Refused` for a record with itself and for two of different nouns. A query or two for each table that
    refers to the noun, and memory for all rows that lead to `gone`.
    """
    _check_pair(kept, gone)
    return Planner(kept, gone, choices or {}).make()


def merge(
    kept: Any,
    gone: Any,
    choices: Mapping[str, str],
    user: Any,
    versions: tuple[int, int] | None = None,
    comment: str = "",
    digest: str = "",
) -> Merge:
    """Let `gone` live on in `kept`: everything that led to it leads there, and its address too. The record of it can be undone.

    `versions` (kept, gone) and `digest` are those of the plan that the user has seen. One transaction, with both records and all rows
    that move locked. Raises `Stale` where something is not as it was seen, `Refused` with all obstacles, and `PermissionDenied` for
    who may not publish the noun. Nothing is changed then.
    """
    _check_pair(kept, gone)
    noun = kept._meta.model_name
    drafting.require(user, f"publish_{noun}")
    with _one_transaction(user, comment):
        # In the order of their numbers, whichever is kept: two editors who merge the same two wait for each other.
        numbers = sorted([kept.pk, gone.pk])
        list(
            type(kept)
            ._default_manager.filter(pk__in=numbers)
            .order_by("pk")
            .select_for_update(of=("self",))
            .values("pk")
        )
        planner = Planner(kept, gone, choices, lock=True)
        found = planner.make()
        if (versions and tuple(versions) != found.versions) or (digest and digest != found.digest):
            raise Stale(
                _(
                    "Somebody has changed one of the two, or what belongs to them, since you looked. Nothing was merged."
                )
            )
        if found.obstacles:
            raise Refused(list(found.obstacles))
        writer = Writer(user)
        write(planner, writer)
        connection.check_constraints()
        return Merge.objects.create(
            noun=noun,
            kept=kept.pk,
            gone=gone.pk,
            kept_name=str(kept),
            gone_name=str(gone),
            comment=comment,
            journal=writer.journal,
            by=user,
        )


def undo(merge: Merge, user: Any) -> list[str]:
    """Take a merge back: each row of it is as it was before. What somebody has changed since keeps the newer value, and is returned in
    words. What was added to the kept record since stays there.

    Raises `Refused` with all that stands in the way, and `PermissionDenied`; nothing is changed then. One transaction.
    """
    drafting.require(user, f"publish_{merge.noun}")
    with _one_transaction(user, _("Merge undone: %s") % merge):
        stored = Merge.objects.select_for_update().get(pk=merge.pk)
        if stored.is_undone:
            raise Refused(_("This merge was undone already."))
        undoing = Undoing(stored, user)
        undoing.check()
        if undoing.in_the_way:
            raise Refused(undoing.in_the_way)
        try:
            undoing.write()
            if not undoing.in_the_way:
                connection.check_constraints()
        except IntegrityError as error:
            if undoing.in_the_way:
                raise Refused(undoing.in_the_way) from None
            raise Refused(rule_broken_by(error)) from error
        if undoing.in_the_way:
            raise Refused(undoing.in_the_way)
        stored.undone_at, stored.undone_by = timezone.now(), user
        stored.save(update_fields=["undone_at", "undone_by"])
        merge.undone_at, merge.undone_by = stored.undone_at, stored.undone_by
        return undoing.newer


def _check_pair(kept: Any, gone: Any) -> None:
    if type(kept) is not type(gone):
        raise Refused(_("Only two records of the same kind can be merged."))
    if kept._meta.model_name not in NOUNS:
        raise Refused(_("Records of this kind are not merged."))
    if kept.pk == gone.pk:
        raise Refused(_("A record cannot be merged with itself."))


@contextlib.contextmanager
def _one_transaction(user: Any, comment: str) -> Any:
    try:
        with history.by(user, via=Change.Via.MERGE, comment=comment), transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(_("Nothing was merged. %s") % rule_broken_by(error)) from error
