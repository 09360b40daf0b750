"""
Durations as contracts state them: whole months or years, never days.
"""

import re

import attrs

_TEXT = re.compile(r"([1-9][0-9]{0,4}) (year|years|month|months)\Z")
_EVERY = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


@attrs.frozen
class Duration:
    """
    A whole number of months, with the text it was written as.

    Example:
        >>> Duration.parse("4 years").months
        48
    """

    months: int
    text: str

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """
        The duration a text such as "4 years", "6 months" or "half-year" names.

        Raises:
            ValueError: If the text is none of these forms.
        """
        if text in _EVERY:
            return cls(_EVERY[text], text)
        match = _TEXT.match(text)
        if match is None:
            raise ValueError(f"{text!r} is no duration; write '4 years', '6 months' or 'month'")
        number = int(match.group(1))
        return cls(number * (12 if match.group(2).startswith("year") else 1), text)

    def __str__(self) -> str:
        return self.text
