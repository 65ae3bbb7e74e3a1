"""Azerbaijani. The predicate stands at the end: what other languages say by objects and circumstances comes before it."""

from events.editing.generating.phrases.writer import Phrases, lines

PHRASES = Phrases(
    marks=("“", "”"),
    inner_marks=("‘", "’"),
    stop=".",
    sentences=5,
    openers=lines("""
        Dəfələrlə demişik ki,
        Əminəm ki,
        Hamıya aydın olmalıdır ki,
        Biz ondan çıxış edirik ki,
        Bu gün heç kim şübhə etmir ki,
        Bizim fikrimizcə,
        Bir daha vurğulamaq istəyirəm ki,
        Otuz ildən sonra aydındır ki,
        Tərəfdaşlarımız başa düşürlər ki,
        Təcrübə göstərir ki,
        İcazə verin, xatırladım ki,
        Açığını desəm,
    """),
    subjects=lines("""
        sülh prosesi
        hökumətimiz
        sülh müqaviləsi
        bütün region
        sərhəd komissiyası
        vasitəçisiz dialoq
        nəqliyyat yollarının açılması
        beynəlxalq hüquq
        vətəndaşlarımızın təhlükəsizliyi
        əsirlərin mübadiləsi
        Avropa missiyası
        evini itirmiş hər bir ailə
        nazirlik
        yeni dəmir yolu
        humanitar minatəmizləmə
        dəhliz layihəsi
        parlamentimiz
        vətəndaş cəmiyyəti
        müşahidəçilərin hesabatı
    """),
    predicates=lines("""
        regionda
        Cənubi Qafqazda
        ilkin şərtlər olmadan
        sərhəd boyunca
        yaxın aylarda
        ilin sonuna qədər
        Avropa İttifaqının dəstəyi ilə
        danışıqların hər mərhələsində
        hər iki xalqın mənafeyi naminə
        Almatı bəyannaməsi əsasında
        noyabr bəyanatına uyğun olaraq
        Xəzərdən Qara dənizədək
        komissiya çərçivəsində
        razılaşdırılmış qrafik üzrə
        gələcək nəsillər üçün
    """),
    objects=lines("""
        davamlı sülhə
        sərhədlərin qarşılıqlı tanınmasına
        suverenliyə və ərazi bütövlüyünə
        xalqlar arasında etimada
        məcburi köçkünlərin qayıdışına
        balanslı sazişə
        ticarətə və energetikaya
        saxlanılanların azad edilməsinə
        mehriban qonşuluq münasibətlərinə
        nazirlər səviyyəsində birbaşa təmaslara
        sabitliyə və rifaha
        hər bir icmanın hüquqlarına
        aydın təminatlara
        dəmir yollarının bərpasına
        tarlaların minalardan təmizlənməsinə
        itkin düşmüş şəxslərin axtarışına
        qarşılıqlı güzəştlərə
        ortaq gələcəyə
        kilsələrin və məscidlərin qorunmasına
    """),
    circumstances=lines("""
        xidmət edir
        yol açır
        əsaslanır
        xüsusi əhəmiyyət verir
        mühüm töhfə verir
        gətirib çıxarmalıdır
        kömək etməlidir
        zəmin yaradır
        mane ola bilməz
        bizi daha da yaxınlaşdırır
        bağlıdır
    """),
    asides=lines("""
        {place} şəhərinə baxın: ailələr hələ də gözləyirlər.
        {number} nömrəli sənəd bunu təsdiq edir.
        Həmkarım {person} {place} barədə yaxşı bilir.
        Bəziləri {rare} haqqında danışır, biz isə sülh haqqında.
        {number} nömrəli protokol paraflanıb ({place}).
        {person} ilə {rare} barədə dəfələrlə danışmışıq.
    """),
    rare=tuple(
        "narlar körpülər karvansaralar üzümlüklər bağlar minarələr freskalar əlyazmalar sürüşmələr su-anbarları turbinlər yarımstansiyalar karxanalar"
        " molibden əhəngdaşı bazalt zəfəran tütün fındıq naringi pendir xalçaçılar xəritəçilər geodeziyaçılar teodolitlər suayrıcılar bərələr mayaklar"
        " tramvaylar seysmoqraflar lüğətlər xorlar pəhləvanlar şahmat alpinistlər şahinlər bəbirlər tısbağalar yovşan ardıclar çinarlar təqaüdlər".split()
    ),
    telling=lines("""
        O zaman {person} mənə dedi: {words}
        {person} bunu belə ifadə etmişdi: {words}
        {person} demişkən, {words}
    """),
    attributions=lines("""
        {person} bildirib:
        {person} jurnalistlərə deyib:
        {person} vurğulayıb:
        Mətbuat xidmətinin məlumatına görə, {person} deyib:
    """),
    ledes=lines("""
        {place}. {a} və {b} Cənubi Qafqazdakı vəziyyəti müzakirə ediblər.
        {place}. {a} {b} ilə danışıqlar aparıb.
        {place}. {a} ilə {b} arasında görüş qapalı keçirilib.
        Ev sahibi tərəfin dəvəti ilə {a} və {b} görüşüblər ({place}).
    """),
    reports=lines("""
        Məlumatda məlum mövqe təkrarlanır.
        Mətbuat xidmətinin verdiyi məlumata görə,
        Tərəflər davam etmək barədə razılığa gəliblər.
        Nümayəndə heyətinin üzvü izah edib ki,
        Agentlik xatırladır ki,
    """),
    titles=lines("""
        {a}: “Səyimiz {theme} yönəlib”
        {place}: {a} {theme} çağırır
        {a} {theme} dəstək verib
        {place} danışıqları {theme} həsr olunub
    """),
)
