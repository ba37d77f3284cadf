"""Daemons that answer, hang, or are not there."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from wrongarch.engines import find as finding
from wrongarch.engines.containers import locate
from wrongarch.engines.containers.locate import Endpoint
from wrongarch.errors import MachineError


class Listener:
    """Answers the first connection with `answer`, or not at all."""

    def __init__(self, folder: Path, answer: bytes | None) -> None:
        self.endpoint = Endpoint(engine="docker", url=f"unix://{folder}/s", chosen=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(f"{folder}/s")
        self._socket.listen()
        self._answer = answer
        self.open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        self.open.append(connection)
        if self._answer is not None:
            connection.recv(1000)
            connection.sendall(self._answer)


def test_a_daemon_that_answers(tmp_path: Path) -> None:
    assert locate.answers(Listener(tmp_path, b"HTTP/1.0 200 OK\r\n\r\nOK").endpoint)


def test_something_else_that_answers(tmp_path: Path) -> None:
    assert "nonsense" in locate.why_silent(Listener(tmp_path, b"nonsense").endpoint)


def test_a_daemon_that_hangs_costs_little(tmp_path: Path) -> None:
    begin = time.monotonic()
    assert "did not answer" in locate.why_silent(Listener(tmp_path, None).endpoint, 0.2)
    assert time.monotonic() - begin < 5


def test_ports() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert locate.answers(Endpoint(engine="docker", url=f"tcp://127.0.0.1:{port}"))
    assert "refused" in locate.why_silent(Endpoint(engine="docker", url=f"tcp://127.0.0.1:{port}"))
    assert locate.why_silent(Endpoint(engine="docker", url="tcp://127.0.0.1:many"))


def test_nothing_there(tmp_path: Path) -> None:
    endpoint = Endpoint(engine="docker", url=f"unix://{tmp_path}/none")
    assert locate.why_silent(endpoint) == "No such file or directory"
    with pytest.raises(MachineError, match="cannot talk to docker"):
        locate.first("docker", {"DOCKER_HOST": endpoint.url})
    assert locate.answers(Endpoint(engine="docker", url="ssh://host"))


def test_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.delenv("WRONGARCH_ENGINE")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    monkeypatch.setenv("CONTAINER_HOST", f"unix://{tmp_path}/none")
    assert finding.find("", said.append).name == "sandbox"
    assert len(said) == 2
