"""English."""

from events.quoting.lexicon.base import Lexicon

_ED = """add note stress underlin underscor reiterat insist argu claim stat declar announc explain warn caution predict acknowledg
admit(?:t)? conced complain comment remark observ recall repl(?:i)? respond retort answer ask tweet post quip(?:p)? jok vow pledg promis urg
describ denounc condemn prais hail welcom accus blam dismiss reject den(?:i)? affirm confirm assert maintain contend conclud
continu opin lament recount relat reveal report quot cit voic express characteri[sz] label(?:l)? demand suggest thank testif(?:i)?
shout whisper point emphasi[sz] criticis criticiz reaffirm reassur highlight appeal signal(?:l)? forecast estimat intimat
mus chid scold applaud inform assur implor plead propos enthus marvel(?:l)? fum thunder rul summari[sz] interject reason allege
hint counter protest object repeat fret worr(?:i)? joke guess boast deplor decri(?:e)? bemoan rail lambast slam(?:m)? blast attribut tout exclaim chant advis articulat
counsel(?:l)? pray bristl snap(?:p)? sigh reflect cheer mock tease beg(?:g)? confid divulg attest volunteer venture phras call""".split()

LEXICON = Lexicon(
    said=" ".join(f"{stem}e?d" for stem in _ED)
    + """ said says say tells told wrote writes reads read thinks thought believes believed goes put puts replies adds notes warns insists argues claims explains
    recalls admits asks stresses states declares announces concludes predicts complains urges calls describes hopes hoped felt spoke speaks suggests points
    recounts acknowledges cautions remarks observes continues maintains asserts contends quips jokes jests laments confirms denies understood tweets posts saw sees swore
    taught sought began went had promises vows blamed deemed branded dubbed billed quoted denounces rejects hails accuses""".replace(" had", ""),
    saying="""saying adding noting stressing warning insisting arguing claiming explaining calling describing telling underlining emphasi[sz]ing asking urging declaring stating reiterating
    recalling pointing writing accusing denouncing citing quoting hailing praising suggesting acknowledging conceding admitting announcing promising vowing predicting complaining
    concluding expressing thanking joking quipping replying responding condemning dismissing rejecting lamenting asserting confirming maintaining voicing tell add note
    stress warn insist argue call describe explain urge ask declare reiterate emphasi[sz]e write labelling labeling branding dubbing likening""",
    doubtful="say notes reports claims calls points reads adds puts posts warning saying say note stress call ask add quotes sees reading writing goes signals remarks states report vows promises comments",
    labelling="""call(?:s|ed|ing)? describ(?:e|es|ed|ing) label(?:s|led|ed|ling|ing)? brand(?:ed|ing|s)? dub(?:bed|s|bing)? deem(?:ed|s|ing)? hail(?:ed|s|ing)? denounc(?:e|es|ed|ing) dismiss(?:ed|es|ing)? characteri[sz](?:ed|es|ing)
    prais(?:e|ed|es|ing) condemn(?:ed|s|ing)? welcom(?:e|ed|es|ing) declared accus(?:ed|es|ing) warn(?:ed|s|ing)? reject(?:ed|s|ing)? pledg(?:ed|es|ing) promis(?:ed|es|ing) blast(?:ed|s)? slam(?:med|s)? spoke speak
    criticis(?:ed|ing) criticiz(?:ed|ing) express(?:ed|ing) voiced stress(?:ed|ing) vow(?:ed|ing) urg(?:ed|ing) told likened demanded insisted call for""",
    source="according to; in the words of; as per; in the view of; in the opinion of; quoted by",
    source_own="in * words; in * own words; in * view; in * telling; in * opinion; by * own account; in * phrase",
    possessives="his her their",
    weighing="for to",
    words="words remarks comments answer reply response retort statement statements assertion claim claims warning call demand message line phrase view promise pledge vow insistence accusation description assessment appeal verdict",
    of="of by from",
    texts="""statement statements interview interviews letter letters speech address tweet post message remarks comments article briefing testimony readout communiqué communique communiques document text resolution op-ed
    report note memo declaration press release broadcast video telegram facebook email transcript""",
    persons="""mr mrs ms dr ministers? fms? pms? president premier presidents chancellor spokesperson spokesman spokeswoman spokespeople spokesmen ambassadors? envoys? secretary chief chiefs chair chairman chairwoman chairperson leaders? head heads officials?
    diplomats? lawmakers? mps? mp deputy deputies mayor governor advis[eo]rs? analysts? experts? professor directors? commissioner representatives? speaker king prince emir general colonel commander negotiators? mediators? activists?
    journalists? historians? observers? residents? politicians? senators? congressman congresswoman counterparts? host guest source sources witness witnesses co-chair co-chairs coordinator veteran villagers? farmers? driver
    student teacher refugees? lawyers? prosecutor judge bishop patriarch pope catholicos priest author researchers? scholars? fellow economists? organi[sz]er worker workers mother father widow man woman men women aide aides delegate correspondent
    rapporteur monitor monitors captain soldier soldiers critic critics opponent opponents negotiator attendee person consul attache spokesperson peacekeeper columnist editor manager engineer doctor shopkeeper pensioner
    parliamentarian legislators? premier vice-president undersecretary under-secretary participants? protesters? demonstrators? founder owner trader merchant translator demographer sociologist archaeologist anthropologist campaigner""",
    bodies="""ministry government kremlin presidency commission parliament embassy delegation department army nato un eu osce agency opposition party mission secretariat office council assembly
    administration service white\\shouse state\\sdepartment organi[sz]ation group authorities statement bloc watchdog company union committee court tribunal police communiqué communique text readout declaration broadcaster
    media resolution report letter document newspaper""",
    pronouns="he she they it you i we",
    own="i we you",
    citing="quoting quoted quotes quote citing cited cites",
    calling="presents? presented call calls called term terms termed dub dubs dubbed label labels labelled labeled",
    plural_or_vague="one",
    determiners="the a an his her its their this that another one two three several some both our my many most",
    genitive="of",
    complements="for to in at on with",
    prepositions="with to of by from for at on in against about after before between alongside toward towards under near behind than via including like as without over",
    relatives="who whom which whose that where when",
    conjunctions="that how why",
    light="""january february march april may june july august september october november december on monday tuesday wednesday thursday friday saturday sunday yesterday today earlier later also then again bluntly flatly simply quietly in turn afterwards however though too repeatedly publicly
    sharply tersely calmly wryly angrily firmly plainly privately once meanwhile further recently still has have had just never always often not""",
    listeners="reporters journalists lawmakers parliament viewers correspondents afp reuters ap bbc cnn media press audience me us him her them",
    common="""the a an this that these those he she it they we you i his her its their our my your but or and so nor if that who whom whose which where when while as for by with without under over on in at to from of off
    into onto upon toward towards between among after before since during until till despite against about above below again still also then next finally however though although yet even very more most less least all any
    no none each every both either neither several some many few other others another nothing nobody yesterday tomorrow today monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december asked asking speaking writing quoted photo read see source sources because there here what why how not only just now once one two three four five six seven eight nine ten
    first second third last later earlier meanwhile moreover nevertheless nonetheless indeed instead perhaps maybe yes certainly addressing responding commenting according following meeting talks standing
    answering pressed shortly such both is was were are be been has have had do does did will would can could should may might must let whether than like near outside inside behind beyond
    within without amid elsewhere further well in-depth analysis exclusive opinion update breaking everyone everybody nobody someone somebody people things exactly officially publicly privately""",
    particles="de la du van von der al- el bin ibn ben da di",
    naming="""titled entitled named nicknamed dubbed codenamed code-named headlined newspaper magazine film movie book novel party movement operation project forum conference format term terms word phrase concept channel
    coalition song series programme program journal website outlet agency festival prize exhibition documentary exercise exercises ship vessel hotel plan slogan motto initiative so-called club company
    label moniker banner headline title platform foundation battalion roundtable called known alliance bloc authors? tank listed registered read""",
    soft="so-called supposed alleged",
    adjectives="""deputy prime foreign first vice special former senior top chief acting general european new then- defence defense interior home high economic national presidential state security opposition ruling military regional local
    external affairs parliamentary permanent chief veteran outgoing incoming late young old fellow middle leading western eastern northern southern independent international diplomatic unnamed another one two""",
    roles={
        "deputy-foreign-minister": "deputy (?:foreign minister|minister of foreign)",
        "foreign-minister": "foreign minister|minister (?:of|for) (?:\\w+ and )?foreign affairs|foreign secretary|secretary of state|top diplomat",
        "defence-minister": "defen[cs]e minister|minister of defen[cs]e|defen[cs]e secretary",
        "prime-minister": "prime minister|premier|chancellor|head of government",
        "council-president": "president of the european council|european council president",
        "commission-president": "president of the european commission|european commission president",
        "speaker": "speaker|(?:chair\\w*|president) of (?:the )?(?:parliament|national assembly)",
        "spokesperson": "spokes",
        "secretary-general": "secretary.general",
        "president": "president|head of state",
    },
    countries={
        "russia moscow kremlin": "RU", "azerbaijan azeri baku": "AZ", "armenia yerevan": "AM", "georgia tbilisi": "GE", "turk türk ankara": "TR", "iran tehran": "IR",
        "french france paris élysée elysee": "FR", "german germany berlin": "DE", "american u.s us united\\sstates washington white\\shouse": "US", "british britain uk london": "GB",
        "ukrain kyiv kiev": "UA", "european eu brussels": "EU", "chinese china beijing": "CN", "kazakh astana": "KZ", "italian italy rome": "IT", "greek greece athens": "GR",
        "swiss switzerland bern": "CH", "indian india delhi": "IN", "israel jerusalem": "IL", "romania bucharest": "RO", "polish poland warsaw": "PL", "uzbek": "UZ", "hungar budapest": "HU",
        "belarus minsk": "BY", "qatar doha": "QA", "moldov chisinau": "MD", "czech prague": "CZ", "spanish spain madrid": "ES",
    },
)  # fmt: skip
