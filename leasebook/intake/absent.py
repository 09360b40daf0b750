"""
Parts of the installation that only some files need.
"""


class Absent(Exception):  # noqa: N818 - a part of the installation is absent
    """
    What is asked for needs an optional part of the installation that is not there.
    """


#: What brings each optional part.
_EXTRAS = {"numpy": "fast", "pyarrow": "table"}


def absent_part(error: BaseException) -> Absent | None:
    """
    What is absent, if an error says that a module of an optional part is.

    Example:
        >>> str(absent_part(ModuleNotFoundError("no", name="numpy")))
        'this needs numpy; install leasebook[fast]'
    """
    if isinstance(error, ModuleNotFoundError) and error.name in _EXTRAS:
        return Absent(f"this needs {error.name}; install leasebook[{_EXTRAS[error.name]}]")
    return None
