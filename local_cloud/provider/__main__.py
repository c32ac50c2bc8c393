"""The provider's process: serves on the socket that it inherits until it is ended.

``python -m local_cloud.provider FILE_DESCRIPTOR CERTIFICATE``; the management token comes on standard input.
"""

import socket
import sys
from pathlib import Path

from local_cloud.provider.keys import Keys
from local_cloud.provider.server import ProviderServer

MOST_KEYS = 20
"""Of all who use the provider: keys that nobody revokes are soon too many."""


def main(arguments: list[str]) -> None:
    """Serve."""
    listener = socket.socket(fileno=int(arguments[0]))
    token = sys.stdin.readline().strip()
    with ProviderServer(listener, Path(arguments[1]), token, Keys(MOST_KEYS)) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
