"""A merge, taken back: each row as it was, except where somebody has worked on it since."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.editing.merging import relations
from events.editing.merging.rows import Key, Row, Writer, by_number, key_of, model_of, read
from events.editing.merging.surveys import DECIDED
from events.models import (
    Article,
    Attendance,
    Merge,
    Name,
    PageCheck,
    Proposal,
    SourceCheck,
    Status,
    Survey,
    Tenure,
)
from events.models.fields import DerivedField
from events.models.name import Named


class Undoing:
    """Puts the rows of a merge back. `newer` says what was changed since and stays so, `in_the_way` why it cannot be undone.

    A column that still says what the merge wrote gets its old value. One that somebody has changed since keeps the newer value, and a
    row that was deleted stays away: undoing takes back the merge, not the work that came after. It cannot be undone where both could
    not stand together: a later merge of the same rows, words that do not stand in the text they would return to, an office of the
    other participant.
    """

    def __init__(self, merge: Merge, user: Any) -> None:
        self.merge, self.model, self.writer = merge, merge.model, Writer(user)
        self.newer: list[str] = []
        self.in_the_way: list[str] = []
        self._current: dict[Key, Row] = {}
        self._changed: set[tuple[Key, str]] = set()  # columns with newer values
        self._there: dict[Key, bool] = {}  # rows that others name
        self._read_anew: set[int] = set()  # articles whose proposals were made since

    def check(self) -> None:
        """Whether the two records are still as the merge left them, and no later merge stands on it. Locks both."""
        merge = self.merge
        rows = {row["id"]: row for row in by_number(self.model, sorted([merge.kept, merge.gone]), True)}
        for number, name in ((merge.kept, merge.kept_name), (merge.gone, merge.gone_name)):
            if number not in rows:
                self.in_the_way.append(_("“%s” was deleted since.") % name)
        touched = _touched(merge) | _named(merge)
        later = Merge.objects.filter(undone_at=None, pk__gt=merge.pk).order_by("pk")
        for other in later.iterator(chunk_size=10):  # journals are long
            if touched & _touched(other):
                self.in_the_way.append(
                    _(
                        "“%(gone)s” was merged into “%(kept)s” later, and rows of this merge moved again. Undo that one first."
                    )
                    % {"gone": other.gone_name, "kept": other.kept_name}
                )
        if not self.in_the_way and rows[merge.gone]["merged_into_id"] != merge.kept:
            self.in_the_way.append(_("“%s” does not lead to the other record any more.") % merge.gone_name)

    def write(self) -> None:
        """Put all rows back. Raises `django.db.IntegrityError` where the database refuses one."""
        self._read()
        self._check_offices()
        self._forget_surveys()
        for entry in reversed(self.merge.journal):
            if "inserted" in entry:
                self._take_out(entry)
            elif "deleted" in entry:
                self._bring_back(entry)
            else:
                self._restore(entry)
        if self.model is Article:
            self._follow()
        self.writer.flush()
        if issubclass(self.model, Named):
            self._list_name()

    def _read(self) -> None:
        numbers: dict[str, set[int]] = {}
        for entry in self.merge.journal:
            numbers.setdefault(entry["table"], set()).add(entry["row"])
            if entry.get("into"):
                numbers[entry["table"]].add(entry["into"])
        ends = sorted([self.merge.kept, self.merge.gone])
        numbers.setdefault(self.model._meta.label_lower, set()).update(ends)
        for label in sorted(numbers):
            model = model_of(label)
            found = by_number(model, sorted(numbers[label]), True)
            self._current |= {key_of(model, row): row for row in found}
        for row in by_number(self.model, ends, True, whole=True):
            self._current[key_of(self.model, row)] = row
        self._find_named()
        if self.model is Article:
            kept, gone = (
                self._current[Article._meta.label_lower, n] for n in (self.merge.kept, self.merge.gone)
            )
            back = [
                e for e in self.merge.journal if (e["table"], e["row"]) == ("events.article", self.merge.kept)
            ]
            texts = [(e["old"]["text"], e["new"]["text"]) for e in back if "text" in e.get("new", {})]
            # The texts as they will be: the kept article's is another one only if nobody has edited it since.
            self._text_now = kept["text"]
            self._text = next((old for old, new in texts if new == kept["text"]), kept["text"])
            self._gone_text = gone["text"]

    def _note(self, model: Any, row: Row, column: str) -> None:
        """A newer value that stays; of a passage it is told once."""
        self._changed.add((key_of(model, row), column))
        field = next(one for one in model._meta.concrete_fields if one.column == column)
        if isinstance(field, DerivedField):
            return
        told = f"{self._title(model, row)} – {field.verbose_name}"
        if told not in self.newer:
            self.newer.append(told)

    @staticmethod
    def _title(model: Any, row: Row) -> str:
        """A record by its title, a row by its number."""
        for name in ("name", "title", "label", "text", "exact"):
            if value := row.get(name):
                return relations.in_words(value)
        return f"{capfirst(model._meta.verbose_name)} {row[model._meta.pk.column]}"

    # Row by row

    def _restore(self, entry: Row) -> None:
        model, key = model_of(entry["table"]), (entry["table"], entry["row"])
        row = self._current.get(key)
        if row is None:
            return  # deleted since, with all that was known of it
        old, new = entry["old"], entry["new"]
        back = {
            name: value
            for name, value in old.items()
            if row[name] == new[name] and (key, name) not in self._changed
        }
        if relations.is_passage(model) and old.keys() & relations.PLACE:
            back = self._place(model, row, old, new, back)
        for name in sorted(old.keys() - back.keys()):
            if row[name] != new[name] and (name not in relations.TOGETHER["exact"]):
                self._note(model, row, name)
        if model is Attendance and "participant_id" in old:
            self._keep_office(row, back, old)
        back = {name: value for name, value in back.items() if row[name] != value}
        if back:
            self.writer.update(model, entry["row"], {name: row[name] for name in back}, back)
            row.update(back)

    def _keep_office(self, row: Row, back: Row, old: Row) -> None:
        """The office at a meeting returns with its participant or not at all."""
        key = key_of(Attendance, row)
        if "participant_id" not in back:
            back.pop("tenure_id", None)
            self._changed.add((key, "tenure_id"))
        elif row["tenure_id"] is not None and "tenure_id" not in back:
            self._refuse_office(row)

    def _refuse_office(self, attendance: Row) -> None:
        found = Attendance.objects.select_related("meeting", "tenure").get(pk=attendance["id"])
        why = _(
            "At “%(meeting)s” the office “%(office)s” was chosen since, which would belong to the other one. Empty it there first."
        )
        why %= {"meeting": found.meeting, "office": found.tenure}
        if why not in self.in_the_way:
            self.in_the_way.append(why)

    def _check_offices(self) -> None:
        """Attendances that somebody recorded since, in an office that would return to the other participant."""
        label, returning, known = Attendance._meta.label_lower, [], set()
        for entry in self.merge.journal:
            if entry["table"] == Tenure._meta.label_lower and "person_id" in entry.get("old", {}):
                returning.append(entry["row"])
            elif entry["table"] == label and "tenure_id" in entry.get("new", {}):
                row = self._current.get((label, entry["row"]))
                if row is not None and row["tenure_id"] == entry["new"]["tenure_id"]:
                    known.add(entry["row"])
        for row in read(Attendance, ["tenure_id"], returning, True):
            if row["id"] not in known:
                self._refuse_office(row)

    def _take_out(self, entry: Row) -> None:
        model, row = model_of(entry["table"]), self._current.get((entry["table"], entry["row"]))
        if row is None:
            return
        if row == entry["inserted"]:
            self.writer.delete(model, row)
        else:
            self.newer.append(self._title(model, row))

    def _bring_back(self, entry: Row) -> None:
        model, row, into = model_of(entry["table"]), entry["deleted"], entry["into"]
        if (entry["table"], entry["row"]) in self._current:
            return
        if model in (SourceCheck, PageCheck, Survey, Proposal):
            if not self._still_holds(model, row):
                return
        elif into and (entry["table"], into) not in self._current:
            self.newer.append(_("%s: deleted since") % self._title(model, row))
            return
        if self._names_what_is_gone(model, row):
            self.newer.append(_("%s: what it belonged to was deleted since") % self._title(model, row))
            return
        self.writer.insert(model, row)
        self._there[key_of(model, row)] = True

    def _find_named(self) -> None:
        """Which of the records and rows that deleted rows name are there: one query a table."""
        wanted: dict[Any, set[int]] = {}
        for entry in self.merge.journal:
            for field in model_of(entry["table"])._meta.concrete_fields if "deleted" in entry else ():
                if field.is_relation and (number := entry["deleted"][field.column]) is not None:
                    wanted.setdefault(field.related_model, set()).add(number)
        for model, numbers in wanted.items():
            there = set(model._base_manager.filter(pk__in=numbers).values_list("pk", flat=True))
            self._there |= {(model._meta.label_lower, number): number in there for number in numbers}

    def _names_what_is_gone(self, model: Any, row: Row) -> bool:
        for field in model._meta.concrete_fields:
            if not field.is_relation or row[field.column] is None:
                continue
            if not self._there[field.related_model._meta.label_lower, row[field.column]]:
                return True
        return False

    # Passages

    def _place(self, model: Any, row: Row, old: Row, new: Row, back: Row) -> Row:
        """Words that return to another text, or that stay while theirs becomes another one, at their old place if they are the same."""
        back = {name: value for name, value in back.items() if name not in relations.PLACE}
        if row["exact"] != new["exact"]:
            self._note(model, row, "exact")
        if "article_id" in old and row["article_id"] != new["article_id"]:
            return back
        returns = "article_id" in old
        text = self._gone_text if returns else self._text if self.model is Article else None
        if returns:
            back["article_id"] = old["article_id"]
        passage = relations.passage_of(model, row)
        if row["exact"] == new["exact"]:
            passage = relations.passage_of(
                model, {**row, **{name: old[name] for name in relations.PLACE & old.keys()}}
            )
            before = ""
        else:
            before = self._text_now
        if text is None:
            text = Article.objects.values_list("text", flat=True).get(pk=row["article_id"])
            before = before or text
        place = self._stand(passage, before, text, row)
        return {**back, **place}

    def _stand(self, passage: Any, before: str, text: str, row: Row) -> Row:
        """The selector of words in a text; where they do not stand there, that is in the way."""
        selector = passage.selector
        stands = (
            not passage.exact if selector is None else text[selector.start : selector.end] == selector.exact
        )
        if selector is not None and stands:
            around = (
                text[max(0, selector.start - len(selector.prefix)) : selector.start],
                text[selector.end :],
            )
            stands = around[0] == selector.prefix and around[1].startswith(selector.suffix)
        if not stands:
            if not before:
                passage.release()
            if not passage.follow(before, text):
                if row.get("status") != Status.WITHDRAWN:
                    self.in_the_way.append(
                        _(
                            "These words do not stand in the text that they would return to: %s. Correct or withdraw them first."
                        )
                        % relations.in_words(passage.exact)
                    )
                    return {}
                passage.release()
        return relations.selector_of(passage)

    def _follow(self) -> None:
        """Passages that were recorded since in a text that goes: they follow the text that comes back."""
        if self._text == self._text_now:
            return
        self.writer.flush()
        placed = {
            (entry["table"], entry["row"]) for entry in self.merge.journal if "exact" in entry.get("old", {})
        }
        for one in relations.references(Article):
            if not relations.is_passage(one.model):
                continue
            for row in read(one.model, [one.column], [self.merge.kept], True):
                if key_of(one.model, row) in placed or not row["exact"]:
                    continue
                place = self._stand(relations.passage_of(one.model, row), self._text_now, self._text, row)
                changed = {name: value for name, value in place.items() if row[name] != value}
                if changed:
                    self.writer.update(one.model, row["id"], {name: row[name] for name in changed}, changed)

    # What is worked out from other rows

    def _still_holds(self, model: Any, row: Row) -> bool:
        """Whether nothing has come in its place and what it was worked out from is as it was."""
        if model is Proposal:
            return row["decision"] in DECIDED or row["article_id"] not in self._read_anew
        if model is Survey:
            return row["article_id"] not in self._read_anew
        self.writer.flush()
        column = "quotation_id" if model is SourceCheck else "article_id"
        if model._default_manager.filter(**{column: row[column]}).exists():
            return False
        label = "events.quotation" if model is SourceCheck else Article._meta.label_lower
        return not {(label, row[column], name) for name in ("article_id", "exact", "url")} & {
            (*key, name) for key, name in self._changed
        }

    def _forget_surveys(self) -> None:
        """Where proposals were made since, they are made once more when somebody opens them."""
        numbers = [e["row"] for e in self.merge.journal if e["table"] == Survey._meta.label_lower]
        numbers += [self.merge.kept, self.merge.gone] if self.model is Article else []
        made = Survey.objects.filter(article__in=numbers)
        self._read_anew = set(made.values_list("article_id", flat=True))
        if self._read_anew:
            made.delete()
            if self.model is Article:
                Proposal.objects.filter(article__in=self._read_anew).exclude(decision__in=DECIDED).delete()
                for key in [key for key in self._current if key[0] == Survey._meta.label_lower]:
                    del self._current[key]

    def _list_name(self) -> None:
        """A record is found by the name that pages print, also where that is a newer one."""
        if ((self.model._meta.label_lower, self.merge.kept), "name") in self._changed:
            record = self.merge.record(self.merge.kept)
            owner = {self.merge.noun: record}
            Name.objects.bulk_create(
                [Name(text=record.name, language="en", kind=Name.Kind.OFFICIAL, **owner)],
                ignore_conflicts=True,
            )


def _touched(merge: Merge) -> set[Key]:
    """The rows that a merge wrote or that took others in, and its two records."""
    label = merge.model._meta.label_lower
    rows = {(entry["table"], entry["row"]) for entry in merge.journal}
    rows |= {(entry["table"], entry["into"]) for entry in merge.journal if entry.get("into")}
    return rows | {(label, merge.kept), (label, merge.gone)}


def _named(merge: Merge) -> set[Key]:
    """The records that rows name which would come back, as they were then."""
    found = set()
    for entry in merge.journal:
        for field in model_of(entry["table"])._meta.concrete_fields:
            number = (entry.get("deleted") or entry.get("old") or {}).get(field.column)
            if field.is_relation and number and relations.is_record(field.related_model):
                found.add((field.related_model._meta.label_lower, number))
    return found
