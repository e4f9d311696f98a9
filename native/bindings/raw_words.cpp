// Python's view of the segmenters of words as they stand in text.
#include <nanobind/stl/shared_ptr.h>

#include <memory>

#include "bindings/arrays.hpp"
#include "bindings/bindings.hpp"
#include "encode/affixed_segmenter.hpp"
#include "encode/bert_segmenter.hpp"
#include "encode/dropping_segmenter.hpp"
#include "encode/found_segmenter.hpp"
#include "encode/marked_segmenter.hpp"
#include "encode/normalized_segmenter.hpp"
#include "encode/sentence_words.hpp"

namespace tokenry::bindings {

using namespace encode;

void bind_raw_words(nb::module_& m) {
    const WordChanges none(nullptr, false, false);
    nb::class_<WordChanges>(m, "WordChanges")
        .def(nb::init<const normalize::Normalizer*, bool, bool>(), "normalizer"_a = nb::none(),
             nb::kw_only(), "spaced"_a = false, "parts"_a = false, nb::keep_alive<1, 2>());
    nb::class_<NormalizedSegmenter, Segmenter>(m, "NormalizedSegmenter")
        .def(nb::init<const Segmenter&, const split::Splitter*, const WordChanges&>(), "inner"_a,
             "splitter"_a = nb::none(), "changes"_a = none, nb::keep_alive<1, 2>(),
             nb::keep_alive<1, 3>(), nb::keep_alive<1, 4>());
    using Unigram = UnigramSegmenter<SentencePieceScores>;
    nb::class_<SentenceWords, Segmenter>(m, "SentenceWords")
        .def(nb::init<const Unigram&, const WordChanges&>(), "inner"_a, "changes"_a = none,
             nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>())
        .def_static("fits", &SentenceWords::fits, "inner"_a);
    nb::class_<BertSegmenter, Segmenter>(m, "BertSegmenter")
        .def(nb::init<const Segmenter&, unicode::bert::Options>(), "words"_a, "options"_a,
             nb::keep_alive<1, 2>());
    nb::class_<MarkedSegmenter, Segmenter>(m, "MarkedSegmenter")
        .def(
            "__init__",
            [](MarkedSegmenter* self, const Segmenter& words,
               std::shared_ptr<const normalize::Charsmap> rules,
               std::shared_ptr<const normalize::Normalizer> before, nb::bytes squeezes,
               bool strips) {
                new (self) MarkedSegmenter(words, std::move(rules), std::move(before),
                                           {SpaceBytes(to_string(squeezes)), strips});
            },
            "words"_a, "rules"_a.none(), "before"_a = nb::none(), nb::kw_only(),
            "squeezes"_a = nb::bytes(""), "strips"_a = false, nb::keep_alive<1, 2>())
        .def_static("fits", &MarkedSegmenter::fits, "rules"_a);
    nb::class_<FoundSegmenter, Segmenter>(m, "FoundSegmenter")
        .def(nb::init<const Segmenter&, const split::Finder&, const normalize::Normalizer*>(),
             "inner"_a, "finder"_a, "normalizer"_a = nb::none(), nb::keep_alive<1, 2>(),
             nb::keep_alive<1, 3>(), nb::keep_alive<1, 4>());
    nb::class_<AffixedSegmenter, Segmenter>(m, "AffixedSegmenter")
        .def(
            "__init__",
            [](AffixedSegmenter* self, const Segmenter& inner, In<std::uint32_t> points,
               InRows<std::uint32_t, 4> codes, std::uint32_t unknown, bool characters,
               nb::bytes pieces, In<std::uint64_t> offsets) {
                std::vector<AffixedSegmenter::Codes> rows;
                for (std::size_t i = 0; i < codes.shape(0); ++i)
                    rows.push_back(to_fixed<4>(std::span(codes.data() + 4 * i, 4), "codes"));
                new (self) AffixedSegmenter(inner, view(points), rows, unknown, characters,
                                            PieceTable(view(pieces), view(offsets)));
            },
            "inner"_a, "points"_a, "codes"_a, nb::kw_only(), "unknown"_a, "characters"_a,
            "pieces"_a, "offsets"_a, nb::keep_alive<1, 2>());
    nb::class_<DroppingSegmenter, Segmenter>(m, "DroppingSegmenter")
        .def(
            "__init__",
            [](DroppingSegmenter* self, const Segmenter& inner, In<std::uint32_t> known,
               bool characters) {
                new (self) DroppingSegmenter(inner, view(known), characters);
            },
            "inner"_a, "known"_a, nb::kw_only(), "characters"_a, nb::keep_alive<1, 2>());
}

}  // namespace tokenry::bindings
