"""The registrar as a registration container starts it, in a mount namespace of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from wrongarch.arches.lookup import find
from wrongarch.emulators import pins, records, store
from wrongarch.emulators.model import Emulator

ARM = find("arm")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the host")


def line(request: dict[str, Any]) -> list[str]:
    script = 'mount -t tmpfs none /mnt && exec "$@"'
    code = "import sys; from wrongarch.namespaces.agent import registrar as r; r.PLACE = '/mnt/b'; r.main(sys.argv[1])"
    return ["unshare", "-m", "sh", "-c", script, "sh", sys.executable, "-c", code, json.dumps(request)]


def ask(**request: Any) -> dict[str, Any]:
    done = subprocess.run(line(request), capture_output=True, check=True, timeout=120, stdin=subprocess.DEVNULL)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def wanted(emulator: Emulator, name: str) -> dict[str, Any]:
    record = records.make_record(ARM, str(emulator.path), name=name)
    return {
        "name": name,
        "target": "arm",
        "interpreter": str(emulator.path),
        "line": records.render(record).decode("latin-1"),
        "version": emulator.version,
        "header": ARM.magic.ljust(64, b"\0").hex(),
    }


PROBE = [{"arch": "arm", "header": ARM.magic.ljust(64, b"\0").hex()}]


def test_what_is_held_goes_when_the_input_ends(pinned: None) -> None:
    emulator, old = store.get(pins.load().default, "arm"), store.get("7.2", "arm")
    request = {"op": "register", "hold": True, "records": [wanted(emulator, "wrongarch-arm-held")], "probes": PROBE}
    with subprocess.Popen(line(request), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        answer = json.loads(holder.stdout.readline())
        assert answer["results"][0]["done"] == "registered"
        assert "version 10.0." in answer["effective"]["arm"]
        again = ask(op="register", records=[wanted(emulator, "wrongarch-arm-held")], probes=[])
        assert again["results"][0]["done"] == "there"
        beside = ask(op="register", records=[wanted(emulator, "wrongarch-arm-beside")], probes=[])
        assert beside["results"][0]["done"] == "registered"
        rival = ask(op="register", records=[wanted(old, "wrongarch-arm-rival")], probes=[])
        assert rival["results"][0]["done"] == "conflict"
        gone = ask(op="unregister", names=["wrongarch-arm-beside", "wrongarch-none", "status"], probes=[])
        assert [one["done"] for one in gone["results"]] == [True, False, False]
        holder.stdin.close()
        assert holder.wait(30) == 0
    left = ask(op="show", probes=PROBE)
    assert left["effective"] == {"arm": ""}
    assert not any(name.startswith("wrongarch-") for name in left["entries"])


def test_an_older_one_of_ours_is_replaced_and_a_false_version_refused(pinned: None) -> None:
    emulator, old = store.get(pins.load().default, "arm"), store.get("7.2", "arm")
    request = {"op": "register", "hold": True, "records": [wanted(old, "wrongarch-arm")], "probes": []}
    with subprocess.Popen(line(request), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert json.loads(holder.stdout.readline())["results"][0]["done"] == "registered"
        newer = ask(op="register", records=[wanted(emulator, "wrongarch-arm")], probes=[])
        assert newer["results"][0]["done"] == "replaced"
        false = {**wanted(old, "wrongarch-arm"), "version": "99.0"}
        assert ask(op="register", records=[false], probes=[])["results"][0]["done"] == "refused"
        holder.stdin.close()
    assert ask(op="show", probes=[])["entries"].get("wrongarch-arm") is None


def test_a_kernel_that_says_no_is_told() -> None:
    bad = {**wanted_line(), "line": ":wrongarch-arm-bad:M::nonsense"}
    answer = ask(op="register", records=[bad], probes=[])
    assert answer["errno"]
    assert "binfmt_misc" in answer["error"]


def wanted_line() -> dict[str, Any]:
    header = ARM.magic.ljust(64, b"\0").hex()
    facts = {"name": "wrongarch-arm-bad", "target": "arm", "interpreter": "/x", "version": "1.0", "header": header}
    return dict(facts)
