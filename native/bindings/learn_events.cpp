// Python's view of learning by events: RunText, EventLearner.
#include <nanobind/stl/string.h>

#include <algorithm>
#include <optional>

#include "bindings/arrays.hpp"
#include "bindings/splitters.hpp"
#include "learn/event_learner.hpp"
#include "learn/run_text.hpp"

namespace tokenry::bindings {

using namespace learn;

namespace {

using Alphabet = std::array<std::uint8_t, 256>;

Alphabet alphabet_of(const nb::bytes& bytes) { return to_fixed<256>(view(bytes), "the alphabet"); }

std::array<Symbol, 256> symbols_of(const Alphabet& alphabet) {
    std::array<Symbol, 256> symbols{};
    for (Symbol symbol = 0; symbol < alphabet.size(); ++symbol) symbols[alphabet[symbol]] = symbol;
    return symbols;
}

EventWords words_of(const WordTable& table, const Alphabet& alphabet) {
    EventWords words(symbols_of(alphabet));
    table.for_each([&](const std::uint8_t* word, std::size_t size, std::uint64_t count) {
        for (std::size_t at = 0; at < size && count > 0; at += EventWords::longest)
            words.add(word + at, std::min(size - at, EventWords::longest), count);
    });
    words.index();
    return words;
}

EventLearner* of_words(WordCounter& counter, const nb::bytes& alphabet, double threshold,
                       std::uint64_t min_count, std::size_t max_bytes) {
    const Alphabet bytes = alphabet_of(alphabet);
    return unlocked([&] {
        EventWords words = words_of(counter.table(), bytes);
        counter.table().clear();
        return new EventLearner(bytes, std::move(words), std::nullopt,
                                {threshold, min_count, max_bytes, 1});
    });
}

EventLearner* of_runs(RunText& runs, const nb::bytes& alphabet, double threshold,
                      std::uint64_t min_count, std::size_t max_bytes, std::size_t max_words) {
    const Alphabet bytes = alphabet_of(alphabet);
    return unlocked([&] {
        EventWords words = runs.words(symbols_of(bytes));
        return new EventLearner(bytes, std::move(words), runs.take_units(),
                                {threshold, min_count, max_bytes, max_words});
    });
}

nb::tuple run(EventLearner& learner, std::size_t steps, std::size_t size) {
    std::vector<EventLearner::Learnt> log;
    const bool more = unlocked([&] {
        bool left = true;
        for (std::size_t i = 0; left && i < steps && learner.present() < size; ++i)
            left = learner.step(log);
        return left;
    });
    std::vector<std::uint32_t> events;
    std::vector<std::uint64_t> counts;
    for (const auto& [event, count] : log) {
        events.insert(events.end(), {event.kind, event.left, event.right, event.made});
        counts.push_back(count);
    }
    return nb::make_tuple(to_rows<4>(std::move(events)), to_array(std::move(counts)), more);
}

}  // namespace

void bind_learn_events(nb::module_& m) {
    nb::class_<RunText>(m, "RunText")
        .def(
            "__init__",
            [](RunText* self, const std::string& splitter) {
                new (self) RunText(word_runs_named(splitter));
            },
            "splitter"_a)
        .def(
            "add",
            [](RunText& self, const nb::list& documents) {
                const Texts held(documents);
                unlocked([&] {
                    for (const Text text : held.views) self.add(text);
                });
            },
            "documents"_a)
        .def("__len__", &RunText::size);
    nb::class_<EventLearner>(m, "EventLearner")
        .def_static("of_words", &of_words, "counter"_a, "alphabet"_a, nb::kw_only(), "threshold"_a,
                    "min_count"_a, "max_bytes"_a, nb::rv_policy::take_ownership)
        .def_static("of_runs", &of_runs, "runs"_a, "alphabet"_a, nb::kw_only(), "threshold"_a,
                    "min_count"_a, "max_bytes"_a, "max_words"_a, nb::rv_policy::take_ownership)
        .def("run", &run, "steps"_a, "size"_a)
        .def_prop_ro("present", &EventLearner::present);
}

}  // namespace tokenry::bindings
