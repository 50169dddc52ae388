"""Markdown tables: readable in a terminal, and pasted into docs/performance.md as they are."""

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column and the last are words, to the left; the others figures, to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    words = {0, len(head) - 1}

    def line(cells: Sequence[str]) -> str:
        aligned = (
            cell.ljust(width) if index in words else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join(aligned)} |"

    rule = [
        "-" * width if i in words else "-" * (width - 1) + ":" for i, width in enumerate(widths)
    ]
    return "\n".join([line(lines[0]), line(rule), *map(line, lines[1:])])


def mark(missed: Sequence[str]) -> str:
    return f"**not met**: {', '.join(missed)}" if missed else "met"
