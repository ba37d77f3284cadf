"""The report in a real browser: what it shows, how it is used, and that it asks the network for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.support.chromium import browser, colours, complaints, poor_contrasts, requests, show
from tests.support.documents import document, result
from wrongarch.reports import gather
from wrongarch.reports.gather import Loaded
from wrongarch.reports.html import data, page
from wrongarch.runs.history.store import record
from wrongarch.runs.model import RunDocument

EVIL = "</script><script>document.title='owned'</script><img src=http://127.0.0.1:9/x>&\"'"
OUTPUT = "command\n\nexpected 1\ngot 2 <b>not bold</b>\n"


def runs(folder: Path) -> list[RunDocument]:
    """jsc on arm in two shards, and on mips; with all outcomes."""
    first = [
        result("good.js"),
        result("bad.js", "failed", 3.25, message="exit 3: TypeError", ended="exit 3", log=1),
        result("flake.js", "flaky", message="killed by SIGSEGV", attempts=2),
        result("known.js", "expected-failure", message="a reason: exit 1"),
        result("odd.js", "skipped", message="no luck"),
        result(EVIL, "failed", message=EVIL, log=1),
    ]
    second = [result(f"more-{number}.js", seconds=number / 100, mode="no-jit") for number in range(400)]
    third = [result("bad.js", seconds=99.0), result("good.js", "lost", message="lost with its session")]
    made = [
        document(first, number=1),
        document(second, number=2),
        document(third, number=3, arch="mips", emulator=None, cpu=None),
    ]
    for number in range(10, 16):
        record(folder, document([result("flake.js", "flaky" if number % 2 else "passed"), *first[:2]], number=number))
    return made


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    loaded = []
    for number, one in enumerate(runs(folder)):
        home = folder / str(number)
        (home / "log").mkdir(parents=True)
        (home / "log" / "1.txt").write_text(OUTPUT)
        loaded.append(Loaded(document=one, folder=home))
    before = [Loaded(document=document([result("bad.js"), result("gone.js")], number=9), folder=folder)]
    compared = gather.compare(before, loaded)
    file = folder / "report.html"
    file.write_text(page.render(data.page(loaded, project=folder, comparison=compared, against="run 9")))
    return file


@pytest.fixture(scope="module")
def opened() -> Iterator[Chrome]:
    with browser() as made:
        yield made


def text(opened: Chrome, selector: str) -> str:
    return opened.find_element(By.CSS_SELECTOR, selector).text


def rows(opened: Chrome) -> list[str]:
    script = "return [...document.querySelectorAll('#list tbody tr')].map(e => e.innerText.replaceAll('\\t', ' '))"
    return list(opened.execute_script(script))


def count(opened: Chrome, wanted: str) -> None:
    WebDriverWait(opened, 10).until(lambda _: text(opened, "#count").startswith(wanted), text(opened, "#count"))


def test_nothing_is_asked_of_the_network(opened: Chrome, report: Path) -> None:
    requests(opened)
    complaints(opened)
    show(opened, report)
    for details in opened.find_elements(By.CSS_SELECTOR, "details > summary"):
        details.click()
    asked = [address for address in requests(opened) if not address.startswith(("data:", "about:"))]
    assert asked == [report.as_uri()]
    assert complaints(opened) == []
    # the names above hold a script and an image: neither is one here
    assert opened.title.startswith("RED: jsc on arm")
    assert opened.find_elements(By.TAG_NAME, "img") == []
    loads = "return [...document.querySelectorAll('[src], link, object, embed, iframe')].map(e => e.outerHTML)"
    assert opened.execute_script(loads) == ['<link rel="icon" href="data:,">']
    assert "default-src 'none'" in report.read_text()


def test_the_policy_holds(opened: Chrome, report: Path) -> None:
    """Were something to slip through, the browser would refuse to load it."""
    show(opened, report)
    opened.execute_script("const i = new Image(); i.src = 'http://127.0.0.1:9/x'; document.body.append(i);")
    WebDriverWait(opened, 10).until(lambda _: any("Content Security Policy" in one for one in complaints(opened)))


def test_content(opened: Chrome, report: Path) -> None:
    show(opened, report)
    assert text(opened, ".verdict") == ("RED: 402 passed, 2 FAILED, 1 flaky, 1 expected failure, 1 skipped, 1 LOST")
    cells = [cell.text for cell in opened.find_elements(By.CSS_SELECTOR, ".map tbody td")]
    assert cells == ["2 / 6 ~1", "400 ✓", "1 / 2", "\u2013"]
    labels = [cell.text for cell in opened.find_elements(By.CSS_SELECTOR, ".map tbody th")]
    assert labels == ["jsc on arm, QEMU 10.0", "jsc on mips, native"]
    failures = [one.text for one in opened.find_elements(By.CSS_SELECTOR, "#failures summary .id")]
    assert "stress/bad.js [default]" in failures
    assert f"stress/{EVIL} [default]" in failures
    assert failures[-1] == "stress/flake.js [default]"  # what makes it red comes first
    bad = opened.find_element(By.XPATH, "//details[summary/span[text()='stress/bad.js [default]']]")
    bad.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert "exit 3: TypeError" in bad.text
    assert "got 2 <b>not bold</b>" in bad.text
    assert r"wrongarch test arm --recipe jsc --emulator 10.0 --filter '^stress/bad\.js \[default\]$'" in bad.text
    assert bad.find_element(By.CSS_SELECTOR, ".strip").get_attribute("aria-label") == ", ".join(["failed"] * 6)
    assert text(opened, "#slow tbody tr").split()[0] == "stress/bad.js"
    assert "stress/flake.js [default]" in text(opened, "#history table")
    bars = opened.find_elements(By.CSS_SELECTOR, "#history figure svg .bar rect")
    assert sum(float(bar.get_attribute("height") or 0) > 1 for bar in bars) == 6
    compared = text(opened, "#compare")
    assert "Newly red" not in compared or "bad.js" in compared
    assert "stress/gone.js [default]" in compared


def test_the_list_is_filtered(opened: Chrome, report: Path) -> None:
    show(opened, report)
    count(opened, "408 of 408 results, 100 shown")
    opened.find_element(By.ID, "more").click()
    count(opened, "408 of 408 results, 200 shown")
    opened.find_element(By.ID, "q").send_keys("BAD js")
    count(opened, "2 of 408")
    assert "q=BAD+js" in opened.current_url
    opened.find_element(By.CSS_SELECTOR, "#statuses input[value=passed]").click()
    count(opened, "1 of 408")
    assert rows(opened) == ["failed stress/bad.js [default] jsc on arm, QEMU 10.0 3.25"]
    again = opened.current_url
    opened.get("about:blank")
    opened.get(again)
    count(opened, "1 of 408")
    assert opened.find_element(By.ID, "q").get_attribute("value") == "BAD js"


def test_deep_links(opened: Chrome, report: Path) -> None:
    show(opened, report)
    anchor = opened.find_element(By.XPATH, "//details[summary/span[text()='stress/bad.js [default]']]")
    name = anchor.get_attribute("id")
    show(opened, report, f"#{name}")
    assert opened.find_element(By.ID, name).get_attribute("open")
    focused = opened.switch_to.active_element
    assert (focused.tag_name, "bad.js" in focused.text) == ("summary", True)
    opened.find_element(By.CSS_SELECTOR, ".map td.heat-0 a").click()
    count(opened, "400 of 408")
    assert "group=jsc on arm, QEMU 10.0" in unquote_plus(opened.current_url)
    opened.execute_script("history.back()")
    show(opened, report, "#group=jsc+on+mips%2C+native&status=lost")
    count(opened, "1 of 408")


def test_sorting(opened: Chrome, report: Path) -> None:
    show(opened, report)
    button = opened.find_element(By.CSS_SELECTOR, "[data-sort=seconds]")
    button.click()
    assert "99.00" in rows(opened)[0]
    header = button.find_element(By.XPATH, "..")
    assert header.get_attribute("aria-sort") == "descending"
    button.click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert "0.00" in rows(opened)[0]


def test_by_keyboard_alone(opened: Chrome, report: Path) -> None:
    show(opened, report)
    body = opened.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)
    skip = opened.switch_to.active_element
    assert skip.get_attribute("class") == "skip"
    assert skip.location["x"] >= 0  # seen as soon as it has the focus
    skip.send_keys(Keys.ENTER)
    opened.switch_to.active_element.send_keys("/")
    field = opened.switch_to.active_element
    assert field.get_attribute("id") == "q"
    field.send_keys("more-399")
    count(opened, "1 of 408")
    seen = set()
    show(opened, report)
    for _ in range(70):
        opened.switch_to.active_element.send_keys(Keys.TAB)
        here = opened.switch_to.active_element
        seen.add((here.tag_name, here.get_attribute("id") or here.get_attribute("class") or ""))
        if here.tag_name == "summary":
            here.send_keys(Keys.ENTER)
            assert here.find_element(By.XPATH, "..").get_attribute("open")
            here.send_keys(Keys.ENTER)
        if ("select", "mode") in seen:
            break
    assert {("input", "q"), ("select", "group"), ("select", "suite")} <= seen
    assert any(tag == "summary" for tag, _ in seen)
    outline = opened.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(opened: Chrome, report: Path, scheme: str) -> None:
    show(opened, report)
    colours(opened, scheme)
    background = opened.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]
    for details in opened.find_elements(By.CSS_SELECTOR, "details:not([open]) > summary"):
        details.click()
    assert poor_contrasts(opened) == []
    spoil = "const v = document.querySelector('.verdict'); v.style.color = getComputedStyle(v).backgroundColor"
    opened.execute_script(spoil)  # the check itself can fail
    assert len(poor_contrasts(opened)) == 1
    colours(opened, "light")


def test_for_a_screen_reader(opened: Chrome, report: Path) -> None:
    """What the browser itself computes for assistive technology: every control has a name."""
    show(opened, report)
    nodes = opened.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    controls = {"button", "link", "searchbox", "combobox", "checkbox", "columnheader", "rowheader", "image"}
    nameless = [
        node["role"]["value"]
        for node in nodes
        if not node.get("ignored")
        and node.get("role", {}).get("value") in controls
        and not node.get("name", {}).get("value")
    ]
    assert nameless == []
    names = {node.get("name", {}).get("value") for node in nodes if not node.get("ignored")}
    assert {"2 of 6 tests red, 1 flaky", "Find", "All results"} <= {
        (name or "").split(" All words")[0] for name in names
    }
    assert opened.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    assert opened.find_element(By.ID, "count").get_attribute("role") == "status"
    headings = [int(one.tag_name[1]) for one in opened.find_elements(By.CSS_SELECTOR, "h1, h2, h3")]
    assert headings[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(headings))


def test_on_a_phone(report: Path) -> None:
    with browser() as phone:
        metrics = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
        phone.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        show(phone, report)
        wide = phone.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide == [360, 360]  # nothing but tables scrolls sideways
        small = phone.execute_script(
            "return [...document.querySelectorAll('nav a, button, select, .map a')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 20).map(e => e.outerHTML)"
        )
        assert small == []


def test_without_scripts(report: Path, tmp_path: Path) -> None:
    """Were scripts refused, all but the list is there."""
    html = report.read_text()
    plain = tmp_path / "plain.html"
    plain.write_text(re.sub(r"script-src 'sha256-[^']+'", "script-src 'none'", html))
    with browser() as chrome:
        chrome.get(plain.as_uri())
        assert len(chrome.find_elements(By.CSS_SELECTOR, "#failures details")) == 4
        assert not chrome.find_element(By.ID, "filter").is_displayed()
