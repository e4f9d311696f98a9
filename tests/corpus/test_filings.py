from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tokenry.corpus.filings import filings, read_filing, text_of_html
from tokenry.errors import CorpusError

SUBMISSION = """<SEC-DOCUMENT>0000000001-24-000007.txt : 20240215
<SEC-HEADER>0000000001-24-000007.hdr.sgml : 20240215
ACCESSION NUMBER:\t\t0000000001-24-000007
CONFORMED SUBMISSION TYPE:\t10-K/A
CONFORMED PERIOD OF REPORT:\t20231231
FILED AS OF DATE:\t\t20240215

FILER:

\tCOMPANY DATA:
\t\tCOMPANY CONFORMED NAME:\t\t\tEXAMPLE MILLS INC
\t\tCENTRAL INDEX KEY:\t\t\t0000000001
\t\tSTANDARD INDUSTRIAL CLASSIFICATION:\tGRAIN MILL PRODUCTS [2040]
</SEC-HEADER>
<DOCUMENT>
<TYPE>10-K/A
<SEQUENCE>1
<FILENAME>mills.htm
<TEXT>
<html><head><style>p {color: red}</style></head><body>
<p>Item 1.&nbsp;Business</p><p>We mill <b>grain</b> &amp; sell flour.</p>
<table><tr><td>Revenue</td><td>1,204,331</td><td>1,100,876</td></tr>
<tr><td>2023</td><td>99,120,000</td></tr></table>
<table><tr><td>Risk</td><td>Harvests may fail in a dry year.</td></tr></table>
</body></html>
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>EX-99.1
<SEQUENCE>2
<FILENAME>letter.txt
<TEXT>
To our holders:

<PAGE>
The year was good.
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>GRAPHIC
<SEQUENCE>3
<FILENAME>logo.jpg
<TEXT>
begin 644 logo.jpg
M_]C_X``02D9)
end
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>EX-101.INS
<SEQUENCE>4
<FILENAME>data.xml
<TEXT>
<XBRL>1</XBRL>
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""


@pytest.fixture(params=["a.txt", "a.txt.gz"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    target = tmp_path / str(request.param)
    data = SUBMISSION.encode()
    target.write_bytes(gzip.compress(data) if target.suffix == ".gz" else data)
    return target


def test_a_submission(path: Path) -> None:
    found = read_filing(path)
    assert (found.form, found.year) == ("10-K", "2024")
    assert found.facts == {
        "accession": "0000000001-24-000007", "form": "10-K/A", "filed": "20240215",
        "period": "20231231", "company": "EXAMPLE MILLS INC", "cik": "0000000001",
        "industry": "GRAIN MILL PRODUCTS [2040]",
    }  # fmt: skip
    assert [(part.type, part.name) for part in found.parts] == [
        ("10-K/A", "mills.htm"), ("EX-99.1", "letter.txt")
    ]  # fmt: skip
    report, letter = (part.text for part in found.parts)
    assert report == (
        "Item 1. Business\nWe mill grain & sell flour.\nRisk Harvests may fail in a dry year."
    )
    assert letter == "To our holders:\n\nThe year was good."


def test_a_corpus_of_submissions(path: Path) -> None:
    documents = list(filings([path]))
    assert [document.domain for document in documents] == ["10-K", "10-K"]
    assert documents[1].source == f"{path}:letter.txt"
    assert {document.domain for document in filings([path], by="year")} == {"2024"}
    assert {d.domain for d in filings([path], by="company")} == {"EXAMPLE MILLS INC"}
    assert {d.domain for d in filings([path], by="colour")} == {"unknown"}


def test_what_is_no_submission(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a letter")
    with pytest.raises(CorpusError, match="no EDGAR submission"):
        read_filing(tmp_path / "a.txt")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(SUBMISSION.encode())[:-20])
    with pytest.raises(CorpusError, match="cannot read"):
        read_filing(tmp_path / "b.txt.gz")
    with pytest.raises(CorpusError, match="cannot read"):
        read_filing(tmp_path / "c.txt")


def test_markup_that_is_not_closed() -> None:
    assert (
        text_of_html("<p>One<br>two<table><tr><td>words in a cell") == "One\ntwo\nwords in a cell"
    )
    assert text_of_html("<script>x = 1</script>&lt;ok&gt;") == "<ok>"
