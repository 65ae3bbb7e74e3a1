"""Dates as the archive's records have them: most a day, some a month, a year or a span, some about, some unknown."""

from datetime import date, timedelta

from events.editing.generating.chance import Chance

FIRST = date(1991, 9, 21)
RECENT = 1.7  # the greater, the more of the days lie near the end


class Days:
    """Days from 1991 to `last`, the more the nearer to the end."""

    def __init__(self, chance: Chance, last: date) -> None:
        self._chance, self.last = chance, last
        self._span = (last - FIRST).days

    def day(self) -> date:
        return self.last - timedelta(int(self._chance.share() ** RECENT * self._span))

    def after(self, day: date, most: int) -> date:
        """A day up to `most` days later, `last` at the latest."""
        return min(day + timedelta(self._chance.below(most + 1)), self.last)

    def _season(self, day: date) -> str:
        """The season of the day, winter by the year of its December; the month where the season goes on."""
        number = (day.month // 3 + 3) % 4
        year = day.year - (day.month < 3)
        end = date(year + (number == 3), (6, 9, 12, 3)[number], 1)
        return f"{year}-{21 + number}" if end <= self.last else f"{day:%Y-%m}"

    def printed(self, day: date, vague: float = 0.12) -> str:
        """The day in EDTF, for `vague` of all as sources give it where they are not exact; "" is unknown."""
        share = self._chance.share()
        text = day.isoformat()
        if share >= vague:
            return text
        part = share / vague
        if part < 0.3:
            return text[:7]
        if part < 0.5:
            end = min(day + timedelta(1 + self._chance.below(3)), self.last)
            return f"{text}/{end.isoformat()}" if end > day else text
        if part < 0.6:
            return f"{text[:7]}~"
        if part < 0.68:
            return f"{text}?"
        if part < 0.76:
            return text[:4]
        if part < 0.79:
            return self._season(day)
        if part < 0.82:
            return f"[..{text}]"
        return ""
