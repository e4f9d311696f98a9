// Python's view of what learning WordPiece takes: WordPieceIndex.
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include "bindings/bindings.hpp"
#include "learn/word_counter.hpp"
#include "learn/wordpiece_index.hpp"

namespace nb = nanobind;

namespace tokenry::bindings {

using namespace learn;

namespace {

template <class T>
nb::object to_numpy(std::vector<T> values) {
    auto* kept = new std::vector<T>(std::move(values));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    const std::size_t shape[1] = {kept->size()};
    return nb::cast(nb::ndarray<nb::numpy, T>(kept->data(), 1, shape, std::move(owner)));
}

PairScore score_named(const std::string& name) {
    if (name == "likelihood") return PairScore::kLikelihood;
    if (name == "ratio") return PairScore::kRatio;
    if (name == "frequency") return PairScore::kFrequency;
    throw nb::value_error("score is one of likelihood, ratio, frequency");
}

nb::tuple run(WordPieceIndex& self, std::size_t merges) {
    std::vector<std::uint32_t> ids;
    std::vector<double> scores;
    {
        const nb::gil_scoped_release release;
        WordPieceIndex::Merge merge;
        for (std::size_t i = 0; i < merges && self.step(merge); ++i) {
            ids.insert(ids.end(), {merge.left, merge.right, merge.made});
            scores.push_back(merge.score);
        }
    }
    return nb::make_tuple(to_numpy(std::move(ids)), to_numpy(std::move(scores)));
}

nb::tuple pieces(const WordPieceIndex& self) {
    std::string bytes;
    std::vector<std::uint64_t> offsets{0};
    for (const std::string& piece : self.pieces()) {
        bytes += piece;
        offsets.push_back(bytes.size());
    }
    return nb::make_tuple(nb::bytes(bytes.data(), bytes.size()), to_numpy(std::move(offsets)));
}

}  // namespace

void bind_learn_wordpiece(nb::module_& m) {
    nb::class_<WordPieceIndex>(m, "WordPieceIndex")
        .def(
            "__init__",
            [](WordPieceIndex* self, WordCounter& counter, const std::string& score,
               std::uint64_t min_count, std::size_t max_bytes) {
                const PairScore kind = score_named(score);
                const nb::gil_scoped_release release;
                new (self) WordPieceIndex(counter.table(), kind, min_count, max_bytes);
                counter.table().clear();
            },
            nb::arg("counter"), nb::arg("score"), nb::arg("min_count"), nb::arg("max_bytes"))
        .def("run", &run, nb::arg("merges"))
        .def("__len__", [](const WordPieceIndex& self) { return self.pieces().size(); })
        .def("pieces", &pieces);
}

}  // namespace tokenry::bindings
