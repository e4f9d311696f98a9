// Python's view of the segmenters of encode/.
#include <nanobind/stl/string.h>

#include <cstring>

#include "bindings/arrays.hpp"
#include "bindings/names.hpp"
#include "bindings/splitters.hpp"
#include "encode/continuation_segmenter.hpp"
#include "encode/event_segmenter.hpp"
#include "encode/user_defined_segmenter.hpp"
#include "encode/longest_segmenter.hpp"
#include "encode/renamed_segmenter.hpp"
#include "encode/unigram_segmenter.hpp"
#include "encode/whole_words_segmenter.hpp"
#include "encode/word_run_segmenter.hpp"
#include "encode/wordpiece_segmenter.hpp"

namespace tokenry::bindings {

using namespace encode;

namespace {

constexpr Name<UnigramCut> kUnigramCuts[] = {{"nowhere", UnigramCut::kNowhere},
                                             {"before space runs", UnigramCut::kBeforeSpaceRuns},
                                             {"before every space", UnigramCut::kBeforeEverySpace}};

using Offsets = In<std::uint64_t>;
using EventRows = InRows<std::uint32_t, 4>;

std::vector<Event> events_of(const EventRows& rows) {
    static_assert(sizeof(Event) == 4 * sizeof(std::uint32_t));
    std::vector<Event> events(rows.shape(0));
    if (!events.empty()) std::memcpy(events.data(), rows.data(), events.size() * sizeof(Event));
    return events;
}

// An __init__ in whose signature `Given` stand behind the packed pieces.
template <class Made, class... Given>
void construct(Made* self, nb::bytes pieces, Offsets offsets, Given... given) {
    unlocked([&, pieces = view(pieces)] { new (self) Made(pieces, view(offsets), given...); });
}

template <class Scores>
void bind_unigram(nb::module_& m, const char* name) {
    using Unigram = UnigramSegmenter<Scores>;
    nb::class_<Unigram, Segmenter>(m, name)
        .def(
            "__init__",
            [](Unigram* self, nb::bytes pieces, Offsets offsets, In<double> scores,
               double unknown_score, std::int64_t unknown, bool byte_fallback,
               In<std::int64_t> byte_ids) {
                const UnigramOptions options{unknown_score, unknown, byte_fallback,
                                             to_fixed<256>(view(byte_ids), "byte_ids")};
                construct(self, pieces, offsets, view(scores), options);
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "scores"_a, "unknown_score"_a, "unknown"_a,
            "byte_fallback"_a, "byte_ids"_a)
        .def_prop_ro("cut", [](const Unigram& self) {
            return name_of(self.cut_places(), kUnigramCuts);
        });
}

void bind_greedy(nb::module_& m) {
    nb::class_<LongestSegmenter, Segmenter>(m, "LongestSegmenter")
        .def("__init__", construct<LongestSegmenter>, nb::kw_only(), "pieces"_a, "offsets"_a);
    nb::class_<ContinuationSegmenter, Segmenter>(m, "ContinuationSegmenter")
        .def(
            "__init__",
            [](ContinuationSegmenter* self, nb::bytes pieces, Offsets offsets, In<bool> continues) {
                construct(self, pieces, offsets, view(continues));
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "continues"_a);
    nb::class_<WordPieceSegmenter, Segmenter>(m, "WordPieceSegmenter")
        .def(
            "__init__",
            [](WordPieceSegmenter* self, nb::bytes pieces, Offsets offsets, nb::bytes prefix,
               std::int64_t unknown, std::size_t longest_word, In<std::uint32_t> spaced) {
                construct(self, pieces, offsets, characters(prefix), unknown, longest_word,
                          view(spaced));
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "prefix"_a, "unknown"_a, "longest_word"_a,
            "spaced"_a);
}

void bind_events(nb::module_& m) {
    nb::class_<EventSegmenter, Segmenter>(m, "EventSegmenter")
        .def(
            "__init__",
            [](EventSegmenter* self, nb::bytes pieces, Offsets offsets, EventRows events,
               In<std::int64_t> ids) {
                const auto log = events_of(events);
                construct(self, pieces, offsets, std::span(log), view(ids));
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "events"_a, "ids"_a);
    nb::class_<WordRunSegmenter, Segmenter>(m, "WordRunSegmenter")
        .def(
            "__init__",
            [](WordRunSegmenter* self, nb::bytes pieces, Offsets offsets, EventRows events,
               In<std::int64_t> ids, const std::string& splitter) {
                auto words = word_runs_named(splitter);
                const auto log = events_of(events);
                unlocked([&, pieces = view(pieces)] {
                    new (self) WordRunSegmenter(pieces, view(offsets), log, view(ids),
                                                std::move(words));
                });
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "events"_a, "ids"_a, "splitter"_a);
}

}  // namespace

void bind_segmenters(nb::module_& m) {
    nb::class_<Segmenter>(m, "Segmenter");
    bind_unigram<SentencePieceScores>(m, "SentencePieceUnigramSegmenter");
    bind_unigram<TransformersScores>(m, "TransformersUnigramSegmenter");
    bind_greedy(m);
    bind_events(m);
    nb::class_<UserDefinedSegmenter, Segmenter>(m, "UserDefinedSegmenter")
        .def(
            "__init__",
            [](UserDefinedSegmenter* self, const Segmenter& inner, const split::Splitter& splitter,
               In<Id> frozen, bool of_words) {
                new (self) UserDefinedSegmenter(inner, splitter, view(frozen), of_words);
            },
            "inner"_a, "splitter"_a, "frozen"_a, nb::kw_only(), "of_words"_a = false,
            nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>());
    nb::class_<RenamedSegmenter, Segmenter>(m, "RenamedSegmenter")
        .def(
            "__init__",
            [](RenamedSegmenter* self, const Segmenter& inner, In<Id> ids, std::int64_t inner_unknown,
               std::int64_t unknown, bool looks_up, nb::bytes pieces, Offsets offsets) {
                unlocked([&, run = view(pieces)] {
                    new (self) RenamedSegmenter(inner, view(ids), inner_unknown, unknown, looks_up,
                                                PieceTable(run, view(offsets)));
                });
            },
            "inner"_a, "ids"_a, nb::kw_only(), "inner_unknown"_a, "unknown"_a, "looks_up"_a,
            "pieces"_a, "offsets"_a, nb::keep_alive<1, 2>());
    nb::class_<WholeWordsSegmenter, Segmenter>(m, "WholeWordsSegmenter")
        .def(
            "__init__",
            [](WholeWordsSegmenter* self, nb::bytes pieces, Offsets offsets, std::int64_t unknown,
               In<std::int64_t> byte_ids) {
                construct(self, pieces, offsets, unknown, to_fixed<256>(view(byte_ids), "byte_ids"));
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "unknown"_a, "byte_ids"_a);
}

}  // namespace tokenry::bindings
