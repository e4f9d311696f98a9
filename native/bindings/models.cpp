#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <memory>
#include <string_view>

#include "bindings/bindings.hpp"
#include "normalize/charsmap.hpp"
#include "normalize/precompiled.hpp"
#include "normalize/sentencepiece.hpp"
#include "normalize/utf8.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace tokenry {
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
        .def("__init__", [](Charsmap* self, nb::bytes blob) { new (self) Charsmap(view(blob)); }, "blob"_a)
        .def("normalize_transformers", [](const Charsmap& self, nb::bytes text) {
            check_utf8(text);
            return changed(text, [&](auto... args) { return apply_precompiled(self, args...); });
        }, "text"_a)
        .def("align_transformers", [](const Charsmap& self, nb::bytes text) {
            check_utf8(text);
            return aligned(text, [&](auto... args) { return apply_precompiled(self, args...); });
        }, "text"_a);
}

void bind_normalizer(nb::module_& m) {
    using Normalizer = SentencePieceNormalizer;
    nb::class_<Normalizer>(m, "SentencePieceNormalizer")
        .def("__init__", [](Normalizer* self, std::shared_ptr<const Charsmap> rules, nb::list kept, bool remove_extra_spaces, const std::string& dummy) {
            std::vector<std::string> keys;
            for (nb::handle key : kept) keys.emplace_back(view(nb::cast<nb::bytes>(key)));
            const auto place = dummy == "before" ? DummySpace::kBefore : dummy == "after" ? DummySpace::kAfter : DummySpace::kNone;
            if (place == DummySpace::kNone && dummy != "none") throw nb::value_error("dummy is one of before, after, none");
            new (self) Normalizer(std::move(rules), keys, remove_extra_spaces, place);
        }, "rules"_a.none(), nb::kw_only(), "kept"_a, "remove_extra_spaces"_a, "dummy"_a)
        .def("normalize", [](const Normalizer& self, nb::bytes text) {
            return changed(text, [&](auto... args) { return self.normalize(args...); });
        }, "text"_a)
        .def("align", [](const Normalizer& self, nb::bytes text) {
            return aligned(text, [&](auto... args) { return self.normalize(args...); });
        }, "text"_a);
}

}  // namespace

void bind_models(nb::module_& m) {
    bind_charsmap(m);
    bind_normalizer(m);
}

}  // namespace tokenry
