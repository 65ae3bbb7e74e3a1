"""What editors said is not the same stays said: who is told apart from one of the two is told apart from the one that is kept."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.editing.merging.rows import read
from events.models import Distinction


def move(planner: Any, noun: str, kept: int, gone: int) -> None:
    """Let distinctions name the kept record, once each; that of the two from each other ends, and is noted. One or two queries."""
    found = [
        row
        for row in read(Distinction, ["first", "second"], [kept, gone], planner.lock)
        if row["noun"] == noun
    ]
    told = {(row["first"], row["second"]): row["id"] for row in found}
    for stored in found:
        ends = {stored["first"], stored["second"]}
        if gone not in ends:
            continue
        row = planner.take(Distinction, stored)
        if ends == {kept, gone}:
            decision = Distinction.objects.select_related("decided_by").get(pk=row["id"])
            planner.notes.append(
                _("%(who)s said on %(day)s that the two are not the same.")
                % {"who": decision.decided_by or _("Somebody"), "day": date_format(decision.decided_at)}
            )
            planner.drop(Distinction, row)
            continue
        first, second = sorted([kept, *(ends - {gone})])
        if (first, second) in told:
            planner.drop(Distinction, row, told[first, second])
        else:
            row["first"], row["second"] = first, second
