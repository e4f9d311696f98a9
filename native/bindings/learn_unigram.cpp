// Python's view of what learning a Unigram model takes: UnigramWords.
#include <nanobind/ndarray.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "bindings/bindings.hpp"
#include "learn/unigram_lattices.hpp"
#include "learn/unigram_seeds.hpp"
#include "learn/word_counter.hpp"

namespace nb = nanobind;

namespace tokenry::bindings {

using namespace learn;

namespace {

template <class T>
using Array = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

template <class T>
nb::object to_numpy(std::vector<T> values) {
    auto* kept = new std::vector<T>(std::move(values));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    const std::size_t shape[1] = {kept->size()};
    return nb::cast(nb::ndarray<nb::numpy, T>(kept->data(), 1, shape, std::move(owner)));
}

// Lets Ctrl-C end a long call.
void check_signals() {
    const nb::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

std::vector<std::string_view> unpack(const nb::bytes& data, const Array<std::uint64_t>& offsets) {
    const std::uint64_t* at = offsets.data();
    if (offsets.size() == 0 || at[0] != 0 || at[offsets.size() - 1] != data.size() ||
        !std::is_sorted(at, at + offsets.size())) {
        throw nb::value_error("offsets must ascend from 0 to the number of bytes");
    }
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i)
        pieces.emplace_back(data.c_str() + at[i], at[i + 1] - at[i]);
    return pieces;
}

// Words with what is computed over them; the parts refer to each other, so they do not move.
struct Model {
    UnigramWords words;
    UnigramLattices lattices;
    unsigned threads;

    Model(const WordTable& table, unsigned threads_)
        : words(table), lattices(words, threads_, check_signals), threads(threads_) {}
};

nb::tuple packed(const std::vector<std::string_view>& pieces, std::vector<std::uint64_t> counts) {
    std::string bytes;
    std::vector<std::uint64_t> offsets{0};
    for (const auto piece : pieces) {
        bytes += piece;
        offsets.push_back(bytes.size());
    }
    return nb::make_tuple(nb::bytes(bytes.data(), bytes.size()), to_numpy(std::move(offsets)),
                          to_numpy(std::move(counts)));
}

nb::tuple characters(const Model& self) {
    const auto found = self.words.characters();
    std::vector<std::string_view> pieces;
    std::vector<std::uint64_t> counts;
    for (const auto& each : found) {
        pieces.emplace_back(reinterpret_cast<const char*>(each.bytes), each.width);
        counts.push_back(each.count);
    }
    return packed(pieces, std::move(counts));
}

nb::tuple seeds(const Model& self, const nb::bytes& data, const Array<std::uint64_t>& offsets,
                std::size_t longest, std::size_t most) {
    if (longest < 1 || longest > 63) throw nb::value_error("longest must be 1 to 63 characters");
    SeedOptions options;
    for (const auto each : unpack(data, offsets)) options.left_out.insert(each);
    options.longest = longest;
    options.most = most;
    options.threads = self.threads;
    options.pause = check_signals;
    std::vector<std::string_view> pieces;
    std::vector<std::uint64_t> counts;
    {
        const nb::gil_scoped_release release;
        for (const UnigramSeed& seed : unigram_seeds(self.words, options)) {
            pieces.emplace_back(reinterpret_cast<const char*>(self.words.data()) + seed.at,
                                seed.size);
            counts.push_back(seed.count);
        }
    }
    return packed(pieces, std::move(counts));
}

void set_pieces(Model& self, const nb::bytes& data, const Array<std::uint64_t>& offsets) {
    const auto pieces = unpack(data, offsets);
    bool bytes = pieces.size() >= UnigramLattices::kBytes;
    for (std::size_t i = 0; bytes && i < UnigramLattices::kBytes; ++i)
        bytes = pieces[i].size() == 1 && std::uint8_t(pieces[i][0]) == i;
    if (!bytes) throw nb::value_error("the first 256 pieces must be the single bytes, ascending");
    const nb::gil_scoped_release release;
    self.lattices.set_pieces(pieces);
}

std::span<const double> checked(const Model& self, const Array<double>& values) {
    if (values.size() != self.lattices.size())
        throw nb::value_error("there must be one number for each piece");
    return {values.data(), values.size()};
}

nb::tuple expect(const Model& self, const Array<double>& scores) {
    const auto given = checked(self, scores);
    UnigramLattices::Expectation found;
    {
        const nb::gil_scoped_release release;
        found = self.lattices.expect(given);
    }
    return nb::make_tuple(to_numpy(std::move(found.counts)), found.log_likelihood);
}

nb::object best(const Model& self, const Array<double>& scores) {
    const auto given = checked(self, scores);
    std::vector<std::uint64_t> counts;
    {
        const nb::gil_scoped_release release;
        counts = self.lattices.best(given);
    }
    return to_numpy(std::move(counts));
}

nb::object losses(const Model& self, const Array<double>& scores, const Array<double>& counts) {
    const auto given = checked(self, scores), counted = checked(self, counts);
    std::vector<double> found;
    {
        const nb::gil_scoped_release release;
        found = self.lattices.losses(given, counted);
    }
    return to_numpy(std::move(found));
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
            nb::arg("counter"), nb::arg("threads") = 1)
        .def("characters", &characters)
        .def("seeds", &seeds, nb::arg("left_out"), nb::arg("offsets"), nb::arg("longest"),
             nb::arg("most"))
        .def("set_pieces", &set_pieces, nb::arg("pieces"), nb::arg("offsets"))
        .def("expect", &expect, nb::arg("scores"))
        .def("best", &best, nb::arg("scores"))
        .def("losses", &losses, nb::arg("scores"), nb::arg("counts"));
}

}  // namespace tokenry::bindings
