// Python's view of normalize/.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <memory>

#include "bindings/arrays.hpp"
#include "bindings/names.hpp"
#include "normalize/bert.hpp"
#include "normalize/charsmap.hpp"
#include "normalize/precompiled.hpp"
#include "normalize/sentencepiece.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::bindings {

using namespace normalize;

namespace {

constexpr Name<DummySpace> kDummies[] = {{"before", DummySpace::kBefore},
                                         {"after", DummySpace::kAfter},
                                         {"none", DummySpace::kNone}};

// What change(text, starts, ends) makes of a text.
template <class Change>
nb::bytes changed(const nb::bytes& text, Change change) {
    const auto data = characters(text);
    return to_bytes(unlocked([&] { return change(data, nullptr, nullptr); }));
}

// The same, and where in the text what each byte was made from starts and ends.
template <class Change>
nb::tuple aligned(const nb::bytes& text, Change change) {
    std::vector<std::int64_t> starts, ends;
    const auto data = characters(text);
    const std::string result = unlocked([&] { return change(data, &starts, &ends); });
    return nb::make_tuple(to_bytes(result), to_array(std::move(starts)), to_array(std::move(ends)));
}

void check_utf8(const nb::bytes& text) {
    if (!is_utf8(characters(text))) throw nb::value_error("the text is not UTF-8");
}

void bind_charsmap(nb::module_& m) {
    const auto apply = [](const Charsmap& self) {
        return [&](auto... args) { return apply_precompiled(self, args...); };
    };
    nb::class_<Charsmap>(m, "Charsmap")
        .def(
            "__init__",
            [](Charsmap* self, nb::bytes blob) { new (self) Charsmap(characters(blob)); }, "blob"_a)
        .def("reads", &Charsmap::reads, "byte"_a)
        .def("writes",
             [](const Charsmap& self, nb::bytes text) { return self.writes(characters(text)); },
             "text"_a)
        .def_prop_ro("growth", &Charsmap::growth)
        .def(
            "normalize_transformers",
            [apply](const Charsmap& self, nb::bytes text) {
                check_utf8(text);
                return changed(text, apply(self));
            },
            "text"_a)
        .def(
            "align_transformers",
            [apply](const Charsmap& self, nb::bytes text) {
                check_utf8(text);
                return aligned(text, apply(self));
            },
            "text"_a);
}

void bind_normalizers(nb::module_& m) {
    const auto normalize = [](const Normalizer& self) {
        return [&](auto... args) { return self.normalize(args...); };
    };
    nb::class_<Normalizer>(m, "Normalizer")
        .def(
            "normalize",
            [normalize](const Normalizer& self, nb::bytes text) {
                return changed(text, normalize(self));
            },
            "text"_a)
        .def(
            "align",
            [normalize](const Normalizer& self, nb::bytes text) {
                return aligned(text, normalize(self));
            },
            "text"_a);
    nb::class_<SentencePieceNormalizer, Normalizer>(m, "SentencePieceNormalizer")
        .def(
            "__init__",
            [](SentencePieceNormalizer* self, std::shared_ptr<const Charsmap> rules, nb::list kept,
               bool remove_extra_spaces, const std::string& dummy) {
                std::vector<std::string> keys;
                for (nb::handle key : kept) keys.push_back(to_string(nb::cast<nb::bytes>(key)));
                new (self) SentencePieceNormalizer(std::move(rules), keys, remove_extra_spaces,
                                                   value_of(dummy, "dummy", kDummies));
            },
            "rules"_a.none(), nb::kw_only(), "kept"_a, "remove_extra_spaces"_a, "dummy"_a);
    nb::class_<BertNormalizer, Normalizer>(m, "BertNormalizer")
        .def(nb::init<unicode::bert::Options>(), "options"_a);
}

}  // namespace

void bind_normalize(nb::module_& m) {
    bind_charsmap(m);
    bind_normalizers(m);
}

}  // namespace tokenry::bindings
