// Python's view of readers of data that is not prose.
#include <nanobind/stl/optional.h>

#include <optional>

#include "bindings/arrays.hpp"
#include "domains/foreign_letters.hpp"
#include "domains/packed_numbers.hpp"
#include "domains/program_marks.hpp"
#include "domains/program_text.hpp"
#include "domains/ranks.hpp"
#include "domains/schema_machine.hpp"
#include "domains/smiles.hpp"

namespace tokenry::bindings {

using namespace domains;

namespace {

class SchemaProgram {
public:
    SchemaProgram(InRows<std::int64_t, Operation::width> operations,
                  InRows<std::int64_t, 2> cases, In<std::uint8_t> roles, In<std::uint8_t> widths,
                  std::size_t registers)
        : operations_(operations.shape(0)),
          cases_(cases.data(), cases.data() + cases.size()),
          roles_(roles.data(), roles.data() + roles.size()),
          widths_(widths.data(), widths.data() + widths.size()),
          registers_(registers) {
        for (std::size_t i = 0; i < operations_.size(); ++i)
            std::copy_n(operations.data() + i * Operation::width, Operation::width,
                        &operations_[i].code);
        check();
    }

    Program program() const { return {operations_, cases_, roles_, widths_, registers_}; }

private:
    // Numbers are indices: none may point outside.
    void check() const {
        bool fine = !operations_.empty() && operations_.back().code == Operation::leave &&
                    roles_.size() == widths_.size() && roles_.size() >= 2;
        for (const Operation& each : operations_) fine = fine && holds(each);
        for (std::size_t i = 1; i < cases_.size(); i += 2)
            fine = fine && is_target(cases_[i]);
        if (!fine) throw std::invalid_argument("operations name labels, registers or operations that are not there");
    }
    bool is_target(std::int64_t n) const { return n >= 0 && n < std::ssize(operations_); }
    bool is_label(std::int64_t n) const { return n >= 0 && n < std::ssize(roles_); }
    bool is_register(std::int64_t n) const { return n >= 0 && n < static_cast<std::int64_t>(registers_); }
    bool is_number(const std::int64_t* n) const {
        return (n[0] < 0 || is_register(n[0])) && n[1] >= 0 && n[1] < 64 &&
               std::abs(n[3]) <= 1 << 20 && std::abs(n[4]) <= std::int64_t{1} << 40;
    }
    bool holds(const Operation& each) const {
        const std::int64_t* n = each.numbers;
        switch (each.code) {
            case Operation::field:
                return is_label(n[0]) && n[1] >= 1 && n[1] <= 8 && (n[3] == -1 || is_register(n[3]));
            case Operation::bytes:
                return is_label(n[0]) && is_number(n + 1);
            case Operation::mark:
                return is_label(n[0]);
            case Operation::choose:
                return is_register(n[0]) && n[1] >= 0 && n[1] < 64 && n[3] >= 0 && n[4] >= 0 &&
                       2 * (n[3] + n[4]) <= std::ssize(cases_) && (n[5] == -1 || is_target(n[5]));
            case Operation::call:
                return is_target(n[0]);
            case Operation::within:
            case Operation::repeat:
                return is_number(n) && is_target(n[5]);
            case Operation::check:
                return is_register(n[0]);
            default:
                return each.code == Operation::leave;
        }
    }

    std::vector<Operation> operations_;
    std::vector<std::int64_t> cases_;
    std::vector<std::uint8_t> roles_, widths_;
    std::size_t registers_;
};

// Leaves that Python gives, which must ascend and lie in the file.
LeafRow leaves_of(In<std::int64_t> begins, In<std::int64_t> ends, In<std::uint8_t> kinds, std::size_t size) {
    if (begins.size() != ends.size() || begins.size() != kinds.size())
        throw std::invalid_argument("begins, ends and kinds of leaves are not as many");
    LeafRow leaves(begins.size());
    std::int64_t at = 0;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (begins(i) < at || ends(i) < begins(i) || kinds(i) > static_cast<std::uint8_t>(Kind::broken))
            throw std::invalid_argument("leaf " + std::to_string(i) + " does not stand behind the one before");
        at = ends(i);
        leaves[i] = {static_cast<std::uint32_t>(begins(i)), static_cast<std::uint32_t>(at), static_cast<Kind>(kinds(i)), 0};
    }
    if (at > static_cast<std::int64_t>(size) || size >= std::uint64_t{1} << 32)
        throw std::invalid_argument("a leaf does not lie in the file, or it has 4 GiB or more");
    return leaves;
}

Language language_of(std::size_t number) {
    if (number >= language_count) throw std::invalid_argument("there is no language " + std::to_string(number));
    return static_cast<Language>(number);
}

nb::tuple arrays_of(Leaves found) {
    const std::size_t count = found.leaves.size();
    std::vector<std::int64_t> begins(count), ends(count);
    std::vector<std::uint8_t> kinds(count);
    for (std::size_t i = 0; i < count; ++i) {
        begins[i] = found.leaves[i].begin;
        ends[i] = found.leaves[i].end;
        kinds[i] = static_cast<std::uint8_t>(found.leaves[i].kind);
    }
    return nb::make_tuple(to_array(std::move(begins)), to_array(std::move(ends)), to_array(std::move(kinds)), found.unparsed);
}

nb::dict dict_of(Marked made, std::uint64_t broken, std::uint64_t unparsed) {
    nb::dict found;
    found["broken"] = broken;
    found["unparsed"] = unparsed;
    found["marks"] = to_array(std::move(made.marks));
    found["places"] = to_array(std::move(made.places));
    found["run"] = to_bytes(made.run);
    found["counts"] = to_array(std::vector<std::int64_t>(made.counts.begin(), made.counts.end()));
    found["names"] = to_bytes(made.names.bytes);
    found["sizes"] = to_array(std::move(made.names.sizes));
    found["spaces"] = to_bytes(made.gaps.bytes);
    found["gaps"] = to_array(std::move(made.gaps.sizes));
    found["skips"] = to_array(std::move(made.skips));
    found["capitals"] = to_array(std::move(made.capitals));
    return found;
}

nb::dict marked(const CodeWords& words, base::Text text, Language language, const Leaves& found, bool inline_names) {
    std::uint64_t broken = 0;
    for (const Leaf& each : found.leaves)
        if (each.kind == Kind::broken) broken += each.end - each.begin;
    return dict_of(unlocked([&] { return mark_program(text, found.leaves, language, words, inline_names); }), broken, found.unparsed);
}

std::vector<std::string> strings_of(nb::list items) {
    std::vector<std::string> found;
    for (nb::handle each : items) found.push_back(to_string(nb::cast<nb::bytes>(each)));
    return found;
}

std::vector<std::vector<std::uint32_t>> rows_of(nb::list rows) {
    std::vector<std::vector<std::uint32_t>> found;
    for (nb::handle row : rows) {
        found.emplace_back();
        for (nb::handle each : row) found.back().push_back(nb::cast<std::uint32_t>(each));
    }
    return found;
}

// Bytes outside of an alphabet, and of spans that stand between its letters.
nb::tuple foreign_letters(nb::bytes data, nb::bytes alphabet, InRows<std::int64_t, 2> others) {
    const Text text = view(data);
    std::array<std::uint8_t, 256> is_foreign;
    is_foreign.fill(1);
    for (const std::uint8_t letter : view(alphabet)) is_foreign[letter] = 0;
    ForeignLetters found;
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < others.shape(0); ++i) {
        const auto begin = static_cast<std::uint64_t>(others(i, 0)), end = static_cast<std::uint64_t>(others(i, 1));
        if (begin < at || end < begin || end > text.size())
            throw std::invalid_argument("spans do not ascend within the data");
        find_foreign(text, at, begin, is_foreign, found);
        at = end;
    }
    find_foreign(text, at, text.size(), is_foreign, found);
    return nb::make_tuple(found.count, found.first);
}

void bind_smiles(nb::module_& m) {
    using Marks = nb::ndarray<std::int16_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
    using Flags = nb::ndarray<std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
    nb::class_<SmilesMarks>(m, "SmilesMarks")
        .def("__init__",
             [](SmilesMarks* self, nb::list symbols, std::int16_t first_symbol, nb::list atoms,
                std::int16_t first_atom, std::int16_t other_atom) {
                 new (self) SmilesMarks(strings_of(symbols), first_symbol, strings_of(atoms), first_atom, other_atom);
             },
             "symbols"_a, "first_symbol"_a, "atoms"_a, "first_atom"_a, "other_atom"_a)
        .def("read",
             [](const SmilesMarks& self, nb::bytes data, InRows<std::int64_t, 2> fields,
                std::optional<Marks> marks, std::optional<Flags> spelt) {
                 const Text text = view(data);
                 const std::size_t count = fields.shape(0);
                 for (std::size_t i = 0; i < count; ++i)
                     if (fields(i, 0) < 0 || fields(i, 0) >= fields(i, 1) || fields(i, 1) > std::ssize(text))
                         throw std::invalid_argument("a field is empty or does not lie in the file");
                 std::span<std::int16_t> to_mark;
                 std::span<std::uint8_t> to_spell;
                 if (marks && spelt) {
                     if (marks->size() != text.size() || spelt->size() != text.size())
                         throw std::invalid_argument("marks and flags are as many as bytes");
                     to_mark = {marks->data(), marks->size()};
                     to_spell = {spelt->data(), spelt->size()};
                 }
                 std::vector<std::uint8_t> good(count);
                 unlocked([&] {
                     for (std::size_t i = 0; i < count; ++i)
                         good[i] = self.read(text, static_cast<std::size_t>(fields(i, 0)),
                                             static_cast<std::size_t>(fields(i, 1)), to_mark, to_spell);
                 });
                 return to_array(std::move(good));
             },
             "data"_a, "fields"_a, "marks"_a.none() = nb::none(), "spelt"_a.none() = nb::none());
}

void bind_code(nb::module_& m) {
    nb::class_<CodeWords>(m, "CodeWords")
        .def("__init__",
             [](CodeWords* self, nb::list words, nb::list languages, nb::list kinds) {
                 new (self) CodeWords(strings_of(words), rows_of(languages), strings_of(kinds));
             },
             "words"_a, "languages"_a, "kinds"_a)
        .def("leaves",
             [](const CodeWords& self, nb::bytes data, std::size_t language) {
                 const Language chosen = language_of(language);
                 return arrays_of(unlocked([&, text = view(data)] { return read_leaves(text, chosen, self); }));
             },
             "data"_a, "language"_a)
        .def("read",
             [](const CodeWords& self, nb::bytes data, std::size_t language, bool inline_names) {
                 const Language chosen = language_of(language);
                 const Text text = view(data);
                 const Leaves found = unlocked([&] { return read_leaves(text, chosen, self); });
                 return marked(self, text, chosen, found, inline_names);
             },
             "data"_a, "language"_a, "inline_names"_a)
        .def("mark",
             [](const CodeWords& self, nb::bytes data, std::size_t language, bool inline_names,
                In<std::int64_t> begins, In<std::int64_t> ends, In<std::uint8_t> kinds) {
                 const Text text = view(data);
                 const Leaves found{leaves_of(begins, ends, kinds, text.size()), 0};
                 return marked(self, text, language_of(language), found, inline_names);
             },
             "data"_a, "language"_a, "inline_names"_a, "begins"_a, "ends"_a, "kinds"_a)
        .def("write",
             [](const CodeWords& self, In<std::uint16_t> found, In<std::uint64_t> places, nb::bytes run,
                In<std::int64_t> counts, In<std::int64_t> sizes, nb::bytes names,
                std::optional<In<std::int64_t>> skips, In<std::int64_t> gaps, nb::bytes spaces,
                In<std::int64_t> capitals) {
                 Aside aside{.counts = view(counts),
                             .names = {view(sizes), characters(names)},
                             .gaps = {view(gaps), characters(spaces)},
                             .skips = {},
                             .capitals = view(capitals)};
                 if (skips) aside.skips = view(*skips);
                 return to_bytes(unlocked([&] {
                     return write_program(view(found), view(places), characters(run), aside, self);
                 }));
             },
             "marks"_a, "places"_a, "run"_a, "counts"_a, "sizes"_a, "names"_a, "skips"_a.none(), "gaps"_a,
             "spaces"_a, "capitals"_a);
}

nb::tuple as_arrays(FileParts found) {
    return nb::make_tuple(to_array(std::move(found.labels)), to_array(std::move(found.ends)),
                          to_array(std::move(found.kept_ends)), to_bytes(found.kept), to_bytes(found.aside));
}

nb::tuple as_arrays(WholeFile found) {
    return nb::make_tuple(to_array(std::move(found.labels)), to_array(std::move(found.ends)), to_bytes(found.file));
}

}  // namespace

void bind_domains(nb::module_& m) {
    nb::class_<SchemaProgram>(m, "SchemaProgram")
        .def(nb::init<InRows<std::int64_t, Operation::width>, InRows<std::int64_t, 2>,
                      In<std::uint8_t>, In<std::uint8_t>, std::size_t>(),
             nb::kw_only(), "operations"_a, "cases"_a, "roles"_a, "widths"_a, "registers"_a)
        .def(
            "read",
            [](const SchemaProgram& self, nb::bytes data) {
                const Program program = self.program();
                return as_arrays(unlocked([&, file = view(data)] {
                    return read_file(program, {file.data(), file.size()});
                }));
            },
            "data"_a)
        .def(
            "write",
            [](const SchemaProgram& self, nb::bytes kept, nb::bytes aside,
               std::optional<std::uint64_t> size) {
                const Program program = self.program();
                return as_arrays(unlocked([&, one = view(kept), other = view(aside)] {
                    return write_file(program, {one.data(), one.size()},
                                        {other.data(), other.size()}, size.value_or(unknown_size));
                }));
            },
            "kept"_a, "aside"_a, "size"_a.none());
    bind_code(m);
    bind_smiles(m);
    m.def("foreign_letters", &foreign_letters, "data"_a, "alphabet"_a, "others"_a);
    m.def("ranks_of",
          [](In<std::int64_t> numbers, In<std::int64_t> among, bool or_equal) {
              return to_array(ranks_of(view(numbers), view(among), or_equal));
          },
          "numbers"_a, "among"_a, "or_equal"_a = false);
    m.def("pack_numbers", [](In<std::int64_t> numbers) { return to_bytes(pack_numbers(view(numbers))); }, "numbers"_a);
    m.def(
        "unpack_numbers",
        [](nb::bytes data, std::size_t at) {
            std::vector<std::int64_t> numbers = unpack_numbers(characters(data), at);
            return nb::make_tuple(to_array(std::move(numbers)), at);
        },
        "data"_a, "at"_a);
}

}  // namespace tokenry::bindings
