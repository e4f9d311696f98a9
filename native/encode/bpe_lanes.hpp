// Merging of sixteen words at once, one in each lane of a vector.
#pragma once
#include <bit>
#include <cstdint>
#include <span>

#include "base/compiler.hpp"
#include "encode/pair_table.hpp"

namespace tokenry::encode {

// Words side by side: row p holds the p-th symbol of each word. Merging leaves a symbol where its
// first part was and clears the bits of the others in `alive`.
struct BpeLanes {
    static constexpr unsigned lanes = 16;
    static constexpr unsigned longest = 64;

    alignas(64) Id ids[longest][lanes];
    alignas(64) std::uint64_t alive[lanes];  // bit p: a symbol stands at p; set by the caller
    unsigned rows = 0;                       // symbols of the longest word

    void clear() {
        rows = 0;
        for (std::uint64_t& bits : alive) bits = 0;
    }
    void put(unsigned lane, const Id* symbols, unsigned count) {
        for (unsigned row = 0; row < count; ++row) ids[row][lane] = symbols[row];
        alive[lane] = ~std::uint64_t{0} >> (64 - count);
        rows = count > rows ? count : rows;
    }
    // use(place, id) for each symbol that is left of a word.
    template <typename Use>
    void visit(unsigned lane, Use use) const {
        for (std::uint64_t left = alive[lane]; left; left &= left - 1) {
            const auto at = static_cast<unsigned>(std::countr_zero(left));
            use(at, ids[at][lane]);
        }
    }
};

using MergeLanes = void (*)(const PairSlots& pairs, std::span<BpeLanes> words);

// Words for several vectors, which are merged in step too: while one waits for memory, so does the
// other (5% of all time for new text in many scripts; a third vector gives less than 1%).
class BpeLaneGroup {
public:
    static constexpr unsigned vectors = 2;
    static constexpr unsigned most = vectors * BpeLanes::lanes;

    void clear() {
        for (BpeLanes& each : vectors_) each.clear();
        count_ = 0;
    }
    // Puts the next word in; at most `most`.
    void put(const Id* symbols, unsigned count) {
        vectors_[count_ / BpeLanes::lanes].put(count_ % BpeLanes::lanes, symbols, count);
        ++count_;
    }
    void merge(MergeLanes merge_lanes, const PairSlots& pairs) {
        merge_lanes(pairs, {vectors_, (count_ + BpeLanes::lanes - 1) / BpeLanes::lanes});
    }
    // use(place, id) for each symbol that is left of the i-th word.
    template <typename Use>
    void visit(std::size_t i, Use use) const {
        vectors_[i / BpeLanes::lanes].visit(static_cast<unsigned>(i % BpeLanes::lanes), use);
    }

private:
    BpeLanes vectors_[vectors];
    unsigned count_ = 0;
};

// The widest path that this processor has for it, and how many symbols its words may have: other words
// are merged one by one in turn (bpe_word.hpp), which gives the same.
struct LaneMerger {
    MergeLanes merge = nullptr;
    unsigned longest = 0;
};
LaneMerger lane_merger();

#if defined(TOKENRY_X86)
inline constexpr unsigned longest_avx2 = 31;
void merge_lanes_avx2(const PairSlots& pairs, std::span<BpeLanes> words);
void merge_lanes_avx512(const PairSlots& pairs, std::span<BpeLanes> words);
#endif

}  // namespace tokenry::encode
