"""The check that a server has bound 127.0.0.1 alone tells one that has not."""

import socket

from helpers import servers


def test_a_listener_elsewhere_is_seen():
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        first.listen()
        port = first.getsockname()[1]
        assert servers.is_on_loopback_alone(port)
        second.bind(("127.0.0.2", port))
        second.listen()
        assert not servers.is_on_loopback_alone(port)
    assert not servers.answers("127.0.0.1", port)
