// Python's view of what learning WordPiece takes: WordPieceIndex.
#include <nanobind/stl/string.h>

#include "bindings/arrays.hpp"
#include "bindings/names.hpp"
#include "learn/word_counter.hpp"
#include "learn/wordpiece_index.hpp"

namespace tokenry::bindings {

using namespace learn;

namespace {

constexpr Name<PairScore> kScores[] = {{"likelihood", PairScore::kLikelihood},
                                       {"ratio", PairScore::kRatio},
                                       {"frequency", PairScore::kFrequency}};

nb::tuple run(WordPieceIndex& self, std::size_t merges) {
    std::vector<std::uint32_t> ids;
    std::vector<double> scores;
    unlocked([&] {
        WordPieceIndex::Merge merge;
        for (std::size_t i = 0; i < merges && self.step(merge); ++i) {
            ids.insert(ids.end(), {merge.left, merge.right, merge.made});
            scores.push_back(merge.score);
        }
    });
    return nb::make_tuple(to_array(std::move(ids)), to_array(std::move(scores)));
}

nb::tuple pieces(const WordPieceIndex& self) {
    Packed packed;
    for (const std::string& piece : self.pieces()) packed.add(piece);
    return nb::make_tuple(packed.bytes(), packed.offsets());
}

}  // namespace

void bind_learn_wordpiece(nb::module_& m) {
    nb::class_<WordPieceIndex>(m, "WordPieceIndex")
        .def(
            "__init__",
            [](WordPieceIndex* self, WordCounter& counter, const std::string& score,
               std::uint64_t min_count, std::size_t max_bytes) {
                const PairScore kind = value_of(score, "score", kScores);
                const nb::gil_scoped_release release;
                new (self) WordPieceIndex(counter.table(), kind, min_count, max_bytes);
                counter.table().clear();
            },
            "counter"_a, "score"_a, "min_count"_a, "max_bytes"_a)
        .def("run", &run, "merges"_a)
        .def("__len__", [](const WordPieceIndex& self) { return self.pieces().size(); })
        .def("pieces", &pieces);
}

}  // namespace tokenry::bindings
