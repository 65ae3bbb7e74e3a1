"""Azerbaijani, in Latin letters."""

from events.quoting.lexicon.base import Lexicon

LEXICON = Lexicon(
    said="""dedi deyib deyir demişdi dedilər deyiblər demişdir deyə söyləyib söylədi söyləyir söyləmişdir bildirib bildirdi bildirir bildiriblər bildirmişdir edib etdi edir etmişdir ediblər vurğulayıb vurğuladı vurğulayır qeyd açıqlayıb açıqladı yazıb yazdı yazır xatırladıb xatırladdı
    cavab verib verdi çağırıb çağırdı adlandırıb adlandırdı adlandırır hesab diyib sitat gətirib işlədib soruşub soruşdu izah toxunub şərh paylaşıb deyilir bildirilir deyilib ifadəsini əlavə dilə xəbərdarlıq ümidvarlığını""",
    saying="deyərək bildirərək vurğulayaraq söyləyərək edərək deyən adlandıraraq xatırladaraq",
    passive="deyilir bildirilir deyilib bildirilib qeyd olunur vurğulanır",
    labelling="adlandırıb adlandırdı adlandıraraq adlandırır qiymətləndirib qiymətləndirdi dedi deyib kimi",
    source_own="* sözlərinə görə; * sözlərinə; * fikrincə; * sözlərincə",
    possessives="onun onların",
    source_after="sözlərinə fikrincə görə sözlərincə",
    words="sözləri sözlərini sözlərinə fikirləri bəyanatı",
    texts="bəyanat\\w* açıqlama\\w* müsahibə\\w* çıxış\\w* məktub\\w* məlumat\\w* paylaşım\\w* brifinq\\w*",
    persons="""\\w*nazir(?:i|inin|lər|ləri)? prezident(?:i|inin)? baş\\snazir spiker(?:i)? səfir(?:i|inin)? sözçü(?:sü)? katib(?:i)? nümayəndə(?:si|sinin|ləri)? deputat(?:ı|lar)? ekspert(?:i|lər)? politoloq analitik(?:i)? diplomat(?:ı|lar)? rəhbər(?:i|inin)? lider(?:i|lər)? müşavir(?:i)? köməkçi(?:si)?
    sədr(?:i|inin)? müavin(?:i)? həmkar(?:ı|ının)? jurnalist(?:i)? professor tarixçi komandir(?:i)? mənbə(?:lər)? vasitəçi sakin(?:i)? kansler(?:i)? elçi(?:si)? komissar(?:ı)? şərhçi təmsilçi(?:si)?""",
    bodies="nazirliyi nazirlik kreml hökumət(?:i)? parlament(?:i)? milli\\sməclis komissiya(?:sı)? nümayəndə\\sheyəti səfirlik səfirliyi nato ai bmt atət agentlik agentliyi xin mətbuat\\sxidməti xidməti administrasiya(?:sı)? tərəf(?:i)?",
    pronouns="o onlar özü",
    prepositions="ilə",
    conjunctions="ki",
    light="kimi olduğunu bu gün dünən həmçinin isə də da həm sonra daha belə jurnalistlərə çıxışında açıqlamasında müsahibəsində öz",
    listeners="jurnalistlərə",
    common="""bu o bir və ilə amma lakin ancaq çünki isə də da ki üçün kimi qədər sonra əvvəl görə bu\\sgün dünən sabah bazar\\sertəsi çərşənbə cümə şənbə bazar yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr hər heç bütün bəzi
    iki üç dörd beş on ilk son yeni həmçinin eyni görüşdə iclasda onun onlar biz siz mən nə niyə necə bəli xeyr ən çox az daha foto mənbə hətta belə artıq""",
    particles="bin ibn əl oğlu qızı zadə",
    naming="adlı başlıqlı adında qəzet(?:i)? jurnal(?:ı)? film(?:i)? kitab(?:ı)? partiya(?:sı)? hərəkat(?:ı)? əməliyyat(?:ı)? layihə(?:si)? forum(?:u)? konfrans(?:ı)? termin(?:i)? ifadə(?:si)? qondarma kanal(?:ı)?",
    naming_after="adlı başlıqlı mövzusunda qəzeti qəzetinin jurnalı filmi kitabı partiyası partiyasının hərəkatı əməliyyatı layihəsi forumu konfransı termini ifadəsi proqramı şüarı şüarı müqaviləsi dəhlizi planı agentliyi portalı fondu adlanan telekanalı",
    soft="qondarma guya",
    adjectives="xarici daxili müdafiə işlər baş sabiq keçmiş xüsusi birinci işlər",
    roles={
        "deputy-foreign-minister": "xarici işlər nazirinin müavini",
        "foreign-minister": "xarici işlər naziri|xin başçısı",
        "defence-minister": "müdafiə naziri",
        "prime-minister": "baş nazir",
        "speaker": "spiker|parlamentin sədri|məclisin sədri",
        "spokesperson": "sözçü|mətbuat xidmətinin rəhbəri",
        "secretary-general": "baş katib",
        "president": "prezident|dövlət başçısı",
    },
    cases="ınınkı ının inin unun ünün nın nin nun nün ına inə una ünə ndan ndən nda ndə dan dən ya yə nı ni nu nü la lə da də ın in un ün ı i u ü a ə",
    countries={"rusiya rus moskva kreml": "RU", "azərb bakı": "AZ", "ermən irəvan yerevan": "AM", "gürc tbilisi tiflis": "GE", "türk ankara": "TR", "iran tehran": "IR", "fransa paris": "FR", "alman berlin": "DE", "abş amerika vaşinqton": "US", "britan london": "GB", "ukrayn kiyev": "UA", "avropa ai brüssel": "EU", "çin pekin": "CN", "qazax": "KZ"},
    verb_last=True,
    has_articles=False,
)  # fmt: skip
