"""Differences are whole, and two changes of one text are both there after a merge, or there is none."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.differences import Piece, difference, merge

# Few different lines, so that they repeat, and lines that differ in a word only.
LINES = st.lists(st.sampled_from(["", "a", "b", "c d", "c e", "f g h"]), min_size=1, max_size=9)
TEXTS = LINES.map("\n".join)


@st.composite
def three_texts(draw):
    """An ancestor of unlike lines, and for each of its places what one of two editors, or nobody, puts there."""
    size = draw(st.integers(1, 8))
    owners = draw(st.lists(st.sampled_from(["mine", "theirs", "nobody"]), min_size=size, max_size=size))
    ancestor, mine, theirs, both = [], [], [], []
    for number, owner in enumerate(owners):
        line = f"line {number}"
        new = draw(st.sampled_from([[f"{owner} {number}"], [f"{owner} {number}", f"and {number}"]]))
        ancestor.append(line)
        mine += new if owner == "mine" else [line]
        theirs += new if owner == "theirs" else [line]
        both += [line] if owner == "nobody" else new
    return tuple("\n".join(lines) for lines in (ancestor, mine, theirs, both))


@given(three_texts())
def test_changes_of_different_lines_are_both_there(texts):
    ancestor, mine, theirs, both = texts
    assert merge(ancestor, mine, theirs) == both


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_is_who(ancestor, mine, theirs):
    assert merge(ancestor, mine, theirs) == merge(ancestor, theirs, mine)


@given(TEXTS, TEXTS)
def test_what_one_alone_or_both_alike_changed_is_taken(ancestor, mine):
    assert merge(ancestor, mine, ancestor) == merge(ancestor, mine, mine) == mine


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_new_of_either_is_missing_from_a_merged_text(ancestor, mine, theirs):
    merged = merge(ancestor, mine, theirs)
    if merged is None:
        return
    old, now = (Counter(text.split("\n")) for text in (ancestor, merged))
    for side in (mine, theirs):
        added = Counter(side.split("\n")) - old
        assert added - now == Counter()
    gone = old - now
    assert gone - ((old - Counter(mine.split("\n"))) + (old - Counter(theirs.split("\n")))) == Counter()


@pytest.mark.parametrize(
    ("ancestor", "mine", "theirs", "text"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb", "A\nb", "a\nB", "A\nB"),  # neighbours
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb\nc", "b\nc", "a\nb", "b"),
        ("a", "a\nb", "0\na", "0\na\nb"),
        ("a\nb", "a\nx\nb", "a\nx\nb", "a\nx\nb"),
        ("a\nb", "a\nx\nb", "a\ny\nb", None),  # which first?
        ("a", "b", "c", None),
        ("a\nb\nc", "a\nc", "a\nB\nc", None),  # deleted and changed
        ("a\nb", "a\nx\nb", "A\nb", None),  # at the edge of a change
        ("", "x", "y", None),
        ("", "x", "", "x"),
        ("one two\nthree", "one 2\nthree", "1 two\nthree", None),  # a line is the smallest part
    ],
)
def test_merged_texts(ancestor, mine, theirs, text):
    assert merge(ancestor, mine, theirs) == text


def side(pieces, kind):
    return "".join(piece.text for piece in pieces if piece.kind in ("same", kind))


@given(TEXTS | st.text(max_size=60), TEXTS | st.text(max_size=60))
def test_a_difference_holds_both_texts(old, new):
    pieces = difference(old, new, context=10_000)
    assert (side(pieces, "deleted"), side(pieces, "inserted")) == ((old, new) if old != new else ("", ""))


def test_a_difference_in_words():
    old = "They met in Baku on Monday.\nNothing was signed."
    new = "They met in Tbilisi on Monday.\nA protocol was signed, in Russian."
    assert difference(old, new) == [
        Piece("same", "They met in "),
        Piece("deleted", "Baku"),
        Piece("inserted", "Tbilisi"),
        Piece("same", " on Monday.\n"),
        Piece("deleted", "Nothing"),
        Piece("inserted", "A protocol"),
        Piece("same", " was signed"),
        Piece("inserted", ", in Russian"),
        Piece("same", "."),
    ]


def test_what_is_far_from_a_change_is_left_out():
    far = " ".join(f"word{number}" for number in range(40))
    assert difference(f"{far} a {far} b {far}", f"{far} A {far} B {far}", context=16) == [
        Piece("left out"),
        Piece("same", " word38 word39 "),
        Piece("deleted", "a"),
        Piece("inserted", "A"),
        Piece("same", " word0 word1 "),
        Piece("left out"),
        Piece("same", " word38 word39 "),
        Piece("deleted", "b"),
        Piece("inserted", "B"),
        Piece("same", " word0 word1 "),
        Piece("left out"),
    ]


def test_letters_with_accents_stay_whole():
    assert difference("Карабах", "Кара́бах") == [Piece("deleted", "Карабах"), Piece("inserted", "Кара́бах")]


def test_long_texts_that_have_nothing_in_common_or_all():
    """The longest article that the archive takes; a comparison of all with all would never end."""
    text = "\n".join(f"Paragraph {number} of the text, of some length." for number in range(40_000))
    other = "\n".join(f"Absatz {number % 7}" for number in range(100_000))
    assert difference(text, other) == [
        Piece("deleted", text[:300]),
        Piece("left out"),
        Piece("deleted", text[-300:]),
        Piece("inserted", other[:300]),
        Piece("left out"),
        Piece("inserted", other[-300:]),
    ]
    lines = [f"line {number} a end {number}" for number in range(2000)]
    many = difference("\n".join(lines), "\n".join(lines).replace("a", "b"))
    assert (len(many), many[-1]) == (401, Piece("left out"))
    ancestor, mine, theirs = "0\n" + text + "\n9", "1\n" + text + "\n9", "0\n" + text + "\n8"
    assert merge(ancestor, mine, theirs) == "1\n" + text + "\n8"
    assert merge("\n" * 100_000, "x\n" * 100_000, "y\n" * 100_000) is None
