"""Coverage of the agent, which coverage.py cannot measure by itself.

The agent is started without site-packages, ends by os._exit, and by then sees another root and another user's rights.
So while coverage measures the tests, agents are started by a text of ours: it imports coverage.py from a path given
outright, opens files for its data while it still can, keeps the data in memory, and writes it when os._exit is called,
once for each of the agent's two processes. At the end of the session all of it goes into one more data file beside the
main one, where `combine` finds it.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

from wrongarch.namespaces import session

_MEASURE = """
import os, sys
sys.path.append(%(site)r)
import coverage
def _measure():
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
    outer, first = (os.open(f"%(folder)s/{os.getpid()}-{which}", flags, 0o600) for which in range(2))
    rehearsal = coverage.CoverageData(no_disk=True)  # loads modules that cannot be found any more at the end
    rehearsal.add_lines({"a file": [1]})
    rehearsal.dumps()
    rehearsal.close(force=True)
    measured = coverage.Coverage(
        data_file=None, config_file=False, branch=%(branch)r, include=[%(include)r], messages=False
    )
    end = os._exit
    def end_measured(status):
        try:
            measured.stop()
            data = memoryview(measured.get_data().dumps())
            while data:
                data = data[os.write(first if os.getpid() == 1 else outer, data):]
        finally:
            end(status)
    os._exit = end_measured
    measured.start()
_measure()
"""


@pytest.fixture(scope="session", autouse=True)
def agent_coverage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """While coverage measures, agents are measured too; without it nothing happens."""
    current = coverage.Coverage.current()
    if current is None:
        yield
        return
    folder = tmp_path_factory.mktemp("agent-coverage")
    measure = _MEASURE % {
        "site": str(Path(coverage.__file__).parent.parent),
        "folder": folder,
        "branch": bool(current.get_option("run:branch")),
        "include": str(Path(session.__file__).parent / "agent" / "*"),
    }
    with pytest.MonkeyPatch.context() as patch:
        # the session puts the number of its socket into the text by str.format
        patch.setattr(session, "_BOOT", measure.replace("{", "{{").replace("}", "}}") + session._BOOT)
        yield
    _gather(folder, Path(current.config.data_file))


def _gather(folder: Path, beside: Path) -> None:
    """Join what the agents wrote; an agent that was killed wrote nothing, or not all."""
    total = coverage.CoverageData(basename=f"{beside.absolute()}.agent.{secrets.token_hex(6)}")
    for file in sorted(folder.iterdir()):
        one = coverage.CoverageData(no_disk=True)
        with contextlib.suppress(coverage.CoverageException):
            one.loads(file.read_bytes())
            total.update(one)
        one.close(force=True)
    total.close()
