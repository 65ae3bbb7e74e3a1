"""Turkish."""

from events.quoting.lexicon.base import Lexicon

LEXICON = Lexicon(
    said="""dedi dediler demişti demiş diyor diyordu diyerek diye söyledi söylüyor söyledi(?:ler)? söylemişti belirtti belirtiyor belirterek etti ediyor ederek kaydetti kaydederek vurguladı vurgulayarak aktardı aktararak açıkladı açıklayarak bildirdi bildirerek
    ekledi ekleyerek konuştu sordu yanıtladı verdi paylaştı yazdı yazarak uyardı uyararak kullandı bulundu nitelendirdi nitelendirerek tanımladı tanımlayarak çağırdı çağrıda savundu savunarak hatırlattı hatırlatarak anlattı dile getirdi getirdi
    yaptı savunuldu suçladı sarf sıraladı özetledi duyurdu eleştirdi yorumladı seslendi demektedir denildi denildiği deniliyor yanıtını cevabını ifadesini ifadelerini şeklinde değerlendirdi olarak""".replace(" olarak", ""),
    saying="diyen söyleyen belirten vurgulayan kaydeden ifade eden söyleyerek dile",
    passive="denildi denildiği kaydedildi belirtildi vurgulandı ifade edildi",
    labelling="nitelendirdi nitelendirerek tanımladı olarak adlandırdı nitelediği niteledi dedi değerlendirdi",
    source_own="* göre; * deyişiyle; * ifadesiyle",
    possessives="ona onlara kendisine onun",
    source_after="göre deyişiyle ifadesiyle",
    words="sözleri sözleriyle sözlerine ifadeleri açıklaması",
    texts="açıklama\\w* açıklamasında mesaj\\w* röportaj\\w* konuşma\\w* mektup\\w* bildiri\\w* paylaşım\\w* demeç\\w* demec\\w* mülakat\\w*",
    persons="""\\w*bakan(?:ı|lar|ları|ın|ına|ının)? cumhurbaşkan(?:ı|ının|ına)? başbakan(?:ı|ının)? başkan(?:ı|ının|lar)? sözcü(?:sü|sünün|ler)? büyükelçi(?:si|sinin)? temsilci(?:si|sinin|ler)? milletvekili uzman(?:ı|lar)? analist diplomat(?:lar)? yetkili(?:si|ler)? lider(?:i|ler)? danışman(?:ı)?
    sekreter(?:i)? genel müdür(?:ü)? kaynak(?:lar)? gazeteci profesör tarihçi komutan(?:ı)? vali(?:si)? mevkidaş(?:ı|ının)? arabulucu müzakereci akademisyen siyaset bilimci köylü elçi(?:si)? koordinatör(?:ü)? üye(?:si)?""",
    bodies="bakanlığı bakanlık kremlin hükümet(?:i)? parlamento(?:su)? komisyon(?:u)? delegasyon heyet(?:i)? elçilik büyükelçiliği nato ab bm agit ofisi sözcülüğü ajans(?:ı)? taraf(?:ı)?",
    pronouns="o kendisi onlar",
    prepositions="ile",
    relatives="",
    conjunctions="ki",
    light="olarak olduğunu bugün dün ayrıca daha sonra ise da de şunları şöyle şu ifadeleri ifade açıklamada açıklamasında yaptığı gazetecilere basın toplantısında konuşmasında x sosyal medya hesabından",
    listeners="gazetecilere",
    common="""bu şu o bir ve ile ama ancak fakat çünkü ise de da ki için gibi kadar sonra önce göre bugün dün yarın pazartesi salı çarşamba perşembe cuma cumartesi pazar ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
    her hiç tüm bütün bazı birçok iki üç dört beş on ilk son yeni eski öte yandan ayrıca görüşmede toplantıda açıklamada konuşmasında biz siz ben onlar ne neden nasıl evet hayır en çok az daha fotoğraf kaynak""",
    particles="bin ibn el al- zade oğlu",
    naming="adlı isimli başlıklı gazete(?:si)? dergi(?:si)? film(?:i)? kitap kitabı parti(?:si)? hareket(?:i)? operasyon(?:u)? harekât(?:ı)? proje(?:si)? forum(?:u)? konferans(?:ı)? kavram(?:ı)? terim(?:i)? sözde kanal(?:ı)?",
    naming_after="adlı isimli başlıklı gazetesi dergisi filmi kitabı partisi hareketi operasyonu projesi forumu konferansı temalı kavramı terimi programı sloganı sloganıyla anlaşması planı koridoru belgesi belgesinin adıyla adı",
    soft="sözde",
    adjectives="dışişleri içişleri savunma eski yeni genel özel yardımcısı birinci",
    roles={
        "deputy-foreign-minister": "dışişleri bakan yardımcısı",
        "foreign-minister": "dışişleri bakanı",
        "defence-minister": "savunma bakanı",
        "prime-minister": "başbakan",
        "speaker": "meclis başkanı|parlamento başkanı",
        "spokesperson": "sözcüsü",
        "secretary-general": "genel sekreter",
        "president": "cumhurbaşkan|devlet başkanı",
    },
    countries={"rus moskova kremlin": "RU", "azerb bakü": "AZ", "ermen erivan": "AM", "gürc tiflis": "GE", "türk ankara": "TR", "iran tahran": "IR", "frans paris": "FR", "alman berlin": "DE", "abd amerika washington beyaz": "US", "ingil brit londra": "GB", "ukrayn kiev": "UA", "avrupa ab brüksel": "EU", "çin pekin": "CN", "kazak": "KZ"},
    oblique="['’]\\w+",
    verb_last=True,
    has_articles=False,
)  # fmt: skip
