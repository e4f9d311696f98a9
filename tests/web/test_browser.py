"""The playground as a person uses it, in headless Chromium."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chromium import CHROMIUM, WITHOUT, launched

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=WITHOUT)
playwright = pytest.importorskip("playwright.sync_api")
uvicorn = pytest.importorskip("uvicorn")
expect = playwright.expect

from tokenry.learning import learn  # noqa: E402
from tokenry.web import Limits, create_app  # noqa: E402

TEXT = "low lower lowest <|end|> slow slower, flow; a glow below the bowl allowed to follow\n" * 20


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    tokenizers = {
        "small": learn([TEXT], vocab_size=262, special_tokens=("<|end|>",)),
        "large": learn([TEXT], vocab_size=275),
    }
    config = uvicorn.Config(
        create_app(tokenizers, limits=Limits(upload=2_000_000)), port=0, log_level="warning"
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{socket.getsockname()[1]}/"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A fresh page whose console must stay empty."""
    found = browser.new_page(viewport={"width": 1300, "height": 900})
    complaints: list[str] = []
    found.on("console", lambda message: complaints.append(message.text))
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.goto(address)
    yield found
    refused = [each for each in complaints if "the server responded with a status of 4" not in each]
    assert not refused
    found.close()


def type_text(page: Any, text: str) -> None:
    """Put a text in and wait for its columns."""
    with page.expect_response("**/columns"):
        page.fill("#text", text)
    page.wait_for_selector("#columns:not(.waiting)")


def totals(page: Any) -> list[int]:
    return [int(each.replace(",", "")) for each in page.locator(".total").all_inner_texts()]


def tokens(page: Any, column: int = 0) -> Any:
    return page.locator(".column").nth(column).locator(".tokens [data-t]")


def test_typing_shows_tokens(page: Any) -> None:
    type_text(page, "low lower")
    page.locator("#text").press_sequentially(" lowest flow", delay=15)
    expect(page.locator(".counts b").first).to_have_text("21")
    assert len(totals(page)) == 2
    colour = tokens(page).first.evaluate("each => getComputedStyle(each).backgroundColor")
    assert colour != "rgba(0, 0, 0, 0)", "the style sheet is not there"


def test_the_last_answer_stays(page: Any) -> None:
    def slow(route: Any) -> None:
        if "first" in (route.request.post_data or ""):
            time.sleep(0.6)
        route.continue_()

    page.route("**/columns", slow)
    page.fill("#text", "first")
    page.wait_for_timeout(200)
    page.fill("#text", "second one")
    page.wait_for_timeout(1500)
    expect(page.locator(".counts b").first).to_have_text("10")


def test_columns_are_switched_and_added(page: Any) -> None:
    type_text(page, "low lower lowest slow")
    assert page.locator(".column").count() == 2
    selects = page.locator('select[name="tokenizer"]')
    with page.expect_response("**/columns"):
        selects.nth(1).select_option("")
    expect(page.locator(".column")).to_have_count(1)
    with page.expect_response("**/columns"):
        selects.nth(0).select_option("large")
    expect(page.locator(".column h3")).to_have_text("large")


def test_hovering_links_text_and_ids(page: Any) -> None:
    type_text(page, "low lower lowest slow")
    tokens(page).nth(1).hover()
    on = page.locator(".column").nth(0).locator(".on")
    assert on.count() == 2
    place = on.first.get_attribute("data-t")
    assert place == on.last.get_attribute("data-t") == "1"
    page.locator(".column").nth(1).locator(".ids li").first.hover()
    assert page.locator(".column").nth(0).locator(".on").count() == 0
    assert page.locator(".column").nth(1).locator(".tokens .on").count() == 1


def test_tokens_that_differ_are_marked(page: Any) -> None:
    type_text(page, "low lower lowest")
    assert page.locator(".tokens .alone").count() > 0


def test_the_keyboard_reaches_everything(page: Any) -> None:
    type_text(page, "low lower lowest slow")
    page.locator(".tokens").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator(".tokens .on").get_attribute("data-t") == "1"
    assert " is " in page.locator("#status").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_selector("#replay[open]")
    assert "id" in page.locator("#replay h3").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector("#replay:not([open])", state="attached")


def test_a_click_replays_merges(page: Any) -> None:
    type_text(page, "low")
    tokens(page).first.click()
    page.wait_for_selector("#replay[open]")
    assert page.locator("#replay .steps li").count() >= 2
    page.locator("#replay button").click()
    page.wait_for_selector("#replay:not([open])", state="attached")


def test_an_upload_becomes_a_column(page: Any, tmp_path: Path) -> None:
    learn([TEXT], vocab_size=270).save(tmp_path)
    page.set_input_files("#upload", tmp_path / "tokenizer.json")
    expect(page.locator(".column")).to_have_count(3)
    expect(page.locator("#status")).to_contain_text("is here")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("broken.json", b'{"model": 3', "broken.json"),
        ("noise.model", bytes(range(256)) * 9, "noise.model"),
        ("large.json", b" " * 2_000_001, "larger than 2,000,000 bytes"),
    ],
)
def test_a_malformed_upload_is_one_sentence(
    page: Any, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    page.set_input_files("#upload", tmp_path / name)
    page.wait_for_selector("#status.error")
    assert message in page.locator("#status").inner_text()
    assert page.locator(".column").count() == 2


def test_right_to_left_text_and_emoji_stay_whole(page: Any) -> None:
    text = "שלום עולם 👩‍👩‍👧 🇩🇪 é مرحبا"
    type_text(page, text)
    drawn = tokens(page).evaluate_all(
        "all => all.map(each => [...each.childNodes]"
        ".filter(node => node.nodeName !== 'SUP').map(node => node.textContent).join(''))"
    )
    assert "".join(drawn).replace("·", " ") == text
    assert sum("👩‍👩‍👧" in each for each in drawn) == 1
    assert page.locator(".tokens").first.get_attribute("dir") == "auto"
    assert page.locator("#text").get_attribute("dir") == "rtl"
    assert page.locator(".counts b").nth(2).inner_text() == "21"


def test_what_is_typed_is_never_markup(page: Any) -> None:
    text = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    type_text(page, text)
    assert page.locator("#columns img, #columns script").count() == 0
    assert "".join(tokens(page).all_inner_texts()).replace("·", " ") == text


def test_a_paste_of_a_megabyte_is_counted(page: Any) -> None:
    text = "low lower lowest flow\n" * 50_000
    with page.expect_response("**/columns", timeout=20_000):
        page.evaluate(
            "text => { const box = document.getElementById('text'); box.value = text;"
            " box.dispatchEvent(new Event('input', { bubbles: true })); }",
            text,
        )
    page.wait_for_selector(".cutoff")
    assert page.locator(".counts b").first.inner_text() == "1,100,000"
    assert min(totals(page)) > 100_000


def test_the_form_works_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    found = context.new_page()
    found.goto(address)
    found.fill("#text", "low flow")
    found.click("noscript button")
    expect(found.locator(".counts b").first).to_have_text("8")
    context.close()
