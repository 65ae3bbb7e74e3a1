"""Invented persons with names of the region and of its neighbours, each name in the scripts that the press writes it in.

Surnames of people who govern or governed are left out, so that nobody real is made to say anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from events.editing.generating import spellings
from events.editing.generating.chance import Chance


@dataclass(frozen=True)
class Person:
    """A name as English pages print it, for lists, and in other languages; `spelt` holds what the texts of each language print."""

    name: str
    sort_name: str
    country: str
    spelt: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Origin:
    """Names of one language, in its own script, with the rules for the others."""

    country: str
    language: str
    men: tuple[str, ...]
    women: tuple[str, ...]
    surnames: tuple[str, ...]
    latin: Callable[[str], str]
    russian: Callable[[str], str]
    feminine: Callable[[str], str] = str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _same(text: str) -> str:
    return text


def _feminine_slavic(surname: str) -> str:
    return surname[:-2] + "ая" if surname.endswith("ий") else surname + "а" * surname.endswith(("в", "н"))


def _feminine_azerbaijani(surname: str) -> str:
    return surname + "a" * surname.endswith("v")


ARMENIAN = Origin(
    "AM",
    "hy",
    _words(
        "Արամ Արմեն Արթուր Արշակ Աշոտ Գագիկ Գարեգին Գևորգ Գոռ Դավիթ Էդգար Էդուարդ Լևոն Կարեն Հայկ Հակոբ Հրաչյա Հովհաննես Մհեր Մկրտիչ Նարեկ"
        " Պետրոս Ռուբեն Սամվել Սարգիս Սուրեն Վահագն Վահան Վարդան Տիգրան Տարոն Րաֆֆի Ալբերտ Անդրանիկ Բագրատ Գրիգոր Երվանդ Խաչատուր Ստեփան Հարություն"
    ),
    _words(
        "Աննա Անի Անահիտ Արմինե Արփինե Գայանե Գոհար Զարուհի Լիլիթ Լուսինե Կարինե Հասմիկ Մարիամ Մանե Մերի Նաիրա Նարինե Շուշան Սիրանուշ"
        " Սոնա Տաթևիկ Քրիստինե Նվարդ Աստղիկ Էլեն"
    ),
    _words(
        "Պետրոսյան Հակոբյան Հովհաննիսյան Գրիգորյան Մարտիրոսյան Խաչատրյան Մկրտչյան Ղազարյան Ստեփանյան"
        " Գասպարյան Դավթյան Եղիազարյան Մելքոնյան Ավետիսյան Բաղդասարյան Առաքելյան Թադևոսյան Պողոսյան Մանուկյան Ասատրյան"
        " Ազատյան Ադամյան Ալավերդյան Այվազյան Անտոնյան Բադալյան Բարսեղյան Գալստյան Գևորգյան Դանիելյան Եսայան Զաքարյան Թորոսյան Իսահակյան"
        " Խանզադյան Կիրակոսյան Հայրապետյան Հունանյան Մադոյան Մինասյան Միքայելյան Մխիթարյան Մուրադյան Նազարյան Նահապետյան"
        " Նիկողոսյան Շահինյան Ոսկանյան Չոբանյան Պապոյան Ռոստոմյան Սաֆարյան Սեդրակյան Սիմոնյան Սողոմոնյան Տեր-Պողոսյան Տոնոյան Տոնականյան Փանոսյան"
        " Քալանթարյան Քոչինյան Օհանյան Ֆարմանյան Վանեսյան Ջանիկյան Բեգլարյան Մովսիսյան Աթոյան Դերձակյան Զոհրաբյան Լալայան Կոստանյան"
    ),
    spellings.latin_of_armenian,
    spellings.russian_of_armenian,
)
AZERBAIJANI = Origin(
    "AZ",
    "az",
    _words(
        "Anar Araz Asif Azər Bəhram Cavid Ceyhun Elçin Elxan Elman Emin Eldar Fərid Fuad Həsən Hikmət İlqar İlqam Kamran Kənan Mahir Murad Namiq"
        " Natiq Orxan Pərviz Ramil Rauf Rəşad Rövşən Rüfət Sabir Samir Səməd Tahir Tofiq Tural Vüqar Yusif Zaur"
    ),
    _words(
        "Aygün Aysel Aytən Arzu Gülnar Gülşən Günay Könül Lalə Ləman Leyla Nərgiz Nigar Pərvanə Rəna Sevda Sevinc Səbinə Şəbnəm Ülviyyə Vəfa"
        " Xalidə Zərifə Zümrüd Afaq"
    ),
    _words(
        "Məmmədov Hüseynov Quliyev Cəfərov İsmayılov Həsənli Abbasov Abdullayev Ağayev Babayev Bağırov Cavadov Dadaşov Əhmədov Əsgərov Əzizov"
        " Fərəcov Fətullayev Hacıyev Haqverdiyev Heydərli İbrahimov İmanov İsgəndərov Kazımov Kərimli Qasımov Qəhrəmanov Qurbanov Mikayılov"
        " Mirzəzadə Musayev Mustafayev Muradov Nağıyev Nəbiyev Nəcəfov Novruzov Orucov Rəcəbli Rəhimov Rəsulov Rüstəmov Rzayev Sadıqov Salmanov"
        " Səfərli Süleymanov Şahbazov Şərifov Şükürov Tağıyev Talıbov Tahirov Vahabzadə Vəliyev Verdiyev Xəlilov Xanlarov Yaqubov Yusifli Zamanov Zeynalov"
        " Axundov Allahverdiyev Bayramlı Bədəlov Fərzəliyev Hətəmov Kəngərli Kəlbiyev Lətifov Manafov Nəsirov Pənahov Qədirov Ramazanov"
    ),
    spellings.latin_of_azerbaijani,
    spellings.russian_of_azerbaijani,
    _feminine_azerbaijani,
)
GEORGIAN = Origin(
    "GE",
    "ka",
    _words(
        "ალექსანდრე ანზორ არჩილ ბესიკ გელა გია გიორგი გოჩა დავით დიმიტრი ვაჟა ვასილ ვახტანგ ზაზა ზურაბ თემურ თენგიზ თორნიკე ილია ირაკლი კახა"
        " კობა ლაშა ლევან ლუკა მამუკა მერაბ ნიკა ნიკოლოზ ნოდარ ოთარ პაატა რამაზ რევაზ საბა სანდრო სერგო ტარიელ შოთა ჯაბა"
    ),
    _words(
        "ანა ანი ეკა ელენე ეთერ თამარ თეა თინათინ ია ირმა ქეთევან ლალი ლელა მაია მაკა მანანა მარიამ ნანა ნათია ნინო ნუცა რუსუდან სალომე სოფიო ხატია"
    ),
    _words(
        "ბერიძე მაისურაძე გელაშვილი კაპანაძე გიორგაძე ლომიძე ხარებავა ჭანტურია წიკლაური ბაღათურია ჯაფარიძე ხუციშვილი მჭედლიძე ქავთარაძე აბულაძე"
        " ალავიძე ბაქრაძე ბარამიძე ბოლქვაძე გაგნიძე გოგოლაძე გვენეტაძე დავითაშვილი დოლიძე ელიაშვილი ვაშაკიძე ზარანდია თავაძე თევზაძე იმნაძე იოსელიანი"
        " კალანდაძე კახიანი კვარაცხელია კიკნაძე კობერიძე ლაბაძე ლორთქიფანიძე მამულაშვილი მარგიანი მახარაძე მეტრეველი მიქელაძე მღებრიშვილი ნადირაძე"
        " ნათაძე ნოზაძე ონიანი ოქრუაშვილი პაპუაშვილი ჟღენტი რობაქიძე რუხაძე სამხარაძე სიხარულიძე სულაბერიძე ტაბიძე ტყეშელაშვილი უგრეხელიძე ფანცულაია"
        " ფირცხალავა ქარდავა ღვინიაშვილი ყიფიანი შენგელია შავიშვილი ჩაკვეტაძე ჩხაიძე ცინცაძე ცხადაია ძიძიგური წერეთელი წულაია ჭავჭანიძე ხვედელიძე ხოშტარია"
        " ჯაყელი ჯინჭარაძე ჯორბენაძე ჰაიდარაშვილი ებრალიძე"
    ),
    spellings.latin_of_georgian,
    lambda text: spellings.russian_of_latin(spellings.latin_of_georgian(text)),
)
RUSSIAN = Origin(
    "RU",
    "ru",
    _words(
        "Александр Алексей Анатолий Андрей Антон Борис Вадим Валентин Василий Виктор Виталий Геннадий Георгий Григорий Денис Евгений Егор Иван"
        " Игорь Илья Кирилл Константин Леонид Максим Николай Олег Павел Пётр Роман Степан Тимур Фёдор Юрий Ярослав"
    ),
    _words(
        "Алла Анна Валентина Вера Галина Дарья Екатерина Елена Ирина Ксения Лариса Людмила Марина Надежда Наталья Ольга Светлана Татьяна Юлия"
    ),
    _words(
        "Орлов Зайцев Соловьёв Кузнецов Смирнов Попов Васильев Новиков Морозов Волков Лебедев Козлов Степанов Николаев Никитин Захаров Зверев"
        " Белов Комаров Киселёв Ильин Максимов Поляков Сорокин Виноградов Ковалёв Белоусов Быков Гаврилов Голубев Громов Гусев Давыдов Данилов Дорофеев"
        " Ермаков Ершов Жуков Зотов Исаев Калинин Карпов Колесников Крылов Кудрявцев Куликов Логинов Макаров Мартынов Мельников Миронов Наумов"
        " Осипов Панов Пахомов Рябов Савельев Селиванов Тарасов Титов Третьяков Успенский Фомин Цветков Чернов Шестаков Щербаков Яковлев Вознесенский"
    ),
    spellings.latin_of_russian,
    _same,
    _feminine_slavic,
)


def _latin(country: str, language: str, men: str, women: str, surnames: str) -> Origin:
    return Origin(
        country, language, _words(men), _words(women), _words(surnames), _same, spellings.russian_of_latin
    )


FOREIGN = (
    _latin(
        "TR", "tr",
        "Ahmet Ali Burak Cem Emre Fatih Hakan Kemal Mehmet Murat Mustafa Orhan Selim Serkan Volkan",
        "Aylin Defne Elif Esra Filiz Meral Nazan Selin Zeynep",
        "Aksoy Arslan Aydın Bozkurt Çelik Demir Doğan Güneş Kaplan Karaca Kaya Kılıç Korkmaz Koç Öztürk Polat Şahin Tekin Yalçın Yıldız",
    ),
    _latin(
        "FR", "fr",
        "Alain Bernard Christophe Étienne François Guillaume Henri Jacques Laurent Luc Olivier Philippe Thierry Yves",
        "Agnès Anne Catherine Claire Hélène Isabelle Juliette Nathalie Sylvie",
        "Arnaud Bertrand Blanchet Chevalier Delmas Dubreuil Fontanel Garnier Lacombe Lemaître Marchand Mercier Morel Perrin Roussel Vidal",
    ),
    _latin(
        "US", "en",
        "Andrew Brian Charles Daniel Edward George Henry James Kevin Mark Peter Richard Stephen Thomas William",
        "Alice Barbara Caroline Deborah Emily Janet Laura Margaret Rachel",
        "Abbott Barlow Bradley Caldwell Dawson Ellsworth Fletcher Hargrove Langley Mercer Norwood Prescott Radcliffe Sinclair Thornton Whitfield",
    ),
    _latin(
        "DE", "de",
        "Andreas Bernd Christian Dieter Franz Georg Heinrich Jürgen Klaus Markus Matthias Stefan Ulrich",
        "Anja Birgit Christine Elke Franziska Ingrid Karin Ute",
        "Albrecht Baumann Dietrich Engelhardt Friedrich Hartmann Kessler Lindner Neumann Reinhardt Seidel Vogel Wagner Winkler",
    ),
    _latin(
        "IR", "fa",
        "Abbas Amir Behrouz Farhad Hamid Hossein Javad Kamal Masoud Mehdi Mohsen Reza Saeed",
        "Azar Fatemeh Laleh Maryam Nasrin Shirin Zahra",
        "Ahmadi Bagheri Ebrahimi Farahani Golzari Hashemi Jalali Karimi Moradi Nazari Rostami Sadeghi Tavakoli Yazdani",
    ),
)  # fmt: skip
# Who acts in the archive, and how often: the three countries and Russia make most of it.
ORIGINS = (
    (ARMENIAN, 0.27),
    (AZERBAIJANI, 0.27),
    (GEORGIAN, 0.22),
    (RUSSIAN, 0.13),
    *((one, 0.022) for one in FOREIGN),
)
LATIN_LETTERS = "ABDEFGHKLMNRSTVZ"


def people(chance: Chance) -> Iterator[Person]:
    """Persons without end; nobody has the name of another one while the names last, later ones an initial between."""
    kinds = chance.among(
        [_of_one(chance, origin) for origin, _share in ORIGINS], [share for _origin, share in ORIGINS]
    )
    while True:
        yield next(kinds.next())


def _of_one(chance: Chance, origin: Origin) -> Iterator[Person]:
    pairs = [(given, surname) for given in (*origin.men, *origin.women) for surname in origin.surnames]
    initials: list[str] = [""]
    while True:
        for initial in initials:
            for given, surname in chance.shuffled(pairs):
                yield _person(origin, given, surname, initial)
        initials = list(LATIN_LETTERS)


def _person(origin: Origin, given: str, surname: str, initial: str) -> Person:
    if given in origin.women:
        surname = origin.feminine(surname)
    latin = (origin.latin(given), origin.latin(surname))
    middle = f" {initial}. " if initial else " "
    english = middle.join(latin)
    own = " ".join((given, surname)) if origin.latin is not _same else english
    spelt = {
        "en": english,
        "fr": spellings.french_of_latin(english) if origin.country in ("AM", "GE", "RU") else english,
        "ru": " ".join((origin.russian(given), origin.russian(surname))),
        "az": own if origin.language == "az" else english,
        "hy": own if origin.language == "hy" else spellings.armenian_of_latin(" ".join(latin)),
        "ka": own if origin.language == "ka" else spellings.georgian_of_latin(" ".join(latin)),
    }
    return Person(
        english, f"{latin[1]}, {latin[0]}{f' {initial}.' if initial else ''}", origin.country, spelt
    )
