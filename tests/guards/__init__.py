"""Guards that watch every test for faults which no single test would look for.

A guard complains; the test during which it complained fails, even when the page swallowed the
fault. A test that provokes a guard on purpose takes the complaint with `take()`.
"""

_complaints: list[str] = []


def complain(message: str) -> None:
    """Make the running test fail with `message`."""
    if message not in _complaints:
        _complaints.append(message)


def take() -> list[str]:
    """The complaints so far; they no longer count."""
    taken = _complaints[:]
    _complaints.clear()
    return taken
