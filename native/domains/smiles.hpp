// Which fields of a file are well-formed SMILES, and the mark of each of their symbols.
//
// The grammar is that of OpenSMILES (James et al., opensmiles.org, 2016). Valence, aromaticity and
// chirality are not looked at: they are chemistry.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"

namespace tokenry::domains {

class SmilesMarks {
public:
    // Symbols of one and two letters and atoms in brackets, each without the brackets, with the
    // marks from `first_symbol` and `first_atom` on; `other_atom` is the mark of all other atoms.
    SmilesMarks(const std::vector<std::string>& symbols, std::int16_t first_symbol,
                const std::vector<std::string>& atoms, std::int16_t first_atom, std::int16_t other_atom);

    // Whether data[begin, end), of at least a byte, is well-formed. If so, and unless the arrays
    // are empty, the mark of each symbol is put where it begins, and `spelt` says which bytes no
    // mark says: what stands in the brackets of other atoms.
    bool read(base::Text data, std::size_t begin, std::size_t end, std::span<std::int16_t> marks,
              std::span<std::uint8_t> spelt) const;

private:
    std::int16_t atom(std::string_view inside) const;

    std::array<std::int16_t, 256> single_;
    std::array<std::int16_t, 256> with_l_, with_r_;  // Cl, Br
    std::unordered_map<std::uint64_t, std::int16_t> atoms_;  // of at most seven letters, as a number
    std::int16_t other_;
};

}  // namespace tokenry::domains
