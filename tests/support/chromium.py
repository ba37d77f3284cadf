"""A real headless Chromium: Debian's, driven by its chromedriver."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait


@contextmanager
def browser(*, width: int = 1200, height: int = 900) -> Iterator[webdriver.Chrome]:
    """A browser with a window of that size. Skips without one; in CI it fails."""
    chromium, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        reason = "chromium and chromium-driver are not installed (see .ci/setup-debian.sh)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    options = Options()
    options.binary_location = chromium
    # root has no sandbox of Chromium's; containers have little /dev/shm; it is not to call home
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update",
                 f"--window-size={width},{height}"):  # fmt: skip
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(driver))
    try:
        made.set_page_load_timeout(60)
        yield made
    finally:
        made.quit()


def requests(opened: webdriver.Chrome) -> list[str]:
    """The addresses that pages asked for since the last call, from the network events of DevTools."""
    found = []
    for entry in opened.get_log("performance"):  # type: ignore[no-untyped-call]
        event = json.loads(entry["message"])["message"]
        if event["method"] == "Network.requestWillBeSent":
            found.append(event["params"]["request"]["url"])
    return found


def complaints(opened: webdriver.Chrome) -> list[str]:
    """What the browser wrote into its console since the last call: errors of scripts, refused loads."""
    return [entry["message"] for entry in opened.get_log("browser")]  # type: ignore[no-untyped-call]


def show(opened: webdriver.Chrome, file: Path, fragment: str = "") -> None:
    """Open a file anew and wait until its script is ready."""
    opened.get("about:blank")
    opened.get(file.as_uri() + fragment)
    ready = "return document.documentElement.dataset.ready === 'yes'"
    WebDriverWait(opened, 30, poll_frequency=0.02).until(lambda _: opened.execute_script(ready))  # type: ignore[no-untyped-call]


def colours(opened: webdriver.Chrome, scheme: str) -> None:
    """Prefer "light" or "dark"."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const parse = (text) => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const behind = (node) => {
  for (; node; node = node.parentElement) {
    const colour = parse(getComputedStyle(node).backgroundColor);
    if (colour[3] === 255) return colour;
  }
  return parse(getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "#fff" : "#fff");
};
const poor = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const parent = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !parent.checkVisibility() || parent.closest("svg, script, style")) continue;
  const [a, b] = [luminance(parse(getComputedStyle(parent).color)), luminance(behind(parent))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) poor.push([ratio, parent.tagName, parent.className, walker.currentNode.data.slice(0, 40)]);
}
return poor;
"""
"""WCAG 2.1, 1.4.3: the texts whose contrast with what is behind them is below 4.5."""


def poor_contrasts(opened: webdriver.Chrome) -> list[Any]:
    """Texts that are hard to read."""
    return list(opened.execute_script(CONTRAST))  # type: ignore[no-untyped-call]
