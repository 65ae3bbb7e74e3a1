"""The page where an editor decides what the archive proposes about an article, text and proposals side by side."""

import re
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import codes
from events.admin.cards import Board, Card
from events.admin.corrections import FORMS, OfferedSelect
from events.admin.desk import is_number
from events.editing import drafting, proposals
from events.models import Article, Proposal, Quotation, Status
from events.models.base import Record, count_of, patiently, rule_broken_by

_REQUEST = re.compile(r"(accept|correct|dismiss|reopen) ([0-9]{1,18})(?: (new|[0-9]{1,18}))?")


class Answer:
    """What came of a request to decide: a message, and the proposals that it was about."""

    def __init__(self, message: str, level: int = messages.SUCCESS, status: int = 200) -> None:
        self.message, self.level, self.status = message, level, status
        self.numbers: set[int] = set()
        self.form: Any = None
        self.reload = False

    @property
    def done(self) -> bool:
        return self.status == 200


class ProposalPages(admin.ModelAdmin):
    """For the admin of articles: the page of proposals, its links, and the proposals made when a text comes in."""

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.proposals_view)
        return [
            path("<path:object_id>/proposals/", view, name="events_article_proposals"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("proposals"))
    def proposals_link(self, obj: Any) -> str:
        waiting = getattr(obj, "waiting_count", 0)
        text = ngettext("%s waiting", "%s waiting", waiting) % waiting if waiting else _("Look")
        return format_html('<a href="{}">{}</a>', proposals_url(obj), text)

    def with_waiting(self, queryset: Any) -> Any:
        """Rows of the list with how many of their proposals wait."""
        return queryset.annotate(waiting_count=count_of(Proposal.objects.waiting(), "article"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        article = form.instance
        if article.text and not proposals.is_fresh(article):
            counts = proposals.refresh(article)
            if counts.waiting:
                link = format_html(
                    '<a href="{}">{}</a>', proposals_url(article), _("Decide them beside the text")
                )
                told = ngettext(
                    "The archive proposes %s thing.", "The archive proposes %s things.", counts.waiting
                )
                self.message_user(request, format_html("{} {}", told % counts.waiting, link), messages.INFO)

    def proposals_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows the page, with `?correct=` a card with its form; POST decides one proposal (`decide=accept 12`).

        A browser's script asks for JSON and gets the cards that changed; without it the answer is the page again.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = self._article(object_id)
        if article is None:
            self.message_user(request, _("There is no article with this number."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:index"))
        as_json = "application/json" in request.headers.get("Accept", "")
        if request.method == "POST":
            answer = self._decide(request, article)
            if as_json:
                return self._as_json(request, article, answer)
            if answer.form is None:
                self.message_user(request, answer.message, answer.level)
                return HttpResponseRedirect(self._way_on(request, article, answer))
            messages.error(request, answer.message)
            return self._page(request, article, answer.form)
        proposals.refresh_if_stale(article)
        asked = request.GET.get("correct", "")
        form = self._form(article, asked) if asked else None
        if as_json:
            answer = Answer("")
            if request.GET.get("source") != proposals.source_key(article):
                answer, form = self._stale(proposals.Stale().messages[0]), None
            answer.form = form
            number = asked or request.GET.get("show", "")
            answer.numbers = {int(number)} if is_number(number) else set()
            return self._as_json(request, article, answer)
        return self._page(request, article, form)

    def _form(self, article: Article, number: str) -> Any:
        """The form of a waiting proposal about the article; None for any other."""
        rows = self._rows(article)
        row = rows.get(int(number)) if is_number(number) else None
        waits = row is not None and row.decision == Proposal.Decision.WAITING
        return FORMS[row.noun](row, rows) if row is not None and waits else None

    def _article(self, object_id: str) -> Article | None:
        if not is_number(object_id):
            return None
        return Article.objects.select_related("outlet").filter(pk=object_id).first()

    def _rows(self, article: Article) -> dict[int, Proposal]:
        return {row.pk: row for row in article.proposals.with_records().select_related("quotation__speaker")}

    def _row(self, article: Article, number: str) -> Proposal | None:
        if not is_number(number):
            return None
        return article.proposals.filter(pk=number).first()

    # Deciding

    def _decide(self, request: HttpRequest, article: Article) -> Answer:
        asked = _REQUEST.fullmatch(request.POST.get("decide", ""))
        if request.POST.get("again"):
            if not self.has_change_permission(request, article):
                message = _("You cannot change this article, so you cannot have it read again.")
                return Answer(message, messages.ERROR, 403)
            counts = proposals.refresh(article)
            told = ngettext(
                "The text was read again: %s proposal waits.",
                "The text was read again: %s proposals wait.",
                counts.waiting,
            )
            return Answer(told % counts.waiting)
        row = self._row(article, asked[2]) if asked else None
        if asked is None or row is None:
            return self._stale(_("There is no such proposal about this article. Reload the page."))
        if request.POST.get("source") != proposals.source_key(article):
            return self._stale(proposals.Stale().messages[0])
        try:
            answer = patiently(partial(self._decided, request, row, asked[1], asked[3]))
        except proposals.Stale as error:
            return self._stale(error.messages[0])
        except PermissionDenied as error:
            answer = Answer(str(error), messages.ERROR, 403)
        except proposals.Kept as error:
            answer = Answer(error.messages[0], messages.ERROR, 409)
        except IntegrityError as error:
            answer = Answer(_("Nothing was saved. %s") % rule_broken_by(error), messages.ERROR, 409)
        answer.numbers.add(row.pk)
        return answer

    def _stale(self, message: str) -> Answer:
        answer = Answer(message, messages.WARNING, 409)
        answer.reload = True
        return answer

    def _refused(
        self, row: Proposal, rows: dict[int, Proposal], error: ValidationError, data: Any = None
    ) -> Answer:
        """The form of the card, as sent or as proposed, with the messages at their fields."""
        form = FORMS[row.noun](
            rows[row.pk], rows, form_data(FORMS[row.noun](row, rows)) if data is None else data
        )
        form.full_clean()
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, told in found.items():
            for message in told:
                form.add_error(name if name in form.fields else None, message)
        return self._with_errors(form)

    def _with_errors(self, form: Any) -> Answer:
        told = dict.fromkeys(message for listed in form.errors.values() for message in listed)
        answer = Answer(_("Not accepted. %s") % " ".join(told), messages.ERROR, 422)
        answer.form = form
        return answer

    def _decided(self, request: HttpRequest, row: Proposal, action: str, choice: str | None) -> Answer:
        corrections: dict[str, Any] = {}
        data = request.POST if action == "correct" else None
        rows = self._rows(row.article) if data is not None else {}
        if data is not None and rows[row.pk].decision == Proposal.Decision.WAITING:
            form = FORMS[row.noun](rows[row.pk], rows, data)
            if not form.is_valid():
                return self._with_errors(form)
            corrections = form.corrections()
        elif choice and row.noun != Proposal.Noun.QUOTATION:
            corrections = {
                "record": drafting.current(drafting.MODELS[row.noun], choice) if choice != "new" else None
            }
            if corrections["record"] is None and choice != "new":
                return Answer(
                    _("The archive has no such record any more. Choose another one."), messages.ERROR, 409
                )
        try:
            if action == "dismiss":
                outcome = proposals.dismiss(row, request.user)
            elif action == "reopen":
                outcome = proposals.reopen(row, request.user)
            else:
                outcome = proposals.accept(row, request.user, **corrections)
        except (proposals.Stale, proposals.Kept):
            raise
        except ValidationError as error:
            return self._refused(row, rows or self._rows(row.article), error, data)
        for record in outcome.made:
            if isinstance(record, Record):
                self.log_addition(request, record, [{"added": {}}])
        answer = Answer(self._told(request, outcome, action))
        if outcome.already:
            answer.level = messages.WARNING
        answer.numbers |= {one.pk for one in (outcome.proposal, *outcome.also, *outcome.linked)}
        return answer

    def _told(self, request: HttpRequest, outcome: proposals.Outcome, action: str) -> str:
        row = outcome.proposal
        if outcome.already:
            return self._told_already(request, row)
        if action == "dismiss":
            return _("Dismissed: %s") % row
        if action == "reopen":
            return _("Waiting again: %s") % row
        if row.record is not None and not any(row.record == one for one in outcome.made):
            told = _("Accepted, and linked with what the archive has: %s.") % row.record
        else:
            told = _("Accepted as a draft: %s.") % row
        if outcome.also:
            named = "; ".join(str(one.record or one) for one in outcome.also)
            told = f"{told} {_('It rests on these, which were accepted too: %s.') % named}"
        if outcome.linked:
            count = len(outcome.linked)
            text = ngettext("%s quotation now names it.", "%s quotations now name it.", count)
            told = f"{told} {text % count}"
        return told

    def _told_already(self, request: HttpRequest, row: Proposal) -> str:
        if row.decision == Proposal.Decision.WAITING:
            return _("It waits already.")
        if row.decision == Proposal.Decision.RECORDED:
            return _("The archive has this already. Nothing was changed.")
        who = _("You") if row.decided_by == request.user else str(row.decided_by or _("Somebody"))
        if row.decision == Proposal.Decision.ACCEPTED:
            return _("%s accepted this already. Nothing was changed.") % who
        return _("%s dismissed this already. Nothing was changed.") % who

    # Showing

    def _board(self, request: HttpRequest, article: Article) -> Board:
        rows = self._rows(article)
        nouns = [Proposal.Noun.PARTICIPANT]
        if article.status == Status.PUBLISHED:
            nouns.append(Proposal.Noun.MEETING)  # whose sources are seen where the article is seen
        public: dict[str, set[int]] = {}
        for noun in nouns:
            known = [row.details["id"] for row in rows.values() if row.noun == noun and row.details.get("id")]
            model: Any = drafting.MODELS[noun]
            public[noun] = (
                set(model.objects.public().filter(pk__in=known).values_list("pk", flat=True))
                if known
                else set()
            )
        return Board(article.text, rows.values(), request.user, public)

    def _context(self, article: Article, board: Board) -> dict[str, Any]:
        survey = getattr(article, "survey", None)
        counts = proposals.count(board.rows.values(), survey.left_out if survey else 0)
        following = None
        if not counts.waiting:
            following = proposals.articles_waiting().exclude(pk=article.pk).first()
        return {
            "article": article,
            "counts": counts,
            "groups": board.groups,
            "source": proposals.source_key(article),
            "following": following,
            "following_url": proposals_url(following) if following else "",
        }

    def _page(self, request: HttpRequest, article: Article, form: Any) -> HttpResponse:
        board = self._board(request, article)
        if form is not None and form.row.pk in board.cards:
            board.cards[form.row.pk].form = form
        select = OfferedSelect(Quotation._meta.get_field("speaker"), self.admin_site)
        context = {
            **self.admin_site.each_context(request),
            **self._context(article, board),
            "title": _("Proposals: %s") % article,
            "opts": self.opts,
            "paragraphs": board.paragraphs(),
            "direction": codes.text_direction(article.language),
            "media": select.media,
            "is_nav_sidebar_enabled": False,
            "may_read_again": self.has_change_permission(request, article),
        }
        return TemplateResponse(request, "admin/proposals.html", context)

    def _as_json(self, request: HttpRequest, article: Article, answer: Answer) -> JsonResponse:
        """The message and what changed on the page: cards, decisions, counts, and where to go on."""
        board = self._board(request, article)
        shown = board.resting_on(answer.numbers)
        if answer.form is not None and answer.form.row.pk in board.cards:
            shown.add(answer.form.row.pk)
            board.cards[answer.form.row.pk].form = answer.form
        context = self._context(article, board)
        asked = _REQUEST.fullmatch(request.POST.get("decide", ""))
        number = int(asked[2]) if asked else 0
        following = board.next_after(number)
        return JsonResponse(
            {
                "message": answer.message,
                "level": messages.DEFAULT_TAGS[answer.level],
                "done": answer.done,
                "reload": answer.reload,
                "cards": {pk: self._card_html(request, board.cards[pk], context) for pk in sorted(shown)},
                "decisions": {pk: board.rows[pk].decision for pk in sorted(shown)},
                "groups": {group.noun: group.state for group in board.groups},
                "progress": render_to_string("admin/_proposals_progress.html", context, request),
                "next": following.row.pk if following else None,
            },
            status=answer.status,
        )

    def _card_html(self, request: HttpRequest, card: Card, context: dict[str, Any]) -> str:
        return render_to_string("admin/_proposal_card.html", {**context, "card": card}, request)

    def _way_on(self, request: HttpRequest, article: Article, answer: Answer) -> str:
        """Back to the page: at the next waiting card after a decision, at the same card after anything else."""
        asked = _REQUEST.fullmatch(request.POST.get("decide", ""))
        if asked is None or answer.reload:
            return request.path
        number = int(asked[2])
        if answer.done and asked[1] != "reopen":
            board = self._board(request, article)
            following = board.next_after(number)
            return f"{request.path}#{f'proposal-{following.row.pk}' if following else 'progress'}"
        return f"{request.path}#proposal-{number}"


def form_data(form: Any) -> Any:
    """What a browser would send of the form as it is proposed."""
    return {
        name: form.fields[name].prepare_value(form.get_initial_for_field(field, name))
        for name, field in form.fields.items()
    }


def proposals_url(article: Any) -> str:
    return reverse("admin:events_article_proposals", args=[article.pk])
