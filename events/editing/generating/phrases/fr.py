"""French."""

from events.editing.generating.phrases.writer import Phrases, lines

PHRASES = Phrases(
    marks=("«\u00a0", "\u00a0»"),
    inner_marks=("“", "”"),
    stop=".",
    sentences=3,
    openers=lines("""
        Nous avons toujours dit que
        Je suis convaincu que
        Chacun doit comprendre que
        Nous partons du principe que
        À nos yeux,
        Permettez-moi de rappeler que
        Plus personne ne doute que
        Trente ans après, il est évident que
        Nos partenaires savent que
        Il ne fait aucun doute que
        L’expérience montre que
        Je tiens à souligner que
        Pour être franc,
        Comme je l’ai dit à mon homologue,
    """),
    subjects=lines("""
        le processus de paix
        notre gouvernement
        le traité de paix
        la région tout entière
        la commission frontalière
        le dialogue sans intermédiaire
        l’ouverture des voies de communication
        le droit international
        la sécurité de nos citoyens
        la mission européenne
        chaque famille déplacée
        le ministère
        la nouvelle ligne ferroviaire
        le déminage humanitaire
        le projet de corridor
        notre parlement
        la société civile
        la diaspora
        le rapport du médiateur
        le tribunal international
    """),
    predicates=lines("""
        doit conduire à
        contribue à
        reste indispensable à
        ouvre la voie à
        ne peut pas nuire à
        répond à
        nous rapproche de ce qui est nécessaire à
        ne saurait se substituer à
        donne un sens à
        se mesure à
        renvoie, en pratique, à
        prépare le terrain à
        s’oppose trop souvent à
    """),
    objects=lines("""
        une paix durable
        la reconnaissance mutuelle des frontières
        la confiance entre les peuples
        un accord équilibré
        l’intégrité territoriale des États
        la libération de tous les détenus
        la stabilité et la prospérité
        une coopération économique véritable
        des relations de bon voisinage
        des contacts directs entre les ministres
        un avenir commun
        des garanties claires
        la remise en service des chemins de fer
        la préservation des églises et des mosquées
        la recherche des disparus
        des concessions réciproques
        la sauvegarde du patrimoine
        l’octroi de visas aux étudiants et aux transporteurs
    """),
    circumstances=lines("""
        dans la région
        dans le Caucase du Sud
        sans conditions préalables
        tout au long de la frontière
        dans les prochains mois
        avant la fin de l’année
        avec le soutien de l’Union européenne
        à chaque étape des pourparlers
        dans l’intérêt des deux peuples
        sur la base de la déclaration d’Almaty
        conformément à la déclaration de novembre
        de la Caspienne à la mer Noire
        selon le calendrier convenu
        pour les générations futures
        en dépit des provocations
        nonobstant les réticences des sceptiques
    """),
    asides=lines("""
        Regardez {place}\u00a0: les familles y attendent encore.
        Le document n° {number} ne dit pas autre chose.
        Mon collègue {person} connaît bien {place}.
        Certains parlent de {rare}, nous parlons de paix.
        Le protocole {number} a été paraphé à {place}.
        J’ai vu {place} de mes propres yeux.
        {person} et moi avons parlé de {rare} plus d’une fois.
    """),
    rare=tuple(
        "grenades viaducs caravansérails pâturages vignobles vergers minarets fresques manuscrits parchemins barrages turbines carrières molybdène basalte"
        " safran tabac noisettes mandarines fromages menuisiers géomètres cartographes théodolites méridiens passerelles tramways sismographes baromètres"
        " lexiques chorales lutteurs faucons léopards tortues genévriers platanes péages bornes cadastres jumelages bourses laboratoires moissons".split()
    ),
    telling=lines("""
        {person} me l’avait bien dit\u00a0: {words}
        Je me souviens des mots de {person}\u00a0: {words}
        Pour citer {person}, {words}
    """),
    attributions=lines("""
        {person} a déclaré\u00a0:
        Selon {person},
        {person} a souligné devant la presse\u00a0:
        {person} a fait remarquer\u00a0:
        Interrogé à ce sujet, le bureau cite {person}\u00a0:
    """),
    ledes=lines("""
        {place}. {a} et {b} ont évoqué la situation dans le Caucase du Sud.
        {a} a reçu {b} à {place} pour des entretiens.
        {place}. La rencontre entre {a} et {b} s’est tenue à huis clos.
        À l’invitation de la partie hôte, {a} et {b} se sont rencontrés à {place}.
    """),
    reports=lines("""
        Le communiqué reprend une position connue.
        Selon le service de presse,
        Les parties sont convenues de poursuivre.
        Un membre de la délégation a expliqué que
        L’agence rappelle que
    """),
    titles=lines("""
        {a} à {place}\u00a0: «\u00a0{theme}\u00a0»
        {place}\u00a0: {a} plaide pour {theme}
        Pourparlers à {place} sur {theme}
        Ce que {a} dit de {theme}
        {theme}\u00a0: pas de percée à {place}
    """),
)
