// Python's view of learning by pairs: PairIndex, LzSample.
#include <memory>

#include "bindings/learn_pieces.hpp"
#include "learn/lz_sample.hpp"
#include "learn/pair_index.hpp"
#include "learn/symbol_text.hpp"
#include "learn/word_counter.hpp"

namespace tokenry::bindings {

using namespace learn;

namespace {

PairIndex::Rule rule_of(nb::object rule) {
    if (rule.is_none()) return {};
    // Shared, so that copies of the function made without the GIL do not touch the object.
    const std::shared_ptr<nb::object> kept(new nb::object(std::move(rule)), [](nb::object* p) {
        const nb::gil_scoped_acquire gil;
        delete p;
    });
    return [kept](const std::uint8_t* piece, std::size_t size) {
        const nb::gil_scoped_acquire gil;
        return nb::cast<bool>((*kept)(nb::bytes(piece, size)));
    };
}

PairIndex* index_words(WordCounter& counter, const nb::bytes& piece_bytes,
                       const In<std::uint64_t>& offsets, const In<std::int64_t>& byte_ids,
                       const MergeRows& merges, std::uint64_t min_count, std::size_t max_bytes,
                       std::size_t expected, nb::object rule) {
    Pieces pieces = pieces_of(piece_bytes, offsets);
    const ByteIds ids = byte_ids_of(byte_ids, pieces);
    const MergeList list = merges_of(merges, pieces);
    PairIndex::Rule check = rule_of(std::move(rule));
    return unlocked([&] {
        SymbolText text = symbols_of_words(counter.table(), ids, list);
        counter.table().clear();
        return new PairIndex(std::move(text), std::move(pieces), min_count, max_bytes, expected,
                             std::move(check));
    });
}

PairIndex* index_documents(DocumentSymbols& documents, const nb::bytes& piece_bytes,
                           const In<std::uint64_t>& offsets, std::uint64_t min_count,
                           std::size_t max_bytes, std::size_t expected, nb::object rule) {
    Pieces pieces = pieces_of(piece_bytes, offsets);
    PairIndex::Rule check = rule_of(std::move(rule));
    return unlocked([&] {
        for (const Id id : documents.symbols())
            if (id != SymbolText::kBreak && id >= pieces.count())
                throw nb::value_error("the documents hold an id without a piece");
        return new PairIndex(documents.take(), std::move(pieces), min_count, max_bytes, expected,
                             std::move(check));
    });
}

// Pairs and their counts, as two arrays.
class Pairs {
public:
    void add(const PairIndex::Pair& pair) {
        ids_.insert(ids_.end(), {pair.left, pair.right});
        counts_.push_back(pair.count);
    }
    nb::tuple arrays() {
        return nb::make_tuple(to_rows<2>(std::move(ids_)), to_array(std::move(counts_)));
    }

private:
    std::vector<Id> ids_;
    std::vector<std::uint64_t> counts_;
};

nb::tuple run(PairIndex& index, std::size_t merges) {
    Pairs merged;
    unlocked([&] {
        for (std::size_t i = 0; i < merges; ++i) {
            const auto pair = index.best();
            if (!pair) break;
            index.merge_best();
            merged.add(*pair);
        }
    });
    return merged.arrays();
}

nb::tuple top(PairIndex& index, std::size_t k) {
    Pairs best;
    for (const PairIndex::Pair& pair : index.top(k)) best.add(pair);
    return best.arrays();
}

nb::object best(PairIndex& index) {
    const auto pair = index.best();
    if (!pair) return nb::none();
    return nb::make_tuple(pair->left, pair->right, pair->count);
}

void check_pair(const PairIndex& index, Id left, Id right) {
    if (left >= index.pieces().count() || right >= index.pieces().count())
        throw nb::value_error("a pair is of an id without a piece");
}

nb::tuple replay(PairIndex& index, const InRows<Id, 2>& pairs, std::uint64_t least) {
    const std::size_t first = index.pieces().count();
    for (std::size_t i = 0; i < pairs.shape(0); ++i)
        for (const Id id : {pairs.data()[2 * i], pairs.data()[2 * i + 1]})
            if (id >= first + i) throw nb::value_error("a pair is of an id without a piece");
    PairIndex::Replay told;
    unlocked([&] { told = index.replay(pairs.data(), pairs.shape(0), least); });
    return nb::make_tuple(to_array(std::move(told.steps)), to_rows<2>(std::move(told.pairs)),
                          to_array(std::move(told.counts)), to_array(std::move(told.own)),
                          to_array(std::move(told.merged)));
}

void bind_index(nb::module_& m) {
    nb::class_<PairIndex>(m, "PairIndex")
        .def_static("of_words", &index_words, "counter"_a, "pieces"_a, "offsets"_a, "byte_ids"_a,
                    "merges"_a, "min_count"_a, "max_bytes"_a, "expected"_a,
                    "rule"_a.none() = nb::none(), nb::rv_policy::take_ownership)
        .def_static("of_documents", &index_documents, "documents"_a, "pieces"_a, "offsets"_a,
                    "min_count"_a, "max_bytes"_a, "expected"_a, "rule"_a.none() = nb::none(),
                    nb::rv_policy::take_ownership)
        .def("run", &run, "merges"_a)
        .def("best", &best)
        .def("merge_best",
             [](PairIndex& self) {
                 if (!self.best()) throw nb::value_error("no pair is left to merge");
                 return self.merge_best();
             })
        .def("forbid_best",
             [](PairIndex& self) {
                 if (self.best()) self.forbid_best();
             })
        .def("top", &top, "k"_a)
        .def(
            "count",
            [](const PairIndex& self, Id left, Id right) {
                check_pair(self, left, right);
                return self.count(left, right);
            },
            "left"_a, "right"_a)
        .def(
            "merge",
            [](PairIndex& self, Id left, Id right) {
                check_pair(self, left, right);
                return self.merge(left, right);
            },
            "left"_a, "right"_a)
        .def("replay", &replay, "pairs"_a, "least"_a)
        .def("symbols", [](const PairIndex& self) { return to_array(self.symbols()); })
        .def_prop_ro("memory", &PairIndex::bytes);
}

auto phrases_with(LzSample& self, const InRows<Id, 2>& pairs) {
    std::vector<std::uint64_t> phrases(pairs.shape(0));
    unlocked([&] {
        for (std::size_t i = 0; i < phrases.size(); ++i)
            phrases[i] = self.phrases(pairs.data()[2 * i], pairs.data()[2 * i + 1]);
    });
    return to_array(std::move(phrases));
}

void bind_lz_sample(nb::module_& m) {
    nb::class_<LzSample>(m, "LzSample")
        .def(
            "__init__",
            [](LzSample* self, const In<Id>& symbols) {
                new (self) LzSample({symbols.data(), symbols.data() + symbols.size()});
            },
            "symbols"_a)
        .def("phrases", [](LzSample& self) { return self.phrases(); })
        .def("phrases_with", &phrases_with, "pairs"_a)
        .def("merge", &LzSample::merge, "left"_a, "right"_a, "made"_a)
        .def("__len__", &LzSample::tokens);
}

}  // namespace

void bind_learn_pairs(nb::module_& m) {
    bind_index(m);
    bind_lz_sample(m);
}

}  // namespace tokenry::bindings
