"""
Citations: the paragraph of a standard that a rule, a number or an error rests on.
"""

import re

import attrs

_TEXT = re.compile(
    r"(?P<standard>ASC|IFRS|IAS|IFRIC|SIC|SFAS|FIN|EITF|ARB|APB|Reg S-X)"
    r" (?P<paragraph>[0-9]{1,4}[0-9A-Z]*(?:[-.][0-9A-Z]+)*(?:\([0-9a-z]+\))*)\Z"
)


@attrs.frozen(order=True)
class Citation:
    """
    One paragraph of one standard.

    Example:
        >>> Citation.parse("ASC 842-10-25-2(c)")
        Citation(standard='ASC', paragraph='842-10-25-2(c)')
    """

    standard: str
    paragraph: str

    @classmethod
    def parse(cls, text: str) -> "Citation":
        """
        The paragraph that a text such as "IFRS 16.26" names.

        Raises:
            ValueError: If the text names no paragraph of a standard that is known here.
        """
        match = _TEXT.match(text)
        if match is None:
            raise ValueError(f"{text!r} names no paragraph, such as 'ASC 842-10-25-2(c)'")
        return cls(match["standard"], match["paragraph"])

    @classmethod
    def parse_all(cls, text: str) -> tuple["Citation", ...]:
        """
        The paragraphs of a text that separates them by semicolons.

        Example:
            >>> [str(cited) for cited in Citation.parse_all("IFRS 16.26; IAS 23.10")]
            ['IFRS 16.26', 'IAS 23.10']
        """
        return tuple(cls.parse(part.strip()) for part in text.split(";"))

    def __str__(self) -> str:
        return f"{self.standard} {self.paragraph}"
