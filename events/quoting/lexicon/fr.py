"""French."""

from events.quoting.lexicon.base import Lexicon

_ER = """affirm déclar assur soulign ajout expliqu indiqu not remarqu précis estim jug dénonc salu insist martel confi racont
annonc lanc répliqu rétorqu comment regrett déplor réclam exhort condamn accus argu argument avanc avou confirm contest critiqu cri
décrét détaill dévoil évoqu exig ironis justifi murmur object observ plaid proclam protest propos qualifi rapport rassur réaffirm
refus réitèr réitér relat relev répét répèt reproch résum révèl révél alarm amus emport étonn exclam indign inquièt inquiét
interrog félicit signal soupir suggér suggèr tempêt témoign tonn tranch tweet vant appell appel demand interpell souhait préconis
fustig lâch gliss énonc formul mentionn rappel rappell raill nuanc tempèr tempér considér considèr pointe ripost clam recommand
reconnaiss confess plaisant analys rétorqu narr réfut rejett rejet encourag remerci espér espèr redout appréci accueill épingl
questionn invit dédouan intim ordonn affich bless explicit récus assèn dict schématis insinu vocifér ricann chuchot ass persist
ironis persifl gromm dépeign évalu résum parl cit serin avert présent scand criai""".split()
_PRESENT = " ".join(f"{stem}(?:e|ent|ait|aient|a|èrent)" for stem in _ER)
_PARTICIPLE = " ".join(f"{stem}é(?:e|s|es)?" for stem in _ER)
_SOFT = {"c": "ç", "g": "ge"}  # annonçant, jugeant
_OTHER = " ".join(f"{stem}er {stem[:-1]}{_SOFT.get(stem[-1], stem[-1])}ant" for stem in _ER)

LEXICON = Lexicon(
    said=_PRESENT
    + """ dit disent disait disaient dirent répond(?:ent|ait|aient|it|irent)? écri(?:t|vent|vait|vaient|vit) promet(?:tent|tait|taient)? promit
    souti(?:ent|ennent|nt) soutenait prévi(?:ent|nt) prévenait averti(?:t|ssait) reconnaît reconnaissait reconnut conclu(?:t|ait) poursui(?:t|vent|vait|vit)
    renchéri(?:t|ssait) surenchérit admet(?:tent|tait)? admit réjoui(?:t|ssait|ssent) décri(?:t|vait|vent) croit croyait voit craint craignait prédit reprend reprit
    convient mainti(?:ent|nt|ennent) maintenait interromp(?:t|it) enthousiasme dément démentait prétend(?:ait|ent)? entend fait tient juge félicite redit redisait
    plaint défend défendait résonne lit-on dit-on conclut refuse promeut définit définissait rend rappelle peut-on""",
    participle=_PARTICIPLE
    + """ dit répondu écrit promis soutenu prévenu averti reconnu conclu poursuivi renchéri surenchéri admis réjoui décrit cru prédit repris convenu
    maintenu interrompu démenti prétendu tenu mis fait laissé redit plaint défendu voulu rendu défini martelé réagi cité mentionné lu déclarée assurée""",
    saying=_OTHER
    + """ disant dire répondant répondre écrivant écrire promettant promettre soutenant soutenir prévenant prévenir avertissant avertir reconnaissant reconnaître
    concluant conclure poursuivant poursuivre réjouissant réjouir décrivant décrire voyant craignant prédisant reprenant maintenant\\b(?!) défendant parlant faisant
    visant promouvant définissant""".replace("maintenant\\b(?!)", "").replace("visant", "").replace("promouvant", ""),
    auxiliary="a ont avait avaient aura auront aurait auraient est sont était étaient ayant eut fut sera serait ai avons",
    doubtful="""note notes juge juges cite appel appelle demande demandes lance annonce annonces estime rapport rapports accuse critique critiques commente
    confie conteste plainte lit fait dit entend tient tente refus voit relate tranche gliss reproche reproches écrit rend préside propose invite cri peut-on""",
    labelling="""qualifi(?:e|ent|ait|é|ée|ant|er|a) jug(?:e|ent|é|ée|ait|ant|er|a) décri(?:t|vant|vait|re|te) salu(?:e|ent|é|ée|ait|ant|er|a) dénonc(?:e|ent|é|ait|ant|er|a)
    dénonçant condamn(?:e|é|ait|ant|er|a) évoqu(?:e|é|ait|ant|er|a|ent) parl(?:e|é|ait|ant|er|a) fustig(?:e|é|eant|eait) estim(?:e|é|ait|ant|er|a) dit
    voit voyant vu accus(?:e|é|ait|ant|er|a) répond(?:u|ait|ant)? promis promet vant(?:e|é|ant|ait) salué promettant réclam(?:e|é|ant) rejet(?:te|é|ant) considér(?:e|ant|é)
    exclu exclut souhait(?:e|é|ant|ait) félicit(?:e|é|ant) défend(?:u|ant)? présent(?:e|é|ant|ait) pein(?:t|ant) compar(?:e|é|ant) résum(?:e|é|ant|ait) défini(?:t|e)?""",
    source="selon; d' après; de l' avis de; de l' avis du; de l' avis d'; aux yeux de; aux yeux du; aux dires de; aux dires du; à en croire; suivant; dixit; comme l' a; de l' aveu de; de l' aveu du; par la voix de; par la bouche de; dans la bouche de; dans la bouche du; de source; de sources; sous la plume de; pour reprendre les mots de; pour reprendre les mots du; selon les mots de; selon les mots du; selon les termes de; selon les termes du; selon l' expression de; selon la formule de; selon la formule du",
    source_own="selon * mots; selon * termes; selon * propres mots; selon * propres termes; selon * dires; de * propre aveu; à * yeux; pour reprendre * mots; pour reprendre * termes; selon * expression; selon * formule; de * avis; à * avis",
    possessives="son sa ses leur leurs",
    weighing="pour",
    words="propos mots? paroles? déclarations? formule formules discours thèse message messages phrase expression appel appels voix avis termes réponse réplique aveu aveux promesse promesses",
    of="de du des d' de\\sla",
    texts="""communiqué communiqués tweet message messages entretien entretiens interview interviews lettre lettres discours déclaration déclarations allocution tribune document rapport note
    post publication vidéo conférence texte résolution courriel missive publications billet audition échange compte-rendu""",
    persons="""m mm mme mmes mlle ministres? premier-ministre première-ministre premi(?:er|ère) président(?:e|s|es)? vice-président(?:e|s)? chefs? cheffe porte-parole représentante?s? ambassad(?:eur|rice)s? émissaires?
    envoyée?s? députée?s? sénat(?:eur|rice)s? secrétaires? vice-ministre vice-premier analystes? experte?s? homologues? dirigeante?s? responsables? diplomates? chanceli(?:er|ère) roi reine prince
    émir général colonel commandant(?:e|s)? négociat(?:eur|rice)s? médiat(?:eur|rice)s? commissaires? gouverneur(?:e|s)? mairesse maires? conseill(?:er|ère)s? direct(?:eur|rice)s? professeure?s? cherch(?:eur|euse)s? historien(?:ne)?s?
    politologues? militante?s? journalistes? témoins? sources? habitante?s? villageois(?:e|es)? opposante?s? présidente? leaders? numéro haut-représentant co-président(?:e|s)? coprésident(?:e|s)? rapport(?:eur|euse)s?
    interlocut(?:eur|rice)s? hôte invitée? fonctionnaires? officiel(?:le|s|les)? économistes? sociologues? avocate?s? juriste militaire soldat évêque patriarche pape catholicos agricult(?:eur|rice)s? étudiante?s?
    enseignante?s? réfugiée?s? retraitée?s? mère père veuve maître chauffeur médecin femme homme spécialistes? politiques? élue?s? parlementaires? plénipotentiaire consul attachée? archéologue
    vétéran éditorialiste eurodéputée?s? présentat(?:eur|rice) superviseur coordinat(?:eur|rice)s? écrivaine? poète procureure? juge capitaine observat(?:eur|rice)s? quinquagénaire sexagénaire trentenaire""",
    bodies="""ministère gouvernement présidence diplomatie kremlin élysée commission parlement ambassade délégation chancellerie département armée otan onu ue osce agence opposition parti mission secrétariat
    maison-blanche conseil assemblée porte-parolat majorité administration quai partie organisation ong autorités services médias presse télévision""",
    pronouns="il elle ils elles lui celui-ci celle-ci ceux-ci celles-ci eux on je j' nous",
    own="lui eux je j' nous on",
    citing="citer citant cite citait cité",
    calling="présent(?:e|ent|ait|aient) appel(?:le|lent|ait|aient|é|ée|er) nomm(?:e|ent|ait|aient) surnomm\\w+ baptis\\w+",
    clitics="-(?:t-)?(?:il|elle|ils|elles)",
    plural_or_vague="-(?:t-)?on on",
    determiners="le la les l' un une son sa leur ses leurs ce cet cette ces notre nos mon ma deux trois plusieurs certains",
    contracted="du des au aux",
    genitive="de du des d' de\\sla aux",
    complements="en auprès pour chargée? à près au",
    prepositions="depuis dès pendant lors durant avec à de d' du des au aux chez contre pour par sur entre envers sous devant après avant vers en dans face sans",
    relatives="qui que qu' dont où lequel laquelle lesquels lorsque quand si",
    conjunctions="que qu' combien",
    light="""sa côté mardi lundi mercredi jeudi vendredi samedi dimanche hier aujourd'hui aujourd' hui également aussi ainsi encore notamment toutefois cependant enfin ensuite alors d' emblée ailleurs par même
    vivement clairement fermement longuement ouvertement sobrement publiquement simplement ici là matin soir midi après-midi le ce en français russe anglais fin déjà tout pourtant
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre toujours bien jamais aussitôt volontiers plus tard peu auparavant quant solennellement sèchement récemment sur twitter telegram x facebook effet revanche outre non
    sans hésiter ironie fois de nouveau quelque part savoir valoir remarquer observer état noter entendre dans un une tenu à contenté voulu""",
    listeners="journalistes presse reporters télévision chaîne agence afp reuters micro",
    common="""le la les l' un une des du de d' ce cet cette ces il elle ils elles on nous vous je tu son sa ses leur leurs notre nos votre mais ou et donc or ni car si que qu' qui dont où quand lorsque comme
    pour par avec sans sous sur dans en au aux à chez vers entre selon après avant depuis pendant durant dès malgré contre ainsi aussi alors puis ensuite enfin cependant toutefois pourtant néanmoins
    certes même très plus moins tout toute tous toutes aucun aucune chaque plusieurs certains certaines quelques autre autres rien personne hier demain aujourd aujourd'hui lundi mardi mercredi jeudi vendredi samedi dimanche
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre interrogée? interrogés cité citée photo lire voir source sources rappelant précisant soulignant ajoutant évoquant
    quant face suite grâce voilà voici non oui peu c' n' s' j' m' t' y est-ce parmi près loin lors outre deux trois quatre cinq dix cent mille premier première arrivée? reçue? accueillie? attendue? invitée? nommée?
    fin début accompagnée? accord paix guerre exclusif entretien reportage analyse récit pis mieux autrement ici là bref reste d'abord d'autres""",
    particles="de du d' van von der al- el ben ibn bin di da la le ter",
    naming="""intitulée?s? baptisée?s? nommée?s? dénommée?s? surnommée?s? rebaptisée?s? titre titrée?s? titrait film livre roman journal quotidien hebdomadaire mensuel chaîne parti mouvement
    opération coalition ong plateforme plate-forme forum conférence format projet projets hôtel navire exercice exercices chanson série revue fondation association terme termes concept mot notion pancartes? affiche banderole lire expression appellation
    slogan accords? colloque exposition festival prix alliance bloc usine programme programmes magazine groupe groupes bataillon liste fonds initiative documentaire émission café restaurant soi-disant
    prétendue?s? dite?s? appelée?s? auteure?s? autrice coauteur ouvrage essai portail club entreprise société album pièce ballet opéra spectacle séminaire sommet médaille ordre devise mention""",
    soft="soi-disant prétendue?s? fameu(?:x|se|ses) dite?s? ladite",
    adjectives="""\\w{3,}(?:ienne?s?|aises?|oises?|aines?|éennes?|éens?|iens|ais|ois|onien|tien|cien|rien|dien)
    premier première haut haute spéciale?s? générale? adjointe?s? étrangères étranger extérieures extérieur intérieure? défense suprême nationale? européen(?:ne)?s? ancien(?:ne)?s? futur(?:e)? actuel(?:le)? principal(?:e)? chef
    jeune même nouveau nouvelle vice grand grande officiel(?:le)?s? permanent(?:e)? politique militaire déléguée? plénipotentiaire occidentale?s? occidentaux démissionnaire déchu sortante?s? ex- proche
    locale?s? régionale? indépendante?s? économique culturel(?:le)? adjoints parlementaire américano président numéro deux un haute""",
    roles={
        "deputy-foreign-minister": "vice-ministre des affaires étrang|secrétaire d.état aux affaires étrang",
        "foreign-minister": "ministre (?:\\w+ )?(?:des|aux) affaires étrang|chef(?:fe)? de la diplomatie|ministre (?:\\w+ )?de l.europe et des affaires",
        "defence-minister": "ministre (?:\\w+ )?de la défense|ministre (?:\\w+ )?des armées",
        "prime-minister": "premi(?:er|ère)[ -]ministre|chef(?:fe)? du gouvernement|chanceli",
        "council-president": "présidente? du conseil européen",
        "commission-president": "présidente? de la commission européenne",
        "speaker": "présidente? d(?:u|e l.) ?(?:parlement|assemblée)",
        "spokesperson": "porte-parole",
        "secretary-general": "secrétaire général",
        "president": "présidente?(?! du| de la comm)|chef(?:fe)? de l.état",
    },
    countries={
        "russ moscou kremlin moscovite": "RU", "azerb azér bakou": "AZ", "armén erevan érévan": "AM", "géorgi tbilissi": "GE",
        "turc turque turqu ankara": "TR", "iran téhéran": "IR", "français france paris élysée": "FR", "allemand allemagne berlin": "DE",
        "américain états-unis washington maison-blanche": "US", "britanni royaume-uni londres anglais": "GB", "ukrain kiev kyiv": "UA", "européen bruxelles ue": "EU",
        "chinois chine pékin": "CN", "kazakh astana": "KZ", "itali rome": "IT", "grec grèce athènes": "GR", "suisse berne": "CH",
        "indien inde": "IN", "israél jérusalem": "IL", "roumain roumanie bucarest": "RO", "polon pologne varsovie": "PL", "ouzbek": "UZ", "hongr budapest": "HU",
        "bélarus biélorus minsk": "BY", "qatar": "QA", "moldav chisinau": "MD", "tchèque tchéqui prague": "CZ", "espagn madrid": "ES",
    },
)  # fmt: skip
