"""What generated meetings, agreements, offices, bodies and outlets are called, in the archive's own English."""

# Of meetings: the kind, how often, what it is called, its format. {a} and {b} are participants, {x} and {y} countries.
MEETINGS = (
    ("talks", 30, "Talks between {a} and {b}", "in_person"),
    ("visit", 17, "Visit of {a} to {place}", "in_person"),
    ("call", 14, "Telephone call between {a} and {b}", "telephone"),
    ("conference", 9, "Conference on {topic} in {place}", "in_person"),
    ("summit", 7, "Summit in {place}: {topic}", "in_person"),
    ("mediation", 6, "Mediation between {x} and {y} in {place}", "in_person"),
    ("statement", 5, "Joint statement of {a} and {b} on {topic}", "written"),
    ("signing", 4, "Signing of a memorandum on {topic} in {place}", "in_person"),
    ("decision", 3, "Decision on {topic}, announced by {a}", "written"),
    ("talks", 2, "Video conference of {a} with {b} on {topic}", "video"),
    ("ceremony", 2, "Ceremony in {place} with {a}", "in_person"),
    ("exchange", 1, "Exchange of prisoners between {x} and {y}", "in_person"),
)
STATES = (("held", 90), ("unconfirmed", 4), ("cancelled", 3), ("postponed", 2), ("announced", 1))
SUMMARIES = (
    "They discussed {topic} and the situation in the South Caucasus.",
    "{a} and {b} spoke about {topic} in the region.",
    "{topic} stood on the agenda beside the peace process in the South Caucasus.",
    "The sides agreed that work on {topic} should continue.",
    "No text was signed; the sides described the conversation as frank.",
    "A joint group on {topic} is to meet before the end of the year.",
    "{a} thanked the host side for the organisation of the meeting.",
    "The press was admitted for the first minutes only.",
    "The delegations continued over dinner.",
    "According to both press services, {topic} took up most of the time.",
)
AGREEMENTS = (
    ("memorandum", 30, "Memorandum of understanding on {topic} between {x} and {y}"),
    ("agreement", 25, "Agreement between {x} and {y} on {topic}"),
    ("protocol", 12, "Protocol of the commission on {topic}, {place}"),
    ("statement", 9, "Joint statement of {x} and {y} on {topic}"),
    ("declaration", 7, "{place} Declaration on {topic}"),
    ("contract", 6, "Contract on {topic} between {x} and {y}"),
    ("treaty", 5, "Treaty on {topic} between {x} and {y}"),
    ("decision", 3, "Decision on {topic}, {place}"),
    ("communique", 2, "Communiqué of {place} on {topic}"),
    ("letter", 1, "Letter of intent on {topic} between {x} and {y}"),
)
OFFICES = (
    "Minister of Foreign Affairs", "Deputy Minister of Foreign Affairs", "Prime Minister", "Deputy Prime Minister", "President", "Speaker of Parliament",
    "Secretary of the Security Council", "Ambassador-at-large", "Minister of Defence", "Minister of Economy", "Minister of Energy", "Minister of Justice",
    "Ambassador", "Special envoy", "Chair of the committee on foreign relations", "Head of the presidential administration", "Adviser on foreign policy",
    "Member of Parliament", "Minister of Transport", "Minister of Culture", "Minister of Education", "Minister of the Environment", "Press secretary",
    "Permanent representative", "Head of the border commission", "Consul general", "Chief of the general staff", "Director of the customs service",
    "Governor", "Mayor", "Ombudsman", "Chargé d’affaires",
)  # fmt: skip
BODIES = (
    "Ministry of Foreign Affairs", "Parliament", "Government", "Presidential Administration", "Ministry of Defence", "Ministry of Economy", "Security Council",
    "Ministry of Energy", "Ministry of Transport", "Ministry of Justice", "Customs Service", "Border Service", "Ministry of Culture", "Ministry of Education",
    "Constitutional Court", "Railways", "Chamber of Commerce", "Red Cross Society", "Academy of Sciences", "Central Bank", "State Commission on Prisoners",
    "Ombudsman's Office", "Civil Aviation Authority", "Demining Agency", "National Olympic Committee", "Youth Council", "Union of Journalists",
    "Agency for Tourism", "State University", "Election Commission", "Ministry of Health", "Ministry of the Environment", "Federation of Trade Unions",
    "Statistics Committee", "Investment Agency",
)  # fmt: skip
PAPERS = (
    "Courier", "Gazette", "Herald", "Observer", "Tribune", "Chronicle", "Post", "Mirror", "Monitor", "News Agency", "Radio", "Television", "Review", "Bulletin",
    "Dispatch",
)  # fmt: skip
# Where outlets are, how often, and which languages they print.
PRESS = (
    ("AM", 20, ("hy", "hy", "en", "ru")),
    ("AZ", 20, ("az", "az", "en", "ru")),
    ("GE", 15, ("en", "en", "ru", "fr")),
    ("RU", 12, ("ru",)),
    ("FR", 10, ("fr",)),
    ("GB", 6, ("en",)),
    ("US", 5, ("en",)),
    ("BE", 4, ("fr", "en")),
    ("TR", 3, ("en", "az")),
    ("DE", 3, ("en",)),
    ("CH", 2, ("fr",)),
)
REASONS = (
    "Recorded twice by mistake.",
    "The source has taken it back.",
    "The passage speaks of another meeting.",
)
INTERPRETERS = ("official interpreter", "TASS", "the editorial office", "")
ROLES = ("", "", "", "", "host", "guest", "guest", "mediator", "signatory", "observer")
