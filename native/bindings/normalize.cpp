// Python's view of normalize/.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <vector>

#include "bindings/arrays.hpp"
#include "bindings/names.hpp"
#include "normalize/bert.hpp"
#include "normalize/character_changes.hpp"
#include "normalize/charsmap.hpp"
#include "normalize/form.hpp"
#include "normalize/precompiled.hpp"
#include "normalize/replacing.hpp"
#include "normalize/sentencepiece.hpp"
#include "normalize/sequence.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::bindings {

using namespace normalize;

namespace {

using Form = FormNormalizer::Form;
constexpr Name<Form> kForms[] = {
    {"NFC", Form::nfc}, {"NFD", Form::nfd}, {"NFKC", Form::nfkc}, {"NFKD", Form::nfkd}};
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
            [](Charsmap* self, nb::bytes blob) { new (self) Charsmap(characters(blob)); }, "blob"_a,
            nb::keep_alive<1, 2>())
        .def("reads", &Charsmap::reads, "byte"_a)
        .def("is_space", &Charsmap::is_space, "byte"_a)
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

bool leaves(const Normalizer& self, nb::handle text) {
    const auto data = text_of(text);
    return unlocked([&, view = std::string_view(reinterpret_cast<const char*>(data.data()), data.size())] {
        std::string unused;
        return !self.change(view, unused) || unused == view;
    });
}

CharacterChanges* character_changes(In<std::uint32_t> firsts, In<std::uint32_t> lasts,
                                    In<std::uint32_t> which, const nb::list& texts,
                                    std::size_t least) {
    if (firsts.size() != lasts.size() || firsts.size() != which.size())
        throw std::invalid_argument("the ends of ranges, and what becomes of them, are not as many");
    std::vector<CharacterChanges::Range> ranges;
    for (std::size_t i = 0; i < firsts.size(); ++i)
        ranges.push_back({view(firsts)[i], view(lasts)[i], view(which)[i]});
    std::vector<std::string> to;
    for (nb::handle text : texts) to.push_back(to_string(nb::cast<nb::bytes>(text)));
    return new CharacterChanges(ranges, std::move(to), least);
}

LiteralReplacer* literal_replacer(nb::bytes sought, nb::bytes content) {
    if (sought.size() == 0) throw std::invalid_argument("nothing to look for");
    return new LiteralReplacer(to_string(sought), to_string(content));
}

// Those of tokenizer.json files.
void bind_changes(nb::module_& m) {
    nb::class_<FormNormalizer, Normalizer>(m, "FormNormalizer")
        .def(
            "__init__",
            [](FormNormalizer* self, const std::string& form) {
                new (self) FormNormalizer(value_of(form, "form", kForms));
            },
            "form"_a);
    nb::class_<CharacterChanges, Normalizer>(m, "CharacterChanges")
        .def(nb::new_(&character_changes), "firsts"_a, "lasts"_a, "which"_a, "texts"_a, nb::kw_only(),
             "least"_a = 0);
    nb::class_<LiteralReplacer, Normalizer>(m, "LiteralReplacer")
        .def(nb::new_(&literal_replacer), "sought"_a, "content"_a);
    nb::class_<PatternReplacer, Normalizer>(m, "PatternReplacer")
        .def(
            "__init__",
            [](PatternReplacer* self, std::shared_ptr<const split::Finder> matches, nb::bytes content) {
                new (self) PatternReplacer(std::move(matches), to_string(content));
            },
            "matches"_a, "content"_a);
    nb::class_<Prepender, Normalizer>(m, "Prepender")
        .def(
            "__init__",
            [](Prepender* self, nb::bytes content) { new (self) Prepender(to_string(content)); },
            "content"_a);
    nb::class_<Stripper, Normalizer>(m, "Stripper")
        .def(nb::init<bool, bool>(), "left"_a, "right"_a);
    nb::class_<ByteSpeller, Normalizer>(m, "ByteSpeller").def(nb::init<>());
    nb::class_<PrecompiledNormalizer, Normalizer>(m, "PrecompiledNormalizer")
        .def(nb::init<std::shared_ptr<const Charsmap>>(), "rules"_a);
    nb::class_<NormalizerSequence, Normalizer>(m, "NormalizerSequence")
        .def(nb::init<NormalizerSequence::Steps>(), "steps"_a);
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
            "text"_a)
        .def("leaves", &leaves, "text"_a);
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
    bind_changes(m);
}

}  // namespace tokenry::bindings
