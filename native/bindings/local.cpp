#include <nanobind/stl/optional.h>

#include <optional>
#include <string>

#include "bindings/arrays.hpp"
#include "bindings/bindings.hpp"
#include "encode/local_engine.hpp"
#include "encode/normalized_segmenter.hpp"
#include "encode/sentence_words.hpp"

using namespace nanobind::literals;

namespace tokenry::bindings {

using namespace encode;

namespace {

nb::object encode(const LocalEngine& engine, nb::handle data) {
    const Text text = text_of(data);
    base::Buffer<Id> ids;
    bool local = false;
    {
        nb::gil_scoped_release release;
        local = engine.encode(text, ids);
    }
    return local ? nb::cast(to_array(ids)) : nb::none();
}

nb::tuple encode_batch(const LocalEngine& engine, nb::handle texts, unsigned threads) {
    const Texts held(texts);
    base::Buffer<Id> ids;
    base::Buffer<std::uint64_t> offsets;
    offsets.reserve_more(held.views.size() + 1);
    offsets.set_size(held.views.size() + 1);
    std::vector<std::uint64_t> others;
    {
        nb::gil_scoped_release release;
        engine.encode_batch(held.views, threads, ids, offsets.data(), others);
    }
    nb::list rest;
    for (const std::uint64_t text : others) rest.append(text);
    return nb::make_tuple(to_array(ids), to_array(offsets), rest);
}

}  // namespace

void bind_local(nb::module_& m) {
    nb::class_<WordChanges>(m, "WordChanges")
        .def(nb::init<const normalize::SentencePieceNormalizer*, std::size_t, bool>(),
             "normalizer"_a = nb::none(), nb::kw_only(), "growth"_a = 1, "spaced"_a = false,
             nb::keep_alive<1, 2>());
    nb::class_<NormalizedSegmenter, Segmenter>(m, "NormalizedSegmenter")
        .def(nb::init<const Segmenter&, const split::Splitter*, const WordChanges&>(), "inner"_a,
             "splitter"_a = nb::none(), "changes"_a = WordChanges(nullptr, 1, false),
             nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>(), nb::keep_alive<1, 4>());
    using Unigram = UnigramSegmenter<SentencePieceScores>;
    nb::class_<SentenceWords, Segmenter>(m, "SentenceWords")
        .def(nb::init<const Unigram&, const WordChanges&>(), "inner"_a,
             "changes"_a = WordChanges(nullptr, 1, false), nb::keep_alive<1, 2>(),
             nb::keep_alive<1, 3>())
        .def_static("fits", &SentenceWords::fits, "inner"_a);
    nb::class_<LocalEngine>(m, "LocalEngine")
        .def(
            "__init__",
            [](LocalEngine* self, const Segmenter& words, const split::Splitter& splitter,
               nb::bytes prefix, bool unless_space, std::optional<std::size_t> cache_bytes) {
                TextStart start{{prefix.c_str(), prefix.size()}, unless_space};
                new (self) LocalEngine(words, splitter, std::move(start),
                                       cache_bytes.value_or(default_cache_bytes()));
            },
            "words"_a, "splitter"_a, nb::kw_only(), "prefix"_a = nb::bytes(""),
            "unless_space"_a = false, "cache_bytes"_a = nb::none(), nb::keep_alive<1, 2>(),
            nb::keep_alive<1, 3>())
        .def("encode", encode, "data"_a)
        .def("encode_batch", encode_batch, "texts"_a, "threads"_a = 1)
        .def("clear_cache", &LocalEngine::clear_cache)
        .def("stats", [](const LocalEngine& self) { return to_dict(self.stats()); });
}

}  // namespace tokenry::bindings
