"""
Citations: the paragraph of a standard that a rule, a number or an error rests on.
"""

import re

import attrs

_TEXT = re.compile(
    r"(?P<standard>ASC|IFRS|IAS|IFRIC|SIC|SFAS|FIN|EITF|ARB|APB|Reg S-X)"
    r" (?P<paragraph>[0-9]{1,4}[0-9A-Z]*(?:[-.][0-9A-Z]+)*(?:\([0-9a-z]+\))*)\Z"
)

# In running text a standard is named once, and the second end of a range leaves out its beginning.
_RUNNING = re.compile(
    r"(?P<standard>\b(?:ASC|IFRS|IAS|IFRIC|SIC|SFAS|FIN|EITF|ARB|APB)\b)"
    r"|(?P<to>\bto +)?(?P<paragraph>(?:[0-9]{3}-[0-9]{2,3}-|(?<= ))[0-9]{2}-[0-9]+[A-Z]*"
    r"(?:\([0-9a-z]+\))*|\b[0-9]{1,2}(?:\.[0-9A-Z]*[0-9]+[A-Z]*)+(?:\([0-9a-z]+\))*)"
)
_LAST_NUMBER = re.compile(r"(?P<before>.*?)(?P<number>[0-9]+)\Z")
# A longer range names a section, not each of its paragraphs.
_RANGE_MAX = 4


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

    def __str__(self) -> str:
        return f"{self.standard} {self.paragraph}"


def cited_in(text: str) -> tuple[Citation, ...]:
    """
    Every paragraph that a running text names, ranges of paragraphs among them.

    Args:
        text: Such as a docstring's source.

    Returns:
        Citations in order, each once. What names no paragraph is passed over.

    Example:
        >>> [str(cited) for cited in cited_in("ASC 842-10-55-23 to 55-25; IAS 1.99")]
        ['ASC 842-10-55-23', 'ASC 842-10-55-24', 'ASC 842-10-55-25', 'IAS 1.99']
        >>> [str(cited) for cited in cited_in("IFRS 16.B34 to 16.B36, see the glossary")]
        ['IFRS 16.B34', 'IFRS 16.B35', 'IFRS 16.B36']
    """
    found: list[Citation] = []
    standard = ""
    for match in _RUNNING.finditer(" ".join(text.split())):
        if match["standard"]:
            standard = match["standard"]
            continue
        paragraph = match["paragraph"]
        whole = found[-1].paragraph if found else ""
        if re.match(r"[0-9]{2}-[0-9]", paragraph):
            if whole.count("-") < 3:
                continue
            paragraph = "-".join([*whole.split("-")[:2], paragraph])
        own = standard if ("-" in paragraph) == (standard == "ASC") else ""
        if own and match["to"] and found:
            found += [Citation(own, between) for between in _between(whole, paragraph)]
        if own:
            found.append(Citation(own, paragraph))
    return tuple(dict.fromkeys(found))


def _between(first: str, last: str) -> list[str]:
    """The paragraphs between the two ends of a range that differ in their last number only."""
    one, other = _LAST_NUMBER.match(first), _LAST_NUMBER.match(last)
    if one is None or other is None or one["before"] != other["before"]:
        return []
    numbers = range(int(one["number"]) + 1, int(other["number"]))
    return [f"{one['before']}{n}" for n in numbers] if len(numbers) <= _RANGE_MAX else []
