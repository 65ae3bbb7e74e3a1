"""What is said in a press text, and by whom: proposals for an editor, made from the text alone."""

from events.quoting.reading import Quotation, Reading, read

__all__ = ["Quotation", "Reading", "read"]
