// Runs the program of a schema over a file: which bytes are which field.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tokenry::domains {

// What tokenry/domains/records/program.py writes, a row an operation: a code, then its numbers.
struct Operation {
    static constexpr std::size_t width = 8;
    enum Code : std::int64_t { field, bytes, mark, choose, call, leave, within, repeat, check };
    std::int64_t code, numbers[width - 1];
};

// Where values come from when a file is written: what models see, and what stands aside.
// Of a quantised value the exact one stands aside, of a binned one it is gone.
enum Role : std::uint8_t { keep, side, drop, quantised, binned };

struct Labels {
    std::vector<std::uint64_t> ends;     // of each stretch in the file
    std::vector<std::uint16_t> labels;   // which field or mark each is
};

// A file in two: what models see of each stretch, zeros where a bin will stand, and what stands
// aside, each in the order of the file.
struct FileParts : Labels {
    std::vector<std::uint64_t> kept_ends;  // of each stretch in what is kept
    std::string kept, aside;
};

// Both together again, zeros where a field was dropped or only its bin is known.
struct WholeFile : Labels {
    std::string file;
};

inline constexpr std::uint16_t broken_bytes = 0, broken_mark = 1;

struct Program {
    std::span<const Operation> operations;
    std::span<const std::int64_t> cases;   // value and target of each, two by two
    std::span<const std::uint8_t> roles;   // by label
    std::span<const std::uint8_t> widths;  // of quantised values, by label
    std::size_t registers;
};

// Throws std::invalid_argument where a constant is another, with where it stands.
FileParts read_file(const Program& program, std::span<const std::uint8_t> file);

// The file of what was kept and what stands aside. `size` is the file's; where it is unknown, all
// that is given is used up. Throws std::invalid_argument where they do not suffice, or are too much.
WholeFile write_file(const Program& program, std::span<const std::uint8_t> kept,
                     std::span<const std::uint8_t> aside, std::uint64_t size);

inline constexpr std::uint64_t unknown_size = ~std::uint64_t{0};

}  // namespace tokenry::domains
