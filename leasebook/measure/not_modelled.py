"""
The answer to terms that are in order and that no measurement covers.
"""


class NotModelled(ValueError):  # noqa: N818 - reads as the finding it reports
    """
    A combination of terms that no measurement here covers.
    """
