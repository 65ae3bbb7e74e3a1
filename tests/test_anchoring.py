"""Words of a source at their place: found, moved, excerpted and marked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import anchoring
from events.anchoring import Ambiguous, Excerpt, NotFound, Segment, Selector, TextError, passages

TEXT = (
    "Talver a dit : « Nous avons parlé de [leurs] ports\u00a0; […] c’est tout », hier.\n"
    "“Yes — and no”, he added. 'Yes' again; co\u00adoperation, “yes” once more."
)


class TestNormalise:
    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("\ufeffa\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
            ("e\u0301", "é"),
            ("a\u00a0b\u00ad\u200e\tc", "a\u00a0b\u00ad\u200e\tc"),
            ("", ""),
        ],
    )
    def test_keeps_what_is_printed(self, raw, text):
        assert anchoring.normalise(raw) == text

    @given(st.text())
    def test_twice_changes_nothing(self, raw):
        try:
            once = anchoring.normalise(raw)
        except TextError:
            return
        assert anchoring.normalise(once) == once

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            ("a\nb\x00", "Line 2 holds the character U+0000, which no text can hold. Take it out and try again."),
            ("\ud800", "Line 1 holds the character U+D800, which no text can hold. Take it out and try again."),
            ("\uffff", "Line 1 holds the character U+FFFF, which no text can hold. Take it out and try again."),
            (
                "a" * 2_000_001,
                "The text has 2,000,001 characters; the archive takes up to 2,000,000. Split it into several articles.",
            ),
        ],
    )  # fmt: skip
    def test_refuses_what_cannot_be_kept(self, raw, message):
        with pytest.raises(TextError) as refusal:
            anchoring.normalise(raw)
        assert str(refusal.value) == message

    def test_a_file_that_is_not_utf_8_is_refused_by_line_and_byte(self):
        with pytest.raises(TextError) as refusal:
            anchoring.decode("un\nété".encode("latin-1"))
        assert str(refusal.value) == (
            "This is no text in UTF-8: line 2 holds the byte 0xe9. Save the file as UTF-8 and try again."
        )

    def test_a_byte_order_mark_is_no_part_of_the_text(self):
        assert anchoring.decode("été\r\n".encode("utf-8-sig")) == "été\n"


PRINTED = "« Nous avons parlé de [leurs] ports\u00a0; […] c’est tout »"


class TestLocate:
    @pytest.mark.parametrize(
        "typed",
        [
            PRINTED,
            '"Nous avons parlé de [leurs] ports ; [...] c\'est tout"',
            "“Nous avons parlé de [leurs] ports ; […] c`est tout”",
            "„Nous  avons\nparlé de [leurs] ports ; […] c’est tout“",
            "<<Nous avons parlé de [leurs] ports ; […] c’est tout>>",
            "  «Nous avons parlé de [leurs]\u202fports ; […] c’\u200best tout»  ",
            "« Nous avons parle\u0301 de [leurs] ports ; […] c’est tout »",
        ],
    )
    def test_words_are_found_however_typed_and_stay_as_printed(self, typed):
        assert anchoring.locate(TEXT, typed) == Selector(
            15, 15 + len(PRINTED), PRINTED, "Talver a dit : ", ", hier.\n“Yes — and no”, he added"
        )

    @pytest.mark.parametrize(
        ("typed", "printed"),
        [
            ("Nous avons parlé de [leurs] ports", "Nous avons parlé de [leurs] ports"),
            ('"Yes - and no"', "“Yes — and no”"),
            ("''Yes – and no''", "“Yes — and no”"),
            ("cooperation", "co\u00adoperation"),
            ("«c’est tout»", "c’est tout"),  # marks that stand nowhere around them
        ],
    )
    def test_a_part_is_found_alone(self, typed, printed):
        assert anchoring.locate(TEXT, typed).exact == printed

    def test_words_that_stand_more_than_once_are_for_the_editor_to_choose(self):
        text = "He said yes, she said no, and he said yes."
        with pytest.raises(Ambiguous) as refusal:
            anchoring.locate(text, "said yes")
        assert [place.start for place in refusal.value.places] == [3, 33]
        assert str(refusal.value) == (
            "These words stand in the text 2 times. Give the number of the one you mean as the occurrence."
            " 1: …He[said yes], she said no, and he said yes.…; 2: …He said yes, she said no, and he[said yes].…"
        )
        assert [anchoring.locate(text, "said yes", number).start for number in (1, 2)] == [3, 33]

    @pytest.mark.parametrize(
        ("typed", "occurrence", "message"),
        [
            ("never said", None, "These words do not stand in the text."),
            ("   ", None, "No words are given. Paste them from the text."),
            ("", None, "No words are given. Paste them from the text."),
            (
                "NOUS AVONS PARLÉ",
                None,
                "These words do not stand in the text. The text has “Nous avons parlé”, you typed “NOUS AVONS PARLÉ”.",
            ),
            ("parlé", 2, "There is no place number 2: these words stand in the text once."),
            ("yes", 0, "There is no place number 0: these words stand in the text once."),
            ("a\x00b", None, "Line 1 holds the character U+0000, which no text can hold. Take it out and try again."),
            (
                "Nous avons parlé de nos ports",
                None,
                "These words do not stand in the text. The text has “Nous avons parlé de [leurs] ports”,"
                " you typed “Nous avons parlé de nos ports”.",
            ),
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_refused(self, typed, occurrence, message):
        with pytest.raises(NotFound) as refusal:
            anchoring.locate(TEXT, typed, occurrence)
        assert str(refusal.value) == message

    def test_a_stop_is_no_part_of_an_ellipsis(self):
        assert [place.start for place in anchoring.find("Да… Да.", "Да.")] == [4]
        assert [place.exact for place in anchoring.find("Да… Да.", "Да...")] == ["Да…"]

    def test_places_do_not_overlap(self):
        assert [place.start for place in anchoring.find("aaaa", "aa")] == [0, 2]

    @given(
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z", "Mn", "Cf")), max_size=60),
        st.data(),
    )
    def test_every_part_of_a_text_is_found_where_it_stands(self, raw, data):
        text = anchoring.normalise(raw)
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        words = text[start:end]
        for place in anchoring.find(text, words):
            assert text[place.start : place.end] == place.exact
        # A part of a word gives way to the same letters as a word of their own.
        is_whole = not (passages.splits_word(text, start) or passages.splits_word(text, end))
        if is_whole and passages._key(words.strip())[0].strip() and not set(words) & set(passages._IGNORED):
            places = anchoring.find(text, words)
            assert any(place.start < end and place.end > start for place in places)


class TestMove:
    OLD = "One. She said “no deal” at noon. Two."

    def moved(self, words, text, old=OLD):
        start = old.index(words)
        found = anchoring.move(anchoring.select(old, start, start + len(words)), old, text)
        return found and (found.start, found.end)

    def test_moves_with_its_words(self):
        assert self.moved("“no deal”", "Zero. " + self.OLD) == (20, 29)

    @pytest.mark.parametrize(
        "text",
        [
            "One. She said “no deals” at noon. Two.",
            "One. She said “no Deal” at noon. Two.",
            'One. She said "no deal" at noon. Two.',
            "One. She said “no  deal” at noon. Two.",
            "",
        ],
    )
    def test_never_to_what_only_looks_alike(self, text):
        assert self.moved("“no deal”", text) is None

    def test_not_where_nothing_around_it_is_left(self):
        assert self.moved("deal", "A great deal of rain fell.") is None

    def test_where_one_side_still_stands(self):
        assert self.moved("“no deal”", "One. She said “no deal”, twice.") == (14, 23)

    def test_among_several_by_all_that_stood_beside_it(self):
        assert self.moved("“no deal”", f"He said “no deal” too. {self.OLD}") == (37, 46)

    def test_lost_where_several_look_the_same(self):
        old = f"{'before ' * 9}“no deal”{' after' * 9}"
        assert self.moved("“no deal”", f"x {old} y {old} z", old) is None
        assert self.moved("“no deal”", f"{old} y {old}", old) == (63, 72)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("Le matin : “Oui”, dit A.\nLe soir : “Oui”, dit B.", "Le soir : “Oui”, dit B."),
            ("A : “We want a treaty, and we want it soon, all of it.” B : “We want a treaty, and we want it soon, all of it.”",
             "B : “We want a treaty, and we want it soon, all of it.”"),
        ],
    )  # fmt: skip
    def test_never_to_what_another_one_said(self, old, new):
        words = re.search("“.*?”", old)[0]
        assert self.moved(words, new, old) is None

    def test_the_second_of_two_equal_places_stays_the_second(self):
        old = "Same words here.\nSame words here.\nEnd."
        selector = anchoring.select(old, 17, 27)
        found = anchoring.move(selector, old, f"Begin.\n{old}")
        assert (found.start, found.exact) == (24, "Same words")

    def test_not_into_a_longer_word(self):
        assert self.moved("deal", "One. She said “no deals” at noon. Two.") is None

    @given(st.text("abc d\n", min_size=1, max_size=40), st.text("abc d\n", max_size=40), st.data())
    def test_what_it_finds_are_its_own_words(self, old, new, data):
        start = data.draw(st.integers(0, len(old) - 1))
        selector = anchoring.select(old, start, data.draw(st.integers(start + 1, len(old))))
        found = anchoring.move(selector, old, new)
        assert found is None or new[found.start : found.end] == found.exact == selector.exact

    @given(st.text("abc d\n", min_size=1, max_size=40), st.data())
    def test_an_unchanged_text_moves_nothing(self, text, data):
        start = data.draw(st.integers(0, len(text) - 1))
        selector = anchoring.select(text, start, data.draw(st.integers(start + 1, len(text))))
        assert anchoring.move(selector, text, text) == selector


class TestExcerpt:
    LONG = "Before it " + "and before " * 8 + "he said “yes” to them " + "and after " * 8 + "it."

    def cut(self, text, words, *others):
        places = [
            anchoring.select(text, text.index(one), text.index(one) + len(one)) for one in (words, *others)
        ]
        return anchoring.excerpt(text, places[0], places[1:])

    def test_shows_whole_words_of_its_own_paragraph(self):
        text = f"Other paragraph.\n{self.LONG}\nAnother one."
        assert self.cut(text, "“yes”") == Excerpt(
            "before and before and before and before and before he said ",
            "“yes”",
            " to them and after and after and after and after and after",
            True,
            True,
        )

    def test_says_where_nothing_is_left_out(self):
        text = "Other paragraph.\nOne two three four five.\nAnother one."
        assert self.cut(text, "three") == Excerpt("One two ", "three", " four five.", False, False)

    def test_shows_a_third_of_what_stands_between_two(self):
        text = "“Yes”, she said to all of them there, “and no”, of course."
        assert self.cut(text, "“Yes”", "“and no”") == Excerpt("", "“Yes”", ", she said", False, True)
        assert self.cut(text, "“and no”", "“Yes”") == Excerpt(
            "there, ", "“and no”", ", of course.", True, False
        )

    def test_of_words_inside_others(self):
        text = "He said “yes and no”."
        assert self.cut(text, "yes", "“yes and no”") == Excerpt("He said “", "yes", " and no”.", False, False)


class TestMark:
    def test_nested_and_overlapping_passages(self):
        spans = [("inner", 2, 4), ("outer", 1, 6), ("later", 5, 8)]
        assert anchoring.mark("abcdefghij", spans) == [
            Segment("a", (), (), ()),
            Segment("b", ("outer",), ("outer",), ()),
            Segment("cd", ("outer", "inner"), ("inner",), ("inner",)),
            Segment("e", ("outer",), (), ()),
            Segment("f", ("outer", "later"), ("later",), ("outer",)),
            Segment("gh", ("later",), (), ("later",)),
            Segment("ij", (), (), ()),
        ]

    def test_two_at_one_place(self):
        assert anchoring.mark("ab", [(1, 0, 1), (2, 0, 1)]) == [
            Segment("a", (1, 2), (1, 2), (1, 2)),
            Segment("b", (), (), ()),
        ]

    def test_what_does_not_stand_in_the_text_is_left_out(self):
        assert anchoring.mark("ab", [(1, 1, 9), (2, 1, 1), (3, -1, 1)]) == [Segment("ab", (), (), ())]

    @given(
        st.text("ab\n", max_size=20),
        st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6),
    )
    def test_the_segments_are_the_text(self, text, bounds):
        spans = [(number, start, end) for number, (start, end) in enumerate(bounds)]
        segments = anchoring.mark(text, spans)
        inside = {key for key, start, end in spans if 0 <= start < end <= len(text)}
        assert "".join(segment.text for segment in segments) == text
        for key in inside:
            (_, start, end) = spans[key]
            assert "".join(s.text for s in segments if key in s.keys) == text[start:end]
            assert sum(key in s.starts for s in segments) == sum(key in s.ends for s in segments) == 1

    def test_paragraphs(self):
        segments = anchoring.mark("One two\n\nthree", [("q", 4, 14)])
        assert anchoring.paragraphs(segments) == [
            [Segment("One ", (), (), ()), Segment("two", ("q",), ("q",), ())],
            [Segment("three", ("q",), (), ("q",))],
        ]


def test_text_that_nobody_can_correct_is_cleaned():
    assert anchoring.clean("\ufeffa\x00\x07b\ud800\ufffec\r\nde\u0301\u2028f") == "abc\ndé\nf"
    assert len(anchoring.clean("ab" * 1_500_000)) == 2_000_000


def test_the_nearest_words_are_given_alone_too():
    text = "He said: “We have signed the new agreement today in Baku”, and left."
    with pytest.raises(anchoring.NotFound) as refused:
        anchoring.locate(text, "“We have signed the old agreement today in Baku”")
    assert refused.value.nearest == "We have signed the new agreement today in Baku"
    with pytest.raises(anchoring.NotFound) as refused:
        anchoring.locate(text, "Something else")
    assert refused.value.nearest == ""


@given(st.text(alphabet="ab .,:;!?\"'`<>«»“”‘’‹›\u00ad\u200b\u200c\u00a0\n\t…ﬁ-—\u2028", max_size=20))
def test_a_whole_text_is_compared_as_its_words_are(text):
    assert anchoring.comparable(text) == passages._key(text)[0].strip()
