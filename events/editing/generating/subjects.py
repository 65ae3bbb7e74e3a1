"""Some 200 topics in a tree, and what the archive's own English words say of them."""

from events.editing.generating.places import COUNTRIES, country_name

TREE = {
    "Peace process": "Peace treaty, Ceasefires, Confidence-building measures, Mediation, Direct talks, Unblocking of links, Normalisation of relations,"
    " Geneva discussions, Observation missions, Peacekeeping",
    "Borders": "Border delimitation, Border demarcation, Border commissions, Border incidents, Enclaves, Border trade, Customs posts, Maps and archives,"
    " Border guards, Cross-border water",
    "Transport": "Railways, Roads, Airports and flights, Ports and shipping, Transit fees, Middle Corridor, North-South corridor, Customs transit, Road safety, Bridges",
    "Energy": "Natural gas, Electricity grids, Oil pipelines, Hydropower, Nuclear power, Wind and solar power, Black Sea cable, Energy prices, Gas storage, Energy efficiency",
    "Trade and economy": "Tariffs, Investment, Free trade, Tourism, Agriculture, Wine exports, Banking, Sanctions and re-exports, Digital economy, Free economic zones",
    "Security": "Arms control, Military cooperation, Joint exercises, Cyber security, Terrorism, Organised crime, Intelligence exchange, Air defence, Arms purchases, Foreign bases",
    "Humanitarian issues": "Prisoners and detainees, Missing persons, Demining, Displaced persons, Refugees, Food aid, Reconstruction, Red Cross, Family reunions, Cemeteries",
    "Culture and heritage": "Churches and mosques, Museums, Monuments, Film and theatre, Libraries, Language teaching, Archaeology, Music, Carpets, Restitution",
    "Education and science": "Universities, Student exchange, School books, Research, Space, Archives, Vocational training, Scholarships, Academies, Innovation",
    "Environment": "Rivers, Caspian Sea level, Climate change, Forests, Mining, Air quality, Nature reserves, Earthquakes, Lake Sevan, Waste",
    "European integration": "Visa liberalisation, Association agreements, Eastern Partnership, Accession, Council of Europe, Reforms, Election observation,"
    " Political Community, Customs union, Neighbourhood policy",
    "Law and justice": "Human rights, International courts, Extradition, Corruption, Minorities, Freedom of the press, Consular matters, Constitution, Property claims, Genocide recognition",
    "Society": "Health, Migration, Diaspora, Sport, Youth, Women in peace processes, Religion, Media, Civil society, Labour",
    "Diplomatic practice": "Appointments of ambassadors, Embassies, Visits of state, Telephone calls, Summits, Protocol, Parliamentary diplomacy, Friendship groups,"
    " Twin towns, Notes of protest",
    "Bilateral relations": "",
}  # fmt: skip


PROPER = {"European", "Caspian", "Council", "Red", "Geneva", "Eastern", "Lake", "Black", "Middle"}


def within(label: str) -> str:
    """The label inside a sentence."""
    return label if label.split()[0] in PROPER else label[0].lower() + label[1:]


def topics() -> list[tuple[str, str | None]]:
    """Labels, each after the broader one that stands beside it."""
    found: list[tuple[str, str | None]] = []
    for label, narrower in TREE.items():
        found.append((label, None))
        found += [(one.strip(), label) for one in narrower.split(",") if one.strip()]
    found += [(f"Relations with {country_name(code)}", "Bilateral relations") for code in COUNTRIES[:46]]
    return found
