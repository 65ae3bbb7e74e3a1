"""What every record of the archive has in common: status, version, address, and the passages that it rests on."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import IntegrityError, OperationalError, models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from events import anchoring, names
from events.models.fields import TextField
from events.models.pieces import BringingQuerySet, Piece

Result = TypeVar("Result")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class VisibleQuerySet(BringingQuerySet):
    """Rows that readers may see or not, as `visibility()` of their model says."""

    model: Any

    def public(self) -> Self:
        """What every reader may see; all public pages, counts, filters and files start here."""
        return self.filter(self.model.visibility())

    def visible_to(self, user: Any) -> Self:
        """What `user` may see on a record's own page: `public()`, and for signed-in editors drafts too."""
        return self.filter(self.model.visibility(user))

    def bringing(self, user: Any, *pieces: Piece) -> Self:
        """These rows with what they lead to, as far as `user` may see it: events/models/pieces.py. No query more."""
        return self._bringing(pieces, user, may_see_drafts(user))


class RecordQuerySet(VisibleQuerySet):
    def by_name(self) -> Self:
        """By name, alike on every server, with the number to settle ties."""
        return self.order_by("sort_key", "pk")

    def within(self, numbers: Iterable[int]) -> Self:
        """Those of these rows that have one of the numbers, and all below them by the relation that the model names in
        `parent_field`. A step leads over these rows only: what lies under a draft is not found by what lies above it. One
        recursive query, linear in the number of rows."""
        try:
            tree, parameters = self._below("select id from seen where id = any(%s)")
        except EmptyResultSet:
            return self.none()
        numbered = models.expressions.RawSQL(f"{tree} select id from tree", [*parameters, list(numbers)])
        return self.filter(pk__in=numbered)

    def count_within(self, rows: models.QuerySet, relation: str) -> models.expressions.RawSQL:
        """How many of `rows` point by `relation` to a row or to one below it, for `annotate()` of these rows; each counts once."""
        tree, parameters = self._below(f'select "{self.model._meta.db_table}"."id"')  # the row outside
        counted, values = rows.order_by().values_list(relation, "pk").query.sql_with_params()
        return models.expressions.RawSQL(
            f"({tree} select count(distinct counted.id) from ({counted}) counted(ref, id) join tree on tree.id = counted.ref)",
            [*parameters, *values],
            output_field=models.IntegerField(),
        )

    def _below(self, start: str) -> tuple[str, Any]:
        """SQL that names `tree`: the rows that `start` selects and all of these rows below them. Table and column come from the
        model, values are parameters."""
        column = self.model._meta.get_field(self.model.parent_field).column
        seen, parameters = self.order_by().values("pk").query.sql_with_params()
        return (
            f"with recursive seen(id) as ({seen}), tree(id) as ({start} union select child.id from {self.model._meta.db_table} child"
            f" join tree on child.{column} = tree.id join seen on seen.id = child.id)"
        ), parameters


def may_see_drafts(user: Any) -> bool:
    """Editors are staff who may view the archive's records; a reader's account sees what everybody sees."""
    return bool(user and user.is_active and user.is_staff and user.has_perm("events.view_meeting"))


def visible(model: str, user: Any = None) -> Any:
    """The rows of the model of this name that `user` may see; for nobody in particular, what every reader may see."""
    return apps.get_model("events", model).objects.visible_to(user)


def count_of(rows: models.QuerySet, relation: str) -> Coalesce:
    """How many of `rows` point to the row outside by `relation`, for `annotate()`: 0 where none does."""
    counted = (
        rows.filter(**{relation: OuterRef("pk")})
        .order_by()
        .values(relation)
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted), 0)


class Record(models.Model):
    """One thing the archive holds at an address of its own.

    The number in its address is never used again. A record that was published once is withdrawn or merged, never deleted. Its
    `version` grows with each change; a write that carries an older one is refused by the database.
    """

    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        help_text=_("Readers see published records only. Publishing is an action of the list page."),
    )
    withdrawal_reason = TextField(
        _("reason for withdrawal"),
        blank=True,
        default="",
        help_text=_(
            "Shown at the record's address once it is withdrawn. For example: “Recorded twice by mistake.”"
        ),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    import_key = models.CharField(_("import key"), max_length=200, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("last changed by"),
    )

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="%(class)s_status_known"),
            models.CheckConstraint(
                condition=~Q(status=Status.WITHDRAWN)
                | ~Q(withdrawal_reason="")
                | Q(merged_into__isnull=False),
                name="%(class)s_withdrawn_with_reason",
                violation_error_message=_("A withdrawn record says why."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status=Status.WITHDRAWN),
                name="%(class)s_merged_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("pk")),
                name="%(class)s_not_merged_into_itself",
            ),
            models.UniqueConstraint(
                fields=["import_key"], condition=~Q(import_key=""), name="%(class)s_import_key_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["status", "updated_at"],
                include=["created_by", "updated_by"],
                condition=Q(status__in=[Status.DRAFT, Status.REVIEW], merged_into=None),
                name="%(class)s_in_work",
            ),
        ]

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Write the record; `django.db.IntegrityError` (`record_version_current`) where somebody else has changed it since it
        was read. The version grows by one with each write that is not the first."""
        adding = self._state.adding
        if update_fields is not None:
            named = set(update_fields)
            derived = {f.name for f in self._meta.concrete_fields if getattr(f, "source", "") in named}
            update_fields = named | derived | {"version", "updated_at"}
        super().save(*args, update_fields=update_fields, **kwargs)
        if not adding:
            self.version += 1

    def get_absolute_url(self) -> str:
        return f"{_root(str(self._meta.model_name), get_script_prefix())}{self.pk}/{self.slug}/"

    @classmethod
    def visibility(cls, user: Any = None, path: str = "") -> Q:
        """The condition that `user` (None: every reader) may see the record at `path`, such as "meeting__" across a relation."""
        unmerged = Q(**{f"{path}merged_into": None})
        if may_see_drafts(user):
            return unmerged & ~Q(**{f"{path}status": Status.WITHDRAWN})
        return unmerged & Q(**{f"{path}status": Status.PUBLISHED})

    @property
    def slug(self) -> str:
        return names.slug(str(self))


@cache
def _root(noun: str, prefix: str) -> str:
    """What the addresses of a noun begin with, under the prefix in force: to reverse each costs more than to read the record."""
    return reverse(f"events:{noun}-detail", args=[0, "-"]).removesuffix("0/-/")


def refuse_cycle(record: models.Model, field: str) -> None:
    """`ValidationError` at `field` where following it from `record` would lead back to `record`."""
    seen = {record.pk}
    step = getattr(record, field)
    while step is not None and record.pk is not None:
        if step.pk in seen:
            message = _("This would go round in a circle: “%(name)s” already stands below this record.")
            raise ValidationError({field: message % {"name": getattr(record, field)}}, code="cycle")
        seen.add(step.pk)
        step = getattr(step, field)


def rule_broken_by(error: IntegrityError) -> str:
    """What the constraint that the database refused by says of itself, or the first line of what the database says."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_app_config("events").get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
    return str(error).partition("\n")[0]


def is_deadlock(error: OperationalError) -> bool:
    """Whether two transactions waited for each other, so that the database ended this one (`deadlock_detected` in PostgreSQL's list)."""
    return getattr(error.__cause__, "sqlstate", "") == "40P01"


def patiently(work: Callable[[], Result], attempts: int = 2) -> Result:
    """What `work` returns, a transaction of its own; done again where it and another one waited for each other, since the other one's
    work is stored then. OperationalError where the last attempt ends so, too."""
    for _attempt in range(attempts - 1):
        try:
            return work()
        except OperationalError as error:
            if not is_deadlock(error):
                raise
    return work()


class Passage(models.Model):
    """Words of an article at their place in its text: the selectors of the W3C Web Annotation model.

    `start` and `end` count Unicode code points of the article's text, `end` exclusive. Where the archive holds no text there are
    words but no offsets, and the words count as not checked against the source.
    """

    start = models.PositiveIntegerField(_("start"), null=True, blank=True, editable=False)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True, editable=False)
    exact = TextField(
        _("words"),
        blank=True,
        default="",
        help_text=_("The words as the article prints them, quotation marks included."),
    )
    prefix = models.CharField(_("before"), max_length=64, blank=True, default="", editable=False)
    suffix = models.CharField(_("after"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__lt=models.F("end")) & ~Q(exact=""),
                name="%(class)s_start_before_end",
            ),
        ]

    @property
    def checked(self) -> bool:
        """Whether the words were found in the article's text."""
        return self.start is not None

    @property
    def selector(self) -> anchoring.Selector | None:
        if self.start is None or self.end is None:
            return None
        return anchoring.Selector(self.start, self.end, self.exact, self.prefix, self.suffix)

    @selector.setter
    def selector(self, selector: anchoring.Selector) -> None:
        self.start, self.end = selector.start, selector.end
        self.exact, self.prefix, self.suffix = selector.exact, selector.prefix, selector.suffix

    def anchor(self, text: str, words: str, occurrence: int | None = None) -> None:
        """Take `words`, however typed, at their place in `text`, the article's; the words alone where `text` is empty.

        Raises `anchoring.NotFound`, or `anchoring.Ambiguous` where they stand more than once and `occurrence` (from 1) does not
        say which.
        """
        if text:
            self.selector = anchoring.locate(text, words, occurrence)
        else:
            self.exact = anchoring.normalise(words)
            self.release()

    def follow(self, old: str, text: str) -> bool:
        """Take the passage's own words at their place in `text`, the article's, which has taken the place of `old`.

        False, and no change, where they do not stand there exactly, or at several places that their context does not tell apart.
        """
        if not text:
            self.release()
            return True
        if self.selector is None:
            found = anchoring.find(text, self.exact)
            moved = found[0] if len(found) == 1 else None
        else:
            moved = anchoring.move(self.selector, old, text)
        if moved is None:
            return False
        self.selector = moved
        return True

    def release(self) -> None:
        """Keep the words without their place."""
        self.start = self.end = None
        self.prefix = self.suffix = ""
