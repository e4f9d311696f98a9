// Python's view of formats/.
#include <nanobind/stl/string.h>

#include <memory>
#include <string>

#include "bindings/arrays.hpp"
#include "bindings/names.hpp"
#include "formats/json_model.hpp"
#include "formats/raw_snappy.hpp"
#include "formats/sentencepiece_pieces.hpp"
#include "formats/token_names.hpp"

namespace tokenry::bindings {

using namespace formats;

namespace {

constexpr Name<Spelling> kSpellings[] = {
    {"plain", Spelling::kPlain}, {"marks", Spelling::kMarks}, {"bytes", Spelling::kBytes}};

nb::bytes bytes_of(const Buffer<std::uint8_t>& bytes) {
    return nb::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

nb::tuple packed(Strings strings) {
    auto run = bytes_of(strings.bytes);
    return nb::make_tuple(run, to_array(std::move(strings.offsets)));
}

nb::object text_of_name(const TokenNames& names, Id id) {
    if (!names.has(id)) return nb::none();
    const std::string_view name = names.names()[id];
    return nb::str(name.data(), name.size());
}

nb::list texts_of(const TokenNames& names) {
    nb::list texts;
    for (Id id = 0; id < names.size(); ++id) texts.append(text_of_name(names, id));
    return texts;
}

TokenNames* names_of(nb::bytes run, In<std::uint64_t> offsets, In<std::uint32_t> missing) {
    check_offsets(view(offsets), run.size());
    Strings names;
    const auto bytes = view(run);
    names.bytes.append(bytes.data(), bytes.size());
    names.offsets.append(offsets.data() + 1, offsets.size() - 1);
    const auto gaps = view(missing);
    return new TokenNames(std::move(names), {gaps.begin(), gaps.end()});
}

std::int64_t find(const TokenNames& names, nb::str text) {
    Py_ssize_t size = 0;
    const char* data = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
    if (data == nullptr) nb::raise_python_error();
    const Id id = names.find({data, static_cast<std::size_t>(size)});
    return id == TokenNames::kNone ? -1 : std::int64_t{id};
}

nb::tuple pieces_of(const TokenNames& names, const std::string& spelling) {
    Pieces made = names.pieces(value_of(spelling, "spelling", kSpellings));
    auto run = bytes_of(made.strings.bytes);
    return nb::make_tuple(run, to_array(std::move(made.strings.offsets)),
                          to_array(std::move(made.odd)));
}

nb::object merges_of(const TokenNames& names, nb::bytes run, In<std::uint64_t> offsets,
                     std::size_t skipped) {
    check_offsets(view(offsets), run.size());
    NamedMerges made = unlocked([&, bytes = view(run)] {
        return names.merges({bytes, view(offsets)}, skipped);
    });
    if (made.bad != NamedMerges::kAllKnown) return nb::int_(made.bad);
    return nb::make_tuple(to_rows<3>(std::move(made.rows)), to_array(std::move(made.ranks)));
}

// Place, names, scores (None: an object of ids) and the places of scores that were not read.
nb::object vocabulary_of(JsonModel& model) {
    if (!model.vocabulary) return nb::none();
    JsonVocabulary& found = *model.vocabulary;
    nb::list odd;
    for (const auto& [id, place] : found.odd_scores)
        odd.append(nb::make_tuple(id, place.begin, place.end));
    nb::object scores = nb::none();
    if (found.scored) scores = nb::cast(to_array(std::move(found.scores)));
    return nb::make_tuple(found.place.begin, found.place.end,
                          nb::cast(found.names.release(), nb::rv_policy::take_ownership), scores,
                          odd);
}

nb::object sides_of(JsonModel& model) {
    if (!model.merges) return nb::none();
    const Stretch place = model.merges->place;
    return nb::make_tuple(place.begin, place.end) + packed(std::move(model.merges->sides));
}

nb::tuple json_model(nb::bytes data) {
    JsonModel model = unlocked([text = view(data)] { return read_json_model(text); });
    return nb::make_tuple(vocabulary_of(model), sides_of(model));
}

nb::object sentencepieces(nb::bytes data) {
    SentencePieces pieces;
    std::unique_ptr<TokenNames> names;
    const bool whole = unlocked([&, text = view(data)] {
        if (!read_sentencepieces(text, pieces)) return false;
        names = std::make_unique<TokenNames>(std::move(pieces.names), std::vector<Id>{});
        return true;
    });
    if (!whole) return nb::none();
    nb::list rest;
    for (const auto& [begin, end] : pieces.rest) rest.append(nb::make_tuple(begin, end));
    return nb::make_tuple(nb::cast(names.release(), nb::rv_policy::take_ownership),
                          to_array(std::move(pieces.scores)), to_array(std::move(pieces.types)),
                          rest);
}

// Bytes, and how many of `packed` they were.
nb::tuple snappy(nb::bytes packed, nb::bytes before) {
    std::string found = to_string(before);
    const std::size_t taken =
        unlocked([&, text = view(packed)] { return unpack_snappy(text, found); });
    return nb::make_tuple(
        nb::bytes(found.data() + before.size(), found.size() - before.size()), taken);
}

}  // namespace

void bind_formats(nb::module_& m) {
    nb::class_<TokenNames>(m, "TokenNames")
        .def(nb::new_(&names_of), "run"_a, "offsets"_a, "missing"_a)
        .def("__len__", &TokenNames::size)
        .def("missing", [](const TokenNames& self) { return to_array(self.missing()); })
        .def_prop_ro("repeats", &TokenNames::repeats)
        .def("text", &text_of_name, "id"_a)
        .def("texts", &texts_of)
        .def("holds", [](const TokenNames& self, nb::bytes text) { return self.holds(characters(text)); }, "text"_a)
        .def("find", &find, "text"_a)
        .def("pieces", &pieces_of, "spelling"_a)
        .def("words",
             [](const TokenNames& self, nb::bytes prefix) { return packed(self.words(characters(prefix))); },
             "prefix"_a)
        .def("merges", &merges_of, "run"_a, "offsets"_a, "skipped"_a);
    m.def("read_sentencepieces", &sentencepieces, "data"_a);
    m.def("read_json_model", &json_model, "data"_a);
    m.def("unpack_snappy", &snappy, "packed"_a, "before"_a);
}

}  // namespace tokenry::bindings
