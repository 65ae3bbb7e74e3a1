"""How a name is written in another script of the region, by rule: near enough to how the press does for a name to be found."""

import re
import unicodedata

_ARMENIAN = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցփքօֆև",
        "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts p k o f ev".split(),
        strict=True,
    )
)
_GEORGIAN = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h".split(),
        strict=True,
    )
)
_RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".split(),
        strict=True,
    )
)
_AZERBAIJANI = {
    **dict(zip("əçşğxıiöüqcj", "a ch sh gh kh i i o u g j zh".split(), strict=True)),
    "İ": "I",
}
# Latin letters, the longest first, as Russian, Armenian and Georgian write them.
_TO_RUSSIAN = dict(
    pair.split("=")
    for pair in (
        "shch=щ dzh=дж zh=ж kh=х ts=ц ch=ч sh=ш gh=г dz=дз yu=ю ya=я yo=ё ye=е ph=ф th=т a=а b=б c=к d=д e=е f=ф g=г h=х i=и j=дж k=к"
        " l=л m=м n=н o=о p=п q=к r=р s=с t=т u=у v=в w=в x=кс y=й z=з"
    ).split()
)
_TO_ARMENIAN = dict(
    pair.split("=")
    for pair in (
        "zh=ժ kh=խ ts=ց ch=չ sh=շ gh=ղ dz=ձ th=թ ph=ֆ a=ա b=բ c=կ d=դ e=ե f=ֆ g=գ h=հ i=ի j=ջ k=կ l=լ m=մ n=ն o=ո p=պ q=ք r=ր s=ս t=տ"
        " u=ու v=վ w=վ x=քս y=յ z=զ"
    ).split()
)
_TO_GEORGIAN = dict(
    pair.split("=")
    for pair in (
        "zh=ჟ kh=ხ ts=ც ch=ჩ sh=შ gh=ღ dz=ძ th=თ ph=ფ a=ა b=ბ c=კ d=დ e=ე f=ფ g=გ h=ჰ i=ი j=ჯ k=კ l=ლ m=მ n=ნ o=ო p=პ q=ყ r=რ s=ს t=ტ"
        " u=უ v=ვ w=ვ x=ქს y=ი z=ზ"
    ).split()
)


def _written(text: str, letters: dict[str, str]) -> str:
    """The text with each letter, or group of letters, as `letters` has it; capitals stay capitals."""
    pattern = "|".join(sorted(map(re.escape, letters), key=len, reverse=True))

    def one(found: re.Match[str]) -> str:
        put = letters.get(found[0]) or letters[found[0].lower()]
        put = put.replace("_", "")
        return put[:1].upper() + put[1:] if found[0][0].isupper() else put

    return re.sub(pattern, one, text, flags=re.IGNORECASE)


def _plain(text: str) -> str:
    """Without accents and the dotless i, for the rules that read Latin letters."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return bare.replace("ı", "i").replace("ə", "a").replace("Ə", "A")


def latin_of_armenian(text: str) -> str:
    text = re.sub("(?<![ա-ֆ])Ո(?!ւ|վ)", "Vո", re.sub("(?<![ա-ֆ])Ե", "Yե", text))
    return _written(re.sub("ու", "u", text).replace("Ու", "U"), _ARMENIAN)


def latin_of_georgian(text: str) -> str:
    return " ".join(word.capitalize() for word in _written(text, _GEORGIAN).split(" "))


def latin_of_russian(text: str) -> str:
    text = re.sub("ий$|ый$", "y", text)
    return _written(re.sub("(?<=[ьъаеиоуыэюя])е", "ye", re.sub("^Е", "Ye", text)), _RUSSIAN)


def latin_of_azerbaijani(text: str) -> str:
    return _written(text, _AZERBAIJANI)


def russian_of_latin(text: str) -> str:
    text = (
        re.sub("(?<=[aeiou])y(?=[aeiou])", "й", _plain(text))
        .replace("йa", "я")
        .replace("йe", "е")
        .replace("йu", "ю")
    )
    return _written(re.sub("^E", "Э", text), _TO_RUSSIAN)


def russian_of_armenian(text: str) -> str:
    """Without the h, as Russian has it: Акопян, Ованнисян."""
    latin = latin_of_armenian(
        text.replace("հ", "").replace("Հա", "Ա").replace("Հո", "Օ").replace("Հով", "Օվ")
    )
    return re.sub("(?<=[бвгджзклмнпрстфхцчш])йан$", "ян", russian_of_latin(latin))


def russian_of_azerbaijani(text: str) -> str:
    """By the older habit of the press: Мамедов, Гусейнов."""
    text = text.replace("mm", "m").replace("Hü", "Gü").replace("Hə", "Ga")
    head, rest = text[:2], text[2:]
    return russian_of_latin(latin_of_azerbaijani(head) + latin_of_azerbaijani(rest.replace("ə", "e")))


def armenian_of_latin(text: str) -> str:
    return _written(re.sub("(?<![a-z])Vo", "Ո", re.sub("y$", "i", _plain(text))), _TO_ARMENIAN)


def georgian_of_latin(text: str) -> str:
    """A foreign name ends in -i after a consonant."""
    words = [word if word[-1:] in "aeiou" else word + "i" for word in _plain(text).split(" ")]
    return _written(" ".join(words).lower(), _TO_GEORGIAN)


def french_of_latin(text: str) -> str:
    for english, french in (("sh", "ch"), ("Sh", "Ch"), ("zh", "j"), ("Zh", "J"), ("u", "ou"), ("U", "Ou")):
        text = text.replace(english, french)
    return text
