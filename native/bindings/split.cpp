// Python's view of unicode/ and split/.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>

#include "bindings/arrays.hpp"
#include "bindings/names.hpp"
#include "bindings/splitters.hpp"
#include "split/bert.hpp"
#include "split/glued.hpp"
#include "split/splitters.hpp"
#include "split/whole_tokens.hpp"
#include "unicode/classes.hpp"

namespace tokenry::bindings {

using namespace split;

namespace {

constexpr Name<Contraction> kContractions[] = {{"none", Contraction::none},
                                               {"cased", Contraction::cased},
                                               {"caseless", Contraction::caseless},
                                               {"suffix", Contraction::suffix}};
constexpr Name<Word> kWords[] = {{"spaced", Word::spaced},
                                 {"prefixed", Word::prefixed},
                                 {"marked", Word::marked},
                                 {"cased", Word::cased}};
constexpr Name<Tail> kTails[] = {{"none", Tail::none},
                                 {"newlines", Tail::newlines},
                                 {"newlines or slashes", Tail::newlines_slashes}};
constexpr Name<Cuts> kCuts[] = {{"nowhere", Cuts::nowhere},
                                {"before spaces", Cuts::before_spaces},
                                {"anywhere", Cuts::anywhere}};

base::Simd simd_named(const std::optional<std::string>& name) {
    if (!name) return base::best_simd();
    for (const base::Simd simd : base::kSimds) {
        if (base::simd_name(simd) != *name) continue;
        if (base::has_simd(simd)) return simd;
        throw std::invalid_argument("this processor has no " + *name + "; leave simd out");
    }
    throw std::invalid_argument("simd is " + *name + "; expected scalar, portable, avx2 or avx512");
}

std::shared_ptr<Splitter> new_splitter(const std::string& name,
                                       const std::optional<std::string>& simd) {
    return splitter_named(name, simd_named(simd));
}

std::shared_ptr<Splitter> whole_token_splitter(const std::string& base,
                                               const std::vector<nb::bytes>& tokens) {
    std::vector<std::string> texts;
    for (const nb::bytes& token : tokens) {
        if (token.size() == 0) throw std::invalid_argument("a whole token is empty");
        texts.push_back(to_string(token));
    }
    return with_whole_tokens(splitter_named(base), texts);
}

std::shared_ptr<Splitter> glued_splitter(const std::string& base, nb::list texts) {
    std::vector<std::string> kept;
    for (nb::handle text : texts) kept.push_back(to_string(nb::cast<nb::bytes>(text)));
    return glued(splitter_named(base), kept);
}

std::shared_ptr<Splitter> bert_splitter(unicode::bert::Options options,
                                        const std::optional<std::string>& simd) {
    return make_bert_splitter(options, simd_named(simd));
}

auto split(const Splitter& splitter, nb::bytes data, std::size_t capacity) {
    if (capacity == 0) throw std::invalid_argument("capacity is 0; expected at least 1");
    return to_array(unlocked([&, text = view(data)] {
        std::vector<std::uint64_t> ends;
        std::vector<std::uint32_t> found(capacity);
        for (std::size_t begin = 0; begin < text.size(); begin = ends.back()) {
            const std::size_t count =
                splitter.split(text.data(), text.size(), begin, found.data(), capacity);
            for (std::size_t i = 0; i < count; ++i) ends.push_back(begin + found[i]);
        }
        return ends;
    }));
}

// The same for stretches between bounds, each cut as a text of its own.
auto split_stretches(const Splitter& splitter, nb::bytes data, In<std::uint64_t> bounds) {
    const Text text = view(data);
    const std::span<const std::uint64_t> places = view(bounds);
    for (std::size_t i = 0; i < places.size(); ++i)
        if (places[i] > text.size() || (i > 0 && places[i] < places[i - 1]))
            throw std::invalid_argument("bounds must ascend within the text");
    Buffer<std::uint64_t> ends;
    unlocked([&] {
        std::uint32_t found[256];
        for (std::size_t i = 1; i < places.size(); ++i) {
            const std::uint64_t from = places[i - 1], size = places[i] - from;
            for (std::uint64_t begin = 0; begin < size;) {
                const std::size_t count = splitter.split(text.data() + from, size, begin, found, 256);
                ends.reserve_more(count);
                for (std::size_t k = 0; k < count; ++k) ends.push(from + begin + found[k]);
                begin += found[count - 1];
            }
        }
    });
    return to_array(std::move(ends));
}

auto unicode_records() {
    std::vector<std::uint8_t> records(unicode::kCodePoints);
    for (std::uint32_t code = 0; code < unicode::kCodePoints; ++code)
        records[code] = unicode::record(code);
    return to_array(std::move(records));
}

std::vector<std::string> simd_paths() {
    std::vector<std::string> paths;
    for (const base::Simd simd : base::kSimds)
        if (base::has_simd(simd)) paths.emplace_back(base::simd_name(simd));
    return paths;
}

void bind_rows(nb::module_& m) {
    nb::class_<Rules>(m, "SplitRules")
        .def_prop_ro("contraction",
                     [](const Rules& self) { return name_of(self.contraction, kContractions); })
        .def_prop_ro("word", [](const Rules& self) { return name_of(self.word, kWords); })
        .def_ro("digits", &Rules::digits)
        .def_prop_ro("tail", [](const Rules& self) { return name_of(self.tail, kTails); })
        .def_ro("newlines", &Rules::newlines)
        .def_ro("final_run", &Rules::final_run)
        .def_ro("han", &Rules::han);
    nb::class_<SplitterRow>(m, "SplitterRow")
        .def_prop_ro("name", [](const SplitterRow& self) { return std::string(self.name); })
        .def_prop_ro("rules",
                     [](const SplitterRow& self) {
                         return self.has_rules() ? std::optional(self.rules) : std::nullopt;
                     })
        .def_prop_ro("cuts", [](const SplitterRow& self) { return name_of(self.cuts, kCuts); })
        .def_ro("leaves_text", &SplitterRow::leaves_text);
    m.def("splitters",
          [] { return std::vector<SplitterRow>(std::begin(kSplitters), std::end(kSplitters)); });
    m.def("splitter_names", &splitter_names);
}

}  // namespace

void bind_split(nb::module_& m) {
    bind_rows(m);
    nb::class_<Splitter, Finder>(m, "Splitter")
        .def(nb::new_(&new_splitter), "name"_a, nb::kw_only(), "simd"_a = nb::none())
        .def_prop_ro("name", [](const Splitter& self) { return self.name(); })
        .def("split", &split, "data"_a, nb::kw_only(), "capacity"_a = 4096)
        .def("split_stretches", &split_stretches, "data"_a, "bounds"_a);
    m.def("glued_splitter", &glued_splitter, "base"_a, "texts"_a);
    m.def("whole_token_splitter", &whole_token_splitter, "base"_a, "tokens"_a);
    nb::class_<unicode::bert::Options>(m, "BertOptions")
        .def(nb::init<bool, bool, bool, bool>(), nb::kw_only(), "clean_text"_a = false,
             "handle_chinese_chars"_a = false, "strip_accents"_a = false, "lowercase"_a = false);
    m.def("bert_splitter", &bert_splitter, "options"_a, nb::kw_only(), "simd"_a = nb::none());
    m.def("simd", [] { return std::string(base::simd_name(base::best_simd())); });
    m.def("simd_paths", &simd_paths);
    m.def("unicode_version", [] { return std::string(unicode::kVersion); });
    m.def("unicode_records", &unicode_records);
}

}  // namespace tokenry::bindings
