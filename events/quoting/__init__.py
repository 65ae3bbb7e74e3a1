"""What is said in a press text, and by whom: proposals for an editor, made from the text alone."""

from events.quoting import lexicon
from events.quoting.mentions import Mention
from events.quoting.reading import Quotation, Reading, read

__all__ = ["Mention", "Quotation", "Reading", "lexicon", "read"]
