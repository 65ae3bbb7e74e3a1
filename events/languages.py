"""Which language a text is in, told by its script, its letters and its commonest words."""

import re
from collections import Counter, defaultdict

# As much of a text as tells its language; the rest of a long one is not read.
_SAMPLE = 20_000
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_SCRIPTS = {
    "Armn": re.compile("[\u0531-\u0556\u0560-\u0588\ufb13-\ufb17]"),
    "Geor": re.compile("[\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f]"),
    "Cyrl": re.compile("[\u0400-\u052f]"),
    "Arab": re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]"),
    "Latn": re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0259\u1e00-\u1eff]"),
}
_LETTER = re.compile(r"[^\W\d_]")

# An Armenian or Georgian text quotes names in other scripts, never so many that less than this of it is its own.
_OWN_SHARE = 0.3
# Letters of the Cyrillic alphabets that Russian has not, by language. A language that the archive does not tell is "".
_CYRILLIC = {
    "az-Cyrl": "ҝҹғәөүһј",
    "uk": "іїєґ",
    "": "ўқңұҳҷӣӯђћџљњѓќӕӀҵҭҧҽҿҩӷҟӡңҗҙҡҫ",  # Belarusian, Kazakh, Tatar, Tajik, Serbian, Ossetian, Chechen, Abkhaz ...
}
_RUSSIAN = "ыэё"
_PERSIAN = re.compile("[پچژگکی]")
_ARABIC_ONLY = re.compile("[ةكىيإأ]|\\bال")

# The commonest words of each language, and some of the headlines of its press. Those of the languages after the blank line keep
# their texts from being taken for a neighbour's: a text in one of them is in no language that the archive tells.
_WORDS = {
    "en": "the of and to in is was for on that with as by at from he his has have had not are were be been this it its an which will"
    " said says after their they who would but also about between over into during against talks meets meeting visit discuss"
    " discussed president minister foreign calls agree signs or than when what how we our could should"
    " border peace hails stresses welcomes urges until extended mission new"
    " denies claims exchange exchanged prisoners warns vows seeks backs joins rejects condemns accuses deal ceasefire treaty summit opens",
    "fr": "le la les de des du et à en un une est dans pour que qui sur au aux par plus avec ne pas il elle ce cette ces son sa ses"
    " leur leurs a ont été sont était selon mais entre après avant lors dont où nous vous ils se reçoit rencontre rencontré"
    " visite président ministre étrangères affaires accord paix déclaré également contre chez vers afin comme tout sans deux"
    " être avoir avait avaient aurait peut doit cela cet même encore accuse annonce appelle",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine einen einer eines als auch es an werden aus er hat"
    " dass sie nach wird bei um am sind noch wie über zum zur war haben nur oder aber vor bis mehr durch man sein seine ihre"
    " wurde zwischen gegen trifft besucht sagte außenminister präsident gespräche frieden beim ins vom",
    "ru": "и в во не на что с со по к ко из о об от для за как это его их её а но или при у он она они мы был была были было также между"
    " после до уже если чтобы который которые которая которого быть будет может том этого все президент министр глава"
    " переговоры встреча заявил заявила сообщил визит",
    "uk": "і й та в у не на що з із зі по до від для за як це його їх її а але або при він вона вони ми був була були було також між після"
    " вже якщо щоб який які яка бути буде може президент міністр глава переговори зустріч заявив повідомив про",
    "tr": "ve bir bu için ile da de olarak olan daha çok en gibi kadar sonra ise olduğu olduğunu ancak her ilgili arasında arasındaki"
    " göre oldu dedi etti ifade şöyle söyledi belirtti karşı yeni iki ya ama değil var yok eden edilen tarafından"
    " cumhurbaşkanı bakanı dışişleri görüştü ziyaret barış toplantı bakan önemli konusunda",
    "az": "və bir bu üçün ilə də da olan olub edib etdi deyib bildirib görə sonra isə ki daha çox kimi qədər hər"
    " arasında ya yox var ölkə haqqında qarşı tərəfindən prezident prezidenti nazir naziri xarici işlər görüş görüşüb səfər"
    " sülh müzakirə azərbaycan ermənistan olunub edilib olacaq yeni iki",
    "es": "el la los las de del y en un una es que por para con no se su sus al lo como más pero fue ha han entre sobre también este"
    " esta según tras ante presidente ministro visita acuerdo paz exteriores dijo reunión hasta desde muy son contra",
    "it": "il lo la i gli le di del della dei delle dello e è in un una che per con non si al alla ai sul sulla da dal dalla nel nella come più"
    " ma ha hanno tra anche questo questa secondo presidente ministro visita accordo pace esteri incontro dopo sono stato"
    " ed ad nei ha",
    # The others.
    "pt": "o a os as de do da dos das e em um uma é que por para com não se no na nos nas ao mais mas foi entre também presidente"
    " ministro são pelo pela à",
    "nl": "de het een en van in is dat op te met voor niet zijn aan er ook als bij door naar heeft werd worden uit om minister over"
    " nog wordt hij ze deze tot",
    "pl": "i w na z do się nie że o jest to przez od dla po jak za oraz był jego ich przy tym prezydent minister spraw",
    "ro": "și în de la a cu pe nu că o un pentru din care mai este au fi sau după președintele ministrul între al ale",
    "ku": "û li di de ji bi ku ya yên ên jî bo ev ew hat dike",
    "uz": "va bilan uchun bu bir ham deb bo‘lib o‘z edi haqida prezidenti oʻzbekiston",
    "bg": "и на в се за от да са че с по не до към при ще беше бъде това като след между президентът министърът",
}
_TOLD = ("en", "fr", "de", "ru", "uk", "tr", "az", "es", "it")
_CYRILLIC_WORDS = ("ru", "uk", "bg")
# Letters inside a word in small letters, where they say more than in a name, which keeps those of its own language.
_LATIN_LETTERS = {
    "fr": "éèêàùçœîôûë",
    "de": "äöüß",
    "tr": "ğşıçöü",
    "az": "ğşıçöü",
    "es": "ñáíóú",
    "it": "àèìòù",
    "pt": "ãõçáéíóâê",
    "nl": "",
    "pl": "ąęłńśźżć",
    "ro": "ășțâî",
    "ku": "êîûşç",
}
_WORTH_OF_A_LETTER = 0.5
# Ends of verbs that the two closest neighbours do not share.
_ENDINGS = {
    "tr": re.compile(r"\w{2}(?:[ıiuü]yor(?:lar|du)?|(?<!d)[dt][ıiuü]ğ[ıiuü]\w*|acak|ecek)\b"),
    "az": re.compile(r"\w{2}(?:[lnrşyd][ıiuü]b(?:l[aə]r)?|acaq|əcək|d[ıiuü]r)\b"),
}
_SURE = 1.3  # how many times the evidence of the second language


def _by_word(languages: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language in languages:
        for word in set(_WORDS[language].split()):
            found.setdefault(word, []).append(language)
    return found


_LATIN_BY_WORD = _by_word([language for language in _WORDS if language not in _CYRILLIC_WORDS])
_CYRILLIC_BY_WORD = _by_word(list(_CYRILLIC_WORDS))
_BY_LETTER = {
    letter: [language for language, letters in _LATIN_LETTERS.items() if letter in letters]
    for letter in set("".join(_LATIN_LETTERS.values()))
}


def detect(text: str) -> str:
    """The language of `text`: fr, en, ru, de, tr, az, az-Cyrl, hy, ka, uk, es, it or fa; "" where that is not clear.

    Words of another language inside (names, a quotation) do not count against it as long as they are the lesser part. A headline
    is enough where it holds a common word or a letter of its own. Linear; it reads the first 20,000 characters only.
    """
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters < 3:
        return ""
    counts = {script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()}
    for script, language in (("Armn", "hy"), ("Geor", "ka")):
        if counts[script] > _OWN_SHARE * letters:
            return language
    script = max(counts, key=lambda one: counts[one])
    if counts[script] < 0.5 * letters:
        return ""
    if script == "Cyrl":
        return _cyrillic(sample, counts["Cyrl"])
    if script == "Arab":
        persian, arabic = len(_PERSIAN.findall(sample)), len(_ARABIC_ONLY.findall(sample))
        return "fa" if persian > 2 * arabic and persian > 0.05 * counts["Arab"] else ""
    return _latin(sample, counts["Latn"])


def _cyrillic(sample: str, letters: int) -> str:
    small = sample.lower()
    counts = Counter(small)
    foreign = {language: sum(counts[one] for one in own) for language, own in _CYRILLIC.items()}
    language = max(foreign, key=lambda one: foreign[one])
    if foreign[language] > 0.015 * letters:
        is_told = foreign[language] > 1.5 * (sum(foreign.values()) - foreign[language])
        return language if is_told else ""
    scores = _scores(small, _CYRILLIC_BY_WORD)
    scores["ru"] += 0.3 * sum(counts[one] for one in _RUSSIAN)
    # Hardly a line is written in these without letters of their own.
    scores["uk"] *= 1 if foreign["uk"] or letters < 12 else 0.5
    scores["bg"] *= 1 if counts["ъ"] or letters < 12 else 0.7
    best = max(_CYRILLIC_WORDS, key=lambda one: scores[one])
    if not scores[best]:
        return "ru" if letters >= 12 else ""  # names and nouns alone, as in a headline
    second = max(scores[one] for one in _CYRILLIC_WORDS if one != best)
    return best if best in _TOLD and scores[best] >= _SURE * second else ""


def _latin(sample: str, letters: int) -> str:
    schwas = sample.count("ə") + sample.count("Ə")
    scores = _scores(sample, _LATIN_BY_WORD)
    words = 0
    for word in _WORD.findall(sample):
        words += 1
        if word[0].islower():
            for letter in set(word) & _BY_LETTER.keys():
                for language in _BY_LETTER[letter]:
                    scores[language] += _WORTH_OF_A_LETTER / len(_BY_LETTER[letter])
    # About one letter in eleven of Azerbaijani is ə; in other languages it stands in names alone.
    if schwas > 0.03 * letters and scores["az"] >= 0.5 * max(scores.values(), default=0):
        return "az"
    for language, ending in _ENDINGS.items():
        scores[language] += len(ending.findall(sample)) if scores[language] else 0
    if not schwas and letters >= 20:
        scores["az"] *= 0.5
    ranked = sorted(scores, key=lambda one: (-scores[one], one))
    if not ranked or scores[ranked[0]] < max(0.5, min(0.12 * words, 0.06 * words + 1)):
        return ""
    best = ranked[0]
    second = scores[ranked[1]] if len(ranked) > 1 else 0
    return best if best in _TOLD and scores[best] >= _SURE * second else ""


def _scores(sample: str, by_word: dict[str, list[str]]) -> dict[str, float]:
    """For each language how many of the words are common ones of it; a word of several languages counts less for each."""
    scores: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(sample.lower()):
        # French and Italian elision: "l’accord", "d’État", "qu’il".
        start, mark, rest = word.replace("'", "’").partition("’")
        if mark and start in ("l", "d", "qu", "n", "s", "j", "c", "jusqu", "lorsqu", "m"):
            scores["fr"] += 0.5 if start in ("l", "d", "c", "m", "s", "n") else 1
            scores["it"] += 0.5 if start in ("l", "d", "c") else 0
            word = rest
        elif mark and start in ("dell", "all", "nell", "un", "sull", "dall", "quest"):
            scores["it"] += 1
            word = rest
        else:
            word = start if mark else word
        for language in by_word.get(word, ()):
            scores[language] += 1 / len(by_word[word]) ** 0.5
    return scores
