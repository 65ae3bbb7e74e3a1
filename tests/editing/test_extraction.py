"""What is read from pages, PDFs and texts. The pages in tests/data/pages are ours, made in the manner of the region's press."""

import io
import json
import zlib

import pypdf
import pytest
from django.conf import settings

from events.editing import extraction, pdf, webpages
from events.editing.extraction import Extract, ExtractionError, extract

PAGES = settings.BASE_DIR / "tests" / "data" / "pages"
# What stands in each page beside its text, which stands in the file of the same name. The encoding is that of the server.
SAID = {
    "press-fr": (
        "https://www.courrier.example/monde/2023/02/28/x_12.html?utm_source=x", "utf-8",
        "À Port-Aster, le pari du dialogue", ("Claire Duval", "AFP"), "2023-02-28", "fr",
        "https://www.courrier.example/monde/2023/02/28/port-aster-le-pari-du-dialogue_12.html",
    ),
    "agency-en": (
        "https://en.strait.example/news/4711", "utf-8",
        "Ministers discuss border road", (), "2024-07-06", "en", "https://en.strait.example/news/4711",
    ),
    "press-ru": ("", "cp1251", "Тальвер: «Мы говорили открыто»", ("Анна Лорн",), "2023-02-28", "ru", ""),
    "gov-hy": ("https://www.mfa.example/hy/1", "utf-8", "Նախարարի հանդիպումը Կորրենդի հետ", (), "2023-02-28", "hy", ""),
    "gov-ka": ("", "utf-8", "მინისტრის შეხვედრა პორტ-ასტერში", (), "2023-02-28", "ka", ""),
    "gov-az": (
        "", "utf-8",
        "Prezident İlyas Korrend xarici işlər naziri Miran Talveri qəbul edib", (), "2023-02-28", "az", "",
    ),
    "agency-tr": ("", "utf-8", "Talver: Barışa hiç bu kadar yakın olmadık", ("Ayşe Lorn",), "2023-02-28", "tr", ""),
    "press-de": (
        "https://www.uferzeitung.example/s/1", "cp1252",
        "Hoffnung auf der Brücke", ("Jürgen Lorn", "Port Aster"), "2023-02-28", "de", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_page_of_the_press(name):
    url, encoding, *said = SAID[name]
    body = (PAGES / f"{name}.html").read_text().encode(encoding)
    text = (PAGES / f"{name}.txt").read_text().removesuffix("\n")
    assert extract(body, "text/html", "", url) == Extract(*said, text)


def test_each_page_has_its_text():
    assert (
        {path.stem for path in PAGES.glob("*.html")}
        == {path.stem for path in PAGES.glob("*.txt")}
        == set(SAID)
    )


def page(head: str = "", body: str = "", *, lang: str = "", title: str = "Talks in Port Aster") -> bytes:
    paragraphs = body or (
        "<p>The ministers met in Port Aster and spoke of the road along the coast for two hours.</p>"
        "<p>“We will open it,” one of them said to the press after the meeting at the harbour.</p>"
    )
    heading = f"<h1>{title}</h1>" if title else ""
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body><article>{heading}{paragraphs}</article></body></html>'.encode()


class TestWords:
    @pytest.mark.parametrize(
        "words",
        [
            "«\u00a0Oui\u00a0», dit-il\u00a0; «\u202fnon\u202f»\u00a0!",
            "“one ‘two’ three” \"four\" 'five' „sechs‘ »sieben« ‹acht›",
            "Əliyev’in, Հայաստան՝ «այո՛», „დიახ“ — ёлка… № 5 – 6",
            "co\u00adopération, می\u200cخواهم, 10\u2009000 m²",
            "a < b & c > d",
        ],
    )
    def test_words_stay_as_printed(self, words):
        escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace("\u00a0", "&nbsp;")
        sentence = "The ministers met in Port Aster and spoke of the road along the coast."
        found = extract(page(body=f"<p>{sentence}</p><p><b>{escaped}</b> {sentence}</p>"))
        assert found.text.split("\n\n")[1:] == [sentence, f"{words} {sentence}"]

    def test_the_text_is_nfc(self):
        found = extract(
            page(
                body="<p>Le ministre e\u0301tait a\u0300 Port-Aster mardi, selon le communique\u0301 publié.</p>"
            )
        )
        assert (
            found.text.split("\n\n")[1] == "Le ministre était à Port-Aster mardi, selon le communiqué publié."
        )

    def test_line_breaks_in_a_paragraph_stay(self):
        found = extract(
            page(body="<p>First line of the statement,<br>second line of it,<br/>third line of it.</p>")
        )
        assert (
            found.text.split("\n\n")[1]
            == "First line of the statement,\nsecond line of it,\nthird line of it."
        )

    def test_a_page_inside_a_form_is_read(self):
        inner = (
            page()
            .decode()
            .replace("<article>", "<form id='aspnetForm'><article>")
            .replace("</article>", "</article></form>")
        )
        assert len(extract(inner.encode()).text.split("\n\n")) == 3

    def test_text_that_stands_in_the_data_alone_is_taken_from_there(self):
        data = json.dumps(
            {"@type": "NewsArticle", "headline": "Talks", "articleBody": "One.\n\nTwo &amp; three."}
        )
        found = extract(
            f'<html><head><script type="application/ld+json">{data}</script></head><body></body></html>'.encode()
        )
        assert found == Extract("Talks", (), "", "en", "", "Talks\n\nOne.\n\nTwo & three.")


class TestEncoding:
    TEXT = "<p>{} и ещё одно предложение, чтобы в тексте было довольно букв для проверки.</p>"

    @pytest.mark.parametrize("declared", ["header", "meta", "xml", "nothing"])
    @pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r", "iso-8859-5"])
    def test_cyrillic(self, encoding, declared):
        if declared == "nothing" and encoding == "iso-8859-5":
            return  # read as windows-1251, which it looks like
        meta = f'<meta charset="{encoding}">' if declared == "meta" else ""
        start = f'<?xml version="1.0" encoding="{encoding}"?>' if declared == "xml" else ""
        source = (
            f"{start}<html><head>{meta}</head><body>{self.TEXT.format('Тальвер сказал: да')}</body></html>"
        )
        charset = encoding if declared == "header" else ""
        assert "Тальвер сказал: да и ещё" in extraction.decoded(source.encode(encoding), charset)

    @pytest.mark.parametrize(
        ("raw", "charset", "text"),
        [
            ("<p>été</p>".encode("cp1252"), "", "<p>été</p>"),
            ("<p>« été » – l’an</p>".encode("cp1252"), "iso-8859-1", "<p>« été » – l’an</p>"),
            ("<p>çağrı, görüş</p>".encode("cp1254"), "", "<p>çağrı, görüş</p>"),
            ("<p>été</p>".encode(), "iso-8859-1", "<p>été</p>"),
            ("<p>дом и сад</p>".encode("cp1251"), "utf-8", "<p>дом и сад</p>"),
            ("<p>дом и сад</p>".encode("cp1251"), "iso-8859-1", "<p>дом и сад</p>"),
            ("<p>été</p>".encode("utf-16"), "", "<p>été</p>"),
            ("\ufeff<p>été</p>".encode("utf-16-be"), "utf-8", "<p>été</p>"),
            ("\ufeff<p>été</p>".encode(), "windows-1251", "<p>été</p>"),
            ("<p>été été été".encode() + b"\xff</p>", "utf-8", "<p>été été été\ufffd</p>"),
            (b"<p>plain</p>", "no-such", "<p>plain</p>"),
            ("<p>été</p>".encode("cp1252"), "utf-7", "<p>été</p>"),
            ("<p>été</p>".encode("cp1252"), "zip_codec", "<p>été</p>"),
        ],
    )
    def test_others(self, raw, charset, text):
        assert extraction.decoded(raw, charset) == text


class TestMetadata:
    @pytest.mark.parametrize(
        ("head", "day"),
        [
            ('<meta property="article:published_time" content="2023-02-28T23:50:00+04:00">', "2023-02-28"),
            ('<meta property="article:published_time" content="2023-02-28T20:50:00Z">', "2023-02-28"),
            ('<meta name="DC.date.issued" content="20230228">', "2023-02-28"),
            ('<meta name="pubdate" content="28.02.2023">', "2023-02-28"),
            ('<meta name="date" content="February 28, 2023 at 5 PM">', "2023-02-28"),
            ('<meta name="date" content="2023-02-31">', ""),
            ('<meta name="date" content="2999-01-01">', ""),
            ('<meta property="article:modified_time" content="2023-03-01">', ""),
            ('<link rel="canonical" href="https://example.org/2023/02/28/talks">', "2023-02-28"),
            ('<script type="application/ld+json">{"@type": "Person", "datePublished": "2023-02-28"}</script>', ""),
            ('<script type="application/ld+json">[{"@type": "https://schema.org/NewsArticle", "datePublished": ["2023-02-28"]}]</script>', "2023-02-28"),
            ("<meta name=generator content='2023-02-28'><title>© 2023</title>", ""),
        ],
    )  # fmt: skip
    def test_the_day(self, head, day):
        assert extract(page(head)).published_on == day

    @pytest.mark.parametrize(
        ("printed", "day"),
        [
            ("28 février 2023 à 14h05", "2023-02-28"),
            ("le 1er mars 2023", "2023-03-01"),
            ("February 28, 2023", "2023-02-28"),
            ("Feb. 28th, 2023 – 10:15 AM", "2023-02-28"),
            ("28 Feb 2023", "2023-02-28"),
            ("28 февраля 2023 г., 14:05", "2023-02-28"),
            ("28 лютого 2023", "2023-02-28"),
            ("28. Februar 2023", "2023-02-28"),
            ("28 Şubat 2023 Salı", "2023-02-28"),
            ("15 İyun 2023", "2023-06-15"),
            ("28 fevral 2023, 15:10", "2023-02-28"),
            ("2023-cü il, 28 fevral", "2023-02-28"),
            ("28 փետրվարի, 2023", "2023-02-28"),
            ("Փետրվար 28, 2023", "2023-02-28"),
            ("28 თებერვალი, 2023", "2023-02-28"),
            ("28 de febrero de 2023", "2023-02-28"),
            ("28 febbraio 2023", "2023-02-28"),
            ("28.02.2023 15:10", "2023-02-28"),
            ("28/2/2023", "2023-02-28"),
            ("2023/02/28", "2023-02-28"),
            ("02/03/2023 5:10 PM", ""),
            ("28.02.23", ""),
            ("2023", ""),
            ("30 February 2023", ""),
            ("Room 28, 2023 seats", ""),
        ],
    )
    def test_a_day_beside_the_headline(self, printed, day):
        found = extract(page(body=f"<span>{printed}</span>" + page().decode().split("</h1>")[1]))
        assert found.published_on == day

    @pytest.mark.parametrize(
        ("printed", "authors"),
        [
            (["Par Claire Duval"], ("Claire Duval",)),
            (["Claire Duval, claire.duval@example.org"], ("Claire Duval",)),
            (["AFP avec Le Courrier"], ("AFP",)),
            (["Claire Duval avec AFP"], ("Claire Duval", "AFP")),
            (["Nino Beridze and Aram Petrosyan", "nino beridze"], ("Nino Beridze", "Aram Petrosyan")),
            (["By NINO BERIDZE | Tbilisi Desk"], ("NINO BERIDZE", "Tbilisi Desk")),
            (["Автор: Анна Иванова, специальный корреспондент"], ("Анна Иванова",)),
            (["Հեղինակ՝ Անի Սարգսյան"], ("Անի Սարգսյան",)),
            (["ავტორი: ნინო ბერიძე"], ("ნინო ბერიძე",)),
            (["admin"], ()),
            (["La rédaction", "Editor", "Redaction", "News Desk"], ()),
            (["https://www.facebook.com/lecourrier"], ()),
            (["Le Courrier"], ()),
            (["Jean-Marc O&#39;Brien (à Bakou)"], ("Jean-Marc O'Brien (à Bakou",)),
            (["", " , ;"], ()),
        ],
    )
    def test_authors(self, printed, authors):
        assert webpages.clean_authors(printed, {webpages.names.fold("Le Courrier")}) == authors

    @pytest.mark.parametrize(
        ("lang", "head", "language"),
        [
            ("fr-CH", "", "en"),
            ("en-GB", "", "en"),
            ("", '<meta property="og:locale" content="ru_RU">', "en"),
            ("not a code", "", "en"),
        ],
    )
    def test_the_text_tells_its_language_whatever_the_template_says(self, lang, head, language):
        assert extract(page(head, lang=lang)).language == language

    @pytest.mark.parametrize(
        ("lang", "head", "language"),
        [
            ("nl-BE", "", "nl"),
            ("", '<meta property="og:locale" content="pt_BR">', "pt"),
            ("", '<meta http-equiv="Content-Language" content="pl">', "pl"),
            ("xx-nonsense", "", ""),
        ],
    )
    def test_where_the_text_leaves_it_open_the_page_tells_the_language(self, lang, head, language):
        assert (
            extract(
                page(
                    head,
                    "<p>Xyz abc qwe, zxcvb nmlkj hgfds poiuy trewq asdfg hjkl.</p>" * 2,
                    lang=lang,
                    title="",
                )
            ).language
            == language
        )

    @pytest.mark.parametrize(
        ("link", "url"),
        [
            ("https://www.example.org/news/1", "https://www.example.org/news/1"),
            ("/news/1", "https://en.example.org/news/1"),
            ("https://m.example.org/news/1", "https://m.example.org/news/1"),
            ("https://example.org/", ""),
            ("https://other.example/news/1", ""),
            ("javascript:alert(1)", ""),
            ("https://[::1", ""),
        ],
    )
    def test_the_address_that_the_page_calls_its_own(self, link, url):
        assert (
            extract(page(f'<link rel="canonical" href="{link}">'), url="https://en.example.org/x?id=5").url
            == url
        )

    @pytest.mark.parametrize(
        ("head", "heading", "title"),
        [
            ("<title>Talks in Port Aster - The Strait</title>", "Talks in Port Aster", "Talks in Port Aster"),
            ('<meta property="og:title" content="Talks in Port Aster | The Strait"><meta property="og:site_name" content="The Strait">', "The Strait", "Talks in Port Aster"),
            ('<meta property="og:title" content="Talks in Port Aster">', "", "Talks in Port Aster"),
            ('<meta property="og:title" content="Talks in Port Aster">', "Talks in Port Aster: what comes next", "Talks in Port Aster: what comes next"),
            ("<title>Ministry | Talks in Port Aster</title>", "News", "Ministry | Talks in Port Aster"),
            ("<title>Home</title>", "Talks in Port Aster", "Talks in Port Aster"),
            ("", "", ""),
        ],
    )  # fmt: skip
    def test_the_title(self, head, heading, title):
        assert extract(page(head, title=heading)).title == title


class TestKinds:
    @pytest.mark.parametrize(
        ("body", "media_type", "message"),
        [
            (b"", "text/html", "There is no text. Paste the article’s words."),
            (b" \n\t", "", "There is no text. Paste the article’s words."),
            (b"PK\x03\x04....word/document.xml", "", "This is a document of Word"),
            (b"\xd0\xcf\x11\xe0....", "application/msword", "This is a document of Word"),
            (b"{\\rtf1 hello}", "", "This is a document of Word"),
            (b"\x89PNG\r\n", "text/html", "This is a picture."),
            (b'{"a": 1}', "application/json", "This is no kind of file that the archive reads."),
            (b"\x1f\x8b\x08", "", "This is no kind of file that the archive reads."),
            (b"<html><body><nav><a href=/>x</a></nav></body></html>", "", "There is no text of an article on this page."),
            (b"<html>", "", "There is no text of an article on this page."),
            (b"a\x00b c", "", "Line 1 holds the character U+0000"),
            ("été".encode("latin-1"), "text/plain", "This is no text in UTF-8"),
            (b"x " * 1_100_000, "", "The text has 2,200,000 characters"),
            (b"x" * (extraction.LARGEST + 1), "", "The file is larger than 20 MB."),
        ],
        ids=str,
    )  # fmt: skip
    def test_what_holds_no_article_is_refused_in_words(self, body, media_type, message):
        with pytest.raises(ExtractionError) as refused:
            extract(body, media_type)
        assert str(refused.value)[: len(message)] == message

    def test_the_content_decides_not_the_declared_kind(self):
        assert extract(page(), "text/plain").title == "Talks in Port Aster"

    def test_a_text(self):
        body = "\ufeffVisite à Port-Aster\r\n\r\n\r\n\r\nLe ministre est arrivé lundi.  \r\n".encode()
        assert extract(body, "text/plain") == Extract(
            "", (), "", "fr", "", "Visite à Port-Aster\n\nLe ministre est arrivé lundi."
        )

    @pytest.mark.parametrize("encoding", ["windows-1251", "utf-16"])
    def test_a_text_in_the_encoding_of_its_header(self, encoding):
        text = "Министр прибыл в город и сказал, что доволен."
        assert extract(text.encode(encoding), "text/plain", encoding).text == text

    @pytest.mark.parametrize(
        "source",
        [
            "<div>" * 50_000 + "<p>x</p>",
            "<p>" + "<b>" * 50_000,
            "<i>a</i>" * 210_000,
            "<" * 500_000,
            "<!--" * 100_000,
            "<script type='application/ld+json'>" + "[" * 50_000 + "</script>",
            "<h1>Title of it</h1>" + "<div>2023 2023 2023 2023</div>" * 500,
            "<p class='" + "-related" * 50_000 + "'>" + "x " * 100 + "</p>",
            "<table><tr><td>" * 3000,
            "&#0;&#xD800;&#x80;&bogus;" * 100,
        ],
        ids=range(10),
    )
    def test_hostile_pages_are_answered(self, source):
        refusal = "There is no text of an article on this page."
        try:
            answer = extract(f"<html><body>{source}</body></html>".encode()).text
        except ExtractionError as error:
            answer = str(error)[: len(refusal)]
        assert answer == refusal or "\n\n" in answer or len(answer) > 100


def pdf_file(*pages: list[str], stream: bytes = b"") -> bytes:
    """A PDF with these lines on its pages, written by hand."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for lines in pages:
        shown = b"".join(
            b"(%s) Tj T* " % line.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)")
            for line in lines
        )
        content = (
            stream
            or b"<< /Length %d >>\nstream\n" % (len(shown) + 40)
            + b"BT /F1 11 Tf 14 TL 60 780 Td "
            + shown
            + b"ET\nendstream"
        )
        objects.append(content)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 595 842] >>" % (
        len(kids),
        b" ".join(kids),
    )
    out = b"%PDF-1.4\n"
    places = b""
    for number, content in enumerate(objects, 1):
        places += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, places)
    return (
        out
        + table
        + b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    )


class TestPdf:
    HEAD = "Ministère du Détroit – Communiqué"
    PAGES = (
        [HEAD, "", "Déclaration conjointe", "", "Le ministre a déclaré que « les travaux de la com-", "mission franco-insulaire reprendront » au printemps, dans le cadre du vice-", "président et de la commission. Le Haut-", "Ester restera ouvert. On parle de l’accord franco-", "insulaire depuis un an.", "Les délégations se sont félicitées de l’accueil.", "1"],
        [HEAD, "", "Elles (les deux) ont ajouté que la suite des travaux, qui commencera en avril et se pour-", "suivra tout l’été, sera publique.", "2"],
        [HEAD, "", "Fin.", "3"],
    )  # fmt: skip

    def test_lines_become_paragraphs_and_parted_words_whole(self):
        assert extract(pdf_file(*self.PAGES), "application/octet-stream") == Extract(
            "Déclaration conjointe",
            (),
            "",
            "fr",
            "",
            "Déclaration conjointe\n\n"
            "Le ministre a déclaré que « les travaux de la commission franco-insulaire reprendront » au printemps, dans le cadre du"
            " vice-président et de la commission. Le Haut-Ester restera ouvert. On parle de l’accord franco-insulaire depuis un an.\n\n"
            "Les délégations se sont félicitées de l’accueil.\n\n"
            "Elles (les deux) ont ajouté que la suite des travaux, qui commencera en avril et se poursuivra tout l’été, sera publique.\n\n"
            "Fin.",
        )

    def test_a_soft_hyphen_at_the_end_of_a_line_goes(self):
        assert pdf.joined(["The com\u00ad\nmission met on Tuesday."]) == "The commission met on Tuesday."

    def test_a_line_that_stands_on_one_page_stays(self):
        assert pdf.joined(["Only once.\n\nText of it."]) == "Only once.\n\nText of it."

    def test_the_title_of_the_properties_counts_where_the_text_has_it(self):
        def named(title: str) -> str:
            writer = pypdf.PdfWriter(
                clone_from=io.BytesIO(
                    pdf_file(
                        ["A rubric of the paper.", "Talks in Port Aster", "The ministers met on Tuesday."]
                    )
                )
            )
            writer.add_metadata({"/Title": title})
            file = io.BytesIO()
            writer.write(file)
            return extract(file.getvalue()).title

        assert (named("Talks in Port Aster"), named("Microsoft Word - final2.doc")) == (
            "Talks in Port Aster",
            "",
        )

    def test_a_password_is_named(self):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_file(["Talks in Port Aster on Tuesday"])))
        writer.encrypt("secret", algorithm="RC4-128")
        file = io.BytesIO()
        writer.write(file)
        with pytest.raises(ExtractionError, match=r"^The PDF is protected by a password\."):
            extract(file.getvalue())

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (pdf_file([], []), "The PDF holds pictures of pages, no text."),
            (pdf_file(*[["a"]] * 301), "The PDF has more than 300 pages"),
            (b"%PDF-1.7 ...", "This PDF cannot be read: it is damaged or incomplete."),
            (pdf_file(["x"] * 9).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"), "This PDF cannot be read: it is damaged or incomplete."),
        ],
        ids=["scanned", "long", "broken", "loop"],
    )  # fmt: skip
    def test_what_gives_no_text_is_refused_in_words(self, body, message):
        with pytest.raises(ExtractionError) as refused:
            extract(body)
        assert str(refused.value)[: len(message)] == message

    def test_a_bomb_does_not_fill_the_memory(self):
        packer = zlib.compressobj(9)
        packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(150)) + packer.flush()
        stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
        with pytest.raises(ExtractionError, match=r"^(This PDF cannot be read|The PDF takes too much)"):
            extract(pdf_file([""], stream=stream))

    def test_a_file_that_takes_too_long_is_given_up(self, monkeypatch, tmp_path):
        program = tmp_path / "slow.py"
        program.write_text(
            "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
        )
        monkeypatch.setattr(pdf, "__file__", str(program))
        with pytest.raises(ExtractionError, match=r"^The PDF takes too much time or memory"):
            extract(b"%PDF-1.4")
