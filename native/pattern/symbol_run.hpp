// Runs of symbols of a set, sixteen at a time.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/vector16.hpp"
#include "pattern/symbols.hpp"

namespace tokenry::pattern {

class SymbolRun {
public:
    // Bytes behind the end of a run that may be read.
    static constexpr std::size_t kReads = 16;

    SymbolRun() = default;
    // Symbols from 128 on are taken as if they were not in the set: they end a run early.
    explicit SymbolRun(const SymbolSet& members) {
        for (std::size_t symbol = 0; symbol < 128; ++symbol)
            if (members[symbol]) columns_[symbol % 16] |= std::uint8_t{1} << (symbol / 16);
    }

    // The first symbol from `at` on that ends the run; one that is not in the set must come.
    const Symbol* end(const Symbol* at) const {
        using base::Vector16;
        static constexpr std::uint8_t kRows[16] = {1, 2, 4, 8, 16, 32, 64, 128};  // 0 from 128 on
        const Vector16 columns = Vector16::load(columns_.data());
        const Vector16 rows = Vector16::load(kRows);
        for (;; at += 16) {
            const Vector16 symbols = Vector16::load(at);
            const Vector16 found = columns.look_up(symbols) & rows.look_up(symbols.high_halves());
            const unsigned outside = (found == Vector16::all(0)).first();
            if (outside < 16) return at + outside;
        }
    }

private:
    alignas(16) std::array<std::uint8_t, 16> columns_{};  // by the low half; a bit for each high half
};

}  // namespace tokenry::pattern
