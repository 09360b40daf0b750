"""
Parts of the installation that only some files need.
"""


class Absent(Exception):  # noqa: N818 - a part of the installation is absent
    """
    What is asked for needs an optional part of the installation that is not there.
    """
