"""
A piece of a table as it was read: text by heading, and where each row stands in its file.
"""

from collections.abc import Sequence

import attrs


@attrs.frozen
class Heading:
    """The first row of a table: its headings, and the file and sheet that they stand in."""

    file: str
    names: tuple[str, ...]
    sheet: str = ""

    def place(self, row: int, column: str = "") -> str:
        """
        Where a cell stands, in the words of a problem.

        Args:
            row: As a spreadsheet counts, the headings being row 1.
            column: The heading of the cell; the row as a whole without it.

        Example:
            >>> Heading("a.csv", ("id", "payment")).place(17, "payment")
            'row 17, column payment'
            >>> Heading("a.xlsx", ("id", "payment"), "Leases").place(17, "payment")
            'Leases!B17, column payment'
        """
        if not self.sheet:
            return f"row {row}" + (f", column {column}" if column else "")
        if column not in self.names:
            return f"{self.sheet}, row {row}" + (f", column {column}" if column else "")
        return f"{self.sheet}!{letters(self.names.index(column))}{row}, column {column}"


@attrs.frozen
class Piece:
    """
    Some rows of a table, each column as a list of text; an empty cell is empty text.

    `rows` has the number of each row in its file.
    """

    heading: Heading
    rows: Sequence[int]
    columns: Sequence[Sequence[str]]


def letters(index: int) -> str:
    """
    The letters of a column in a spreadsheet, counted from 0.

    Example:
        >>> letters(0), letters(27)
        ('A', 'AB')
    """
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found
