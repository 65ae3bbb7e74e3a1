import pytest

from events import languages

SENTENCES = [
    # One-line titles and sentences of running text.
    ("fr", "Le ministre arménien reçu à Paris"),
    ("fr", "Arménie : Pachinian reçoit le ministre français"),
    ("fr", "À Bakou, l’Union européenne promet un accord"),
    ("fr", "Bakou accuse Erevan d'avoir ouvert le feu"),
    ("fr", "Macron rencontre Aliyev à Prague"),
    ("fr", "Qu’attendre des pourparlers ?"),
    ("fr", "Le président İlham Əliyev et son homologue Recep Tayyip Erdoğan se sont vus à Şuşa."),
    (
        "fr",
        "Les deux chefs d’État ont évoqué la délimitation de la frontière, selon un communiqué publié mardi soir.",
    ),
    ("fr", "« Nous ne céderons pas », a-t-il déclaré."),
    ("en", "Armenian foreign minister visits Tbilisi"),
    ("en", "Aliyev hails peace agenda"),
    ("en", "Leaders to meet in Brussels"),
    ("en", "EU mission extended until 2027"),
    ("en", "Georgian Dream and the opposition trade accusations"),
    ("en", "Who will sign, and when?"),
    (
        "en",
        "The ministers discussed the text of the treaty and agreed to continue their work, the ministry said.",
    ),
    (
        "en",
        "Mr Əliyev told Mr Erdoğan that the Zəngəzur road would be opened, according to the presidential office.",
    ),
    ("en", "He was received by President Vahagn Khachaturyan at the residence."),
    ("ru", "Переговоры Лаврова и Мирзояна в Москве"),
    ("ru", "Алиев принял посла Франции"),
    ("ru", "Пашинян: мы готовы к подписанию договора"),
    ("ru", "Заседание межправительственной комиссии"),
    ("ru", "Визит министра"),
    ("ru", "Стороны обсудили ход работы над текстом соглашения и договорились продолжить контакты."),
    ("ru", "По его словам, решение будет принято до конца года, сообщает агентство."),
    ("ru", "Президент Украины прибыл в Кишинёв, где встретится с коллегами."),
    ("ru", "«Это был откровенный разговор», — сказал министр журналистам."),
    ("uk", "Міністр закордонних справ прибув до Єревана"),
    ("uk", "Зеленський зустрівся з Пашиняном у Гранаді"),
    ("uk", "Сторони домовилися продовжити переговори наступного тижня."),
    ("de", "Außenminister trifft Amtskollegen in Eriwan"),
    ("de", "Gespräche über den Frieden im Südkaukasus"),
    ("de", "Die Lage an der Grenze bleibt angespannt"),
    ("de", "Der Präsident sagte, man habe sich auf die nächsten Schritte verständigt."),
    ("de", "Aserbaidschan und Armenien einigen sich auf einen Text"),
    ("de", "Wie geht es weiter mit Georgien?"),
    ("en", "Yerevan denies Baku claims"),
    ("ru", "Саммит в Гранаде: итоги"),
    ("tr", "Ermenistan sınır kapısı açılıyor"),
    ("az", "Bakıda sammit başlayıb"),
    ("tr", "Cumhurbaşkanı Erdoğan Bakü'de"),
    ("tr", "Dışişleri Bakanı Fidan, Erivan'a gidiyor"),
    ("tr", "Türkiye ile Ermenistan arasında yeni görüşme"),
    ("tr", "İki ülke sınırın açılması için çalışmayı sürdürüyor."),
    ("tr", "Bakan, görüşmenin ardından yaptığı açıklamada barış anlaşmasının yakın olduğunu söyledi."),
    ("tr", "Azerbaycan Cumhurbaşkanı Aliyev, mevkidaşını resmi törenle karşıladı."),
    ("az", "Prezident İlham Əliyev Gürcüstanın xarici işlər nazirini qəbul edib"),
    ("az", "Ceyhun Bayramov Brüsselə səfər edib"),
    ("az", "Sülh danışıqları davam edir, tərəflər razılığa gəlib"),
    ("az", "Görüşdə ikitərəfli əlaqələrin inkişafı müzakirə olunub."),
    ("az", "Bu barədə Xarici İşlər Nazirliyinin mətbuat xidməti məlumat yayıb."),
    ("az", "Azərbaycan və Ermənistan"),
    ("az-Cyrl", "Азәрбајҹан Республикасынын Президенти һәмкары илә ҝөрүшүб"),
    ("az-Cyrl", "Назирләр сүлһ мүгавиләсинин мәтнини мүзакирә едибләр"),
    ("hy", "Հայաստանի վարչապետը մեկնել է Բրյուսել"),
    ("hy", "Միրզոյանը հանդիպել է Ֆրանսիայի դեսպանին"),
    ("hy", "Կողմերը քննարկել են սահմանազատման հարցեր, հայտնում է ԱԳՆ-ն։"),
    ("hy", "ԵԱՀԿ"),
    ("hy", "Emmanuel Macron-ը և Charles Michel-ը զանգահարել են վարչապետին"),
    ("ka", "საგარეო საქმეთა მინისტრი ერევანს ეწვია"),
    ("ka", "პრემიერი ბრიუსელში ჩავიდა"),
    ("ka", "მხარეებმა განიხილეს რეგიონული უსაფრთხოების საკითხები."),
    ("ka", "NATO-ს მისია თბილისში"),
    ("es", "El presidente de Armenia visita Madrid"),
    ("es", "Los ministros acordaron seguir con las conversaciones, según el comunicado."),
    ("it", "Il ministro degli Esteri incontra l’omologo armeno"),
    ("it", "La pace nel Caucaso è più vicina, dicono i negoziatori della missione."),
    ("fa", "وزیر امور خارجه ایران به ایروان سفر می‌کند"),
    ("fa", "گفت‌وگوهای صلح در باکو برگزار شد"),
]
OTHERS = [
    "",
    "2023",
    "12.05.2023 14:30",
    "AFP",
    "Lavrov – Bayramov",
    "Ilham Aliyev",
    "Pashinyan, Putin, Macron, Michel",
    "你好，世界，外交部长访问埃里温",
    "Ministrul de externe al României a sosit la Erevan pentru o vizită oficială",
    "O ministro das Relações Exteriores foi recebido em Lisboa pelo presidente",
    "De minister van Buitenlandse Zaken heeft met zijn ambtgenoot gesproken",
    "Minister spraw zagranicznych spotkał się z prezydentem w Warszawie i rozmawiał o pokoju",
    "Министрите се срещнаха в Баку и ще продължат преговорите",
    "Сыртқы істер министрі Бакуге сапармен келді және келіссөздер жүргізді",
    "Министр замежных спраў прыбыў у Ерэван, паведаміў яго прэс-сакратар ў аўторак",
    "وصل وزير الخارجية إلى يريفان في زيارة رسمية",
    "Serokê komarê li Bakûyê bi hevpîşeyê xwe re civiya û li ser aştiyê axivî",
]


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_a_sentence_tells_its_language(language, text):
    assert languages.detect(text) == language


@pytest.mark.parametrize("text", OTHERS)
def test_what_tells_no_language_that_the_archive_knows_is_left_open(text):
    assert languages.detect(text) == ""


def test_a_long_text_keeps_its_language_beside_quotations_of_another():
    french = " ".join(text for language, text in SENTENCES if language == "fr") * 3
    armenian = " ".join(text for language, text in SENTENCES if language == "hy")
    english = " ".join(text for language, text in SENTENCES if language == "en")
    assert [languages.detect(text) for text in (f"{french} {english}", f"{armenian} {french[:150]}")] == [
        "fr",
        "hy",
    ]


def test_turkish_with_azerbaijani_names_stays_turkish():
    text = "Cumhurbaşkanı Əliyev ve Bakan Bəyramov bu görüşme için Ankara'ya geldi, heyet daha sonra ayrıldı."
    assert languages.detect(text) == "tr"


@pytest.mark.parametrize("text", ["ə" * 3_000_000, "l’" * 1_500_000, "the " * 700_000, "\0" * 100_000])
def test_a_text_of_any_length_costs_the_same(text):
    assert languages.detect(text) == languages.detect(text[:20_000])
