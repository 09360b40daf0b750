"""
How an outcome is written: decision(subject)=outcome.
"""

import re

#: A subject may be a lease on a day on which its terms change, or that change.
_SUBJECT = r"[A-Za-z0-9][A-Za-z0-9_/-]*(?:@[0-9]{4}-[0-9]{2}-[0-9]{2}(?:/change)?)?"
_OUTCOME = re.compile(rf"([a-z][a-z0-9_]*)\(({_SUBJECT})\)=([a-z0-9][a-z0-9_-]*)\Z")


def parse_outcome(text: str) -> tuple[str, str, str]:
    """
    Decision, subject and outcome of a statement.

    Raises:
        ValueError: If the text is not of the form ``decision(subject)=outcome``.

    Example:
        >>> parse_outcome("lease_term(campus-lease)=with-renewals")
        ('lease_term', 'campus-lease', 'with-renewals')
        >>> parse_outcome("lessee_classification(campus-lease@2033-01-01)=operating")[1]
        'campus-lease@2033-01-01'
    """
    match = _OUTCOME.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not of the form decision(subject)=outcome")
    return match.group(1), match.group(2), match.group(3)
