import pytest

from events.quoting.marks import Span, spans


def found(text: str) -> list[tuple[str, int | None, bool]]:
    """The words of each span with its parent, and whether it is closed."""
    return [(text[span.start : span.end], span.parent, span.closed) for span in spans(text)]


def test_a_span_counts_code_points_and_holds_its_marks():
    assert spans("𝒜 dit « oui ».") == [Span(6, 13, None, True, "«")]


@pytest.mark.parametrize(
    "text",
    [
        "« a b »",
        "«a b»",
        "“a b”",
        "„a b“",
        "„a b”",
        '"a b"',
        "‘a b’",
        "‚a b‘",
        "‹a b›",
        "<<a b>>",
        ",,a b“",
        "'a b'",
    ],
)
def test_the_marks_of_eight_languages(text):
    assert found(f"Il dit {text}.") == [(text, None, True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«a «b» c»", [("«a «b» c»", None, True), ("«b»", 0, True)]),
        ("« a « b » c »", [("« a « b » c »", None, True), ("« b »", 0, True)]),
        ("“a ‘b’ c”", [("“a ‘b’ c”", None, True), ("‘b’", 0, True)]),
        ("„a ‚b‘ c“", [("„a ‚b‘ c“", None, True), ("‚b‘", 0, True)]),
        ('„a "b" c“', [('„a "b" c“', None, True), ('"b"', 0, True)]),
        ('"a "b c" d"', [('"a "b c" d"', None, True), ('"b c"', 0, True)]),
        (
            "«a “b 'c d' e” f»",
            [("«a “b 'c d' e” f»", None, True), ("“b 'c d' e”", 0, True), ("'c d'", 1, True)],
        ),
        ("«a» «b»", [("«a»", None, True), ("«b»", None, True)]),
        ('"a b" "c d"', [('"a b"', None, True), ('"c d"', None, True)]),
        ("«Мы за партию «Мечта», – сказал он", [("«Мы за партию «Мечта»", None, True)]),
    ],
)
def test_marks_within_marks(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The dogs’ home isn’t Anna’s.",
        "The '90s and rock 'n' roll, the ‘80s and ’70s.",
        "L’accord d’aujourd’hui n’est qu'un début.",
        "Rock 'em, 'til dawn.",
        "A 5\" pipe and a 6' wall.",
        "a»",
        "",
        "\n\n",
    ],
)
def test_signs_that_quote_nothing(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'We wait,' he said", "'We wait,'"),
        ("‘It’s the dogs’ home,’ he said", "‘It’s the dogs’ home,’"),
        ("“The dogs’ home and the ‘90s, it’s all there”", "“The dogs’ home and the ‘90s, it’s all there”"),
    ],
)
def test_apostrophes_within_single_marks(text, expected):
    assert found(text) == [(expected, None, True)]


@pytest.mark.parametrize("text", ["»a b«, sagt er. »c d«", "Er sagt: »a b«. Sie sagt: »c d«."])
def test_guillemets_that_point_inwards(text):
    assert found(text) == [("»a b«", None, True), ("»c d«", None, True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«a\n«b\n«c»", [("«a\n«b\n«c»", None, True)]),
        ("«a\n»b\n»c»", [("«a\n»b\n»c»", None, True)]),
        ("“a\n\n“b”", [("“a\n\n“b”", None, True)]),
        ("‘a b\n\n‘c d’", [("‘a b\n\n‘c d’", None, True)]),
        ("“a\n\nb”", [("“a\n\nb”", None, True)]),
        ("«a b c\nd e f", [("«a b c", None, False)]),
        ('a "b c\n\nd', [('"b c', None, False)]),
        ("«a b\n" + "c\n" * 9 + "d»", [("«a b", None, False)]),  # too far away to be its end
    ],
)
def test_words_over_paragraphs(text, expected):
    assert found(text) == expected
