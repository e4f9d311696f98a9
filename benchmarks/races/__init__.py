"""One race a file; each has `run(settings) -> list[Case]`."""

ORDER = (
    "encode_warm",
    "encode_stream",
    "unique_words",
    "decode",
    "count_and_spans",
    "long_pretoken",
    "families",
    "numbers",
    "threads",
    "one_document",
    "latency",
    "load",
    "transformers",
    "memory",
    "shards",
    "domains",
    "learn_bpe",
    "learn_superbpe",
    "learn_unigram",
    "learn_wordpiece",
)
