"""What is wrong with a roster, said so that a coordinator can put it right and nobody's data is repeated?"""

from dataclasses import dataclass


class UnreadableFile(Exception):
    """The file as a whole cannot be taken in.

    The message is safe to show and holds no cell of the file.
    """


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that is not as it should be; with an empty `column`, the whole row. Never holds what the cell says."""

    file: str
    line: int
    column: str
    expected: str

    def __str__(self) -> str:
        """Give the sentence that a coordinator reads."""
        where = f"{self.file}, line {self.line}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: expected {self.expected}"
