// Python's view of what learning starts from: WordCounter, DocumentSymbols.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "bindings/learn_pieces.hpp"
#include "bindings/splitters.hpp"
#include "learn/symbol_text.hpp"
#include "learn/word_counter.hpp"

namespace tokenry::bindings {

using namespace learn;

namespace {

using SplitterName = std::optional<std::string>;  // without one only ranges can be added

std::shared_ptr<const split::Splitter> splitter_or_none(const SplitterName& name) {
    return name ? splitter_named(*name) : nullptr;
}

template <class Learner>
void check_splits(const Learner& self) {
    if (!self.splits()) throw nb::value_error("no splitter: use add_ranges");
}

template <class Learner>
void add_ranges(Learner& self, nb::bytes data, In<std::uint64_t> starts, In<std::uint64_t> ends) {
    check_ranges(view(starts), view(ends), data.size());
    unlocked([&, text = view(data)] {
        self.add_ranges(text, starts.data(), ends.data(), starts.size());
    });
}

nb::tuple words(WordCounter& counter) {
    struct Word {
        std::string text;
        std::uint64_t count;
    };
    std::vector<Word> all;
    counter.table().for_each(
        [&](const std::uint8_t* word, std::size_t size, std::uint64_t count) {
            all.push_back({std::string(reinterpret_cast<const char*>(word), size), count});
        });
    std::sort(all.begin(), all.end(), [](const Word& a, const Word& b) {
        return a.count != b.count ? a.count > b.count : a.text < b.text;
    });
    Packed packed;
    std::vector<std::uint64_t> counts;
    for (const Word& word : all) {
        packed.add(word.text);
        counts.push_back(word.count);
    }
    return nb::make_tuple(packed.bytes(), packed.offsets(), to_array(std::move(counts)));
}

nb::bytes fingerprint(WordCounter& counter) {
    const auto sums = counter.table().fingerprint();
    return nb::bytes(reinterpret_cast<const char*>(sums.data()), sizeof sums);
}

void bind_counter(nb::module_& m) {
    nb::class_<WordCounter>(m, "WordCounter")
        .def(
            "__init__",
            [](WordCounter* self, const SplitterName& splitter, unsigned threads) {
                const bool lines = splitter && split::cuts_lines(*splitter);
                new (self) WordCounter(splitter_or_none(splitter), lines, threads);
            },
            "splitter"_a.none() = nb::none(), "threads"_a = 1)
        .def(
            "add",
            [](WordCounter& self, const nb::list& documents) {
                check_splits(self);
                const Texts held(documents);
                unlocked([&] { self.add(held.views); });
            },
            "documents"_a)
        .def("add_ranges", &add_ranges<WordCounter>, "data"_a, "starts"_a, "ends"_a)
        .def(
            "add_word",
            [](WordCounter& self, nb::bytes word, std::uint64_t count) {
                self.add_word(view(word), count);
            },
            "word"_a, "count"_a)
        .def("words", &words)
        .def("fingerprint", &fingerprint)
        .def("__len__", [](WordCounter& self) { return self.table().size(); });
}

void bind_documents(nb::module_& m) {
    nb::class_<DocumentSymbols>(m, "DocumentSymbols")
        .def(
            "__init__",
            [](DocumentSymbols* self, const SplitterName& splitter, const nb::bytes& piece_bytes,
               const In<std::uint64_t>& offsets, const In<std::int64_t>& byte_ids,
               const MergeRows& merges) {
                const Pieces pieces = pieces_of(piece_bytes, offsets);
                new (self) DocumentSymbols(splitter_or_none(splitter), pieces,
                                           byte_ids_of(byte_ids, pieces),
                                           merges_of(merges, pieces));
            },
            "splitter"_a.none(), "pieces"_a, "offsets"_a, "byte_ids"_a, "merges"_a)
        .def(
            "add",
            [](DocumentSymbols& self, const nb::list& documents) {
                check_splits(self);
                const Texts held(documents);
                unlocked([&] {
                    for (const Text text : held.views) self.add(text);
                });
            },
            "documents"_a)
        .def("add_ranges", &add_ranges<DocumentSymbols>, "data"_a, "starts"_a, "ends"_a)
        .def("symbols", [](const DocumentSymbols& self) { return to_array(self.symbols()); })
        .def_prop_ro("memory", &DocumentSymbols::bytes)
        .def("__len__", &DocumentSymbols::size);
}

}  // namespace

void bind_learn_words(nb::module_& m) {
    bind_counter(m);
    bind_documents(m);
}

}  // namespace tokenry::bindings
