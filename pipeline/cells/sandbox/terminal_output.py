"""Raw output as a terminal shows it: colours gone, overwritten text overwritten.

Progress bars return to the beginning of the line, or go lines up; a notebook and a terminal show
what stands there in the end. Sequences: ECMA-48 (ISO 6429), as xterm takes them.
"""

from __future__ import annotations

import re

from pipeline.document.characters import clean_code

_TOKEN = re.compile(
    r"\x1b\[(?P<args>[0-?]*)[ -/]*(?P<command>[@-~])"  # CSI
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC and the other strings: nothing is shown
    r"|\x1b[ -/]*[0-~]?"  # other escapes
    r"|(?P<control>[\n\r\b\a])"
    r"|(?P<text>[^\x1b\n\r\b\a]+)"
)
_PLAIN = re.compile(r"[\x1b\r\b\a]")
# How far a cursor can be moved beyond the text: no terminal is wider; and on all lines together.
_WIDEST = 1000
_MOST_SPACES = 1_000_000


def as_shown(raw: str) -> str:
    """What is on a terminal after ``raw`` was printed on it, its lines as long as they are.

    What still cannot be seen is written as Python writes it.

    >>> as_shown("10%\\r100%\\n"), as_shown(chr(27) + "[31mred" + chr(27) + "[0m")
    ('100%\\n', 'red')
    """
    raw = raw.replace("\r\n", "\n")
    if not _PLAIN.search(raw):
        return clean_code(raw)
    screen = _Screen()
    for token in _TOKEN.finditer(raw):
        if (text := token["text"]) is not None:
            screen.write(text)
        elif (control := token["control"]) is not None:
            screen.control(control)
        elif (command := token["command"]) is not None:
            screen.command(command, token["args"])
    return clean_code(screen.text())


class _Screen:
    """Lines of characters and a cursor; there is no width and no height."""

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]
        self._row = self._column = 0
        self._spaces = _MOST_SPACES

    def text(self) -> str:
        return "\n".join("".join(line) for line in self._lines)

    def write(self, text: str) -> None:
        line = self._lines[self._row]
        if self._column > len(line):
            spaces = min(self._column - len(line), self._spaces)
            self._spaces -= spaces
            line += " " * spaces
            self._column = len(line)
        line[self._column : self._column + len(text)] = text
        self._column += len(text)

    def control(self, control: str) -> None:
        if control == "\n":
            self._row += 1
            self._column = 0
            if self._row == len(self._lines):
                self._lines.append([])
        elif control == "\r":
            self._column = 0
        elif control == "\b":
            self._column = max(0, self._column - 1)

    def command(self, command: str, arguments: str) -> None:
        numbers = [int(one[:6]) if one.isdigit() else 0 for one in arguments.split(";")]
        count = max(1, numbers[0])
        if command in "AF":
            self._row = max(0, self._row - count)
        elif command in "BE":
            self._row = min(len(self._lines) - 1, self._row + count)
        elif command == "C":
            self._move(self._column + count)
        elif command == "D":
            self._column = max(0, self._column - count)
        elif command == "G":
            self._move(count - 1)
        elif command in "Hf":
            self._row = min(len(self._lines) - 1, count - 1)
            self._move(max(1, *numbers[1:2], 1) - 1)
        elif command == "K":
            self._erase_line(numbers[0])
        elif command == "J":
            self._erase_screen(numbers[0])
        if command in "EF":
            self._column = 0

    def _move(self, column: int) -> None:
        """Go to a column of the text, or of a wide terminal."""
        self._column = min(column, max(len(self._lines[self._row]), _WIDEST))

    def _erase_line(self, which: int) -> None:
        line = self._lines[self._row]
        if which == 0:
            del line[self._column :]
        elif which == 2:
            line.clear()
        elif self._column <= _WIDEST:
            end = min(self._column + 1, len(line))
            line[:end] = " " * end

    def _erase_screen(self, which: int) -> None:
        if which == 0:
            del self._lines[self._row][self._column :]
            del self._lines[self._row + 1 :]
        elif which in (2, 3):
            self._lines = [[]]
            self._row = 0
