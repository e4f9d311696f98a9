// Python's view of what learning a Unigram model takes: UnigramWords.
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "bindings/learn_pieces.hpp"
#include "learn/unigram_lattices.hpp"
#include "learn/unigram_seeds.hpp"
#include "learn/word_counter.hpp"

namespace tokenry::bindings {

using namespace learn;

namespace {

// Lets Ctrl-C end a long call.
void check_signals() {
    const nb::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

// Words with what is computed over them; the parts refer to each other, so they do not move.
struct Model {
    UnigramWords words;
    UnigramLattices lattices;
    unsigned threads;

    Model(const WordTable& table, unsigned threads_)
        : words(table), lattices(words, threads_, check_signals), threads(threads_) {}
};

nb::tuple counted(Packed packed, std::vector<std::uint64_t> counts) {
    return nb::make_tuple(packed.bytes(), packed.offsets(), to_array(std::move(counts)));
}

nb::tuple characters_of(const Model& self) {
    Packed packed;
    std::vector<std::uint64_t> counts;
    for (const auto& each : self.words.characters()) {
        packed.add({reinterpret_cast<const char*>(each.bytes), each.width});
        counts.push_back(each.count);
    }
    return counted(std::move(packed), std::move(counts));
}

nb::tuple seeds(const Model& self, const nb::bytes& data, const In<std::uint64_t>& offsets,
                std::size_t longest, std::size_t most) {
    if (longest < 1 || longest > 63) throw nb::value_error("longest must be 1 to 63 characters");
    SeedOptions options;
    for (const auto each : unpack(data, offsets)) options.left_out.insert(each);
    options.longest = longest;
    options.most = most;
    options.threads = self.threads;
    options.pause = check_signals;
    Packed packed;
    std::vector<std::uint64_t> counts;
    unlocked([&] {
        for (const UnigramSeed& seed : unigram_seeds(self.words, options)) {
            packed.add({reinterpret_cast<const char*>(self.words.data()) + seed.at, seed.size});
            counts.push_back(seed.count);
        }
    });
    return counted(std::move(packed), std::move(counts));
}

void set_pieces(Model& self, const nb::bytes& data, const In<std::uint64_t>& offsets) {
    const auto pieces = unpack(data, offsets);
    bool bytes = pieces.size() >= UnigramLattices::kBytes;
    for (std::size_t i = 0; bytes && i < UnigramLattices::kBytes; ++i)
        bytes = pieces[i].size() == 1 && std::uint8_t(pieces[i][0]) == i;
    if (!bytes) throw nb::value_error("the first 256 pieces must be the single bytes, ascending");
    unlocked([&] { self.lattices.set_pieces(pieces); });
}

std::span<const double> checked(const Model& self, const In<double>& values) {
    if (values.size() != self.lattices.size())
        throw nb::value_error("there must be one number for each piece");
    return view(values);
}

nb::tuple expect(const Model& self, const In<double>& scores) {
    const auto given = checked(self, scores);
    auto found = unlocked([&] { return self.lattices.expect(given); });
    return nb::make_tuple(to_array(std::move(found.counts)), found.log_likelihood);
}

auto best(const Model& self, const In<double>& scores) {
    const auto given = checked(self, scores);
    return to_array(unlocked([&] { return self.lattices.best(given); }));
}

auto losses(const Model& self, const In<double>& scores, const In<double>& counts) {
    const auto given = checked(self, scores), seen = checked(self, counts);
    return to_array(unlocked([&] { return self.lattices.losses(given, seen); }));
}

}  // namespace

void bind_learn_unigram(nb::module_& m) {
    nb::class_<Model>(m, "UnigramWords")
        .def(
            "__init__",
            [](Model* self, WordCounter& counter, unsigned threads) {
                const nb::gil_scoped_release release;
                new (self) Model(counter.table(), std::max(1u, threads));
            },
            "counter"_a, "threads"_a = 1)
        .def("characters", &characters_of)
        .def("seeds", &seeds, "left_out"_a, "offsets"_a, "longest"_a, "most"_a)
        .def("set_pieces", &set_pieces, "pieces"_a, "offsets"_a)
        .def("expect", &expect, "scores"_a)
        .def("best", &best, "scores"_a)
        .def("losses", &losses, "scores"_a, "counts"_a);
}

}  // namespace tokenry::bindings
