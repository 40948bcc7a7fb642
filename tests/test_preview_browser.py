"""The page of the preview, in a browser."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import LANGUAGES, ROOT
from playwright.sync_api import TimeoutError as StillWaiting
from test_preview import LIMIT, NAME, Preview, export, house, limited, saved, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

NATIVE = {"ar": "العربية", "zh": "中文", "en": "English", "fr": "Français", "ru": "Русский", "es": "Español"}
TITLE = "Enhancement of international cooperation in the field of human rights"
EVIL = "<script>top.hacked = 1</script><img src=x onerror='top.hacked = 1'><b onclick='top.hacked = 1'>bold</b>"
BODY = "(code) => columns.get(code)?.page?.body"
# The top of what stands in each paragraph, below what was put before it.
TOPS = """(codes) => codes.map((code) => {
    const column = columns.get(code), frame = column.body.getBoundingClientRect().top;
    return [...column.page.querySelectorAll(".preambular, .operative")].map((one) =>
        frame + one.getBoundingClientRect().top + parseFloat(getComputedStyle(one).borderTopWidth));
})"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A server, whose sources the tests change."""
    root = house(tmp_path_factory.mktemp("browser") / "house", "A/RES/80/1", "A/RES/80/2")
    settings = "editor: editor://open{path}#{line}\n"
    (root / "publish.yaml").write_text(settings, "utf-8")
    folder = root / "resolutions" / "A_RES_80_2"
    limited(folder, "en")
    quoted = json.dumps(f"{EVIL}[^note]")
    text = (
        f"title: {json.dumps(EVIL)}\npreamble: [{quoted}]\noperative: [{json.dumps(EVIL)}]\nnotes:\n  note: {quoted}\n"
    )
    (folder / "en.yaml").write_text(text.replace('[^note]"\n', '"\n'), "utf-8")
    with serving(root, "-j", "2") as running:
        yield running


def opened(browser: Browser, problems: list[str], origin: str, **options: Any) -> Page:
    """Open a page that notes what goes wrong in it, and what it wants of others."""
    context = browser.new_context(viewport={"width": 1600, "height": 900}, locale="en-GB", **options)
    page = context.new_page()
    page.set_default_timeout(1000 * LIMIT)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda one: one.type in {"error", "warning"} and problems.append(one.text))
    page.on("request", lambda one: one.url.startswith((origin, "data:", "about:")) or problems.append(one.url))
    violated = "addEventListener('securitypolicyviolation', (e) => console.error('policy ' + e.violatedDirective))"
    page.add_init_script(violated)
    return page


@pytest.fixture
def problems() -> list[str]:
    """What went wrong in the pages of a test."""
    return []


@pytest.fixture
def page(browser: Browser, server: Preview, problems: list[str]) -> Iterator[Page]:
    """A page, and the sources as they are here; in the end nothing has been wrong, and nobody else was asked."""
    for path in (ROOT / "resolutions" / NAME).iterdir():
        own = server.root / "resolutions" / NAME / path.name
        if own.read_bytes() != path.read_bytes():
            own.write_bytes(path.read_bytes())
    one = opened(browser, problems, server.origin)
    yield one
    one.context.close()
    assert [] == problems


def show(page: Page, server: Preview, *codes: str, view: str = "html", name: str = NAME, ui: str = "en") -> None:
    """Open a resolution, and wait until all languages are there."""
    page.goto(f"{server.address}#doc={name}&languages={','.join(codes)}&view={view}&ui={ui}")
    arrived(page, *codes)


def arrived(page: Page, *codes: str) -> None:
    """Wait until just these languages are shown, with what the proofreader found."""
    page.wait_for_function(
        """(codes) => shown.languages.join() === codes && columns.size === shown.languages.length
            && [...columns.values()].every((one) => one.good)
            && found.rows.length && !document.querySelector(".busy:not([hidden])")""",
        arg=",".join(codes),
    )


def reads(page: Page, words: str, code: str = "en") -> None:
    """Wait until a layout has these words."""
    page.wait_for_function(f"([code, words]) => ({BODY})(code)?.textContent.includes(words)", arg=[code, words])


def texts(page: Page, code: str = "en") -> str:
    """Give the words of a layout, each space of whatever kind as one."""
    return " ".join(str(page.evaluate(f"(code) => ({BODY})(code).textContent", code)).split())


# What a tip shows that stands at the call of a note.
TIP = "() => columns.get('en').page.querySelector('.tip')?.textContent.trim() ?? ''"


def pointed(page: Page, selector: str) -> str:
    """Point at a call of a note until its tip is there, as a hand does where the text still moves; give its words."""
    for _ in range(LIMIT):
        page.mouse.move(0, 0)
        page.wait_for_function(f"() => !({TIP})()")
        page.mouse.move(*middle(page, "en", selector))
        with suppress(StillWaiting):
            page.wait_for_function(TIP, timeout=1000)
            break
    return str(page.evaluate(TIP))


def middle(page: Page, code: str, selector: str) -> tuple[float, float]:
    """Bring a piece of a layout into view, and give its place in the window."""
    x, y = page.evaluate(
        """([code, selector]) => {
            const column = columns.get(code), one = column.page.querySelector(selector);
            const main = document.getElementById("columns");
            main.scrollTop += column.body.getBoundingClientRect().top + one.getBoundingClientRect().top - 400;
            const [frame, box] = [column.body.getBoundingClientRect(), one.getClientRects()[0]];
            return [frame.left + box.left + box.width / 2, frame.top + box.top + box.height / 2];
        }""",
        [code, selector],
    )
    return x, y


def edited(server: Preview, code: str, change: Callable[[str], str]) -> None:
    path = server.root / "resolutions" / NAME / f"{code}.yaml"
    path.write_text(change(path.read_text("utf-8")), "utf-8")


# ---- The list


def test_the_list_opens_where_there_are_several(page: Page, server: Preview) -> None:
    """Where nothing is named and there are several resolutions the list is open, each with symbol and title."""
    page.goto(server.address)
    page.wait_for_selector("#list[open]")
    assert ["A/RES/56/149", "A/RES/80/1", "A/RES/80/2"] == page.locator("#found a").all_text_contents()
    assert TITLE == page.locator("#found .name").first.text_content()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("149", ["A/RES/56/149"]),
        ("a/res/80", ["A/RES/80/1", "A/RES/80/2"]),
        ("HUMAN rights", ["A/RES/56/149"]),
        ("cooperation internationale", ["A/RES/56/149"]),
        ("الإنسان", ["A/RES/56/149"]),
        ("человека", ["A/RES/56/149"]),
        ("nothing of the kind", []),
    ],
)
def test_the_list_is_searched(page: Page, server: Preview, words: str, expected: list[str]) -> None:
    """Resolutions are found by part of the symbol or of the title in any language, whatever the case or accents."""
    page.goto(server.address)
    page.wait_for_selector("#list[open]")
    page.fill("#search", words)
    assert expected == page.locator("#found a").all_text_contents()
    assert (not expected) == page.locator("#nothing-found").is_visible()


def test_the_list_says_how_far_languages_are(page: Page, server: Preview) -> None:
    """Each resolution has the state of its languages: the English is final, what is ours is unofficial."""
    page.goto(server.address)
    states = page.locator("#found li").first.locator(".state")
    states.nth(5).wait_for()
    expected = [f"{code} {'final' if code == 'en' else 'unofficial'}" for code in LANGUAGES]
    assert sorted(expected) == sorted(states.all_text_contents())


def test_a_resolution_is_opened_from_the_list(page: Page, server: Preview) -> None:
    """A click on a symbol opens the resolution, with as many languages as there is room for, that of the page first."""
    page.goto(server.address)
    page.click("text=A/RES/56/149")
    arrived(page, "en", "ar", "zh")
    assert ("A/RES/56/149", TITLE) == (page.text_content("#symbol"), page.text_content("#title"))
    assert not page.locator("#list").is_visible()
    assert TITLE in texts(page)
    badges = page.locator(".column .state")
    assert ["final", "unofficial", "unofficial"] == badges.all_text_contents()


def test_a_resolution_that_is_not_there_opens_the_list(page: Page, server: Preview) -> None:
    """An address that names no resolution shows the list, not an empty page."""
    page.goto(f"{server.address}#doc=../../etc/passwd")
    page.wait_for_selector("#list[open]")
    assert 3 == page.locator("#found a").count()


# ---- What changes on the disk

STILL = """() => {
    const frame = columns.get("en").body.getBoundingClientRect().top;
    return frame + columns.get("en").page.querySelectorAll(".operative")[2].getBoundingClientRect().top;
}"""

# Whether nothing has moved for half a second, as it does while alignment follows typefaces that load.
AT_REST = f"""() => new Promise((done) => {{
    const before = ({STILL})();
    setTimeout(() => done(Math.abs(({STILL})() - before) < 0.5), 500);
}})"""


def test_an_edit_shows_in_the_layout(page: Page, server: Preview) -> None:
    """A save shows in the layout, and the text that was at the head of the window stays there."""
    page.set_viewport_size({"width": 1000, "height": 500})
    show(page, server, "en", "fr")
    page.evaluate(
        f"() => document.getElementById('columns').scrollTop += ({STILL})() - 100",
    )
    page.wait_for_function(AT_REST)
    before = page.evaluate(STILL)
    saved(server.root, "en", "EDITED " + "with many more words before it " * 12)
    reads(page, "EDITED")
    page.wait_for_function(f"(before) => Math.abs(({STILL})() - before) < 2", arg=before)
    assert "EDITED" not in texts(page, "fr")
    assert page.evaluate("() => document.getElementById('columns').scrollTop") > 0
    assert page.evaluate("() => !!columns.get('en').page.querySelector('.changed')")


def test_an_edited_title_stands_in_the_bar(page: Page, server: Preview) -> None:
    """A title that is changed on the disk changes in the bar of the page and in the list, without asking again."""
    show(page, server, "en")
    edited(server, "en", lambda text: text.replace(TITLE, "Another title"))
    page.wait_for_function("() => document.getElementById('title').textContent === 'Another title'")


def test_an_edit_shows_in_the_pages(page: Page, server: Preview) -> None:
    """A save shows in the pages, with its text; the picture of a page that is the same stays, and so does the place."""
    page.set_viewport_size({"width": 1000, "height": 500})
    show(page, server, "en", view="pages")
    page.wait_for_function("() => [...document.querySelectorAll('.sheet img')].every((one) => one.naturalWidth)")
    page.evaluate("() => document.getElementById('columns').scrollTop = 800")
    names = page.evaluate("() => [...document.querySelectorAll('.sheet')].map((one) => one.name)")
    edited(server, "en", lambda text: text.replace("fifty-seventh session", "fifty-eighth session"))
    page.wait_for_function(
        "(name) => [...document.querySelectorAll('.sheet')].at(-1).name !== name"
        " && [...document.querySelectorAll('.sheet img')].every((one) => one.naturalWidth)",
        arg=names[-1],
    )
    assert names[:-1] == page.evaluate("() => [...document.querySelectorAll('.sheet')].map((one) => one.name)")[:-1]
    page.wait_for_function("() => document.querySelector('.sheet:last-child').textContent.includes('eighth')")
    assert 800 == page.evaluate("() => document.getElementById('columns').scrollTop")


@pytest.mark.parametrize("view", ["html", "pages"])
def test_a_broken_file_shows_its_finding(page: Page, server: Preview, view: str) -> None:
    """A file at fault shows what is wrong over the last good page while other languages go on; mended, it heals."""
    show(page, server, "en", "fr", view=view)
    edited(server, "en", lambda text: text.replace("operative:", "operativ:"))
    fault = page.locator(".column[aria-label=English] .fault > div")
    fault.wait_for()
    assert "resolutions/A_RES_56_149/en.yaml:" in (fault.text_content() or "")
    assert "The last good page is behind this" in (fault.text_content() or "")
    body = page.locator(".column[aria-label=English] > :is(iframe, .sheets)")
    assert body.is_visible()
    assert 0 < float(body.evaluate("(one) => getComputedStyle(one).opacity")) < 0.5
    page.wait_for_selector(".column[aria-label=English] .state.faulty")
    assert 1 == page.locator(".fault > div").count()
    page.wait_for_function("() => Number(document.getElementById('count').textContent) > 0")
    saved(server.root, "en", "HEALED")
    fault.wait_for(state="detached")
    arrived(page, "en", "fr")
    assert "1" == body.evaluate("(one) => getComputedStyle(one).opacity")
    page.wait_for_selector(".column[aria-label=English] .state.final")


def test_a_file_that_is_broken_from_the_first_is_told(page: Page, server: Preview) -> None:
    """Facts that cannot be read are shown as findings in every column, even where there never was a good page."""
    path = server.root / "resolutions" / NAME / "resolution.yaml"
    path.write_text("symbol: [", "utf-8")
    page.goto(f"{server.address}#doc={NAME}&languages=en,ar")
    page.locator(".fault > div >> nth=1").wait_for()
    assert 2 == page.locator(".fault b >> text=S01").count()
    path.write_bytes((ROOT / "resolutions" / NAME / "resolution.yaml").read_bytes())
    arrived(page, "en", "ar")


# ---- Languages and views


def test_paragraphs_are_aligned(page: Page, server: Preview) -> None:
    """With one to six languages beside each other the same paragraphs begin at the same height, within two pixels."""
    show(page, server, "en")
    for count in range(1, 7):
        codes = LANGUAGES[:count]
        show(page, server, *codes)
        page.wait_for_function(
            f"""(codes) => {{
                const tops = ({TOPS})(codes);
                return tops[0].every((_, row) =>
                    Math.max(...tops.map((one) => one[row])) - Math.min(...tops.map((one) => one[row])) <= 2);
            }}""",
            arg=codes,
        )
        tops = page.evaluate(TOPS, codes)
        assert [15] * count == [len(one) for one in tops]
        assert all(one == sorted(one) for one in tops)
        boxes = [box for one in page.locator(".column").all() if (box := one.bounding_box())]
        assert sorted(box["x"] for box in boxes) == [box["x"] for box in boxes]


def test_alignment_outlives_an_edit(page: Page, server: Preview) -> None:
    """A paragraph that grows in one language moves the others with it."""
    show(page, server, "en", "ar")
    saved(server.root, "en", "GROWN " + "by many more words " * 30)
    reads(page, "GROWN")
    page.wait_for_function(
        f"(codes) => (([one, other]) => one.every((top, row) => Math.abs(top - other[row]) <= 2))(({TOPS})(codes))",
        arg=["en", "ar"],
    )


def test_arabic_runs_from_the_right(page: Page, server: Preview) -> None:
    """The Arabic column runs from right to left: its lines end at the same edge on the right, where they begin."""
    show(page, server, "ar", "en")
    edges = page.evaluate(
        """() => ["ar", "en"].map((code) => {
            const one = columns.get(code).page.querySelectorAll(".preambular")[2], range = document.createRange();
            range.selectNodeContents(one);
            const lines = [...range.getClientRects()].filter((box) => box.width > 1);
            const box = one.getBoundingClientRect(), last = lines.at(-1);
            return [getComputedStyle(one).direction, last.left - box.left > box.right - last.right];
        })"""
    )
    assert [["rtl", True], ["ltr", False]] == edges


def test_keys_switch_languages_and_views(page: Page, server: Preview) -> None:
    """Numbers show and hide languages in the order of the bar, `v` changes the view, and the address says so."""
    show(page, server, "en")
    page.keyboard.press("1")
    arrived(page, "en", "ar")
    page.keyboard.press("3")
    arrived(page, "ar")
    page.keyboard.press("3")
    arrived(page, "ar", "en")
    page.keyboard.press("v")
    page.wait_for_selector(".sheet")
    arrived(page, "ar", "en")
    assert ["false", "true"] == [page.get_attribute(f"#view-{one}", "aria-pressed") for one in ("html", "pages")]
    assert "view=pages" in page.url
    assert "languages=ar%2Cen" in page.url
    page.reload()
    arrived(page, "ar", "en")
    assert page.locator(".sheet").count() >= 4
    page.keyboard.press("v")
    page.wait_for_selector("iframe")
    arrived(page, "ar", "en")


def test_the_last_language_stays(page: Page, server: Preview) -> None:
    """The only language that is shown cannot be hidden."""
    show(page, server, "en")
    page.keyboard.press("3")
    page.keyboard.press("4")
    arrived(page, "en", "fr")


def test_drafts_and_lines_are_switched(page: Page, server: Preview) -> None:
    """`d` and `l` mark the pages as those of a draft and number their lines, and the downloads follow."""
    show(page, server, "en", view="pages")
    plain = page.evaluate("() => document.querySelector('.sheet').name")
    page.keyboard.press("d")
    page.wait_for_function("(name) => document.querySelector('.sheet').name !== name", arg=plain)
    page.keyboard.press("l")
    page.wait_for_function("() => document.querySelector('#downloads a').href.endsWith('/ar.pdf?draft&lines')")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.sheet:first-child span')].some((o) => /^\\s*5\\s*$/.test(o.textContent))"
    )
    assert ["true", "true"] == [page.get_attribute(f"#{one}", "aria-pressed") for one in ("draft", "lines")]


def test_a_download_is_a_file(page: Page, server: Preview) -> None:
    """`p` opens the downloads, and a click on a language gives its PDF by its name."""
    show(page, server, "en")
    page.keyboard.press("p")
    with page.expect_download() as waiting:
        page.click("#downloads a >> text=English")
    assert f"{NAME}-EN.pdf" == waiting.value.suggested_filename
    assert 7 == page.locator("#downloads a").count()


# ---- Texts


def test_a_note_is_shown_at_its_call(page: Page, server: Preview) -> None:
    """Pointing at the call of a note shows its words there, and pointing elsewhere takes them away."""
    show(page, server, "en")
    calls = {"_1": "A/CONF.157/24 (Part I), chap. III.", "_2": "See resolution 55/2."}
    for name, words in calls.items():
        assert words == pointed(page, f"[id$=para{name}] .call")
    page.mouse.move(*middle(page, "en", "h1"))
    page.wait_for_function(f"() => !({TIP})()")


def test_a_click_shows_the_source(page: Page, server: Preview) -> None:
    """A click on a paragraph shows where it was typed, chooses it in all languages, and links the editor."""
    show(page, server, "en", "ar")
    page.mouse.click(*middle(page, "en", ".operative"))
    lines = (server.root / "resolutions" / NAME / "en.yaml").read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "*Reaffirms* that it is" in text)
    file, _, number = (page.text_content("#place") or "").rpartition(":")
    assert f"resolutions/{NAME}/en.yaml" == file
    assert int(number) in {line - 1, line}
    assert f"editor://open{server.root}/resolutions/{NAME}/en.yaml#{number}" == page.get_attribute("#edit", "href")
    rows = page.evaluate(
        "() => [...columns.values()].map((one) => [...one.page.querySelectorAll('.operative')]"
        ".findIndex((piece) => piece.matches('.chosen') || piece.querySelector('.chosen')))"
    )
    assert [0, 0] == rows


def test_differences_are_marked(page: Page, server: Preview) -> None:
    """A date that differs between languages is marked in both, is a finding, and the finding leads to the text."""
    show(page, server, "en", "ar")
    edited(server, "en", lambda text: text.replace("4 December 2000", "5 December 2000"))
    marks = "(code) => [...columns.get(code).page.querySelectorAll('mark')].map((one) => one.textContent)"
    page.wait_for_function(f"() => ['en', 'ar'].every((code) => ({marks})(code).length)")
    assert "5 December 2000" in " ".join(page.evaluate(marks, "en")).replace("\u00a0", " ")
    assert any("ديسمبر 2000" in one.replace("\u00a0", " ") for one in page.evaluate(marks, "ar"))
    page.keyboard.press("f")
    finding = page.locator("#findings .finding button").first
    finding.click()
    assert f"resolutions/{NAME}/" in (page.text_content("#place") or "")
    page.wait_for_function("() => [...columns.values()].every((one) => one.page.querySelector('.chosen mark'))")
    saved(server.root, "en", "MENDED")
    page.wait_for_function(f"() => !({marks})('en').length")


def test_text_is_never_more_than_text(page: Page, server: Preview, problems: list[str]) -> None:
    """Scripts, images with handlers and handlers typed in a source are shown as they were typed, and never run."""
    page.goto(server.address)
    page.wait_for_selector("#list[open]")
    assert EVIL == page.locator("#found .name").last.text_content()
    show(page, server, "en", name="A_RES_80_2")
    assert 3 <= texts(page).count(EVIL)
    assert EVIL == page.text_content("#title")
    assert EVIL in pointed(page, ".call")
    page.mouse.click(*middle(page, "en", ".operative"))
    page.keyboard.press("v")
    page.wait_for_selector(".sheet span")
    path = server.root / "resolutions" / "A_RES_80_2" / "en.yaml"
    good = path.read_bytes()
    path.write_text(f"title: ok\noperativ: {json.dumps(EVIL)}\n{EVIL}: 1\n", "utf-8")
    page.wait_for_selector(".fault .finding")
    page.wait_for_function("() => Number(document.getElementById('count').textContent) > 0")
    page.keyboard.press("f")
    assert EVIL[:20] in (page.text_content("#findings") or "")
    path.write_bytes(good)
    page.wait_for_selector(".fault > div", state="detached")
    made = "(one) => one.querySelectorAll('script:not([src]):not([type]), [onerror], [onclick], b[onclick]').length"
    assert 0 == page.evaluate(f"() => ({made})(document)")
    assert page.evaluate("() => window.hacked === undefined && top.hacked === undefined")


# ---- Hands and eyes


def test_all_is_done_by_keys(page: Page, server: Preview) -> None:
    """From the list to a mended finding everything is done without a mouse, and the focus is never lost."""
    page.goto(server.address)
    page.wait_for_selector("#list[open]")
    page.keyboard.type("149")
    page.keyboard.press("Enter")
    arrived(page, "en", "ar", "zh")
    page.keyboard.press("j")
    first = page.text_content("#place")
    page.keyboard.press("j")
    assert first != page.text_content("#place")
    assert page.text_content("#said")
    page.keyboard.press("k")
    assert first == page.text_content("#place")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    page.keyboard.press("f")
    assert page.locator("#findings").is_visible()
    assert "findings" == page.evaluate("() => document.activeElement.id")
    page.keyboard.press("Escape")
    assert not page.locator("#findings").is_visible()
    page.keyboard.press("p")
    assert page.locator("#downloads").is_visible()
    assert page.evaluate("() => document.activeElement.matches('#downloads a')")
    page.keyboard.press("Escape")
    assert not page.locator("#downloads").is_visible()
    page.focus("#open-list")
    page.keyboard.press("Tab")
    assert NATIVE["ar"] == page.evaluate("() => document.activeElement.textContent")
    page.keyboard.press("Enter")
    arrived(page, "en", "zh")
    assert NATIVE["ar"] == page.evaluate("() => document.activeElement.textContent")
    page.keyboard.press("/")
    page.wait_for_selector("#list[open]")
    page.keyboard.type("80/1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert "A/RES/80/1" == page.evaluate("() => document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('symbol').textContent === 'A/RES/80/1'")


def test_the_page_speaks_arabic(page: Page, server: Preview) -> None:
    """In Arabic the whole page runs from the right: its bar begins there, and its words are Arabic."""
    show(page, server, "en", "ar", ui="ar")
    assert ("rtl", "ar") == (page.get_attribute("html", "dir"), page.get_attribute("html", "lang"))
    places = [page.locator(one).bounding_box() for one in ("#open-list", "#interface")]
    assert places[0]
    assert places[1]
    assert places[0]["x"] > places[1]["x"]
    columns = [one.bounding_box() for one in page.locator(".column").all()]
    assert columns[0]
    assert columns[1]
    assert columns[0]["x"] > columns[1]["x"]
    words = page.evaluate("() => settings.words.ar.view_pages")
    assert (words, True) == (page.text_content("#view-pages"), bool(re.search(r"[\u0600-\u06ff]", words)))
    page.select_option("#interface", "fr")
    page.wait_for_function("() => document.documentElement.dir === 'ltr' && document.documentElement.lang === 'fr'")


@pytest.mark.parametrize("ui", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(  # noqa: PLR0913  # the page puts the sources back
    browser: Browser, server: Preview, problems: list[str], page: Page, scheme: str, ui: str
) -> None:
    """Nothing stands against the list, both views, findings, downloads, keys and faults for axe, light or dark."""
    one = opened(browser, problems, server.origin, color_scheme=scheme)
    axe = Axe()

    def sound() -> None:
        assert [] == problems
        # The text over the picture of a page is there to be selected, not to be seen.
        found = axe.run(
            one, {"exclude": [[".sheet span"]]}, {"resultTypes": ["violations"], "iframes": False}
        ).response["violations"]
        assert [] == [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]
        problems.clear()

    one.goto(f"{server.address}#ui={ui}")
    one.locator("#found .state").nth(12).wait_for()
    sound()
    show(one, server, "en", "ar", ui=ui)
    background = one.evaluate("() => getComputedStyle(document.querySelector('header')).backgroundColor")
    dark = sum(map(int, re.findall(r"\d+", background)[:3])) < 300
    assert (scheme == "dark") == dark
    sound()
    for key in ("f", "p", "?"):
        one.keyboard.press(key)
        sound()
        one.keyboard.press("Escape")
    one.keyboard.press("v")
    one.wait_for_selector(".sheet span")
    sound()
    edited(server, "en", lambda text: text.replace("operative:", "operativ:"))
    one.wait_for_selector(".fault .finding")
    one.keyboard.press("f")
    one.wait_for_selector("#findings .finding")
    sound()
    one.context.close()


def test_a_server_that_goes_and_comes_is_told(browser: Browser, tmp_path: Path) -> None:
    """When the server ends the page says that it connects again, and keeps what it shows."""
    noted: list[str] = []
    with serving(house(tmp_path / "house"), "-j", "1") as own:
        page = opened(browser, noted, own.origin)
        show(page, own, "en")
        assert "live" == page.text_content("#connection")
        own.stop()
        page.wait_for_selector("#connection.lost")
        assert TITLE in texts(page)
        page.context.close()


# ---- Files to send


@pytest.fixture(scope="module")
def exported(server: Preview, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the resolution in two languages."""
    root = house(tmp_path_factory.mktemp("sent") / "house")
    limited(root / "resolutions" / NAME, "ar", "en")
    to = root.parent / "handout"
    done = export(root, to)
    assert 0 == done.returncode, done.stderr
    return to


def test_exported_files_open_without_a_server(browser: Browser, exported: Path, problems: list[str]) -> None:
    """A file opens from the disk with layouts, pages, findings and downloads, asks for no other file, and errs not."""
    index = (exported / "index.html").as_uri()
    page = opened(browser, problems, exported.as_uri())
    page.goto(index)
    page.wait_for_selector("#list[open]")
    page.click("#found a")
    arrived(page, "en", "ar")
    assert TITLE in texts(page)
    tops = page.evaluate(TOPS, ["en", "ar"])
    assert max(abs(one - other) for one, other in zip(*tops, strict=True)) <= 2
    page.wait_for_function(
        "() => [...columns.get('ar').page.fonts].some((one) => one.family === 'Press Naskh' && one.status === 'loaded')"
    )
    page.keyboard.press("v")
    page.wait_for_selector(".sheet")
    page.wait_for_function("() => [...document.querySelectorAll('.sheet img')].every((one) => one.naturalWidth)")
    page.wait_for_function("() => document.querySelector('.sheet').textContent.includes('A/RES/56/149')")
    page.keyboard.press("f")
    assert page.locator("#findings").is_visible()
    assert f"{NAME}/{NAME}-EN.pdf" == page.locator("#downloads a >> text=English").get_attribute("href") or ""
    assert 0 == page.locator("#draft").count()
    page.context.close()
    assert [] == problems
