"""
An error code: what it means and what to do about it.
"""

import attrs


@attrs.frozen
class Code:
    """
    One error code; `exit_class` is the exit code of a run that ends with it alone.

    A code `of_input` is raised for what stands in a file, and has an example in the error gallery.
    """

    code: str
    title: str
    meaning: str
    remedy: str
    exit_class: int = 1

    @property
    def of_input(self) -> bool:
        """Whether it is raised for an input, and not for a program or its command line."""
        return not self.code.startswith("LB00")

    def page(self) -> str:
        """
        The page of this code.

        Example:
            >>> print(Code("LB0302", "With oneself", "Both are one.", "Name two.").page())
            LB0302: With oneself
            <BLANKLINE>
            Both are one.
            <BLANKLINE>
            What to do: Name two.
            Exit code: 1
        """
        return (
            f"{self.code}: {self.title}\n\n{self.meaning}\n\n"
            f"What to do: {self.remedy}\nExit code: {self.exit_class}"
        )
