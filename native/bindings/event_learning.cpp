// Python's view of learning by events: RunText, EventLearner.
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <vector>

#include "bindings/bindings.hpp"
#include "learn/event_learner.hpp"
#include "learn/run_text.hpp"
#include "split/registry.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace tokenry::bindings {

using namespace learn;

namespace {

using Alphabet = std::array<std::uint8_t, 256>;

Text text_of(nb::handle document) {
    const auto bytes = nb::cast<nb::bytes>(document);
    return {static_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

Alphabet alphabet_of(const nb::bytes& bytes) {
    Alphabet alphabet{};
    if (bytes.size() != alphabet.size()) throw nb::value_error("the alphabet needs all 256 bytes");
    std::copy_n(static_cast<const std::uint8_t*>(bytes.data()), alphabet.size(), alphabet.begin());
    return alphabet;
}

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
    const nb::gil_scoped_release release;
    EventWords words = words_of(counter.table(), bytes);
    counter.table().clear();
    return new EventLearner(bytes, std::move(words), std::nullopt,
                            {threshold, min_count, max_bytes, 1});
}

EventLearner* of_runs(RunText& runs, const nb::bytes& alphabet, double threshold,
                      std::uint64_t min_count, std::size_t max_bytes, std::size_t max_words) {
    const Alphabet bytes = alphabet_of(alphabet);
    const nb::gil_scoped_release release;
    EventWords words = runs.words(symbols_of(bytes));
    return new EventLearner(bytes, std::move(words), runs.take_units(),
                            {threshold, min_count, max_bytes, max_words});
}

template <class T>
nb::object to_numpy(std::vector<T> values, std::size_t columns) {
    auto* kept = new std::vector<T>(std::move(values));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    const std::size_t shape[2] = {kept->size() / columns, columns};
    return nb::cast(nb::ndarray<nb::numpy, T>(kept->data(), columns == 1 ? 1 : 2, shape, owner));
}

nb::tuple run(EventLearner& learner, std::size_t steps, std::size_t size) {
    std::vector<EventLearner::Learnt> log;
    bool more = true;
    {
        const nb::gil_scoped_release release;
        for (std::size_t i = 0; more && i < steps && learner.present() < size; ++i)
            more = learner.step(log);
    }
    std::vector<std::uint32_t> events;
    std::vector<std::uint64_t> counts;
    for (const auto& [event, count] : log) {
        events.insert(events.end(), {event.kind, event.left, event.right, event.made});
        counts.push_back(count);
    }
    return nb::make_tuple(to_numpy(std::move(events), 4), to_numpy(std::move(counts), 1), more);
}

}  // namespace

void bind_event_learning(nb::module_& m) {
    nb::class_<RunText>(m, "RunText")
        .def(
            "__init__",
            [](RunText* self, const std::string& splitter) {
                auto words = split::make_word_runs(splitter);
                if (words == nullptr)
                    throw nb::value_error(("no splitter of word runs is named " + splitter).c_str());
                new (self) RunText(std::move(words));
            },
            "splitter"_a)
        .def("add",
             [](RunText& self, const nb::list& documents) {
                 const nb::tuple kept(documents);
                 std::vector<Text> texts;
                 for (nb::handle document : kept) texts.push_back(text_of(document));
                 const nb::gil_scoped_release release;
                 for (const Text text : texts) self.add(text);
             })
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
