"""German."""

from events.quoting.lexicon.base import Lexicon

_T = """sag erklär beton teil versicher unterstrich kritisier fordert forder warnt warn äußer begrüß bedauer bekräftig erläuter ergänz erwider antwort frag meint mein
schilder kündig stell räum mahn bezeichn nann bestätig behaupt berichte bericht erzähl verwies vermutet ruf lob dank drängt dräng bekundet bekund beklag beklagt prophezei
prognostizier twitter urteil verurteil wertet wert fass zitier resümier präzisier konter spotte hoff""".split()

LEXICON = Lexicon(
    said=" ".join(f"{stem}(?:e?te|e?ten|e?t|en)?" for stem in _T)
    + """ sagte sagt sagten hieß heißt schrieb schreibt schrieben sprach spricht rief ruft fuhr fährt fügte fügt wies weist hob hebt teilte teilt gab gibt räumte stellte kündigte nannte nennt bezeichnete erwiderte entgegnete entgegnet
    unterstrich unterstreicht verwies verweist versprach verspricht widersprach widerspricht pochte meinte warf wirft las liest lässt ließ mahnte zeigte würdigte wiederholte lautet lautete""",
    participle="gesagt erklärt betont mitgeteilt versichert kritisiert gefordert gewarnt geäußert begrüßt geschrieben genannt bezeichnet angekündigt hinzugefügt bestätigt erwidert geantwortet unterstrichen zitiert",
    auxiliary="hat haben hatte hatten wird wurde wurden habe",
    saying="betonend sagend erklärend sagen erklären betonen",
    doubtful="meinen fragen wertet",
    labelling="nannte nennt bezeichnete bezeichnet sprach spricht kritisierte verurteilte würdigte begrüßte lobte wertete genannt bezeichnet warnte versprach",
    source="laut; so; nach angaben; nach den worten; nach ansicht; nach einschätzung; nach darstellung; gemäß; wie; nach worten; aus sicht",
    source_own="nach * worten; nach * angaben; nach * ansicht; in * worten; * zufolge",
    possessives="seinen ihren seinen ihren seiner ihrer",
    weighing="für",
    source_after="zufolge",
    words="worte worten äußerungen aussage aussagen formulierung appell forderung versprechen",
    of="von des der vom",
    texts="erklärung mitteilung interview gespräch rede brief tweet schreiben stellungnahme pressemitteilung dokument kommuniqué beitrag bericht",
    persons="""\\w*minister(?:in|s|n|innen)? \\w*präsident(?:in|en)? \\w*sprecher(?:in|s|n)? \\w*botschafter(?:in|s|n)? \\w*chef(?:in|s)? kanzler(?:in)? bundeskanzler(?:in)? \\w*vertreter(?:in|s|n)? \\w*beauftragte[rn]? \\w*gesandte[rn]? diplomat(?:in|en)? abgeordnete[rn]? experte[n]? expertin analyst(?:in|en)?
    politiker(?:in|s)? \\w*sekretär(?:in|s)? vermittler(?:in)? unterhändler(?:in)? premier general direktor(?:in)? vorsitzende[rn]? leiter(?:in)? bürgermeister(?:in)? professor(?:in)? historiker(?:in)? amtskolleg(?:e|en|in) kolleg(?:e|en|in) beobachter(?:in)? journalist(?:in|en)? kommissar(?:in)?
    eu-\\w+ berater(?:in)? bewohner(?:in)? anwohner(?:in)? forscher(?:in)? wissenschaftler(?:in)? politologe politologin oppositionelle[rn]? aktivist(?:in|en)? mann frau bauer bäuerin lehrer(?:in)? \\w*führer(?:in)? gastgeber(?:in)? staatschef(?:in)? koordinator(?:in)? sondergesandte[rn]?""",
    bodies="\\w*ministerium \\w*amt regierung bundesregierung kreml kommission parlament botschaft delegation behörde behörden opposition partei mission eu nato uno osze rat präsidialamt staatskanzlei agentur seite",
    pronouns="er sie dieser diese ihm ihr",
    plural_or_vague="es man",
    determiners="der die das den dem des ein eine einer einem sein seine ihr ihre ihrer seiner deren dieser diese zwei mehrere",
    genitive="der des von vom",
    complements="für in im bei",
    prepositions="mit von zu bei nach für gegen über an auf unter zwischen vor seit aus durch in im am beim zum zur",
    relatives="der\\b(?!) die\\b(?!) wer wo".replace("der\\b(?!) die\\b(?!) ", ""),
    conjunctions="dass wie",
    light="am montag dienstag mittwoch donnerstag freitag samstag sonntag gestern heute auch dann weiter zudem später zuvor dabei jedoch indes außerdem ferner noch nur erneut abend morgen nachmittag sich in einem einer seinerseits ihrerseits mit der dem",
    listeners="journalisten reportern",
    common="""der die das den dem des ein eine einer einem und oder aber doch wenn als wie wer was wo er sie es wir ihr ich sein seine ihre dies diese dieser mit von zu bei nach für gegen über an auf unter zwischen vor seit aus durch in im am beim zum zur
    auch dann weiter zudem später zuvor dabei jedoch nur nicht kein keine montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz april mai juni juli august september oktober november dezember laut so nun noch gestern heute morgen
    beide alle viele einige mehr während trotz wegen denn weil dass ob foto quelle""",
    particles="von van der zu de al-",
    naming="titel namen genannte[nrs]? sogenannte[nrs]? zeitung magazin film buch romans? novelle partei bewegung operation projekt forum konferenz format begriff wort bündnis sender nachrichtenagentur initiative motto motiv stiftung schiff hotel portal programm plattform betitelte[nr]? organisation wochenzeitung",
    soft="sogenannte[nrsm]? angebliche[nrsm]? vermeintliche[nrsm]?",
    adjectives="\\w+(?:ische|ischen|ischer|isches|sche|scher|schen) ehemalige[nr]? frühere[nr]? stellvertretende[nr]? neue[nr]? amtierende[nr]? hohe[nr]? deutsche[nr]? oberste[nr]?",
    roles={
        "foreign-minister": "außenminister|chefdiplomat",
        "defence-minister": "verteidigungsminister",
        "prime-minister": "ministerpräsident|premier|regierungschef|kanzler",
        "speaker": "parlamentspräsident",
        "spokesperson": "sprecher",
        "secretary-general": "generalsekretär",
        "president": "(?<!minister)(?<!parlaments)präsident|staatschef|staatsoberhaupt",
    },
    cases="s",
    countries={
        "russ moskau kreml": "RU", "aserbai baku": "AZ", "armen eriwan": "AM", "georgi tiflis tbilissi": "GE", "türk ankara": "TR", "iran teheran": "IR", "franz frankreich paris élysée": "FR", "deutsch berlin bundes": "DE",
        "amerika us- usa washington": "US", "brit london großbri": "GB", "ukrain kiew kyjiw": "UA", "europ eu- eu brüssel": "EU", "chines china peking": "CN", "kasach": "KZ", "schweiz bern": "CH", "itali rom": "IT", "griech": "GR", "österreich wien": "AT", "poln": "PL", "ungar": "HU",
    },
    capital_nouns=True,
)  # fmt: skip
