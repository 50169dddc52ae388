"""Print a free port of 127.0.0.1: the one asked for if nobody listens on it, else another.

python -m deploy.free_port 8000
"""

import socket
import sys


def free_port(wanted: int = 0) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    print(free_port(int(sys.argv[1])))
