"""Text fragments: the directive that leads a browser to the words, and nowhere else first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import anchoring
from events.anchoring import Selector, fragments


class TestTextFragment:
    """Expected directives are written by the grammar of the specification: [prefix-,]start[,end][,-suffix]."""

    def directive(self, text, words, nth=0, held=True):
        start = -1
        for _ in range(nth + 1):
            start = text.index(words, start + 1)
        selector = anchoring.select(text, start, start + len(words))
        return fragments.text_fragment(selector, text if held else None)

    def test_words_that_stand_once_are_enough(self):
        assert self.directive("He said “well-known, & more”.", "“well-known, & more”") == (
            "%E2%80%9Cwell%2Dknown%2C%20%26%20more%E2%80%9D"
        )

    def test_a_second_place_gets_what_stands_around_it(self):
        text = "First he said yes to them. Then she said yes to all."
        assert self.directive(text, "said yes", 1) == (
            "he%20said%20yes%20to%20them.%20Then%20she-,said%20yes,-to%20all."
        )

    @pytest.mark.parametrize("other", ["SAID YES", "saïd yes", "said\nyes no. said yes"])
    def test_a_browser_overlooks_case_and_accents_but_not_paragraphs(self, other):
        text = f"Then he {other} to them. Then she said yes to all."
        assert self.directive(text, "said yes", text.count("said yes") - 1).endswith(
            "-,said%20yes,-to%20all."
        )

    def test_a_part_of_another_word_is_no_other_place(self):
        assert self.directive("The comparison of Paris.", "Paris") == "Paris"

    def test_long_words_are_given_by_their_ends(self):
        words = " ".join(f"word{n}" for n in range(60))
        assert self.directive(f"He said: {words}.", words) == (
            "word0%20word1%20word2%20word3%20word4,word55%20word56%20word57%20word58%20word59"
        )

    def test_words_over_paragraphs_too_and_more_of_them_where_both_ends_stand_elsewhere(self):
        verse = "and so it is\n\nas it was"
        text = f"One: {verse} said.\n\nTwo: {verse} done."
        assert self.directive(text, verse) == "and%20so%20it%20is,as%20it%20was"
        assert self.directive(text, verse, 1) == "Two%3A-,and%20so%20it%20is,as%20it%20was,-done."

    def test_without_a_text_short_words_get_their_context(self):
        text = "They all said yes to him.\nAll of them said yes, too."
        assert self.directive(text, "yes", 1, held=False) == "All%20of%20them%20said-,yes,-%2C%20too."
        whole = self.directive(text, "They all said yes to him", held=False)
        assert whole == "They%20all%20said%20yes%20to%20him"

    @given(
        st.lists(st.sampled_from(["so", "So", "and", "it", "sö", "is.\n", "“a”,"]), min_size=3, max_size=40),
        st.data(),
    )
    def test_the_grammar_holds_and_words_that_stand_once_stand_alone(self, parts, data):
        parts = ["First", *parts, "last"]
        first = data.draw(st.integers(0, len(parts) - 1))
        count = data.draw(st.integers(1, 4))
        before, words = " ".join(parts[:first]), " ".join(parts[first : first + count])
        text = f"{before} {words} {' '.join(parts[first + count :])}" if before else " ".join(parts)
        start = len(before) + 1 if before else 0
        directive = fragments.text_fragment(anchoring.select(text, start, start + len(words)), text)
        assert re.fullmatch(r"([^,&\s-]+-,)?[^,&\s-]+(,[^,&\s-]+)?(,-[^,&\s-]+)?", directive)
        key, wanted = fragments._searched(text)[0], fragments._searched(words)[0].strip()
        alone = sum(key.startswith(wanted, at) for at in range(len(key))) == 1
        if alone and "\n" not in words.strip():
            assert directive == fragments._encoded(words.strip())

    @pytest.mark.parametrize(
        ("url", "linked"),
        [
            ("", ""),
            ("https://civil.ge/1", "https://civil.ge/1#:~:text=yes"),
            ("https://civil.ge/1#top", "https://civil.ge/1#top:~:text=yes"),
        ],
    )
    def test_the_address_keeps_its_own_fragment(self, url, linked):
        assert fragments.url_with_fragment(url, Selector(0, 3, "yes", "", ""), "yes") == linked
