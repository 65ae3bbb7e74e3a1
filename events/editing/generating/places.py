"""Some 400 places in a tree: countries, regions, towns, and the buildings in which people meet."""

from dataclasses import dataclass

from babel import Locale

from events.editing.generating import spellings

LANGUAGES = ("en", "fr", "ru", "az", "hy", "ka")


@dataclass(frozen=True)
class Site:
    """A place: its name in English, what it lies in (None: nothing), and its other names by language."""

    name: str
    kind: str
    country: str
    parent: str | None
    spelt: dict[str, str]
    latitude: str | None = None
    longitude: str | None = None
    contested: bool = False


COUNTRIES = (
    "AM AZ GE RU TR IR FR US DE GB EU UN BE CH AT IT ES PL CZ HU RO BG GR UA BY MD KZ KG TJ TM UZ LT LV EE SE NO FI DK NL PT IE SK SI HR"
    " RS AL CN IN JP AE QA SA EG IL LB CY"
).split()
# Towns with their middle, by country; the first is the capital. "/" parts the English name from its own where that is in another script.
TOWNS = {
    "AM": "Yerevan/Երևան 40.1776 44.5126, Gyumri/Գյումրի 40.7894 43.8475, Vanadzor/Վանաձոր 40.8128 44.4883, Vagharshapat/Վաղարշապատ, Abovyan/Աբովյան,"
    " Kapan/Կապան 39.2075 46.4058, Goris/Գորիս 39.5111 46.3417, Meghri/Մեղրի 38.9029 46.2446, Sisian/Սիսիան, Jermuk/Ջերմուկ, Dilijan/Դիլիջան 40.7408 44.8631,"
    " Ijevan/Իջևան, Berd/Բերդ, Noyemberyan/Նոյեմբերյան, Artashat/Արտաշատ, Ararat/Արարատ, Ashtarak/Աշտարակ, Hrazdan/Հրազդան, Sevan/Սևան, Gavar/Գավառ,"
    " Martuni/Մարտունի, Vardenis/Վարդենիս, Vayk/Վայք, Yeghegnadzor/Եղեգնաձոր, Agarak/Ագարակ, Alaverdi/Ալավերդի, Stepanavan/Ստեփանավան, Tashir/Տաշիր,"
    " Spitak/Սպիտակ, Maralik/Մարալիկ, Kirants/Կիրանց, Khnatsakh/Խնածախ, Tegh/Տեղ, Sotk/Սոթք",
    "AZ": "Baku/Bakı 40.4093 49.8671, Ganja/Gəncə 40.6828 46.3606, Sumgait/Sumqayıt, Mingachevir/Mingəçevir, Nakhchivan/Naxçıvan 39.2089 45.4122,"
    " Shusha/Şuşa 39.7583 46.7483, Lankaran/Lənkəran, Shaki/Şəki, Gabala/Qəbələ, Guba/Quba, Shamakhi/Şamaxı, Zagatala/Zaqatala, Gazakh/Qazax, Tovuz/Tovuz,"
    " Shamkir/Şəmkir, Gadabay/Gədəbəy, Kalbajar/Kəlbəcər, Lachin/Laçın, Zangilan/Zəngilan, Gubadly/Qubadlı, Jabrayil/Cəbrayıl, Fuzuli/Füzuli, Aghdam/Ağdam,"
    " Barda/Bərdə, Tartar/Tərtər, Goranboy/Goranboy, Horadiz/Horadiz, Mincivan/Mincivan, Julfa/Culfa, Ordubad/Ordubad, Astara/Astara, Khankendi/Xankəndi",
    "GE": "Tbilisi/თბილისი 41.6938 44.8015, Batumi/ბათუმი 41.6168 41.6367, Kutaisi/ქუთაისი, Rustavi/რუსთავი, Gori/გორი, Zugdidi/ზუგდიდი, Poti/ფოთი,"
    " Telavi/თელავი, Sighnaghi/სიღნაღი, Mtskheta/მცხეთა, Borjomi/ბორჯომი, Akhaltsikhe/ახალციხე, Akhalkalaki/ახალქალაქი, Marneuli/მარნეული, Bolnisi/ბოლნისი,"
    " Gardabani/გარდაბანი, Anaklia/ანაკლია, Sukhumi/სოხუმი 43.0015 41.0234, Gagra/გაგრა, Tskhinvali/ცხინვალი 42.2270 43.9700, Akhalgori/ახალგორი, Ergneti/ერგნეთი,"
    " Gali/გალი, Ozurgeti/ოზურგეთი, Senaki/სენაკი, Khashuri/ხაშური, Kareli/ქარელი, Mestia/მესტია, Stepantsminda/სტეფანწმინდა, Mukhrani/მუხრანი",
    "RU": "Moscow/Москва 55.7558 37.6173, Saint Petersburg/Санкт-Петербург 59.9343 30.3351, Sochi/Сочи 43.5855 39.7231, Kazan/Казань, Vladikavkaz/Владикавказ,"
    " Makhachkala/Махачкала, Derbent/Дербент, Astrakhan/Астрахань, Rostov-on-Don/Ростов-на-Дону, Krasnodar/Краснодар, Nalchik/Нальчик, Vladivostok/Владивосток",
    "TR": "Ankara 39.9334 32.8597, Istanbul/İstanbul 41.0082 28.9784, Kars, Iğdır, Ardahan, Trabzon, Antalya 36.8969 30.7133, Erzurum",
    "IR": "Tehran 35.6892 51.3890, Tabriz, Ardabil, Rasht, Isfahan",
    "FR": "Paris 48.8566 2.3522, Strasbourg 48.5734 7.7521, Lyon, Marseille, Rambouillet",
    "US": "Washington 38.9072 -77.0369, New York 40.7128 -74.0060, Key West, Dayton",
    "DE": "Berlin 52.5200 13.4050, Munich 48.1351 11.5820, Bonn, Hamburg",
    "GB": "London 51.5074 -0.1278, Wilton Park",
    "BE": "Brussels 50.8467 4.3525", "CH": "Bern, Geneva 46.2044 6.1432, Montreux", "AT": "Vienna 48.2082 16.3738, Alpbach", "IT": "Rome, Milan",
    "ES": "Madrid, Granada 37.1773 -3.5986", "PL": "Warsaw, Kraków", "CZ": "Prague 50.0755 14.4378", "HU": "Budapest", "RO": "Bucharest", "BG": "Sofia",
    "GR": "Athens", "UA": "Kyiv, Odesa", "BY": "Minsk 53.9006 27.5590", "MD": "Chișinău, Bulboaca", "KZ": "Astana, Almaty 43.2380 76.8829", "KG": "Bishkek",
    "TJ": "Dushanbe", "TM": "Ashgabat, Awaza", "UZ": "Tashkent, Samarkand", "LT": "Vilnius", "LV": "Riga", "EE": "Tallinn", "SE": "Stockholm", "NO": "Oslo",
    "FI": "Helsinki", "DK": "Copenhagen", "NL": "The Hague", "PT": "Lisbon", "IE": "Dublin", "SK": "Bratislava", "SI": "Ljubljana, Bled", "HR": "Zagreb",
    "RS": "Belgrade", "AL": "Tirana", "CN": "Beijing, Tianjin, Chengdu", "IN": "New Delhi", "JP": "Tokyo", "AE": "Abu Dhabi 24.4539 54.3773, Dubai",
    "QA": "Doha", "SA": "Riyadh, Jeddah", "EG": "Cairo, Sharm El Sheikh", "IL": "Jerusalem", "LB": "Beirut", "CY": "Nicosia",
}  # fmt: skip
REGIONS = {
    "AM": "Syunik/Սյունիք, Tavush/Տավուշ, Gegharkunik/Գեղարքունիք, Vayots Dzor/Վայոց Ձոր, Shirak/Շիրակ, Lori/Լոռի, Ararat Province/Արարատի մարզ",
    "AZ": "Karabakh/Qarabağ, East Zangezur/Şərqi Zəngəzur, Absheron/Abşeron, Shirvan-Salyan/Şirvan-Salyan, Nakhchivan Autonomous Republic/Naxçıvan Muxtar Respublikası",
    "GE": "Samtskhe-Javakheti/სამცხე-ჯავახეთი, Kvemo Kartli/ქვემო ქართლი, Adjara/აჭარა, Abkhazia/აფხაზეთი, Shida Kartli/შიდა ქართლი, Kakheti/კახეთი",
}  # fmt: skip
CONTESTED = {"Shusha", "Khankendi", "Sukhumi", "Tskhinvali", "Abkhazia", "Karabakh", "Akhalgori", "Gali"}
BUILDINGS = (
    "Presidential Palace", "Ministry of Foreign Affairs", "Parliament", "Government House", "Congress Hall", "State Guest House", "Opera House",
    "University", "Airport", "National Library", "Chamber of Commerce",
)  # fmt: skip
LARGE = {
    "AM": 11,
    "AZ": 11,
    "GE": 11,
    "RU": 9,
    "TR": 8,
    "FR": 7,
    "IR": 6,
    "US": 6,
    "DE": 6,
    "BE": 6,
    "CH": 5,
    "AT": 5,
}
# Where the rules would be far from how Russian writes it.
RUSSIAN = dict(
    pair.split("=")
    for pair in (
        "Yerevan=Ереван,Baku=Баку,Tbilisi=Тбилиси,Ganja=Гянджа,Sumgait=Сумгаит,Nakhchivan=Нахичевань,Shusha=Шуша,Guba=Губа,Zangilan=Зангелан,Lachin=Лачин,"
        "Sukhumi=Сухум,Tskhinvali=Цхинвал,Ankara=Анкара,Istanbul=Стамбул,Tehran=Тегеран,Paris=Париж,Strasbourg=Страсбург,Washington=Вашингтон,"
        "New York=Нью-Йорк,Munich=Мюнхен,London=Лондон,Brussels=Брюссель,Bern=Берн,Geneva=Женева,Vienna=Вена,Rome=Рим,Milan=Милан,Warsaw=Варшава,"
        "Kraków=Краков,Prague=Прага,Budapest=Будапешт,Bucharest=Бухарест,Sofia=София,Athens=Афины,Kyiv=Киев,Odesa=Одесса,Chișinău=Кишинёв,Almaty=Алматы,"
        "Copenhagen=Копенгаген,Stockholm=Стокгольм,The Hague=Гаага,Beijing=Пекин,New Delhi=Нью-Дели,Tokyo=Токио,Cairo=Каир,Jerusalem=Иерусалим,Lisbon=Лиссабон,"
        "Helsinki=Хельсинки,Tashkent=Ташкент,Ashgabat=Ашхабад,Vilnius=Вильнюс,Tallinn=Таллин,Belgrade=Белград,Zagreb=Загреб,Syunik=Сюник,Adjara=Аджария,"
        "Abkhazia=Абхазия,Karabakh=Карабах"
    ).split(",")
)
NEAR = {"AM", "AZ", "GE", "RU", "TR", "IR"}  # whose towns the press of the region writes in all its scripts
LATIN_OF = {"AM": "hy", "AZ": "az", "GE": "ka", "RU": "ru"}


def places() -> list[Site]:
    """All of them, each after what it lies in, the best known first within its kind."""
    found = [_country(code) for code in COUNTRIES if code not in ("EU", "UN")]
    names = {site.country: site.name for site in found}
    for kind, table in (("region", REGIONS), ("city", TOWNS)):
        for country, line in table.items():
            found += [_site(kind, country, names[country], words.strip()) for words in line.split(",")]
    capitals = [(country, line.split(",")[0]) for country, line in TOWNS.items()]
    for number, building in enumerate(BUILDINGS):
        for country, words in capitals:
            if number < LARGE.get(country, 2):
                town = _english(words)
                spelt = {"en": f"{building}, {town}"}
                found.append(Site(spelt["en"], "building", country, town, spelt))
    return found


def country_name(code: str, language: str = "en") -> str:
    return Locale(language).territories[code]


def _country(code: str) -> Site:
    return Site(
        country_name(code), "country", code, None, {one: country_name(code, one) for one in LANGUAGES}
    )


def _english(words: str) -> str:
    return " ".join(word for word in words.partition("/")[0].split() if not word.strip("-")[:1].isdigit())


def _site(kind: str, country: str, parent: str, words: str) -> Site:
    name = _english(words)
    pieces = words.split()
    numbers = [piece for piece in pieces if piece.strip("-")[:1].isdigit()]
    own = " ".join(pieces[: len(pieces) - len(numbers)]).partition("/")[2] or name
    spelt = {"en": name, "ru": RUSSIAN.get(name) or spellings.russian_of_latin(name)}
    if country in NEAR:
        spelt |= {
            "fr": spellings.french_of_latin(name) if country in ("AM", "GE") else name,
            "az": name,
            "hy": spellings.armenian_of_latin(name),
            "ka": spellings.georgian_of_latin(name),
        }
    if country in LATIN_OF:
        spelt[LATIN_OF[country]] = own
    latitude, longitude = numbers or (None, None)
    return Site(name, kind, country, parent, spelt, latitude, longitude, name in CONTESTED)
