// Python's view of what is found in text: added tokens, and the places of pieces.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string_view>

#include "bindings/arrays.hpp"
#include "encode/piece_places.hpp"
#include "encode/token_finder.hpp"

namespace tokenry::bindings {

using namespace encode;

namespace {

void bind_token_finder(nb::module_& m) {
    nb::class_<TokenFinder>(m, "TokenFinder")
        .def(
            "__init__",
            [](TokenFinder* self, const std::vector<nb::bytes>& tokens, std::vector<Id> ids) {
                if (tokens.size() != ids.size())
                    throw std::invalid_argument("tokens and ids are of different numbers");
                std::vector<std::string_view> texts;
                for (const nb::bytes& token : tokens) texts.push_back(characters(token));
                new (self) TokenFinder(texts, std::move(ids));
            },
            "tokens"_a, "ids"_a)
        .def(
            "occurs",
            [](const TokenFinder& self, nb::handle data) {
                return self.next(text_of(data), 0).has_value();
            },
            "data"_a)
        .def(
            "find",
            [](const TokenFinder& self, nb::handle data) {
                const Text text = text_of(data);
                std::vector<std::uint64_t> places;
                for (auto found = self.next(text, 0); found; found = self.next(text, found->end))
                    places.insert(places.end(), {found->begin, found->end});
                return to_rows<2>(std::move(places));
            },
            "data"_a)
        .def(
            "occurring",
            [](const TokenFinder& self, nb::handle texts) {
                const Texts held(texts);
                std::vector<std::size_t> found;
                for (std::size_t i = 0; i < held.views.size(); ++i)
                    if (self.next(held.views[i], 0)) found.push_back(i);
                return found;
            },
            "texts"_a);
}

nb::tuple find_places(const PiecePlaces& places, nb::handle texts, In<Id> ids,
                      In<std::uint64_t> offsets) {
    const Texts held(texts);
    check_offsets(view(offsets), ids.size());
    if (offsets.size() != held.views.size() + 1)
        throw std::invalid_argument("offsets needs one entry more than there are texts");
    auto starts = room_for<std::int64_t>(ids.size());
    auto ends = room_for<std::int64_t>(ids.size());
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < held.views.size(); ++i) {
        const std::size_t begin = view(offsets)[i], count = view(offsets)[i + 1] - begin;
        if (places.find(held.views[i], view(ids).subspan(begin, count), starts.data() + begin,
                        ends.data() + begin))
            continue;
        std::fill_n(starts.data() + begin, count, 0);
        std::fill_n(ends.data() + begin, count, 0);
        missing.push_back(i);
    }
    return nb::make_tuple(to_array(std::move(starts)), to_array(std::move(ends)), missing);
}

void bind_piece_places(nb::module_& m) {
    nb::class_<PiecePlaces>(m, "PiecePlaces")
        .def(
            "__init__",
            [](PiecePlaces* self, nb::bytes run, In<std::uint64_t> offsets, bool joined, bool sure,
               bool trims, bool keeps_first_space, std::int64_t unknown, bool fused) {
                const auto given = view(offsets);
                new (self) PiecePlaces(to_string(run), {given.begin(), given.end()},
                                       {joined, sure, trims, keeps_first_space, unknown, fused});
            },
            "run"_a, "offsets"_a, nb::kw_only(), "joined"_a = true, "sure"_a = false,
            "trims"_a = false, "keeps_first_space"_a = false, "unknown"_a = -1, "fused"_a = false)
        .def("learn", &PiecePlaces::learn, "character"_a, "becomes"_a)
        .def("find", &find_places, "texts"_a, "ids"_a, "offsets"_a);
}

}  // namespace

void bind_places(nb::module_& m) {
    bind_token_finder(m);
    bind_piece_places(m);
}

}  // namespace tokenry::bindings
