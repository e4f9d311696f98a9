// Python's view of learn/: WordCounter, DocumentSymbols, PairIndex, LzSample.
#include <nanobind/ndarray.h>
#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "bindings/bindings.hpp"
#include "learn/lz_sample.hpp"
#include "learn/merge_list.hpp"
#include "learn/pair_index.hpp"
#include "learn/symbol_text.hpp"
#include "learn/word_counter.hpp"
#include "split/registry.hpp"

namespace nb = nanobind;

namespace tokenry::bindings {

using namespace learn;

namespace {

template <class T>
using Array = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class T>
using Rows = nb::ndarray<const T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

template <class T>
nb::object to_numpy(std::vector<T> values, std::size_t columns = 0) {
    auto* kept = new std::vector<T>(std::move(values));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    const std::size_t shape[2] = {columns ? kept->size() / columns : kept->size(), columns};
    return nb::cast(
        nb::ndarray<nb::numpy, T>(kept->data(), columns ? 2 : 1, shape, std::move(owner)));
}

constexpr std::uint64_t kLongest = std::uint64_t{1} << 31;  // bytes of a pretoken

Text text_of(nb::handle document) {
    if (nb::isinstance<nb::bytes>(document)) {
        const auto bytes = nb::borrow<nb::bytes>(document);
        return {reinterpret_cast<const std::uint8_t*>(bytes.c_str()), bytes.size()};
    }
    Py_ssize_t size = 0;
    const char* data = PyUnicode_Check(document.ptr())
                           ? PyUnicode_AsUTF8AndSize(document.ptr(), &size)
                           : nullptr;
    if (data == nullptr) {
        PyErr_Clear();
        throw nb::type_error("a document must be bytes, or str without lone surrogates");
    }
    return {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

// Documents and the references that keep them alive while the GIL is released.
struct Documents {
    nb::tuple kept;
    std::vector<Text> texts;

    explicit Documents(const nb::list& documents) : kept(documents) {
        for (nb::handle document : kept) texts.push_back(text_of(document));
    }
};

void check_ranges(Text text, const Array<std::uint64_t>& starts,
                  const Array<std::uint64_t>& ends) {
    if (starts.size() != ends.size()) throw nb::value_error("starts and ends differ in length");
    for (std::size_t i = 0; i < starts.size(); ++i) {
        if (starts.data()[i] > ends.data()[i] || ends.data()[i] > text.size()) {
            throw nb::value_error("a range lies outside the text");
        }
        if (ends.data()[i] - starts.data()[i] > kLongest) {
            throw nb::value_error("a range is longer than 2^31 bytes");
        }
    }
}

Pieces pieces_of(const nb::bytes& data, const Array<std::uint64_t>& offsets) {
    Pieces pieces;
    const std::uint64_t* at = offsets.data();
    if (offsets.size() == 0 || at[0] != 0 || at[offsets.size() - 1] != data.size() ||
        !std::is_sorted(at, at + offsets.size())) {
        throw nb::value_error("offsets must ascend from 0 to the number of bytes");
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(data.c_str());
    pieces.bytes.assign(bytes, bytes + data.size());
    pieces.offsets.assign(at, at + offsets.size());
    return pieces;
}

ByteIds byte_ids_of(const Array<std::int64_t>& ids, const Pieces& pieces) {
    ByteIds byte_ids{};
    if (ids.size() != byte_ids.size()) throw nb::value_error("byte_ids must have 256 entries");
    std::copy_n(ids.data(), byte_ids.size(), byte_ids.begin());
    for (const std::int64_t id : byte_ids) {
        if (id >= static_cast<std::int64_t>(pieces.count())) {
            throw nb::value_error("byte_ids names an id without a piece");
        }
    }
    return byte_ids;
}

MergeList merges_of(const Rows<std::uint32_t>& merges, const Pieces& pieces) {
    if (merges.shape(0) > 0 && merges.shape(1) != 3) {
        throw nb::value_error("merges must have three columns: left, right, made");
    }
    for (std::size_t i = 0; i < merges.size(); ++i) {
        if (merges.data()[i] >= pieces.count()) {
            throw nb::value_error("merges name an id without a piece");
        }
    }
    return MergeList(merges.data(), merges.shape(0));
}

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

struct Limits {
    std::uint64_t min_count;
    std::size_t max_bytes;
    std::size_t expected;
};

PairIndex* index_words(WordCounter& counter, const nb::bytes& piece_bytes,
                       const Array<std::uint64_t>& offsets, const Array<std::int64_t>& byte_ids,
                       const Rows<std::uint32_t>& merges, std::uint64_t min_count,
                       std::size_t max_bytes, std::size_t expected, nb::object rule) {
    Pieces pieces = pieces_of(piece_bytes, offsets);
    const ByteIds ids = byte_ids_of(byte_ids, pieces);
    const MergeList list = merges_of(merges, pieces);
    PairIndex::Rule check = rule_of(std::move(rule));
    const nb::gil_scoped_release release;
    SymbolText text = symbols_of_words(counter.table(), ids, list);
    counter.table().clear();
    return new PairIndex(std::move(text), std::move(pieces), min_count, max_bytes, expected,
                         std::move(check));
}

PairIndex* index_documents(DocumentSymbols& documents, const nb::bytes& piece_bytes,
                           const Array<std::uint64_t>& offsets, std::uint64_t min_count,
                           std::size_t max_bytes, std::size_t expected, nb::object rule) {
    Pieces pieces = pieces_of(piece_bytes, offsets);
    PairIndex::Rule check = rule_of(std::move(rule));
    const nb::gil_scoped_release release;
    for (const Id id : documents.symbols()) {
        if (id != SymbolText::kBreak && id >= pieces.count()) {
            throw nb::value_error("the documents hold an id without a piece");
        }
    }
    return new PairIndex(documents.take(), std::move(pieces), min_count, max_bytes, expected,
                         std::move(check));
}

nb::tuple run(PairIndex& index, std::size_t merges) {
    std::vector<std::uint32_t> pairs;
    std::vector<std::uint64_t> counts;
    {
        const nb::gil_scoped_release release;
        for (std::size_t i = 0; i < merges; ++i) {
            const auto pair = index.best();
            if (!pair) break;
            index.merge_best();
            pairs.push_back(pair->left);
            pairs.push_back(pair->right);
            counts.push_back(pair->count);
        }
    }
    return nb::make_tuple(to_numpy(std::move(pairs), 2), to_numpy(std::move(counts)));
}

nb::tuple top(PairIndex& index, std::size_t k) {
    std::vector<std::uint32_t> pairs;
    std::vector<std::uint64_t> counts;
    for (const PairIndex::Pair& pair : index.top(k)) {
        pairs.push_back(pair.left);
        pairs.push_back(pair.right);
        counts.push_back(pair.count);
    }
    return nb::make_tuple(to_numpy(std::move(pairs), 2), to_numpy(std::move(counts)));
}

void check_pair(const PairIndex& index, Id left, Id right) {
    if (left >= index.pieces().count() || right >= index.pieces().count()) {
        throw nb::value_error("a pair is of an id without a piece");
    }
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
    std::string bytes;
    std::vector<std::uint64_t> offsets{0}, counts;
    for (const Word& word : all) {
        bytes += word.text;
        offsets.push_back(bytes.size());
        counts.push_back(word.count);
    }
    return nb::make_tuple(nb::bytes(bytes.data(), bytes.size()), to_numpy(std::move(offsets)),
                          to_numpy(std::move(counts)));
}

nb::bytes fingerprint(WordCounter& counter) {
    const auto sums = counter.table().fingerprint();
    return nb::bytes(reinterpret_cast<const char*>(sums.data()), sizeof sums);
}

// Without a name only ranges can be added.
std::shared_ptr<const split::Splitter> splitter_named(const std::optional<std::string>& name) {
    if (!name) return nullptr;
    std::shared_ptr<const split::Splitter> splitter = split::make_splitter(*name);
    if (!splitter) throw nb::value_error(("no splitter has the name " + *name).c_str());
    return splitter;
}

void bind_counter(nb::module_& m) {
    nb::class_<WordCounter>(m, "WordCounter")
        .def(
            "__init__",
            [](WordCounter* self, const std::optional<std::string>& splitter, unsigned threads) {
                const bool lines = splitter && split::cuts_lines(*splitter);
                new (self) WordCounter(splitter_named(splitter), lines, threads);
            },
            nb::arg("splitter").none() = nb::none(), nb::arg("threads") = 1)
        .def("add",
             [](WordCounter& self, const nb::list& documents) {
                 if (!self.splits()) throw nb::value_error("no splitter: use add_ranges");
                 const Documents held(documents);
                 const nb::gil_scoped_release release;
                 self.add(held.texts);
             })
        .def("add_ranges",
             [](WordCounter& self, const nb::bytes& data, const Array<std::uint64_t>& starts,
                const Array<std::uint64_t>& ends) {
                 const Text text = text_of(data);
                 check_ranges(text, starts, ends);
                 const nb::gil_scoped_release release;
                 self.add_ranges(text, starts.data(), ends.data(), starts.size());
             })
        .def("add_word",
             [](WordCounter& self, const nb::bytes& word, std::uint64_t count) {
                 self.add_word(text_of(word), count);
             })
        .def("words", &words)
        .def("fingerprint", &fingerprint)
        .def("__len__", [](WordCounter& self) { return self.table().size(); });
}

void bind_documents(nb::module_& m) {
    nb::class_<DocumentSymbols>(m, "DocumentSymbols")
        .def(
            "__init__",
            [](DocumentSymbols* self, const std::optional<std::string>& splitter,
               const nb::bytes& piece_bytes, const Array<std::uint64_t>& offsets,
               const Array<std::int64_t>& byte_ids, const Rows<std::uint32_t>& merges) {
                const Pieces pieces = pieces_of(piece_bytes, offsets);
                new (self) DocumentSymbols(splitter_named(splitter), pieces,
                                           byte_ids_of(byte_ids, pieces),
                                           merges_of(merges, pieces));
            },
            nb::arg("splitter").none(), nb::arg("pieces"), nb::arg("offsets"),
            nb::arg("byte_ids"), nb::arg("merges"))
        .def("add",
             [](DocumentSymbols& self, const nb::list& documents) {
                 if (!self.splits()) throw nb::value_error("no splitter: use add_ranges");
                 const Documents held(documents);
                 const nb::gil_scoped_release release;
                 for (const Text text : held.texts) self.add(text);
             })
        .def("add_ranges",
             [](DocumentSymbols& self, const nb::bytes& data, const Array<std::uint64_t>& starts,
                const Array<std::uint64_t>& ends) {
                 const Text text = text_of(data);
                 check_ranges(text, starts, ends);
                 const nb::gil_scoped_release release;
                 self.add_ranges(text, starts.data(), ends.data(), starts.size());
             })
        .def("symbols", [](const DocumentSymbols& self) { return to_numpy(self.symbols()); })
        .def_prop_ro("memory", &DocumentSymbols::bytes)
        .def("__len__", &DocumentSymbols::size);
}

void bind_index(nb::module_& m) {
    nb::class_<PairIndex>(m, "PairIndex")
        .def_static("of_words", &index_words, nb::arg("counter"), nb::arg("pieces"),
                    nb::arg("offsets"), nb::arg("byte_ids"), nb::arg("merges"),
                    nb::arg("min_count"), nb::arg("max_bytes"), nb::arg("expected"),
                    nb::arg("rule").none() = nb::none(), nb::rv_policy::take_ownership)
        .def_static("of_documents", &index_documents, nb::arg("documents"), nb::arg("pieces"),
                    nb::arg("offsets"), nb::arg("min_count"), nb::arg("max_bytes"),
                    nb::arg("expected"), nb::arg("rule").none() = nb::none(),
                    nb::rv_policy::take_ownership)
        .def("run", &run, nb::arg("merges"))
        .def("best",
             [](PairIndex& self) -> nb::object {
                 const auto pair = self.best();
                 if (!pair) return nb::none();
                 return nb::make_tuple(pair->left, pair->right, pair->count);
             })
        .def("merge_best",
             [](PairIndex& self) {
                 if (!self.best()) throw nb::value_error("no pair is left to merge");
                 return self.merge_best();
             })
        .def("forbid_best",
             [](PairIndex& self) {
                 if (self.best()) self.forbid_best();
             })
        .def("top", &top, nb::arg("k"))
        .def("count",
             [](const PairIndex& self, Id left, Id right) {
                 check_pair(self, left, right);
                 return self.count(left, right);
             })
        .def("merge",
             [](PairIndex& self, Id left, Id right) {
                 check_pair(self, left, right);
                 return self.merge(left, right);
             })
        .def("symbols", [](const PairIndex& self) { return to_numpy(self.symbols()); })
        .def_prop_ro("memory", &PairIndex::bytes);
}

void bind_lz_sample(nb::module_& m) {
    nb::class_<LzSample>(m, "LzSample")
        .def(
            "__init__",
            [](LzSample* self, const Array<std::uint32_t>& symbols) {
                new (self) LzSample({symbols.data(), symbols.data() + symbols.size()});
            },
            nb::arg("symbols"))
        .def("phrases", [](LzSample& self) { return self.phrases(); })
        .def("phrases_with",
             [](LzSample& self, const Rows<std::uint32_t>& pairs) {
                 if (pairs.shape(0) > 0 && pairs.shape(1) != 2) {
                     throw nb::value_error("pairs must have two columns: left, right");
                 }
                 std::vector<std::uint64_t> phrases;
                 {
                     const nb::gil_scoped_release release;
                     for (std::size_t i = 0; i < pairs.shape(0); ++i) {
                         phrases.push_back(
                             self.phrases(pairs.data()[2 * i], pairs.data()[2 * i + 1]));
                     }
                 }
                 return to_numpy(std::move(phrases));
             })
        .def("merge", &LzSample::merge, nb::arg("left"), nb::arg("right"), nb::arg("made"))
        .def("__len__", &LzSample::tokens);
}

}  // namespace

void bind_learn(nb::module_& m) {
    bind_counter(m);
    bind_documents(m);
    bind_index(m);
    bind_lz_sample(m);
}

}  // namespace tokenry::bindings
