// Python's view of pattern/.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <utility>
#include <vector>

#include "bindings/arrays.hpp"
#include "bindings/names.hpp"
#include "pattern/cascade.hpp"

namespace tokenry::bindings {

using namespace pattern;

namespace {

constexpr Name<Behavior> kBehaviors[] = {{"Removed", Behavior::removed},
                                         {"Isolated", Behavior::isolated},
                                         {"MergedWithPrevious", Behavior::merged_with_previous},
                                         {"MergedWithNext", Behavior::merged_with_next},
                                         {"Contiguous", Behavior::contiguous}};

Program program_of(In<std::uint8_t> kinds, In<std::uint32_t> firsts, In<std::uint32_t> seconds,
                   In<std::uint8_t> members, std::size_t symbols) {
    if (kinds.size() != firsts.size() || kinds.size() != seconds.size() || symbols == 0 ||
        symbols > kMostSymbols || members.size() % symbols != 0)
        throw std::invalid_argument("the parts of a program do not fit together");
    Program program;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (view(kinds)[i] > static_cast<std::uint8_t>(Instruction::Kind::match))
            throw std::invalid_argument("a program has an unknown instruction");
        program.instructions.push_back({static_cast<Instruction::Kind>(view(kinds)[i]),
                                        view(firsts)[i], view(seconds)[i]});
    }
    program.sets.resize(members.size() / symbols);
    for (std::size_t i = 0; i < members.size(); ++i)
        if (view(members)[i] != 0) program.sets[i / symbols].set(i % symbols);
    return program;
}

// What a pattern asks of the text around a place; `members` are those of symbols of its stage.
Look look_of(In<std::uint8_t> kinds, In<std::uint32_t> firsts, In<std::uint32_t> seconds,
             In<std::uint8_t> members, std::size_t symbols, bool ahead) {
    const Program program = program_of(kinds, firsts, seconds, members, symbols);
    return {Automaton(program, symbols, {}, Threads::Search::all), ahead};
}

// Adds to a stage while it is put together; a cascade takes its own copy.
void add_cut(Stage& stage, In<std::uint8_t> kinds, In<std::uint32_t> firsts,
             In<std::uint32_t> seconds, In<std::uint8_t> members, std::size_t symbols,
             const std::string& behavior, bool invert, const std::vector<const Look*>& looks,
             In<std::uint8_t> noted, bool empty) {
    std::vector<Look> copies;
    for (const Look* look : looks) copies.push_back(*look);
    const std::size_t known = looks.empty() ? symbols : noted.size() >> looks.size();
    if (known < stage.alphabet.size())
        throw std::invalid_argument("a text has more symbols than the program");
    Looks noting(std::move(copies), {view(noted).begin(), view(noted).end()});
    const SymbolSet edges = noting.edges();
    Cut cut{std::move(noting),
            Automaton(program_of(kinds, firsts, seconds, members, symbols), symbols, edges),
            value_of(behavior, "behavior", kBehaviors), invert};
    if (cut.automaton.is_empty() && !empty) throw NotCompiled("it matches empty text");
    stage.cuts.push_back(std::move(cut));
}

Stage stage_of(In<std::uint32_t> starts, In<std::uint8_t> symbols, std::uint8_t invalid) {
    return {Alphabet::of_characters(view(starts), view(symbols), invalid), {}};
}

Stage stage_of_bytes(In<std::uint8_t> symbols) {
    return {Alphabet::of_bytes(view(symbols)), {}};
}

std::shared_ptr<Cascade> cascade_of(const std::vector<const Stage*>& stages) {
    if (stages.empty()) throw std::invalid_argument("a cascade needs a stage");
    std::vector<Stage> copies;
    for (const Stage* stage : stages) copies.push_back(*stage);
    return std::make_shared<Cascade>(std::move(copies));
}

// Null where words would be long: little of a text would have been seen before.
std::unique_ptr<split::Splitter> kept(SafeWords words) {
    return words.end_before_spaces() ? std::make_unique<SafeWords>(std::move(words)) : nullptr;
}

std::unique_ptr<split::Splitter> words_of(const Cascade& cascade) { return kept(cascade.words()); }

std::unique_ptr<split::Splitter> changed_words_of(const Cascade& cascade, In<std::uint8_t> becomes,
                                                  In<bool> joined) {
    const auto changed = to_fixed<kAscii>(view(becomes), "becomes");
    const auto rows = to_fixed<kAscii * kAscii>(view(joined), "joined");
    std::array<std::bitset<kAscii>, kAscii> pairs;
    for (std::size_t i = 0; i < rows.size(); ++i) pairs[i / kAscii][i % kAscii] = rows[i];
    return kept(cascade.words(changed, pairs));
}

nb::tuple find(const split::Finder& finder, nb::bytes data) {
    std::vector<std::uint64_t> begins, ends;
    unlocked([&, text = view(data)] {
        const auto scratch = finder.make_scratch();
        for (std::size_t begin = 0; begin < text.size();) {
            const split::Pretokens found = finder.find(text.data(), text.size(), begin, *scratch);
            for (std::size_t i = 0; i < found.count; ++i) {
                begins.push_back(begin + found.begins[i]);
                ends.push_back(begin + found.ends[i]);
            }
            begin += found.covered;
        }
    });
    return nb::make_tuple(to_array(std::move(begins)), to_array(std::move(ends)));
}

// Pretokens of `data`, found `repeats` times without keeping them: what a benchmark measures.
std::size_t count(const split::Finder& finder, nb::bytes data, std::size_t repeats) {
    return unlocked([&, text = view(data)] {
        const auto scratch = finder.make_scratch();
        std::size_t total = 0;
        for (std::size_t i = 0; i < repeats; ++i) {
            for (std::size_t begin = 0; begin < text.size();) {
                const auto found = finder.find(text.data(), text.size(), begin, *scratch);
                total += found.count;
                begin += found.covered;
            }
        }
        return total;
    });
}

}  // namespace

void bind_finder(nb::module_& m) {
    nb::class_<split::Finder>(m, "Finder")
        .def("find", &find, "data"_a)
        .def("count", &count, "data"_a, nb::kw_only(), "repeats"_a = 1);
}

void bind_patterns(nb::module_& m) {
    nb::exception<NotCompiled>(m, "NotCompiledError", PyExc_ValueError);
    nb::class_<Look>(m, "PatternLook");
    nb::class_<Stage>(m, "PatternStage")
        .def("add", &add_cut, "kinds"_a, "firsts"_a, "seconds"_a, "members"_a, nb::kw_only(),
             "symbols"_a, "behavior"_a, "invert"_a, "looks"_a, "noted"_a, "empty"_a);
    m.def("pattern_look", &look_of, "kinds"_a, "firsts"_a, "seconds"_a, "members"_a, nb::kw_only(),
          "symbols"_a, "ahead"_a);
    m.def("pattern_stage", &stage_of, "starts"_a, "symbols"_a, "invalid"_a);
    m.def("pattern_stage_of_bytes", &stage_of_bytes, "symbols"_a);
    nb::class_<Cascade, split::Finder>(m, "Cascade")
        .def(nb::new_(&cascade_of), "stages"_a)
        .def("words", &words_of)
        .def("changed_words", &changed_words_of, "becomes"_a, "joined"_a);
}

}  // namespace tokenry::bindings
