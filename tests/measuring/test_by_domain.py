from tokenry.corpus import Document
from tokenry.measuring.by_domain import MOST_DOMAINS, DomainSample


def test_domains_are_in_order_of_their_size() -> None:
    texts = (("a", b"xx"), ("b", b"yyyyyy"), ("a", b"zz"))
    found = DomainSample.of([Document(data, domain=name) for name, data in texts])
    assert found.domains == {"b": [1], "a": [0, 2]}
    assert found.sample.documents == (b"xx", b"yyyyyy", b"zz")


def test_a_crowd_of_domains_is_measured_together() -> None:
    documents = [Document(b"x" * (i + 1), domain=f"d{i}") for i in range(MOST_DOMAINS + 3)]
    found = DomainSample.of(documents)
    assert len(found.domains) == MOST_DOMAINS
    assert found.domains["4 other domains"] == [0, 1, 2, 3]
    assert sorted(i for chosen in found.domains.values() for i in chosen) == list(range(15))


def test_speed_needs_two_megabytes_only() -> None:
    documents = [Document(b"x" * 900_000) for _ in range(4)]
    assert len(DomainSample.of(documents).for_speed().documents) == 2
    assert len(DomainSample.of([Document(b"x" * 3_000_000)]).for_speed().documents) == 1
