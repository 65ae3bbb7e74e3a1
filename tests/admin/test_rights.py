"""Who may do what at the desk: every address, for everybody, with records in every state.

The two tables are the expectation, and are meant to be read. `stranger` has not signed in; `reader` has an account that is not staff (any
more), whatever its groups; `staff` is in no group; `viewer` may look at every record and change none; `Editor` is not the one who wrote
the records; then come the groups, and a superuser. Of several states (`draft|review`) each noun is tried in
another one, and of two people whom the table answers alike each noun by one.
"""

import logging
import re
from typing import Any

import pytest
from django.test import Client

from tests.admin.deeds import DEEDS
from tests.admin.rights import PEOPLE, World, everything, routes, taken_back

pytestmark = pytest.mark.django_db

# What is seen. `door`: sent to sign in; `on`: sent to another page of the desk. The first line is /admin/ itself.
SEEN = """
address                                     of                                    stranger  reader  staff  viewer  Editor  Reviewer  Administrator  superuser
                                            -                                     door      door    page   page    page    page      page           page
APP_LABEL/                                  events                                door      door    404    page    page    page      404            page
APP_LABEL/                                  auth                                  door      door    404    404     404     404       page           page
APP_LABEL/                                  axes                                  door      door    404    404     404     404       page           page
login/                                      -                                     page      page    on     on      on      on        on             on
login/code/                                 -                                     on        on      on     on      on      on        on             on
logout/                                     -                                     on        on      405    405     405     405       405            405
two-factor/                                 -                                     door      door    page   page    page    page      page           page
two-factor/set-up/                          -                                     on        on      on     on      on      on        on             on
password_change/                            -                                     door      door    page   page    page    page      page           page
password_change/done/                       -                                     door      door    page   page    page    page      page           page
jsi18n/                                     -                                     door      door    page   page    page    page      page           page
autocomplete/                               -                                     door      door    403    403     403     403       403            403
URL                                         nothing/                              door      door    404    404     404     404       404            404

events/NOUN/                                -                                     door      door    403    page    page    page      403            page
events/NOUN/add/                            -                                     door      door    403    403     page    page      403            page
events/NOUN/OBJECT_ID/                      draft|published|deleted|none          door      door    on     on      on      on        on             on
events/NOUN/OBJECT_ID/change/               draft|review|withdrawn|merged         door      door    403    page    page    page      403            page
events/NOUN/OBJECT_ID/change/               published                             door      door    403    page    page    page      403            page
events/NOUN/OBJECT_ID/change/               deleted|none                          door      door    403    on      on      on        403            on
events/NOUN/OBJECT_ID/history/              draft|published|deleted               door      door    403    page    page    page      403            page
events/NOUN/OBJECT_ID/history/              none                                  door      door    403    404     404     404       403            404
events/NOUN/OBJECT_ID/history/NUMBER/       review|published|withdrawn|deleted    door      door    403    page    page    page      403            page
events/NOUN/OBJECT_ID/history/NUMBER/       none                                  door      door    403    404     404     404       403            404
events/NOUN/OBJECT_ID/delete/               draft|review                          door      door    403    403     403     403       403            page
events/NOUN/OBJECT_ID/delete/               published|withdrawn|merged            door      door    403    403     403     403       403            403
events/NOUN/deleted/                        -                                     door      door    403    page    page    page      403            page
events/NOUN/duplicates/                     -                                     door      door    403    page    page    page      403            page
events/NOUN/merge/?                         pair                                  door      door    403    403     403     page      403            page
events/NOUN/preview/?action=send_to_review  draft|published                       door      door    403    403     page    page      403            page
events/NOUN/preview/?action=back_to_draft   published|review                      door      door    403    403     page    page      403            page
events/NOUN/preview/?action=publish         draft|withdrawn                       door      door    403    403     403     page      403            page
events/NOUN/preview/?action=withdraw        published|draft                       door      door    403    403     403     page      403            page
events/article/from-address/                -                                     door      door    403    403     page    page      403            page
events/article/PK/check/                    draft|published                       door      door    405    405     405     405       405            405
events/article/OBJECT_ID/proposals/         draft                                 door      door    403    page    page    page      403            page
events/article/OBJECT_ID/proposals/         published                             door      door    403    page    page    page      403            page
events/article/OBJECT_ID/proposals/         none                                  door      door    403    on      on      on        403            on
import/                                     -                                     door      door    403    403     page    page      403            page
import/sheets/NOUN.KIND                     -                                     door      door    404    404     page    page      404            page
import/TOKEN/                               own                                   door      door    403    403     page    page      403            page
import/TOKEN/                               another’s                             door      door    on     on      on      on        on             page
import/TOKEN/report.csv                     own                                   door      door    403    403     page    page      403            page
import/TOKEN/report.csv                     another’s                             door      door    404    404     404     404       404            page

events/merge/                               -                                     door      door    403    403     403     page      403            page
events/merge/add/                           -                                     door      door    403    403     403     403       403            403
events/merge/OBJECT_ID/                     -                                     door      door    on     on      on      on        on             on
events/merge/OBJECT_ID/change/              -                                     door      door    403    403     403     page      403            page
events/merge/OBJECT_ID/history/             -                                     door      door    on     on      on      page      on             page
events/merge/OBJECT_ID/delete/              -                                     door      door    403    403     403     403       403            403
events/merge/NUMBER/undo/                   -                                     door      door    403    403     403     on        403            on
events/snapshot/                            -                                     door      door    403    page    page    page      403            page
events/snapshot/add/                        -                                     door      door    403    403     403     403       403            403
events/snapshot/OBJECT_ID/                  -                                     door      door    on     on      on      on        on             on
events/snapshot/OBJECT_ID/change/           -                                     door      door    403    page    page    page      403            page
events/snapshot/OBJECT_ID/history/          -                                     door      door    403    page    page    page      403            page
events/snapshot/OBJECT_ID/delete/           -                                     door      door    403    403     403     403       403            403
events/snapshot/PK/file/                    -                                     door      door    403    page    page    page      403            page
events/tenure/                              -                                     door      door    403    page    page    page      403            page
events/tenure/add/                          -                                     door      door    403    403     403     403       403            403
events/tenure/OBJECT_ID/                    -                                     door      door    on     on      on      on        on             on
events/tenure/OBJECT_ID/change/             -                                     door      door    403    page    page    page      403            page
events/tenure/OBJECT_ID/history/            -                                     door      door    403    page    page    page      403            page
events/tenure/OBJECT_ID/delete/             -                                     door      door    403    403     403     403       403            403

auth/user/                                  -                                     door      door    403    403     403     403       page           page
auth/user/add/                              -                                     door      door    403    403     403     403       page           page
auth/user/OBJECT_ID/                        Editor                                door      door    on     on      on      on        on             on
auth/user/OBJECT_ID/change/                 Editor                                door      door    403    403     403     403       page           page
auth/user/OBJECT_ID/change/                 superuser                             door      door    403    403     403     403       page           page
auth/user/OBJECT_ID/change/                 own                                   door      door    403    403     403     403       page           page
auth/user/OBJECT_ID/history/                Editor                                door      door    403    403     403     403       page           page
auth/user/OBJECT_ID/delete/                 Editor                                door      door    403    403     403     403       403            page
auth/user/ID/password/                      Editor                                door      door    403    403     403     403       page           page
auth/user/ID/password/                      superuser                             door      door    403    403     403     403       403            page
auth/user/ID/password/                      own                                   door      door    403    403     403     403       page           page
auth/group/                                 -                                     door      door    403    403     403     403       page           page
auth/group/add/                             -                                     door      door    403    403     403     403       403            page
auth/group/OBJECT_ID/                       -                                     door      door    on     on      on      on        on             on
auth/group/OBJECT_ID/change/                -                                     door      door    403    403     403     403       page           page
auth/group/OBJECT_ID/history/               -                                     door      door    403    403     403     403       page           page
auth/group/OBJECT_ID/delete/                -                                     door      door    403    403     403     403       403            page
axes/LOG/                                   -                                     door      door    403    403     403     403       page           page
axes/LOG/add/                               -                                     door      door    403    403     403     403       403            403
axes/LOG/OBJECT_ID/                         -                                     door      door    on     on      on      on        on             on
axes/LOG/OBJECT_ID/change/                  -                                     door      door    403    403     403     403       page           page
axes/LOG/OBJECT_ID/history/                 -                                     door      door    403    403     403     403       page           page
axes/LOG/OBJECT_ID/delete/                  -                                     door      door    403    403     403     403       403            403
"""

# What is done. `done`: it is written; `part`: something of the form is written, but not this; `kept`: nothing is written, and the next page
# says why. At every other answer nothing is written either.
DONE = """
deed                    address                                     of                                    stranger  reader  staff  viewer  Editor  Reviewer  Administrator  superuser
add it                  events/NOUN/add/                            -                                     door      door    403    403     done    done      403            done
change it               events/NOUN/OBJECT_ID/change/               draft|review|withdrawn                door      door    403    403     done    done      403            done
change it               events/NOUN/OBJECT_ID/change/               merged                                door      door    403    403     kept    kept      403            kept
change it               events/NOUN/OBJECT_ID/change/               published                             door      door    403    403     403     done      403            done
delete it               events/NOUN/OBJECT_ID/delete/               spare                                 door      door    403    403     403     403       403            done
delete it               events/NOUN/OBJECT_ID/delete/               published|withdrawn|merged            door      door    403    403     403     403       403            403
delete it by the list   events/NOUN/?                               spare                                 door      door    403    kept    kept    kept      403            done
delete it by the list   events/NOUN/?                               published|withdrawn                   door      door    403    kept    kept    kept      403            403
restore it              events/NOUN/OBJECT_ID/history/NUMBER/       draft|review|withdrawn                door      door    403    403     done    done      403            done
restore it              events/NOUN/OBJECT_ID/history/NUMBER/       published                             door      door    403    403     403     done      403            done
restore it              events/NOUN/OBJECT_ID/history/NUMBER/       merged                                door      door    403    403     403     403       403            403
restore it              events/NOUN/OBJECT_ID/history/NUMBER/       deleted                               door      door    403    403     done    done      403            done
send to review          events/NOUN/preview/?                       draft                                 door      door    403    403     done    done      403            done
publish                 events/NOUN/preview/?                       draft|review|withdrawn                door      door    403    403     403     done      403            done
back to draft           events/NOUN/preview/?                       review                                door      door    403    403     done    done      403            done
back to draft           events/NOUN/preview/?                       published|withdrawn                   door      door    403    403     kept    done      403            done
withdraw                events/NOUN/preview/?                       draft|review|published                door      door    403    403     403     done      403            done
add topics              events/NOUN/preview/?                       draft                                 door      door    403    403     done    done      403            done
add topics              events/NOUN/preview/?                       published                             door      door    403    403     kept    done      403            done
remove topics           events/NOUN/preview/?                       draft                                 door      door    403    403     done    done      403            done
remove topics           events/NOUN/preview/?                       published                             door      door    403    403     kept    done      403            done
change the outlet       events/NOUN/preview/?                       draft                                 door      door    403    403     done    done      403            done
change the outlet       events/NOUN/preview/?                       published                             door      door    403    403     kept    done      403            done
change the rights       events/NOUN/preview/?                       draft                                 door      door    403    403     done    done      403            done
change the rights       events/NOUN/preview/?                       published                             door      door    403    403     kept    done      403            done
merge                   events/NOUN/merge/?                         pair                                  door      door    403    403     403     done      403            done
undo the merge          events/merge/NUMBER/undo/                   -                                     door      door    403    403     403     done      403            done
tell apart              events/NOUN/duplicates/                     -                                     door      door    403    403     done    done      403            done
search for duplicates   events/NOUN/duplicates/                     -                                     door      door    403    403     done    done      403            done

read an article         events/article/from-address/                -                                     door      door    403    403     done    done      403            done
store what was read     events/NOUN/add/?                           -                                     door      door    403    403     done    done      403            done
check the source        events/article/PK/check/                    draft|published                       door      door    403    403     done    done      403            done
accept a proposal       events/article/OBJECT_ID/proposals/         draft                                 door      door    403    kept    done    done      403            done
correct a proposal      events/article/OBJECT_ID/proposals/         draft                                 door      door    403    kept    done    done      403            done
dismiss a proposal      events/article/OBJECT_ID/proposals/         draft                                 door      door    403    kept    done    done      403            done
take a proposal back    events/article/OBJECT_ID/proposals/         draft                                 door      door    403    kept    done    done      403            done
read for proposals      events/article/OBJECT_ID/proposals/         review                                door      door    403    kept    done    done      403            done
read for proposals      events/article/OBJECT_ID/proposals/         published                             door      door    403    kept    kept    done      403            done
send a table            import/                                     -                                     door      door    403    403     done    done      403            done
make unknown names      import/TOKEN/                               own                                   door      door    403    403     done    done      403            done
store a table           import/TOKEN/                               own                                   door      door    403    403     done    done      403            done
store a table           import/TOKEN/                               another’s                             door      door    kept   kept    kept    kept      kept           done

add an account          auth/user/add/                              -                                     door      door    403    403     403     403       done           done
change an account       auth/user/OBJECT_ID/change/                 Editor                                door      door    403    403     403     403       done           done
change an account       auth/user/OBJECT_ID/change/                 superuser                             door      door    403    403     403     403       403            done
give all groups         auth/user/OBJECT_ID/change/                 Editor                                door      door    403    403     403     403       done           done
give all groups         auth/user/OBJECT_ID/change/                 own                                   door      door    403    403     403     403       part           done
make a superuser        auth/user/OBJECT_ID/change/                 Editor                                door      door    403    403     403     403       part           done
shut out                auth/user/OBJECT_ID/change/                 Editor                                door      door    403    403     403     403       done           done
set a password          auth/user/ID/password/                      Editor                                door      door    403    403     403     403       done           done
set a password          auth/user/ID/password/                      superuser                             door      door    403    403     403     403       403            done
take the device off     auth/user/?                                 Editor                                door      door    403    403     403     403       done           done
take the device off     auth/user/?                                 superuser                             door      door    403    403     403     403       kept           done
delete an account       auth/user/OBJECT_ID/delete/                 Editor                                door      door    403    403     403     403       403            done
delete accounts         auth/user/?                                 Editor                                door      door    403    403     403     403       kept           done
change the password     password_change/                            -                                     door      door    done   done    done    done      done           done
add a group             auth/group/add/                             -                                     door      door    403    403     403     403       403            done
change a group          auth/group/OBJECT_ID/change/                -                                     door      door    403    403     403     403       403            done
delete a group          auth/group/OBJECT_ID/delete/                -                                     door      door    403    403     403     403       403            done
"""

# Addresses at which nothing can be done, whoever asks: what is sent there writes nothing.
NOTHING = """
APP_LABEL/  URL  autocomplete/  jsi18n/
login/  login/code/  logout/  password_change/done/  two-factor/  two-factor/set-up/
events/NOUN/OBJECT_ID/  events/NOUN/OBJECT_ID/history/  events/NOUN/deleted/
events/merge/  events/merge/add/  events/merge/OBJECT_ID/  events/merge/OBJECT_ID/change/  events/merge/OBJECT_ID/history/
events/merge/OBJECT_ID/delete/
events/snapshot/  events/snapshot/add/  events/snapshot/OBJECT_ID/  events/snapshot/OBJECT_ID/change/  events/snapshot/OBJECT_ID/history/
events/snapshot/OBJECT_ID/delete/  events/snapshot/PK/file/
events/tenure/  events/tenure/add/  events/tenure/OBJECT_ID/  events/tenure/OBJECT_ID/change/  events/tenure/OBJECT_ID/history/
events/tenure/OBJECT_ID/delete/
import/sheets/NOUN.KIND  import/TOKEN/report.csv
auth/user/OBJECT_ID/  auth/user/OBJECT_ID/history/  auth/group/  auth/group/OBJECT_ID/  auth/group/OBJECT_ID/history/
axes/LOG/  axes/LOG/add/  axes/LOG/OBJECT_ID/  axes/LOG/OBJECT_ID/change/  axes/LOG/OBJECT_ID/history/  axes/LOG/OBJECT_ID/delete/
"""


def table(text: str, columns: int) -> list[tuple[Any, ...]]:
    """The lines of a table: so many columns of words, and what everybody is answered."""
    head, *lines = [line for line in text.splitlines() if line.strip()]
    starts = [match.start() for match in re.finditer(r"\S+", head)]
    assert head.split()[columns:] == PEOPLE
    found = []
    for line in lines:
        cells = [line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
        found.append((*cells[:columns], dict(zip(PEOPLE, cells[columns:], strict=True))))
    return found


Tries = dict[tuple[str, str], str]  # noun and person: the outcome

EVERYBODY = {person: person for person in PEOPLE}  # what nobody has in common: each noun is tried by all

# What a look may write: when the records of a noun were compared last, and what the archive reads in a text, when it is looked at.
LOOKING = ("events_duplicatesearch ", "events_proposal ", "events_survey ")

SEEN_ROWS, DONE_ROWS = table(SEEN, 2), table(DONE, 3)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    logging.disable(logging.ERROR)
    with django_db_blocker.unblock(), taken_back():
        yield World()
    logging.disable(logging.NOTSET)


def test_every_address_of_the_desk_stands_in_the_tables():
    listed, seen = set(routes()), {row[0].partition("?")[0] for row in SEEN_ROWS}
    assert listed - seen == set(), "Write into SEEN who may see these addresses."
    done = {row[1].partition("?")[0] for row in DONE_ROWS} | set(NOTHING.split())
    assert listed - {""} - done == set(), (
        "Write into DONE what is done at these addresses and by whom, or into NOTHING."
    )
    assert (seen | done) - listed == set(), "These addresses are not there any more."


def otherwise(found: Tries, wanted: dict[str, str]) -> dict[str, str]:
    """What is not as the table says, by noun and person."""
    return {
        f"{name} {person}".strip(): f"{outcome}, not {wanted[person]}"
        for (name, person), outcome in found.items()
        if outcome != wanted[person]
    }


@pytest.mark.parametrize("row", SEEN_ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_what_is_seen(world, row):
    *where, wanted = row
    with taken_back():
        tries = world.tries(*where, wanted)
        found = {(name, person): world.seen(person, address) for name, person, address in tries}
        written = {line for line in everything() if not line.startswith(LOOKING)} - set(world.before)
    assert otherwise(found, wanted) == {}
    assert written == set(), "To look writes nothing."


@pytest.mark.parametrize("row", DONE_ROWS, ids=lambda row: f"{row[0]} {row[2]}")
def test_what_is_done(world, row):
    deed, *where, wanted = row
    found: Tries = {}
    for name, person, address in world.tries(*where, wanted):
        sent = DEEDS[deed](world, name, address, person)
        if sent is not None:
            found[name, person] = world.done(person, *sent)
    assert otherwise(found, wanted) == {}
    assert everything() == world.before, "Where a deed is refused, nothing is written."
    assert found


def test_a_deed_is_asked_for_with_the_token_of_the_page(world):
    """Whatever changes something refuses a form that another site has sent: 403, and nothing is written."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.clients["superuser"].cookies
    found = {}
    for deed, *where, _wanted in DONE_ROWS:
        for name, person, address in world.tries(*where, EVERYBODY):
            if person == "superuser" and name in ("", "meeting", "article", "topic"):
                sent = DEEDS[deed](world, name, address, person)
                if sent is not None:
                    found[deed, name] = client.post(*sent[:2]).status_code
    assert {key: status for key, status in found.items() if status != 403} == {}
    assert (len(found) > 60, everything()) == (True, world.before)


@pytest.mark.parametrize("route", NOTHING.split())
def test_nothing_is_done(world, route):
    """Whatever a form may send, and whoever sends it, where there is nothing to be done."""
    sent = {
        "post": "yes", "confirm": "1", "_save": "Save", "action": "delete_selected", "_selected_action": ["1"], "title": "Forged",
        "name": "Forged", "act": "remove", "code": "123456", "store": "1",
    }  # fmt: skip
    of = {"URL": "nothing/", "APP_LABEL/": "events", "import/TOKEN/report.csv": "own"}.get(route, "-")
    of = "draft" if "NOUN/OBJECT_ID" in route else "Editor" if route.startswith("auth/user/") else of
    with taken_back():
        for name, person, address in world.tries(route, of, EVERYBODY):
            assert world.send(person, address, sent).status_code in (200, 302, 403, 404, 405), (name, person)
        written = {line for line in everything() if not line.startswith(LOOKING)} - set(world.before)
    assert written == set()


def test_other_methods_do_nothing(world):
    """What no browser sends is read as a look, or refused; it writes nothing."""
    client, found = world.clients["superuser"], set()
    with taken_back():
        for _deed, *where, _wanted in DONE_ROWS:
            for name, person, address in world.tries(*where, EVERYBODY):
                if person == "superuser" and name in ("", "meeting"):
                    for method in ("head", "put", "delete", "options"):
                        found.add(getattr(client, method)(address).status_code)
        assert found <= {200, 302, 400, 403, 404, 405}
        written = {line for line in everything() if not line.startswith(LOOKING)} - set(world.before)
    assert written == set()


def test_who_wrote_a_record_has_no_right_of_their_own(world):
    """The Editor who made a record may do to it what any Editor may."""
    writer = world.clients["writer"]
    for deed, state in [
        ("change it", "published"),
        ("delete it", "spare"),
        ("publish", "draft"),
        ("withdraw", "draft"),
    ]:
        [row] = [row for row in DONE_ROWS if row[0] == deed and state in row[2].split("|")]
        for name, person, address in world.tries(row[1], state, EVERYBODY):
            if person == "Editor":
                sent = DEEDS[deed](world, name, address, person)
                assert (deed, name, writer.post(*sent[:2]).status_code) == (deed, name, 403)
    assert everything() == world.before


def test_strange_fields_are_answered(world):
    """What no browser sends in place of the fields of a deed is answered by a page or a refusal, never by an error of ours."""
    strange = ["\x00", "9" * 5000, ["1", "two\x00"], "{", "x" * 100_000]
    bodies = [
        ("application/json", b"{"),
        ("multipart/form-data; boundary=x", b"--y"),
        ("text/plain", b"\x00"),
    ]
    found: set[int] = set()
    for deed, *where, _wanted in DONE_ROWS:
        for name, person, address in world.tries(*where, EVERYBODY):
            sent = DEEDS[deed](world, name, address, person) if name in ("", "article") else None
            if person != "superuser" or sent is None:
                continue
            for value in strange:
                with taken_back():
                    found.add(world.send(person, sent[0], dict.fromkeys(sent[1], value)).status_code)
            for content_type, body in bodies:
                with taken_back():
                    found.add(world.send(person, sent[0], body, content_type=content_type).status_code)
    assert found <= {200, 302, 400, 403, 404}
    assert everything() == world.before
