"""The playground's server: answers, limits, headers, refusals."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlencode

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx")

from starlette.testclient import TestClient

from tokenry import Tokenizer
from tokenry.learning import learn
from tokenry.web import Limits, create_app

TEXT = "low lower lowest <|end|> slow slower, flow; a glow below the bowl allowed to follow\n" * 20
LIMITS = Limits(text=100_000, upload=200_000, uploads=2)


@pytest.fixture(scope="module")
def tokenizers() -> dict[str, Tokenizer]:
    return {
        "small": learn([TEXT], vocab_size=262, special_tokens=("<|end|>",)),
        "large <b>": learn([TEXT], vocab_size=275),
    }


@pytest.fixture
def client(tokenizers: dict[str, Tokenizer]) -> TestClient:
    app = create_app(tokenizers, limits=LIMITS)
    return TestClient(app, base_url="http://127.0.0.1:8642")


def ask(client: TestClient, path: str = "/columns", **fields: object) -> str:
    body = urlencode({"tokenizer": ["small", "large <b>"], **fields}, doseq=True)
    answer = client.post(path, content=body)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_page_shows_a_sample_under_two_tokenizers(client: TestClient) -> None:
    page = client.get("/").text
    assert page.count('class="column"') == 2
    assert "large &lt;b&gt;" in page
    assert "large <b>" not in page
    assert "<script>" not in page
    assert "style=" not in page


def test_columns_count_what_the_tokenizers_count(
    client: TestClient, tokenizers: dict[str, Tokenizer]
) -> None:
    html = ask(client, text="low lower\r\nlowest")
    counts = [int(each) for each in re.findall(r'class="total[^"]*">(\d+)<', html)]
    assert counts == [each.count("low lower\nlowest") for each in tokenizers.values()]


def test_the_form_works_without_scripts(client: TestClient) -> None:
    page = ask(client, "/", text="<&>low", policy="recognised", price="2.5")
    assert "\n&lt;&amp;&gt;low</textarea>" in page
    assert '<option value="recognised" selected>' in page
    assert 'value="2.5"' in page
    assert 'class="cost"' in page


def test_a_text_begins_where_its_script_does(client: TestClient) -> None:
    assert 'dir="rtl">' in ask(client, "/", text="123 שלום")
    assert 'dir="ltr">' in ask(client, "/", text="123 hello שלום")


def test_odd_fields_do_no_harm(client: TestClient) -> None:
    for fields in ({}, {"text": ""}, {"text": "a", "price": "nan"}, {"text": "a", "price": "-1"}):
        assert 'class="cost"' not in ask(client, **fields)
    assert client.post("/columns", content=b"\xff\xfe=%").status_code == 200


def test_specials_are_recognised_on_request(client: TestClient) -> None:
    assert "special" not in ask(client, text="<|end|>")
    assert "special" in ask(client, text="<|end|>", policy="recognised")


def test_an_upload_is_a_column_like_any_other(client: TestClient, tmp_path: Path) -> None:
    learn([TEXT], vocab_size=270).save(tmp_path)
    data = (tmp_path / "tokenizer.json").read_bytes()
    for body, name in ((data, "mine.json"), (gzip.compress(data), "mine.json.gz")):
        answer = client.post(f"/upload?name={name}", content=body)
        assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "mine (2)"
    assert 'aria-label="mine (2)"' in ask(client, tokenizer="mine (2)", text="low")
    ranks = b"".join(b"%s %d\n" % (b64encode(bytes([byte])), byte) for byte in range(256))
    refused = client.post("/upload?name=ranks.tiktoken", content=ranks)
    assert refused.status_code == 422
    assert "name the pattern" in refused.text
    assert "/tmp" not in refused.text
    kept = client.post("/upload?name=ranks.tiktoken&pattern=gpt2", content=ranks)
    assert kept.json()["names"] == ["small", "large <b>", "mine (2)", "ranks"]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("x.json", b"{}", 422),
        ("x.json", b"", 422),
        ("x.model", b"\x00\x01\x02" * 50, 422),
        ("x.json.gz", b"\x1f\x8b" + b"\x00" * 40, 422),
        ("x.tiktoken", b"not base64 at all\n", 422),
        ("../../etc/passwd", b"{", 422),
        ("x.json", b"a" * 200_001, 413),
    ],
)
def test_refuses_what_is_no_tokenizer(
    client: TestClient, name: str, body: bytes, status: int
) -> None:
    answer = client.post(f"/upload?name={name}", content=body)
    assert answer.status_code == status
    assert answer.text
    assert "Traceback" not in answer.text
    assert "tokenry-" not in answer.text
    assert len(answer.text) < 600


def test_a_body_that_does_not_say_its_size_is_bounded_too(client: TestClient) -> None:
    def endless() -> object:
        for _ in range(1_000):
            yield b"a" * 1_000

    assert client.post("/upload?name=x", content=endless()).status_code == 413  # type: ignore[arg-type]
    assert client.post("/columns", content=b"text=" + b"a" * 100_000).status_code == 413


def test_says_what_is_not_there(client: TestClient) -> None:
    body = urlencode({"tokenizer": "none", "text": "a"})
    assert client.post("/columns", content=body).status_code == 422
    for query in ("tokenizer=none&id=1", "tokenizer=small&id=262", "tokenizer=small&id=x"):
        assert client.get(f"/replay?{query}").status_code == 422
    assert client.get("/nothing").status_code == 404


def test_replays_how_a_token_is_made(client: TestClient, tokenizers: dict[str, Tokenizer]) -> None:
    id_ = tokenizers["small"].encode("low")[0]
    html = client.get(f"/replay?tokenizer=small&id={id_}").text
    assert html.count("<li>") == 3
    assert "Its role is" in client.get("/replay?tokenizer=small&id=0").text
    assert "One symbol" in client.get("/replay?tokenizer=small&id=5").text


def test_headers_forbid_all_but_its_own(client: TestClient) -> None:
    for path in ("/", "/style.css", "/playground.js", "/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/playground.js").headers["content-type"].startswith("text/javascript")


def test_answers_its_own_pages_and_names_only(client: TestClient) -> None:
    foreign = client.post("/columns", content="text=a", headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403
    own = client.post("/columns", content="text=a", headers={"origin": "http://127.0.0.1:8642"})
    assert own.status_code == 200
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.get("/", headers={"host": "[::1]:8642"}).status_code == 200


def test_any_name_is_answered_where_that_was_asked_for(tokenizers: dict[str, Tokenizer]) -> None:
    client = TestClient(create_app(tokenizers, hosts=None), base_url="http://tokens.example")
    assert client.get("/").status_code == 200


def test_json_of_an_upload_names_the_kept(client: TestClient, tmp_path: Path) -> None:
    learn([TEXT], vocab_size=270).save(tmp_path)
    data = (tmp_path / "tokenizer.json").read_bytes()
    for turn in range(4):
        found = json.loads(client.post(f"/upload?name=t{turn}.json", content=data).text)
    assert found["names"] == ["small", "large <b>", "t2", "t3"]
