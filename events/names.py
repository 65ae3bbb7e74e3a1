"""Names in any script: one comparable key, one order and one address for Latin, Cyrillic, Armenian, Georgian and other letters.

All of it is made here rather than by the database, so that it is the same on every server, whatever its collations.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from anyascii import anyascii

# From this `similarity` on, two folded full names are candidates for one person, and words typed are taken for a part of a
# name (pg_trgm's strict word similarity; at 0.5 Shusha answers for Sochi). Measured on the table of the tests:
# all 735 pairs of spellings of one person reach it (688 have equal keys, the least alike have 0.615), no two different
# persons do (Armen and Mher Grigoryan come closest with 0.474). Single short words share less: of 273 pairs of spellings
# of one place 205 reach it, and what does not is mostly another word for the place.
SIMILAR = 0.55

# Letters that anyascii writes differently from how the region's press spells them in Latin.
_LETTERS = str.maketrans(
    {
        "ə": "a", "Ə": "A", "ә": "a", "Ә": "A", "ө": "o", "Ө": "O", "ү": "u", "Ү": "U", "ғ": "gh", "Ғ": "Gh", "ҝ": "g",
        "Ҝ": "G", "ҹ": "j", "Ҹ": "J", "ј": "y", "Ј": "Y", "һ": "h", "Һ": "H", "ї": "yi", "Ї": "Yi", "є": "ye", "Є": "Ye",
        "ը": "y", "Ը": "Y",
    }
)  # fmt: skip
_ARMENIAN_U = re.compile("ու", re.IGNORECASE)
# Armenian ո is read "vo" at the beginning of a word, but not in ով.
_ARMENIAN_VO = re.compile(r"(?<!\w)ո(?![ւվ])", re.IGNORECASE)
# Letters of one class in a key; elsewhere they stand with the letter that they are made from.
_SIBILANTS = str.maketrans(dict.fromkeys("çÇčČćĆšŠžŽşŞșȘżŻźŹţŢțȚ", "s"))
_APOSTROPHES = re.compile("['`´‘’‚‛ʹʺʻʼʽˈ′ʾʿ]")
# French l’ and d’ are words of their own; O’Brien and the apostrophes of transliteration (T’bilisi) are not.
_ELISION = re.compile(r"(?<!\w)([ld])['’](?=\w)", re.IGNORECASE)
_NOT_A_WORD = re.compile("[^a-z0-9]+")

# Only Azerbaijani and Turkish print these, and there c is the sound that others write j, dj or dzh.
_AZERBAIJANI_OR_TURKISH = re.compile("[əƏıİğĞşŞ]")

# From spelling to sound, in this order, each word by itself. The classes are wide on purpose: the press writes one sound in
# many ways (Russian г and х for h, Azerbaijani q for g, German j for y), and a key only finds candidates.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"chae", "kae"),
        (r"(?<=[aei])j$", "i"),
        (r"(?<=r)ge$", "s"),
        (r"(?<!ai)(?<!ay)(?<![dy])j(?=(?:ans?|e[wv]a?)$)", "y"),
        (r"dzh|dj|dsch|tsch|tch|sch|sh|zh|ch|sz|cz", "s"),
        (r"t[sz]|d[zs]|[zj]", "s"),
        (r"ck", "k"),
        (r"c(?=[eiy])|(?<=i)c$", "s"),
        (r"(?<=[oe])ff?$", "v"),
        (r"ph|f", "p"),
        (r"th", "t"),
        (r"[gq]u(?=[ei])", "k"),
        (r"ex(?=[aei])", "eks"),
        (r"[kg]h|[xqghc]", "k"),
        (r"w", "v"),
        (r"o[ou]", "u"),
        (r"ee", "i"),
        (r"ae(?![vw])", "e"),
        (r"[yi]+", "i"),
        (r"i(?=[aeou])", ""),
        (r"([a-z])\1+", r"\1"),
        (r"(?<=in)e$", ""),
        (r"e", "a"),
        (r"o", "u"),
        (r"([a-z])\1+", r"\1"),
        (r"(?<=[a-z]{2}[^aeiou])i$", ""),
        (r"d$", "t"),
        (r"b$", "p"),
    )
)


def fold(text: str) -> str:
    """A key of how the name sounds, equal or close for the spellings of one name in Latin, Cyrillic, Armenian and Georgian.

    Small Latin letters and digits; the words in their order, parted by one space; "" where no letter or digit is left. The
    final -i after a consonant goes, since Georgian puts it on foreign names (ალიევი) and Russian takes it off places (Сухум).
    Other scripts go through anyascii: Chinese gets its readings, Arabic and Persian their consonants. Equal keys, or a
    `similarity` of `SIMILAR` and more, make a candidate; who it is an editor says. Linear in the length of the text.
    """
    text = unicodedata.normalize("NFC", text)
    if _AZERBAIJANI_OR_TURKISH.search(text):
        text = re.sub("[cC]", "j", text)
    return " ".join(map(_sound, _words(text.translate(_SIBILANTS))))


def similarity(a: str, b: str) -> float:
    """How alike two folded names are, 0 to 1: what PostgreSQL's `similarity` of pg_trgm gives for the same two keys.

    The trigrams that both have, as a share of those that either has; each word counts with two blanks before and one after.
    """
    left, right = _trigrams(a), _trigrams(b)
    return len(left & right) / len(left | right) if left and right else 0.0


def sort_key(text: str) -> str:
    """A key that sorts names alike on every server when compared byte by byte: accents, case and punctuation do not count.

    Other scripts stand where their transliteration does, numbers by their worth ("Meeting 2" before "Meeting 10"); articles
    stay. "" where no letter or digit is left.
    """
    return " ".join(
        re.sub("[0-9]+", lambda digits: digits[0].lstrip("0").rjust(10, "0"), word) for word in _words(text)
    )


@lru_cache(maxsize=8192)
def slug(text: str, max_length: int = 80) -> str:
    """The name for an address: small ASCII letters, digits and hyphens, cut at the end of a word; "record" where none is left. Kept
    for the next time, as a page names the same few over and over."""
    words = _words(text)
    kept = "-".join(words)
    if len(kept) > max_length:
        cut = kept[: max_length + 1].rpartition("-")[0]
        kept = cut or kept[:max_length]
    return kept or "record"


def script(text: str) -> str:
    """The ISO 15924 code of the script that most letters of `text` have, the first met of equals; "Zyyy" where it has no letters."""
    counted: Counter[str] = Counter()
    for char, times in Counter(text).items():
        if char.isalpha():
            counted[_script_of(char)] += times
    return max(counted, key=counted.__getitem__, default="Zyyy")


def _words(text: str) -> list[str]:
    """The words of `text` in small ASCII letters and digits, as the region's press would write them."""
    text = _ELISION.sub(r"\1 ", unicodedata.normalize("NFC", text))
    text = text.translate({ord(char): _plain_sign(char) for char in set(text)})
    text = _ARMENIAN_VO.sub("vo", _ARMENIAN_U.sub("u", text)).translate(_LETTERS)
    return _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", anyascii(text)).lower()).split()


@lru_cache(maxsize=4096)
def _plain_sign(char: str) -> str:
    """Nothing for an apostrophe or an invisible sign, a blank for any other that belongs to no word: anyascii spells them out."""
    if _APOSTROPHES.match(char) or unicodedata.category(char) == "Cf":
        return ""
    return char if char.isalnum() or unicodedata.category(char).startswith("M") else " "


@lru_cache(maxsize=8192)
def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


@lru_cache(maxsize=8192)
def _trigrams(key: str) -> frozenset[str]:
    padded = (f"  {word} " for word in _NOT_A_WORD.sub(" ", key.lower()).split())
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))


_SCRIPTS = {
    "LATIN": "Latn", "FULLWIDTH": "Latn", "CYRILLIC": "Cyrl", "ARMENIAN": "Armn", "GEORGIAN": "Geor", "ARABIC": "Arab",
    "HEBREW": "Hebr", "GREEK": "Grek", "SYRIAC": "Syrc", "CJK": "Hani", "HIRAGANA": "Hira", "KATAKANA": "Kana",
    "HANGUL": "Hang", "DEVANAGARI": "Deva", "BENGALI": "Beng", "THAI": "Thai", "MONGOLIAN": "Mong", "ETHIOPIC": "Ethi",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _script_of(char: str) -> str:
    return _SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], "Zzzz")
