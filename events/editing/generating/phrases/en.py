"""English."""

from events.editing.generating.phrases.writer import Phrases, lines

PHRASES = Phrases(
    marks=("“", "”"),
    inner_marks=("‘", "’"),
    stop=".",
    sentences=3,
    openers=lines("""
        We have said many times that
        I am convinced that
        It must be clear to everyone that
        Let me repeat that
        We proceed from the fact that
        In our view,
        Today nobody doubts that
        After thirty years it is plain that
        Our partners understand that
        There is no doubt that
        I would underline that
        Experience shows that
        As I told my colleagues,
        Allow me to recall that
        Frankly speaking,
        Nobody should be surprised that
    """),
    subjects=lines("""
        the peace process
        our government
        the peace treaty
        the region as a whole
        the commission on the border
        dialogue without intermediaries
        the opening of transport links
        international law
        the security of our citizens
        the exchange of prisoners
        the European mission
        each family that lost its home
        the ministry
        the new railway line
        humanitarian demining
        the corridor project
        our parliament
        civil society
        the diaspora
        the report of the rapporteur
        the observatory of monuments
        an impartial tribunal
    """),
    predicates=lines("""
        must lead to
        depends on
        remains the key to
        opens the way to
        strengthens
        cannot replace
        calls for
        has to serve
        brings us closer to
        rests on
        requires
        deserves
        makes possible
        will be judged by
        is inseparable from
        presupposes
        shall not jeopardise
    """),
    objects=lines("""
        a lasting peace
        mutual recognition of borders
        respect for sovereignty and territorial integrity
        trust between the peoples
        the return of displaced persons
        a balanced agreement
        regional trade and energy
        the release of all detainees
        good neighbourly relations
        direct contacts at the level of ministers
        stability and prosperity
        the rights of every community
        the text that was agreed in principle
        clear guarantees
        the restoration of railways and roads
        the clearing of mines from the fields
        the truth about missing persons
        compromise on both sides
        the work of the observers
        a common future
        the preservation of churches and mosques
        simplified visas for students and carriers
        the cadastre of border villages
    """),
    circumstances=lines("""
        in the region
        in the South Caucasus
        without preconditions
        along the whole of the border
        in the coming months
        before the end of the year
        with the support of the European Union
        at every stage of the talks
        in the interest of both peoples
        on the basis of the Almaty declaration
        under the statement of November
        from the Caspian to the Black Sea
        within the framework of the commission
        according to the schedule that was agreed
        as the constitution provides
        for the generations to come
        in spite of every provocation
        notwithstanding the hesitation of the sceptics
    """),
    asides=lines("""
        Look at {place}: the families there are still waiting.
        In {place} alone the sappers found more than anybody had expected.
        Document No. {number} says as much.
        My colleague {person} knows {place} well.
        Some speak of {rare}; we speak of peace.
        The protocol {number} was initialled in {place}.
        I saw the {rare} of {place} with my own eyes.
        {person} and I have spoken of {rare} more than once.
    """),
    rare=tuple(
        "apricots pomegranates viaducts caravanserais aqueducts shepherds beekeepers vineyards orchards khachkars minarets frescoes tapestries manuscripts"
        " parchments avalanches landslides reservoirs sluices turbines substations pylons culverts gravel quarries cobalt molybdenum limestone basalt obsidian"
        " sturgeon saffron tobacco hazelnuts tangerines walnuts cheesemakers carpenters stonemasons lacemakers cartographers geodesists theodolites meridians"
        " watersheds footbridges ferries lighthouses signalmen turntables tramways funiculars observatories seismographs barometers almanacs lexicons"
        " choirs dulcimers wrestlers chess mountaineers falcons leopards tortoises wormwood junipers plane-trees".split()
    ),
    telling=lines("""
        {person} told me then: {words}
        I remember how {person} put it: {words}
        To quote {person}, {words}
    """),
    attributions=lines("""
        {person} said:
        {person} told reporters:
        According to {person},
        {person} stressed at the briefing:
        Answering a question, {person} said:
        In the words of {person},
    """),
    ledes=lines("""
        {place}. {a} and {b} discussed the situation in the South Caucasus.
        {a} received {b} for talks in {place}.
        {place}. A meeting of {a} with {b} took place behind closed doors.
        {a} arrived in {place}, where {b} was waiting with the delegation.
        At the invitation of the host side {a} and {b} met in {place}.
    """),
    reports=lines("""
        The communiqué repeats a known position.
        According to the press service,
        The sides agreed to continue.
        A member of the delegation explained that
        The agency recalls that
        Before the press it was said that
    """),
    titles=lines("""
        {a} in {place}: “{theme}”
        {a} calls for {theme}
        Talks in {place} on {theme}
        {place}: {a} speaks of {theme}
        What {a} said about {theme}
        {theme}: no breakthrough in {place}
    """),
)
