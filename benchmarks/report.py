"""How long the HTML report of many results takes to make, and to open in Chromium.

python benchmarks/report.py [--results 20000] [--rounds 5]

Opening is from the call to the moment when the list is there and the filter answers, in a headless Chromium that is
already running; the target is 2 s for 20,000 results.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.support.chromium import browser, show
from tests.support.documents import document, result
from wrongarch.reports.gather import Loaded
from wrongarch.reports.html import data, page
from wrongarch.runs.history.store import record

ARCHES = ("arm", "mips", "s390x", "riscv64")
MODES = ("default", "no-jit", "eager", "stress")


def make(folder: Path, count: int) -> tuple[Path, float, float]:
    """A report of `count` results on four arches, one in a hundred red; seconds to record one run and to render."""
    each = count // len(ARCHES)
    loaded = []
    recording = 0.0
    for number, arch in enumerate(ARCHES):
        results = [
            result(
                f"language/expressions/class/case-{index:05d}.js",
                "failed" if index % 100 == 0 else "flaky" if index % 101 == 0 else "passed",
                index % 700 / 100,
                suite=f"suite-{index % 3}",
                mode=MODES[index % len(MODES)],
                message="exit 3: Exception: Error: expected 1, got 2" if index % 100 == 0 else "",
            )
            for index in range(each)
        ]
        run = document(results, number=number + 1, arch=arch)
        begun = time.perf_counter()
        trouble = record(folder, run)
        recording = time.perf_counter() - begun
        if trouble:
            raise SystemExit(trouble)
        loaded.append(Loaded(document=run, folder=folder))
    begun = time.perf_counter()
    file = folder / "report.html"
    file.write_text(page.render(data.page(loaded, project=folder)))
    return file, recording, time.perf_counter() - begun


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--results", type=int, default=20_000)
    words.add_argument("--rounds", type=int, default=5)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as name, browser() as opened:
        file, recording, rendering = make(Path(name), given.results)
        print(f"{given.results} results: {file.stat().st_size / 1e6:.1f} MB")
        print(f"a quarter of them recorded in {recording:.2f} s, the report made in {rendering:.2f} s")
        times, filtering = [], []
        for _ in range(given.rounds):
            begun = time.perf_counter()
            show(opened, file)
            times.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            opened.find_element(By.ID, "q").send_keys("case-00100")
            WebDriverWait(opened, 20, poll_frequency=0.01).until(
                lambda _: opened.find_element(By.ID, "count").text.startswith("4 of")
            )
            filtering.append(time.perf_counter() - begun)
        print(f"opened in {statistics.median(times):.2f} s (slowest {max(times):.2f} s)")
        print(f"filtered in {statistics.median(filtering):.2f} s, typing included")


if __name__ == "__main__":
    main()
