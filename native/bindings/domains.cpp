// Python's view of readers of data that is not prose.
#include <nanobind/stl/optional.h>

#include <optional>

#include "bindings/arrays.hpp"
#include "domains/schema_machine.hpp"
#include "domains/span_numbers.hpp"

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

nb::tuple numbered(nb::bytes data, In<std::int64_t> begins, In<std::int64_t> ends) {
    const Text text = view(data);
    const auto size = static_cast<std::int64_t>(text.size());
    bool lie = begins.size() == ends.size();
    for (std::size_t i = 0; lie && i < begins.size(); ++i)
        lie = 0 <= begins(i) && begins(i) <= ends(i) && ends(i) <= size;
    if (!lie) throw std::invalid_argument("a stretch does not lie in the file");
    SpanNumbers found = unlocked([&] { return number_spans(text, view(begins), view(ends)); });
    return nb::make_tuple(to_array(std::move(found.numbers)), to_array(std::move(found.first)));
}

nb::tuple as_arrays(Labels labels) {
    return nb::make_tuple(to_array(std::move(labels.labels)), to_array(std::move(labels.ends)));
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
                    return read_labels(program, {file.data(), file.size()});
                }));
            },
            "data"_a)
        .def(
            "write",
            [](const SchemaProgram& self, nb::bytes kept, nb::bytes aside,
               std::optional<std::uint64_t> size) {
                const Program program = self.program();
                return as_arrays(unlocked([&, one = view(kept), other = view(aside)] {
                    return write_labels(program, {one.data(), one.size()},
                                        {other.data(), other.size()}, size.value_or(unknown_size));
                }));
            },
            "kept"_a, "aside"_a, "size"_a.none());
    m.def("number_spans", &numbered, "data"_a, "begins"_a, "ends"_a);
}

}  // namespace tokenry::bindings
