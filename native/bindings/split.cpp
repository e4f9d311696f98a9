#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include "bindings/bindings.hpp"
#include "split/bert.hpp"
#include "split/registry.hpp"
#include "split/splitters.hpp"
#include "split/whole_tokens.hpp"
#include "unicode/classes.hpp"

namespace nb = nanobind;

namespace tokenry::bindings {

using namespace split;

namespace {

template <class T>
using Array = nb::ndarray<nb::numpy, T, nb::ndim<1>>;

template <class T>
Array<T> to_array(std::vector<T> values) {
    auto* owned = new std::vector<T>(std::move(values));
    nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return Array<T>(owned->data(), {owned->size()}, owner);
}

base::Simd parse_simd(const std::string& name) {
    for (const base::Simd simd : base::kSimds) {
        if (base::simd_name(simd) != name) continue;
        if (base::has_simd(simd)) return simd;
        throw std::invalid_argument("this processor has no " + name + "; leave simd out");
    }
    throw std::invalid_argument("simd is " + name + "; expected scalar, portable, avx2 or avx512");
}

std::shared_ptr<Splitter> new_splitter(const std::string& name,
                                       const std::optional<std::string>& simd) {
    const base::Simd path = simd ? parse_simd(*simd) : base::best_simd();
    std::shared_ptr<Splitter> splitter = make_splitter(name, path);
    if (splitter) return splitter;
    std::string known;
    for (const std::string& other : splitter_names()) known += " " + other;
    throw std::invalid_argument("no splitter is named " + name + "; there are:" + known);
}

std::shared_ptr<Splitter> whole_token_splitter(const std::string& base,
                                               const std::vector<nb::bytes>& tokens) {
    auto splitter = make_splitter(base);
    if (!splitter) throw std::invalid_argument("no splitter is named " + base);
    std::vector<std::string> texts;
    for (const nb::bytes& token : tokens) {
        if (token.size() == 0) throw std::invalid_argument("a whole token is empty");
        texts.emplace_back(token.c_str(), token.size());
    }
    return with_whole_tokens(std::move(splitter), texts);
}

std::shared_ptr<Splitter> bert_splitter(unicode::bert::Options options,
                                        const std::optional<std::string>& simd) {
    return make_bert_splitter(options, simd ? parse_simd(*simd) : base::best_simd());
}

Array<std::uint64_t> split(const Splitter& splitter, nb::bytes data, std::size_t capacity) {
    const auto* text = reinterpret_cast<const std::uint8_t*>(data.c_str());
    const std::size_t size = data.size();
    if (capacity == 0) throw std::invalid_argument("capacity is 0; expected at least 1");
    std::vector<std::uint64_t> ends;
    {
        nb::gil_scoped_release release;
        std::vector<std::uint32_t> buffer(capacity);
        for (std::size_t begin = 0; begin < size;) {
            const std::size_t count = splitter.split(text, size, begin, buffer.data(), capacity);
            for (std::size_t i = 0; i < count; ++i) ends.push_back(begin + buffer[i]);
            begin = ends.back();
        }
    }
    return to_array(std::move(ends));
}

// Pretokens of `data`, found `repeats` times without keeping them: what a benchmark measures.
std::size_t count(const Splitter& splitter, nb::bytes data, std::size_t repeats) {
    constexpr std::size_t kCapacity = 2048;
    const auto* text = reinterpret_cast<const std::uint8_t*>(data.c_str());
    const std::size_t size = data.size();
    nb::gil_scoped_release release;
    std::vector<std::uint32_t> ends(kCapacity);
    std::size_t total = 0;
    for (std::size_t i = 0; i < repeats; ++i) {
        for (std::size_t begin = 0; begin < size;) {
            const std::size_t found = splitter.split(text, size, begin, ends.data(), kCapacity);
            total += found;
            begin += ends[found - 1];
        }
    }
    return total;
}

Array<std::uint8_t> categories() {
    std::vector<std::uint8_t> records(unicode::kCodePoints);
    for (std::uint32_t code = 0; code < unicode::kCodePoints; ++code) {
        records[code] = unicode::record(code);
    }
    return to_array(std::move(records));
}

// Names in the order of the enumerators.
constexpr const char* kContractions[] = {"none", "cased", "caseless", "suffix"};
constexpr const char* kWords[] = {"spaced", "prefixed", "marked", "cased"};
constexpr const char* kTails[] = {"none", "newlines", "newlines or slashes"};
constexpr const char* kCuts[] = {"nowhere", "before spaces", "anywhere"};

template <class Enum, std::size_t kCount>
const char* name_of(Enum value, const char* const (&names)[kCount]) {
    return names[static_cast<std::size_t>(value)];
}

void bind_rows(nb::module_& m) {
    nb::class_<Rules>(m, "SplitRules")
        .def_prop_ro("contraction",
                     [](const Rules& r) { return name_of(r.contraction, kContractions); })
        .def_prop_ro("word", [](const Rules& r) { return name_of(r.word, kWords); })
        .def_ro("digits", &Rules::digits)
        .def_prop_ro("tail", [](const Rules& r) { return name_of(r.tail, kTails); })
        .def_ro("newlines", &Rules::newlines)
        .def_ro("final_run", &Rules::final_run);
    nb::class_<SplitterRow>(m, "SplitterRow")
        .def_prop_ro("name", [](const SplitterRow& row) { return std::string(row.name); })
        .def_prop_ro("rules",
                     [](const SplitterRow& row) {
                         return row.has_rules() ? std::optional(row.rules) : std::nullopt;
                     })
        .def_prop_ro("cuts", [](const SplitterRow& row) { return name_of(row.cuts, kCuts); })
        .def_ro("leaves_text", &SplitterRow::leaves_text);
    m.def("splitters",
          [] { return std::vector<SplitterRow>(std::begin(kSplitters), std::end(kSplitters)); });
}

}  // namespace

void bind_split(nb::module_& m) {
    bind_rows(m);
    nb::class_<unicode::bert::Options>(m, "BertOptions")
        .def(nb::init<bool, bool, bool, bool>(), nb::kw_only(), nb::arg("clean_text") = false,
             nb::arg("handle_chinese_chars") = false, nb::arg("strip_accents") = false,
             nb::arg("lowercase") = false);
    nb::class_<Splitter>(m, "Splitter")
        .def(nb::new_(&new_splitter), nb::arg("name"), nb::kw_only(), nb::arg("simd") = nb::none())
        .def_prop_ro("name", [](const Splitter& splitter) { return splitter.name(); })
        .def("split", &split, nb::arg("data"), nb::kw_only(), nb::arg("capacity") = 4096)
        .def("count", &count, nb::arg("data"), nb::kw_only(), nb::arg("repeats") = 1);
    m.def("splitter_names", &splitter_names);
    m.def("whole_token_splitter", &whole_token_splitter, nb::arg("base"), nb::arg("tokens"));
    m.def("bert_splitter", &bert_splitter, nb::arg("options"), nb::kw_only(),
          nb::arg("simd") = nb::none());
    m.def("simd", [] { return std::string(base::simd_name(base::best_simd())); });
    m.def("simd_paths", [] {
        std::vector<std::string> paths;
        for (const base::Simd simd : base::kSimds) {
            if (base::has_simd(simd)) paths.emplace_back(base::simd_name(simd));
        }
        return paths;
    });
    m.def("unicode_version", [] { return std::string(unicode::kVersion); });
    m.def("unicode_records", &categories);
}

}  // namespace tokenry::bindings
