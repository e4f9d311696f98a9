#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <memory>
#include <string_view>

#include "bindings/bindings.hpp"
#include "encode/bert_segmenter.hpp"
#include "encode/continuation_segmenter.hpp"
#include "encode/frozen_segmenter.hpp"
#include "encode/longest_segmenter.hpp"
#include "encode/marked_segmenter.hpp"
#include "encode/unigram_segmenter.hpp"
#include "encode/wordpiece_segmenter.hpp"
#include "normalize/bert.hpp"
#include "normalize/charsmap.hpp"
#include "normalize/precompiled.hpp"
#include "normalize/sentencepiece.hpp"
#include "normalize/utf8.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace tokenry::bindings {

using namespace encode;
using namespace normalize;

namespace {

using Places = std::vector<std::int64_t>;

std::string_view view(const nb::bytes& data) {
    return {static_cast<const char*>(data.data()), data.size()};
}

nb::bytes to_bytes(const std::string& data) { return nb::bytes(data.data(), data.size()); }

nb::ndarray<nb::numpy, std::int64_t, nb::ndim<1>> to_array(Places places) {
    auto* kept = new Places(std::move(places));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<Places*>(p); });
    return {kept->data(), {kept->size()}, owner};
}

// Calls `change(text, starts, ends)` without the interpreter's lock.
template <class Change>
nb::bytes changed(const nb::bytes& text, Change change) {
    std::string result;
    {
        const auto data = view(text);
        nb::gil_scoped_release release;
        result = change(data, nullptr, nullptr);
    }
    return to_bytes(result);
}

template <class Change>
nb::tuple aligned(const nb::bytes& text, Change change) {
    std::string result;
    Places starts, ends;
    {
        const auto data = view(text);
        nb::gil_scoped_release release;
        result = change(data, &starts, &ends);
    }
    return nb::make_tuple(to_bytes(result), to_array(std::move(starts)), to_array(std::move(ends)));
}

void check_utf8(const nb::bytes& text) {
    if (!is_utf8(view(text))) throw nb::value_error("the text is not UTF-8");
}

void bind_charsmap(nb::module_& m) {
    nb::class_<Charsmap>(m, "Charsmap")
        .def(
            "__init__", [](Charsmap* self, nb::bytes blob) { new (self) Charsmap(view(blob)); },
            "blob"_a)
        .def("reads", &Charsmap::reads, "byte"_a)
        .def("writes",
             [](const Charsmap& self, nb::bytes text) { return self.writes(view(text)); }, "text"_a)
        .def_prop_ro("growth", &Charsmap::growth)
        .def(
            "normalize_transformers",
            [](const Charsmap& self, nb::bytes text) {
                check_utf8(text);
                return changed(text, [&](auto... args) { return apply_precompiled(self, args...); });
            },
            "text"_a)
        .def(
            "align_transformers",
            [](const Charsmap& self, nb::bytes text) {
                check_utf8(text);
                return aligned(text, [&](auto... args) { return apply_precompiled(self, args...); });
            },
            "text"_a);
}

DummySpace dummy_space(const std::string& name) {
    if (name == "before") return DummySpace::kBefore;
    if (name == "after") return DummySpace::kAfter;
    if (name == "none") return DummySpace::kNone;
    throw nb::value_error("dummy is one of before, after, none");
}

void bind_normalizers(nb::module_& m) {
    nb::class_<Normalizer>(m, "Normalizer")
        .def(
            "normalize",
            [](const Normalizer& self, nb::bytes text) {
                return changed(text, [&](auto... args) { return self.normalize(args...); });
            },
            "text"_a)
        .def(
            "align",
            [](const Normalizer& self, nb::bytes text) {
                return aligned(text, [&](auto... args) { return self.normalize(args...); });
            },
            "text"_a);
    nb::class_<SentencePieceNormalizer, Normalizer>(m, "SentencePieceNormalizer")
        .def(
            "__init__",
            [](SentencePieceNormalizer* self, std::shared_ptr<const Charsmap> rules, nb::list kept,
               bool remove_extra_spaces, const std::string& dummy) {
                std::vector<std::string> keys;
                for (nb::handle key : kept) keys.emplace_back(view(nb::cast<nb::bytes>(key)));
                new (self) SentencePieceNormalizer(std::move(rules), keys, remove_extra_spaces,
                                                   dummy_space(dummy));
            },
            "rules"_a.none(), nb::kw_only(), "kept"_a, "remove_extra_spaces"_a, "dummy"_a);
}

template <typename T>
using In = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

template <typename T>
std::span<const T> view(const In<T>& array) {
    return {array.data(), array.size()};
}

std::span<const std::uint8_t> bytes_of(const nb::bytes& data) {
    return {static_cast<const std::uint8_t*>(data.data()), data.size()};
}

template <class Scores>
void bind_unigram(nb::module_& m, const char* name) {
    using Unigram = UnigramSegmenter<Scores>;
    nb::class_<Unigram, Segmenter>(m, name)
        .def(
            "__init__",
            [](Unigram* self, nb::bytes pieces, In<std::uint64_t> offsets, In<double> scores,
               double unknown_score, std::int64_t unknown, bool byte_fallback,
               In<std::int64_t> byte_ids) {
                UnigramOptions options{unknown_score, unknown, byte_fallback, {}};
                if (byte_ids.size() != 256) throw nb::value_error("byte_ids needs 256 entries");
                std::copy_n(byte_ids.data(), 256, options.byte_ids.begin());
                nb::gil_scoped_release release;
                new (self) Unigram(bytes_of(pieces), view(offsets), view(scores), options);
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "scores"_a, "unknown_score"_a, "unknown"_a,
            "byte_fallback"_a, "byte_ids"_a)
        .def_prop_ro("cut", [](const Unigram& self) {
            static constexpr const char* names[] = {"nowhere", "before space runs",
                                                    "before every space"};
            return names[int(self.cut_places())];
        });
}

void bind_wordpiece(nb::module_& m) {
    nb::class_<WordPieceSegmenter, Segmenter>(m, "WordPieceSegmenter")
        .def(
            "__init__",
            [](WordPieceSegmenter* self, nb::bytes pieces, In<std::uint64_t> offsets,
               nb::bytes prefix, std::int64_t unknown, std::size_t longest_word) {
                nb::gil_scoped_release release;
                new (self) WordPieceSegmenter(bytes_of(pieces), view(offsets), view(prefix), unknown,
                                              longest_word);
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "prefix"_a, "unknown"_a, "longest_word"_a);
}

void bind_bert(nb::module_& m) {
    nb::class_<BertNormalizer, Normalizer>(m, "BertNormalizer")
        .def(nb::init<unicode::bert::Options>(), "options"_a);
    nb::class_<BertSegmenter, Segmenter>(m, "BertSegmenter")
        .def(nb::init<const Segmenter&, unicode::bert::Options>(), "words"_a, "options"_a,
             nb::keep_alive<1, 2>());
}

void bind_marked(nb::module_& m) {
    nb::class_<MarkedSegmenter, Segmenter>(m, "MarkedSegmenter")
        .def(nb::init<const Segmenter&, std::shared_ptr<const Charsmap>>(), "words"_a,
             "rules"_a.none(), nb::keep_alive<1, 2>())
        .def_static("fits", &MarkedSegmenter::fits, "rules"_a);
}

void bind_continuation(nb::module_& m) {
    nb::class_<ContinuationSegmenter, Segmenter>(m, "ContinuationSegmenter")
        .def(
            "__init__",
            [](ContinuationSegmenter* self, nb::bytes pieces, In<std::uint64_t> offsets,
               In<bool> continues) {
                nb::gil_scoped_release release;
                new (self) ContinuationSegmenter(bytes_of(pieces), view(offsets), view(continues));
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "continues"_a);
}

void bind_longest(nb::module_& m) {
    nb::class_<LongestSegmenter, Segmenter>(m, "LongestSegmenter")
        .def(
            "__init__",
            [](LongestSegmenter* self, nb::bytes pieces, In<std::uint64_t> offsets) {
                nb::gil_scoped_release release;
                new (self) LongestSegmenter(bytes_of(pieces), view(offsets));
            },
            nb::kw_only(), "pieces"_a, "offsets"_a);
}

}  // namespace

void bind_models(nb::module_& m) {
    bind_charsmap(m);
    bind_normalizers(m);
    bind_unigram<SentencePieceScores>(m, "SentencePieceUnigramSegmenter");
    bind_unigram<TransformersScores>(m, "TransformersUnigramSegmenter");
    bind_wordpiece(m);
    bind_bert(m);
    bind_marked(m);
    bind_longest(m);
    bind_continuation(m);
    nb::class_<FrozenSegmenter, Segmenter>(m, "FrozenSegmenter")
        .def(
            "__init__",
            [](FrozenSegmenter* self, const Segmenter& inner, const split::Splitter& splitter,
               In<Id> frozen) { new (self) FrozenSegmenter(inner, splitter, view(frozen)); },
            "inner"_a, "splitter"_a, "frozen"_a, nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>());
}

}  // namespace tokenry::bindings
