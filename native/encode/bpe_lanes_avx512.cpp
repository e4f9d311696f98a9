// Sixteen words merged in step. Where a word alone mispredicts two or three branches in each step,
// here every step is the same few vector operations: the least value of all positions, the
// neighbours by bit tricks, two look-ups by gathers. A lane whose word is done idles.
#include "base/compiler.hpp"
#if defined(TOKENRY_X86)
#include <utility>

#include "base/intrinsics.hpp"
#include "encode/bpe_lanes.hpp"

namespace tokenry::encode {
namespace {

using Vector = __m512i;
using Lanes = __mmask16;

constexpr unsigned position_bits = 6;  // of a value, below the order of the merge
constexpr std::uint32_t no_value = 0xffffffffu;

inline Vector all(std::uint32_t value) { return _mm512_set1_epi32(static_cast<int>(value)); }

inline Vector lowest_bit(Vector bits) {
    return _mm512_and_si512(bits, _mm512_sub_epi64(_mm512_setzero_si512(), bits));
}
// Of eight lanes with at most one bit of 64 each; -1 where there is none.
inline __m256i place_of(Vector bits) {
    return _mm512_cvtepi64_epi32(_mm512_sub_epi64(_mm512_set1_epi64(63), _mm512_lzcnt_epi64(bits)));
}
inline Lanes are_there(Vector places) { return _mm512_cmpneq_epu32_mask(places, all(no_value)); }

inline Vector widened(Vector ids, int half) {
    return _mm512_cvtepu32_epi64(half == 0 ? _mm512_castsi512_si256(ids)
                                           : _mm512_extracti64x4_epi64(ids, 1));
}
inline Vector joined(const __m256i (&halves)[2]) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(halves[0]), halves[1], 1);
}

// Pairs of two symbols, of eight lanes each, and where their search starts.
struct Search {
    Vector pair[2], slot[2], found[2];
    Lanes maybe;  // lanes that the filter lets through, until they are settled
};

// Orders of merging above their places; no_value where there is none.
inline Vector value(Vector order, Vector place) {
    const Lanes found = _mm512_cmpneq_epu32_mask(order, all(no_merge));
    const Vector value = _mm512_or_si512(_mm512_slli_epi32(order, position_bits), place);
    return _mm512_mask_mov_epi32(all(no_value), found, value);
}
inline Vector value(const Search& search, Vector place) {
    const __m256i halves[2] = {_mm512_cvtepi64_epi32(search.found[0]),
                               _mm512_cvtepi64_epi32(search.found[1])};
    return value(joined(halves), place);
}

// The table of pairs, read by lanes.
class Pairs {
public:
    explicit Pairs(const PairSlots& pairs) : pairs_(pairs) {}

    // The orders of pairs of ids below grid_side; no_merge in other lanes.
    Vector orders_in_grid(Lanes lanes, Vector left, Vector right) const {
        const Vector cell =
            _mm512_add_epi32(_mm512_mullo_epi32(left, all(PairSlots::grid_side)), right);
        return _mm512_mask_i32gather_epi32(all(no_merge), lanes, cell, pairs_.grid, 4);
    }
    Vector merged_of(Vector order, Lanes active) const {
        if (pairs_.merged == nullptr) return _mm512_add_epi32(order, all(pairs_.first_merged));
        return _mm512_mask_i32gather_epi32(order, active, order, pairs_.merged, 4);
    }

    Search search(Lanes lanes, Vector left, Vector right) const {
        Search search;
        search.found[0] = search.found[1] = _mm512_set1_epi64(-1);
        __m256i word[2], first[2], second[2];
        for (int half = 0; half < 2; ++half) {
            const Vector pair = _mm512_or_si512(
                _mm512_slli_epi64(widened(left, half), PairSlots::left_shift),
                _mm512_slli_epi64(widened(right, half), PairSlots::right_shift));
            const Vector mixed = _mm512_mullo_epi64(
                pair, _mm512_set1_epi64(static_cast<long long>(PairSlots::multiplier)));
            search.pair[half] = pair;
            search.slot[half] = _mm512_srl_epi64(mixed, _mm_cvtsi32_si128(pairs_.shift));
            word[half] = _mm512_cvtepi64_epi32(
                _mm512_srl_epi64(mixed, _mm_cvtsi32_si128(pairs_.filter_shift)));
            first[half] = _mm512_cvtepi64_epi32(_mm512_srli_epi64(mixed, PairSlots::first_bit));
            second[half] = _mm512_cvtepi64_epi32(_mm512_srli_epi64(mixed, PairSlots::second_bit));
        }
        const Vector held = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), lanes, joined(word),
                                                        pairs_.filter, 4);
        const Vector low = all(31);
        const Vector bits = _mm512_or_si512(
            _mm512_sllv_epi32(all(1), _mm512_and_si512(joined(first), low)),
            _mm512_sllv_epi32(all(1), _mm512_and_si512(joined(second), low)));
        search.maybe = _mm512_mask_cmpeq_epi32_mask(lanes, _mm512_and_si512(held, bits), bits);
        return search;
    }

    // Finds the indices of all pairs. All searches look at their first slots before any looks at
    // what it found, so that they wait together.
    template <unsigned kSearches>
    void find(Search (&searches)[kSearches]) const {
        Vector held[kSearches][2];
        for (unsigned i = 0; i < kSearches; ++i)
            for (int half = 0; half < 2; ++half) held[i][half] = look(searches[i], half);
        Lanes open = 0;
        for (unsigned i = 0; i < kSearches; ++i)
            for (int half = 0; half < 2; ++half) open |= settle(searches[i], half, held[i][half]);
        while (open) {
            open = 0;
            for (Search& search : searches)
                for (int half = 0; half < 2; ++half)
                    if (search.maybe >> (8 * half) & 255)
                        open |= settle(search, half, look(search, half));
        }
    }

private:
    Vector look(const Search& search, int half) const {
        const auto open = static_cast<__mmask8>(search.maybe >> (8 * half));
        return _mm512_mask_i64gather_epi64(_mm512_set1_epi64(-1), open, search.slot[half],
                                           pairs_.slots, 8);
    }

    // Takes what the slots hold; returns the lanes that must look at the next.
    Lanes settle(Search& search, int half, Vector held) const {
        const Vector index_mask = _mm512_set1_epi64(PairSlots::index_mask);
        const auto open = static_cast<__mmask8>(search.maybe >> (8 * half));
        const auto equal = static_cast<__mmask8>(_mm512_mask_cmpeq_epi64_mask(
            open, _mm512_andnot_si512(index_mask, held), search.pair[half]));
        const auto empty = static_cast<__mmask8>(
            _mm512_mask_cmpeq_epi64_mask(open, held, _mm512_set1_epi64(-1)));
        search.found[half] = _mm512_mask_and_epi64(search.found[half], equal, held, index_mask);
        search.slot[half] = _mm512_and_si512(
            _mm512_add_epi64(search.slot[half], _mm512_set1_epi64(1)),
            _mm512_set1_epi64(static_cast<long long>(pairs_.mask)));
        search.maybe &= static_cast<Lanes>(~((equal | empty) << (8 * half)));
        return static_cast<Lanes>(open & ~(equal | empty));
    }

    const PairSlots pairs_;
};

// Sixteen words.
class Merger {
public:
    Merger(const Pairs& pairs, BpeLanes& words)
        : pairs_(pairs), words_(words),
          alive_{_mm512_load_si512(words.alive), _mm512_load_si512(words.alive + 8)} {}

    void start() {
        look_up_all();
        at_ = gone_ = previous_ = all(no_value);
        value_at_ = value_previous_ = at_;
    }
    // Merges the next pair of each word; what its symbol then makes with those beside it is for the
    // searches to find. False where no word has a pair that merges.
    bool merge(Search* searches) {
        const Vector least = update_and_find_least();
        const Lanes active = _mm512_cmpneq_epu32_mask(least, all(no_value));
        merge(least, active, searches);
        return active != 0;
    }
    void take(const Search* searches) {
        value_at_ = value(searches[0], at_);
        value_previous_ = value(searches[1], previous_);
    }
    void finish() {
        for (int half = 0; half < 2; ++half)
            _mm512_store_si512(words_.alive + 8 * half, alive_[half]);
    }

private:
    // Of two first symbols most are bytes, whose orders stand in a grid.
    void look_up_all() {
        for (unsigned row = 0; row + 1 < words_.rows; ++row) {
            const Vector here = _mm512_load_si512(words_.ids[row]);
            const Vector next = _mm512_load_si512(words_.ids[row + 1]);
            const Lanes both = lanes_with(row + 1);
            const Lanes in_grid = _mm512_mask_cmplt_epu32_mask(
                both, _mm512_or_si512(here, next), all(PairSlots::grid_side));
            Vector values = value(pairs_.orders_in_grid(in_grid, here, next), all(row));
            if (const auto others = static_cast<Lanes>(both & ~in_grid)) {
                Search searches[] = {pairs_.search(others, here, next)};
                pairs_.find(searches);
                values = _mm512_mask_mov_epi32(values, others, value(searches[0], all(row)));
            }
            _mm512_store_si512(values_[row], values);
        }
    }

    // What the last step changed, and the least value of each word.
    Vector update_and_find_least() {
        Vector least = all(no_value);
        for (unsigned row = 0; row + 1 < words_.rows; ++row) {
            const Vector place = all(row);
            Vector values = _mm512_load_si512(values_[row]);
            values = _mm512_mask_mov_epi32(values, _mm512_cmpeq_epi32_mask(at_, place), value_at_);
            values = _mm512_mask_mov_epi32(values, _mm512_cmpeq_epi32_mask(previous_, place),
                                           value_previous_);
            values = _mm512_mask_mov_epi32(values, _mm512_cmpeq_epi32_mask(gone_, place),
                                           all(no_value));
            _mm512_store_si512(values_[row], values);
            least = _mm512_min_epu32(least, values);
        }
        return least;
    }

    void merge(Vector least, Lanes active, Search* searches) {
        const Vector order = _mm512_srli_epi32(least, position_bits);
        const Vector at = _mm512_and_si512(least, all((1u << position_bits) - 1));
        const Vector next = unlink_next(at, active);
        at_ = _mm512_mask_mov_epi32(all(no_value), active, at);

        const Vector merged = pairs_.merged_of(order, active);
        const Lanes has_next = are_there(next);
        const Lanes has_previous = are_there(previous_);
        const Vector after = symbols(has_next, next);
        const Vector before = symbols(has_previous, previous_);
        _mm512_mask_i32scatter_epi32(words_.ids, active, cells(at), merged, 4);
        searches[0] = pairs_.search(has_next, merged, after);
        searches[1] = pairs_.search(has_previous, before, merged);
    }

    // Removes the symbol behind `at` and returns the place of the one behind that; sets gone_ and
    // previous_. Places are -1 where there is no symbol.
    Vector unlink_next(Vector at, Lanes active) {
        __m256i gone[2], next[2], previous[2];
        for (int half = 0; half < 2; ++half) {
            const auto lanes = static_cast<__mmask8>(active >> (8 * half));
            const Vector bit = _mm512_sllv_epi64(_mm512_set1_epi64(1), widened(at, half));
            const Vector lower = _mm512_sub_epi64(bit, _mm512_set1_epi64(1));
            const Vector above =
                _mm512_maskz_andnot_epi64(lanes, _mm512_or_si512(bit, lower), alive_[half]);
            const Vector first = lowest_bit(above);
            gone[half] = place_of(first);
            next[half] = place_of(lowest_bit(_mm512_xor_si512(above, first)));
            previous[half] = place_of(_mm512_maskz_and_epi64(lanes, alive_[half], lower));
            alive_[half] = _mm512_xor_si512(alive_[half], first);
        }
        gone_ = joined(gone);
        previous_ = joined(previous);
        return joined(next);
    }

    Lanes lanes_with(unsigned place) const {
        const Vector bit = _mm512_set1_epi64(static_cast<long long>(1ull << place));
        return static_cast<Lanes>(_mm512_test_epi64_mask(alive_[0], bit) |
                                  _mm512_test_epi64_mask(alive_[1], bit) << 8);
    }

    static Vector cells(Vector places) {
        const Vector lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        return _mm512_or_si512(_mm512_slli_epi32(places, 4), lane);
    }
    Vector symbols(Lanes lanes, Vector places) const {
        return _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), lanes, cells(places), words_.ids, 4);
    }

    const Pairs& pairs_;
    BpeLanes& words_;
    Vector alive_[2];  // of eight lanes each
    // What the last step changed: the places of the merged symbol, of the one that went and of the
    // one before, and the new values of two of them.
    Vector at_, gone_, previous_, value_at_, value_previous_;
    alignas(64) std::uint32_t values_[BpeLanes::longest][BpeLanes::lanes];
};

// Vectors of words merged in step: their searches wait for memory together.
template <std::size_t... I>
void merge_together(const Pairs& pairs, BpeLanes* words, std::index_sequence<I...>) {
    Merger mergers[] = {Merger(pairs, words[I])...};
    (mergers[I].start(), ...);
    for (;;) {
        Search searches[2 * sizeof...(I)];
        bool merging = false;
        ((merging |= mergers[I].merge(searches + 2 * I)), ...);
        if (!merging) break;
        pairs.find(searches);
        (mergers[I].take(searches + 2 * I), ...);
    }
    (mergers[I].finish(), ...);
}

}  // namespace

void merge_lanes_avx512(const PairSlots& slots, std::span<BpeLanes> words) {
    const Pairs pairs(slots);
    constexpr std::size_t most = BpeLaneGroup::vectors;
    for (; words.size() >= most; words = words.subspan(most))
        merge_together(pairs, words.data(), std::make_index_sequence<most>());
    for (BpeLanes& each : words) merge_together(pairs, &each, std::make_index_sequence<1>());
}

}  // namespace tokenry::encode
#endif
