#!/usr/bin/env python3
"""Uses the page in Chromium as people do, and looks at it with axe-core.

    python tests/browser/check.py target/debug/imr [--axe axe.min.js] [--shots FOLDER]

Needs chromium, chromedriver and the Python package selenium. What cannot be looked at is said.
"""

import argparse
import contextlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARKUP = """Case Number: CM15-0999001
Decision Date: 03/04/2015

HOW THE IMR FINAL DETERMINATION WAS MADE

The Expert Reviewer has the following credentials:
State(s) of Licensure: Vermont
Certification(s)/Specialty: Neurology

CLINICAL CASE SUMMARY

A 50 year old man & his <img src=x onerror="document.title='broken'"> dog.

IMR ISSUES, DECISIONS AND RATIONALES

The items set forth below:

Zebra brace <script>document.title='broken'</script> for the left knee: Upheld

Claims Administrator guideline: Decision based on the MTUS Knee Complaints 2004.

MAXIMUS guideline: Decision based on the MTUS Knee Complaints 2004.

Decision rationale: The <b>zebra</b> brace &amp; its <script>document.title='broken'</script> strap were
asked for. Nothing in the file says why.
"""
PHONE = (390, 844)
WIDE = (1280, 900)


class Page:
    """A browser at one address."""

    def __init__(self, base, size=WIDE, dark=False, scripts=True):
        options = webdriver.ChromeOptions()
        for name in ("chromium", "chromium-browser", "google-chrome"):
            if shutil.which(name):
                options.binary_location = shutil.which(name)
                break
        for flag in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
            options.add_argument("--" + flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not scripts:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": 2}
            )
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.base = base
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})

    def open(self, path):
        self.driver.get(self.base + path)
        return self

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css="body"):
        return self.one(css).text

    def until(self, what, seconds=5):
        ignored = (NoSuchElementException, StaleElementReferenceException)
        wait = WebDriverWait(self.driver, seconds, poll_frequency=0.1, ignored_exceptions=ignored)
        return wait.until(lambda _: what())

    def run(self, script, *args):
        return self.driver.execute_script(script, *args)

    def click(self, element):
        element = self.one(element) if isinstance(element, str) else element
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    @property
    def url(self):
        return self.driver.current_url

    def problems(self):
        """What the browser complained of: refused scripts, failed loads of a page that is well."""
        return [line for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]


@contextlib.contextmanager
def page(base, **how):
    opened = Page(base, **how)
    try:
        yield opened
    finally:
        opened.driver.quit()


def choose(at, facet, label):
    """Clicks the value of a facet beside the hits."""
    for value in at.all(f"section[aria-labelledby='f-{facet}'] > ul > li > a.value"):
        if value.find_element(By.CSS_SELECTOR, ".label").text.endswith(label):
            at.click(value)
            return
    raise AssertionError(f"{facet} has no {label}")


def count(at):
    return int("".join(c for c in at.text("#count") if c.isdigit()))


def test_first_search_to_citation(base):
    with page(base) as at:
        at.open("/")
        at.one("#q").send_keys("acupuncture functional improvement" + Keys.ENTER)
        at.until(lambda: "q=acupuncture" in at.url and at.all(".hit mark"))
        total = count(at)
        choose(at, "outcome", "Overturned")
        at.until(lambda: at.all(".chip") and count(at) < total)
        assert all(v.text.upper().startswith("OVERTURNED") for v in at.all(".hit .verdict"))
        at.click(".hit h3 a")
        at.until(lambda: "/letters/" in at.url)
        assert at.all("article.item") and at.all("mark[id=m1]")
        at.click(".matches a")
        at.until(lambda: at.url.endswith("#m1"))
        at.run("document.body.focus()")
        at.one("body").send_keys("n")
        at.until(lambda: at.url.endswith("#m2"))
        at.click(".evidence summary")
        assert "in the" in at.text(".evidence[open]")
        item = at.one("article.item > .note").text.split(" ")[0]
        at.click("article.item a.cite")
        at.until(lambda: "/cite" in at.url)
        case, number = item.split("/")
        assert f"case {case}, item {number}" in at.text("pre.citation"), at.text("pre.citation")
        assert at.problems() == []


def test_what_separates_and_what_is_like(base):
    with page(base) as at:
        at.open("/?q=acupuncture")
        at.click(".insights a[href^='/contrast']")
        at.until(lambda: at.all(".phrase .bar"))
        assert len(at.all(".pair section")) == 2
        phrase = at.text(".phrase h3")
        at.click(".phrase h3 a")
        at.until(lambda: "/?" in at.url and at.all(".hit"))
        assert phrase in at.one("#q").get_attribute("value") and len(at.all(".chip")) == 1
        at.click(".top nav a[href^='/contrast']")
        at.until(lambda: "/contrast" in at.url and "outcome=" in at.url)
        at.open("/letters/CM14-0900101")
        for folded in at.all("#item-2 details.alike summary"):
            at.click(folded)
        assert len(at.all("#item-2 .nearest li")) == 10 and len(at.all("#item-2 .beside .differs")) > 5
        at.click("#item-2 .nearest a")
        at.until(lambda: "CM14-0900101" not in at.url and "#item-" in at.url)
        at.click(".top nav a[href='/similar']")
        at.until(lambda: at.all("#text"))
        at.one("#text").send_keys("Six visits of acupuncture for the neck.")
        at.click("form.text button")
        at.until(lambda: len(at.all(".nearest li")) == 10)
        assert at.problems() == []


def test_facets_refresh_in_place_and_back_works(base):
    with page(base) as at:
        at.open("/?q=pain")
        at.run("window.same = true")
        before = count(at)
        choose(at, "outcome", "Overturned")
        at.until(lambda: count(at) < before)
        one = count(at)
        choose(at, "outcome", "Upheld")
        at.until(lambda: count(at) > one)
        assert len(at.all(".chip")) == 2
        assert at.run("return window.same"), "the page was not loaded again"
        at.driver.back()
        at.until(lambda: count(at) == one and len(at.all(".chip")) == 1)
        at.driver.back()
        at.until(lambda: count(at) == before and not at.all(".chip"))
        at.driver.forward()
        at.until(lambda: count(at) == one)
        assert at.run("return window.same")
        # Search inside a long facet.
        at.one("#find-treatment").send_keys("opioid")
        values = "section[aria-labelledby=f-treatment] ul a.value"
        at.until(lambda: any("Opioid" in v.text for v in at.all(values)))
        # What unfolds stays unfolded, and a part can be chosen.
        at.click("section[aria-labelledby=f-region] details summary")
        part = at.one("section[aria-labelledby=f-region] details[open] a.value")
        at.click(part)
        at.until(lambda: "region=" in at.url)
        assert at.all("section[aria-labelledby=f-region] details[open] a.chosen")
        assert at.problems() == []


def test_the_whole_page_is_of_the_search_in_place(base):
    with page(base) as at:
        at.open("/?q=acupuncture")
        box = at.one("#q")
        box.clear()
        box.send_keys("knee", Keys.ENTER)
        at.until(lambda: "q=knee" in at.url and "knee" in at.text("h2#count + p, #results"))
        at.until(lambda: at.one("#places a[href^='/rates']").get_attribute("href").endswith("q=knee"))
        assert at.one("#printed").get_attribute("textContent") == "Search: knee"
        box = at.one("#q")
        box.clear()
        box.send_keys("shoulder", Keys.ENTER)
        at.until(lambda: "q=shoulder" in at.url)
        # The box has the focus, as after each search.
        at.driver.back()
        at.until(lambda: at.one("#q").get_attribute("value") == "knee")
        at.run("document.querySelector('#ways').open = true")
        at.click("#ways input[name=exact]")
        at.one("#q").send_keys(Keys.ENTER)
        at.until(lambda: "exact=true" in at.url)
        at.driver.back()
        at.until(lambda: not at.one("#ways input[name=exact]").is_selected())
        at.open("/rates?q=knee")
        box = at.one("#q")
        box.clear()
        box.send_keys("shoulder", Keys.ENTER)
        at.until(lambda: "q=shoulder" in at.url)
        at.driver.back()
        at.until(lambda: "q=knee" in at.url and at.one("#q").get_attribute("value") == "knee")


def test_what_was_typed_and_not_sent_goes_along(base):
    with page(base) as at:
        at.open("/?q=acupuncture")
        at.one("#q").send_keys(" knee")
        choose(at, "outcome", "Upheld")
        at.until(lambda: "outcome=upheld" in at.url and "q=acupuncture+knee" in at.url)
        at.one("#range-age").send_keys("20..60")
        at.one("#q").send_keys(" pain", Keys.ENTER)
        at.until(lambda: "age=20..60" in at.url and "pain" in at.url and "outcome=upheld" in at.url)
        at.one("#range-age").clear()
        at.one("#range-age").send_keys("30..50", Keys.ENTER)
        at.until(lambda: at.url.count("age=") == 1 and "age=30..50" in at.url)
        at.until(lambda: at.run("return document.querySelector('#results').getBoundingClientRect().top >= 0"))
        at.one("#range-age").clear()
        at.one("#q").send_keys(" relief", Keys.ENTER)
        at.until(lambda: "relief" in at.url and "age=" not in at.url)
        at.open("/rates?q=knee")
        at.run("document.querySelector('select[name=by]').value = 'year'")
        at.one("#q").send_keys(" pain", Keys.ENTER)
        at.until(lambda: "by=year" in at.url and "q=knee+pain" in at.url)
        at.driver.back()
        at.until(lambda: "by=year" not in at.url)
        at.until(lambda: at.one("select[name=by]").get_attribute("value") == "treatment:1")
        at.open("/?q=pain&decided=2014&decided=2015")
        for word in (" knee", " left"):
            at.one("#q").send_keys(word, Keys.ENTER)
            at.until(lambda: at.url.count("decided=") == 2 and word.strip() in at.url)
        for left in (1, 0):
            at.click([chip for chip in at.all("a.chip") if "decided" in chip.text.lower()][0])
            at.until(lambda: at.url.count("decided=") == left)
        at.one("#range-age").send_keys("30..60", Keys.ENTER)
        at.until(lambda: "age=30..60" in at.url)
        assert "decided" not in at.url, at.url
        at.open("/similar")
        at.one("#text").send_keys("A denial of needles")
        at.click("#places a[href='/help']")
        at.until(lambda: "/help" in at.url)
        at.driver.back()
        at.until(lambda: at.one("#text").get_attribute("value") == "A denial of needles")
        at.open("/?q=knee")
        at.run("document.querySelector('#ways').open = true")
        at.click("#ways input[name=all]")
        at.click("#ways input[name=any]")
        assert not at.one("#ways input[name=all]").is_selected()
        assert at.problems() == []


def test_an_error_leaves_a_way_on(base):
    with page(base) as at:
        at.open("/?q=knee&outcome=upheld&age=45..30")
        assert "45..30" in at.text("#problem"), at.text()
        chip = [chip for chip in at.all("a.chip") if "45..30" in chip.text][0]
        at.click(chip)
        at.until(lambda: "age" not in at.url and at.all("ol.hits li"))
        assert "outcome=upheld" in at.url
        at.open("/rates?q=knee&by=year&compare=%22open")
        assert at.all("#problem")
        compare = at.one("input[name=compare]")
        assert compare.get_attribute("value") == '"open' and "by=year" in at.url
        compare.clear()
        compare.send_keys("hip", Keys.ENTER)
        at.until(lambda: at.all("table.rates") and "by=year" in at.url)
        at.open("/rates?q=knee&min=five")
        at.one("input[name=min]").clear()
        at.one("#q").send_keys(Keys.ENTER)
        at.until(lambda: at.all("table.rates"))
        at.open("/similar?text=knee+brace")
        at.click("#places a[href='/']")
        at.until(lambda: at.all("ol.hits li"))
        at.open("/?q=knee&offset=5000")
        at.click("p.told a")
        at.until(lambda: at.all("ol.hits li"))


def test_matches_are_gone_through_from_where_one_is(base):
    with page(base) as at:
        at.open("/?q=%22medically+necessary%22")
        assert at.all("ol.hits .passage mark"), "what was searched for is shown"
        at.open("/?q=knee")
        at.click("ol.hits h3 a")
        at.until(lambda: at.all("[data-matches]"))
        marks = int(at.one("[data-matches]").get_attribute("data-matches"))
        at.one("body").send_keys("n")
        at.until(lambda: "#m" in at.url)
        first = int(at.url.rsplit("#m", 1)[1])
        after = at.run("return document.querySelector('article.item').compareDocumentPosition(document.getElementById(arguments[0]))", f"m{first}")
        assert marks >= first and after & 4, (marks, first, after)
        at.driver.back()
        at.until(lambda: "q=knee" in at.url and "/letters/" not in at.url)


def test_without_javascript(base):
    with page(base, scripts=False) as at:
        at.open("/")
        at.one("#q").send_keys("knee" + Keys.ENTER)
        at.until(lambda: "q=knee" in at.url)
        total = count(at)
        choose(at, "outcome", "Upheld")
        at.until(lambda: "outcome=upheld" in at.url)
        assert count(at) < total
        at.click("a[rel=next]")
        at.until(lambda: "offset=10" in at.url)
        assert at.text(".pages span").startswith("11")
        at.one("#find-region").send_keys("spine" + Keys.ENTER)
        at.until(lambda: "/facets/region" in at.url)
        assert all("spine" in v.get_attribute("data-key") for v in at.all("ul.values .value"))
        at.click("ul.values a.exclude")
        at.until(lambda: "region=%21spine" in at.url)
        assert "not Spine" in at.text(".chips")
        at.click(".hit h3 a")
        at.until(lambda: "/letters/" in at.url)
        at.click(".matches a")
        at.until(lambda: at.url.endswith("#m1"))
        hop = at.one("mark:target + .hop a")
        at.click(hop)
        at.until(lambda: at.url.endswith("#m2"))


def test_on_a_phone(base):
    with page(base, size=PHONE) as at:
        for path in ("/?q=knee", "/letters/CM13-0900131?q=opioid", "/help", "/status", "/facets/treatment", "/rates?q=pain", "/contrast?q=pain", "/similar?text=acupuncture"):
            at.open(path)
            wide = at.run("return document.documentElement.scrollWidth")
            assert wide <= PHONE[0], f"{path} is {wide} wide"
        at.open("/?q=knee")
        assert not at.one("#filters").is_displayed()
        at.click(".to-filters")
        at.until(lambda: at.one("#filters").is_displayed())
        choose(at, "outcome", "Overturned")
        at.until(lambda: at.all(".chip"))
        assert at.one("#filters").is_displayed(), "the filters stay until they are done with"
        choose(at, "outcome", "Upheld")
        at.until(lambda: len(at.all(".chip")) == 2)
        at.click("a.done")
        at.until(lambda: not at.one("#filters").is_displayed())
        assert at.one(".hit").is_displayed()


def test_with_the_keyboard_alone(base):
    with page(base) as at:
        at.open("/help")
        at.open("/")
        active = lambda: at.driver.switch_to.active_element
        active().send_keys(Keys.TAB)
        assert active().text == "Skip to the content", active().text
        at.one("body").send_keys("/")
        assert active().get_attribute("id") == "q"
        active().send_keys("pain" + Keys.ENTER)
        at.until(lambda: "q=pain" in at.url and at.all(".hit mark"))
        total = count(at)
        for _ in range(60):
            active().send_keys(Keys.TAB)
            if "value" in (active().get_attribute("class") or ""):
                break
        key = active().get_attribute("data-key")
        assert key and key.startswith("value:outcome"), key
        ring = at.run("return getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid", ring
        active().send_keys(Keys.ENTER)
        at.until(lambda: count(at) < total)
        # The choice keeps the keyboard's place.
        at.until(lambda: active().get_attribute("data-key") == key)
        active().send_keys(Keys.ENTER)
        at.until(lambda: count(at) == total)


def test_markup_in_a_letter(base):
    with page(base) as at:
        for path in ("/?q=zebra", "/letters/CM15-0999001?q=zebra+script", "/?q=<script>document.title='broken'</script>"):
            at.open(path)
            time.sleep(0.2)
            assert "broken" not in at.driver.title or "script" in at.driver.title, path
            assert at.run("return document.querySelectorAll('main script, main img, main b').length") == 0
        at.open("/letters/CM15-0999001?q=zebra")
        assert "<script>document.title='broken'</script>" in at.text()
        assert "&amp;" in at.text(), "what the letter spells is shown as it is spelled"
        assert at.problems() == []


PAGES = [
    "/", "/?q=acupuncture+functional+improvement&outcome=overturned&region=spine", "/?q=(knee", "/?q=zzzzzz",
    "/letters/CM13-0900131?q=opioid", "/facets/treatment?q=pain", "/rates?q=pain", "/rates?by=region:1&by=year",
    "/rates?q=knee&compare=shoulder", "/contrast?q=pain", "/contrast?raw=true&between=knee&between=region:spine", "/similar?text=Six+visits+of+acupuncture+for+the+neck.", "/cite?id=CM13-0900131", "/help", "/status", "/letters/none",
]


def test_axe_finds_nothing(base, axe):
    source = pathlib.Path(axe).read_text()
    for how in ({}, {"dark": True}, {"size": PHONE}):
        with page(base, **how) as at:
            for path in PAGES:
                at.open(path)
                at.run("for (const folded of document.querySelectorAll('details')) folded.open = true")
                at.run(source)
                found = at.driver.execute_async_script(
                    "const done = arguments[arguments.length - 1];"
                    "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
                    ".then(r => done(r.violations.map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html)])))"
                )
                assert found == [], f"{how} {path}: {found}"


def test_dark_and_light(base):
    for dark in (False, True):
        with page(base, dark=dark) as at:
            at.open("/?q=knee")
            colour = at.run("return getComputedStyle(document.body).backgroundColor")
            light = sum(int(part) for part in colour.strip("rgba()").split(",")[:3]) > 380
            assert light != dark, colour


def shots(base, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, how in (("wide", {}), ("dark", {"dark": True}), ("phone", {"size": PHONE})):
        with page(base, **how) as at:
            for number, path in enumerate(PAGES):
                at.open(path)
                at.driver.save_screenshot(str(folder / f"{number}-{name}.png"))


@contextlib.contextmanager
def served(program):
    """The corpus and a letter with markup, indexed and served."""
    with tempfile.TemporaryDirectory() as folder:
        letter = pathlib.Path(folder) / "markup.txt"
        letter.write_text(MARKUP)
        imr = [program, "--index", folder + "/index"]
        subprocess.run([*imr, "index", str(ROOT / "corpus/letters"), str(letter)], check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([*imr, "serve", "--addr", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        try:
            yield server.stdout.readline().strip().rstrip("/")
        finally:
            server.terminate()
            server.wait(20)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("--axe", help="axe.min.js of the package axe-core")
    arguments.add_argument("--shots", type=pathlib.Path, help="write screenshots into this folder")
    arguments.add_argument("--only", help="only tests whose name holds this")
    given = arguments.parse_args()
    failed = 0
    with served(str(pathlib.Path(given.program).resolve())) as base:
        for name, test in list(globals().items()):
            if not name.startswith("test_") or given.only and given.only not in name:
                continue
            if "axe" in name and not given.axe:
                print(f"skipped {name}: no axe-core at hand (--axe)")
                continue
            started = time.monotonic()
            try:
                test(base, given.axe) if "axe" in name else test(base)
                print(f"ok {name} ({time.monotonic() - started:.1f} s)")
            except Exception:
                failed += 1
                print(f"FAILED {name}\n{traceback.format_exc()}")
        if given.shots:
            shots(base, given.shots)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
