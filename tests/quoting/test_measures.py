"""How many quotations are found in the marked press texts, with whose mention: each change of a rule shows here.

After a change that is meant, `python benchmarks/quotations.py` gives the new shares for docs/performance.md.
"""

import pytest

from benchmarks.quotations import FOLDERS, PRESS, Counts, measure, table

# found, missed, wrong; of those found: with a mention, right, of the same span; invented, of the right form
MEASURED = {
    "hard": {
        "az": Counts(16, 4, 1, 16, 14, 8, 0, 16),
        "de": Counts(25, 2, 2, 25, 22, 16, 0, 23),
        "en": Counts(144, 7, 11, 140, 119, 111, 2, 137),
        "fr": Counts(112, 5, 12, 109, 87, 79, 1, 106),
        "hy": Counts(19, 1, 1, 19, 16, 14, 0, 16),
        "ka": Counts(18, 2, 1, 17, 11, 9, 0, 17),
        "ru": Counts(105, 10, 13, 102, 83, 67, 1, 100),
        "tr": Counts(19, 2, 1, 17, 12, 8, 1, 17),
    },
    "varied": {
        "az": Counts(19, 2, 0, 17, 13, 11, 2, 18),
        "de": Counts(21, 3, 2, 18, 12, 10, 0, 21),
        "en": Counts(119, 5, 9, 112, 97, 92, 6, 115),
        "fr": Counts(96, 8, 12, 91, 67, 61, 3, 95),
        "hy": Counts(20, 3, 2, 17, 11, 11, 2, 17),
        "ka": Counts(19, 3, 3, 18, 13, 13, 1, 19),
        "ru": Counts(91, 2, 5, 83, 65, 59, 2, 88),
        "tr": Counts(19, 5, 3, 16, 13, 9, 3, 16),
    },
    "plain": {
        "az": Counts(24, 3, 0, 24, 23, 19, 0, 24),
        "de": Counts(31, 3, 0, 31, 28, 22, 0, 30),
        "en": Counts(91, 3, 3, 91, 90, 85, 0, 88),
        "fr": Counts(84, 2, 2, 84, 75, 64, 0, 83),
        "hy": Counts(22, 3, 0, 22, 17, 15, 0, 19),
        "ka": Counts(23, 4, 2, 23, 17, 15, 0, 22),
        "ru": Counts(78, 3, 1, 76, 68, 61, 0, 76),
        "tr": Counts(22, 3, 1, 21, 14, 12, 0, 20),
    },
}  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS)
def test_measures(folder):
    assert measure(folder) == MEASURED[folder]


def test_the_texts_are_enough_to_measure_by():
    marked = dict.fromkeys(MEASURED["hard"], 0)
    for folder in FOLDERS:
        for language, counts in measure(folder).items():
            marked[language] += counts.found + counts.missed
    assert {language: count for language, count in marked.items() if count < 60} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_page_on_performance_states_them(folder):
    page = (PRESS.parents[2] / "docs" / "performance.md").read_text()
    assert table(folder) in page  # python benchmarks/quotations.py prints the tables
