"""Codes that records carry: languages (BCP 47) and countries (ISO 3166-1), checked against CLDR and named in any language."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NoReturn

from babel import Locale, UnknownLocaleError
from babel.core import get_global

# The languages of the region, of its neighbours and of the press that reports on it: what forms offer first.
PRESS_LANGUAGES = (
    "ab", "ar", "az", "de", "el", "en", "es", "fa", "fr", "he", "hu", "hy", "it", "ja", "ka", "kk", "ku", "nl", "os", "pl",
    "pt", "ro", "ru", "tk", "tr", "uk", "ur", "uz", "zh",
)  # fmt: skip

# CLDR's list holds more than ISO 3166-1 assigns: reserved and private codes, pseudo-regions and the unknown region. Of the
# exceptionally reserved ones EU and UN stay, since both act in the archive like states.
_NOT_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "XA", "XB", "XK", "ZZ"})

_RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})

_LANGUAGE_EXAMPLES = "Use a BCP 47 code such as fr, ru, hy or az-Latn."
_COUNTRY_EXAMPLES = "Use a code of two letters such as AM, AZ, GE or FR (EU and UN are codes too)."
_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)


class CodeError(ValueError):
    """The text is no code of a language or country; the message says what one looks like."""


def language_tag(text: str) -> str:
    """The canonical BCP 47 tag, language[-Script][-REGION]: "AZ_latn" gives "az-Latn", "rus" gives "ru", "iw" gives "he".

    Each part stands in CLDR's lists. Variants and extensions are not kept and are refused. Raises `CodeError`.
    """
    if len(text) > 60:
        _refuse(text, "It is too long.", _LANGUAGE_EXAMPLES)
    return _language_tag(text)


@lru_cache(maxsize=1024)
def _language_tag(text: str) -> str:
    typed = text.strip().replace("_", "-")
    found = _TAG.fullmatch(typed)
    if not found:
        _refuse(text, _asked(_named("languages", typed)), _LANGUAGE_EXAMPLES)
    english = Locale("en")
    code, script, region = found.groups()
    code = code.lower()
    code = get_global("language_aliases").get(code, code).partition("_")[0]
    if code not in english.languages:
        known = _named("languages", typed)
        _refuse(text, f'There is no language code "{code}". {_asked(known)}', _LANGUAGE_EXAMPLES)
    parts = [code]
    if script:
        if script.title() not in english.scripts:
            _refuse(
                text, f'There is no script code "{script}", as in az-Latn or az-Cyrl.', _LANGUAGE_EXAMPLES
            )
        parts.append(script.title())
    if region:
        region = region.upper()
        if region not in english.territories or region in _NOT_COUNTRIES:
            _refuse(text, f'There is no region code "{region}", as in fr-CH or en-GB.', _LANGUAGE_EXAMPLES)
        parts.append(region)
    return "-".join(parts)


@lru_cache(maxsize=4096)
def language_name(tag: str, language: str = "en") -> str:
    """What `language` calls the language of `tag`: "Azerbaijani (Latin)", "français"; the tag itself where CLDR has no name."""
    locale = _locale(language)
    code, *rest = tag.replace("_", "-").split("-")
    if whole := locale.languages.get("_".join([code, *rest])):
        return str(whole)
    name = str(locale.languages.get(code) or Locale("en").languages.get(code, code))
    details = [str(locale.scripts.get(part) or locale.territories.get(part) or part) for part in rest]
    return f"{name} ({', '.join(details)})" if details else name


@lru_cache(maxsize=1024)
def text_direction(tag: str) -> Literal["ltr", "rtl"]:
    """How text in the language of `tag` runs, by its script or the likely script of its language; "ltr" for an unknown one."""
    code, *rest = tag.replace("_", "-").split("-")
    script = next((part.title() for part in rest if len(part) == 4), None)
    if script is None:
        likely = get_global("likely_subtags")
        region = next((part.upper() for part in rest if len(part) == 2), "")
        parts = (likely.get(f"{code.lower()}_{region}") or likely.get(code.lower(), "")).split("_")
        script = next((part for part in parts if len(part) == 4), "Latn")
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


def country_code(text: str) -> str:
    """The ISO 3166-1 alpha-2 code in capitals; also EU and UN. Raises `CodeError`, which names the code of a name or of UK."""
    typed = text.strip()
    if typed.upper() in _countries():
        return typed.upper()
    if len(text) > 60:
        _refuse(text, "It is too long.", _COUNTRY_EXAMPLES)
    aliases = get_global("territory_aliases").get(typed.upper(), [])
    meant = aliases[0] if len(aliases) == 1 and aliases[0] in _countries() else _named("territories", typed)
    _refuse(text, f"There is no such country code. {_asked(meant)}", _COUNTRY_EXAMPLES)


@lru_cache(maxsize=4096)
def country_name(code: str, language: str = "en") -> str:
    """What `language` calls the country: "Armenia", "Arménie"; the code itself where CLDR has no name."""
    return str(_locale(language).territories.get(code) or Locale("en").territories.get(code, code))


def countries(language: str = "en") -> list[tuple[str, str]]:
    """All country codes with their names, sorted by name in the alphabet of `language`'s script; accents and case do not count."""
    return list(_sorted_countries(language))


def languages(language: str = "en") -> list[tuple[str, str]]:
    """The press languages as (tag, name), sorted by name: a short list for forms. `language_tag` takes many more."""
    return list(_sorted_languages(language))


@lru_cache(maxsize=64)
def _sorted_countries(language: str) -> tuple[tuple[str, str], ...]:
    return _by_name((code, country_name(code, language)) for code in _countries())


@lru_cache(maxsize=64)
def _sorted_languages(language: str) -> tuple[tuple[str, str], ...]:
    return _by_name((tag, language_name(tag, language)) for tag in PRESS_LANGUAGES)


def _by_name(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    def plain(name: str) -> str:
        return "".join(
            c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c)
        )

    return tuple(sorted(pairs, key=lambda pair: (plain(pair[1]), pair)))


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """CLDR's data of `language`, of its first part where the whole is unknown, or of English."""
    for identifier in (language.replace("_", "-"), language.replace("_", "-").partition("-")[0]):
        try:
            return Locale.parse(identifier, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def _named(kind: Literal["languages", "territories"], typed: str) -> str | None:
    """The code whose English name, or whose name in its own language, is `typed`; None for no name."""
    wanted = typed.casefold()
    english = {str(name).casefold(): code for code, name in getattr(Locale("en"), kind).items()}
    if wanted in english:
        return str(english[wanted]).replace("_", "-")
    if kind == "territories":
        return {
            "turkey": "TR",
            "usa": "US",
            "russian federation": "RU",
            "holland": "NL",
            "england": "GB",
        }.get(wanted)
    return next((tag for tag in PRESS_LANGUAGES if language_name(tag, tag).casefold() == wanted), None)


def _asked(meant: str | None) -> str:
    return f"Did you mean {meant}?" if meant else ""


def _refuse(text: str, reason: str, examples: str) -> NoReturn:
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text[:40])
    what = "language" if examples is _LANGUAGE_EXAMPLES else "country"
    raise CodeError(
        " ".join(f'"{shown}" is not a {what} code the archive knows. {reason} {examples}'.split())
    )
