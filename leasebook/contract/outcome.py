"""
How an outcome is written: decision(subject)=outcome.
"""

import re

_OUTCOME = re.compile(r"([a-z][a-z0-9_]*)\(([A-Za-z0-9][A-Za-z0-9_/-]*)\)=([a-z0-9][a-z0-9_-]*)\Z")


def parse_outcome(text: str) -> tuple[str, str, str]:
    """
    Decision, subject and outcome of a statement.

    Raises:
        ValueError: If the text is not of the form ``decision(subject)=outcome``.

    Example:
        >>> parse_outcome("lease_term(campus-lease)=with-renewals")
        ('lease_term', 'campus-lease', 'with-renewals')
    """
    match = _OUTCOME.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not of the form decision(subject)=outcome")
    return match.group(1), match.group(2), match.group(3)
