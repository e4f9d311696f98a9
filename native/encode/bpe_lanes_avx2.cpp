// Sixteen short words merged in step by AVX2, eight in each of two vectors: bpe_lanes_avx512.cpp, but
// for what AVX2 lacks. Lanes store one by one, the place of a bit is the exponent of a float (so that
// words have at most 31 symbols), and a product of 64 bits is made of three.
#include "base/compiler.hpp"
#if defined(TOKENRY_X86)
#include "base/intrinsics.hpp"
#include "encode/bpe_lanes.hpp"

namespace tokenry::encode {
namespace {

using Vector = __m256i;

constexpr unsigned width = 8;  // lanes of a vector
constexpr int place_bits = 5;  // of a value, below the order of the merge
constexpr unsigned nowhere = longest_avx2;  // a row that nobody reads
constexpr std::uint32_t no_value = 0xffffffffu;

inline Vector all(std::uint32_t value) { return _mm256_set1_epi32(static_cast<int>(value)); }
inline Vector all_wide(std::uint64_t value) {
    return _mm256_set1_epi64x(static_cast<long long>(value));
}
inline Vector load(const std::uint32_t* from) {
    return _mm256_load_si256(reinterpret_cast<const Vector*>(from));
}
inline void store(std::uint32_t* to, Vector values) {
    _mm256_store_si256(reinterpret_cast<Vector*>(to), values);
}
inline Vector chosen(Vector mask, Vector yes, Vector no) { return _mm256_blendv_epi8(no, yes, mask); }
inline bool any(Vector mask) { return !_mm256_testz_si256(mask, mask); }

inline Vector lowest_bit(Vector bits) {
    return _mm256_and_si256(bits, _mm256_sub_epi32(_mm256_setzero_si256(), bits));
}
// Of the highest bit of each lane; `nowhere` where there is none.
inline Vector place_of(Vector bits) {
    // Without the bit below the highest no float is rounded up to the next power of two.
    const Vector sparse = _mm256_andnot_si256(_mm256_srli_epi32(bits, 1), bits);
    const Vector exponent = _mm256_srli_epi32(_mm256_castps_si256(_mm256_cvtepi32_ps(sparse)), 23);
    const Vector none = _mm256_cmpeq_epi32(bits, _mm256_setzero_si256());
    return chosen(none, all(nowhere), _mm256_sub_epi32(exponent, all(127)));
}
inline Vector are_there(Vector places) { return _mm256_cmpgt_epi32(all(nowhere), places); }

inline __m128i half_of(Vector lanes, int half) {
    return half == 0 ? _mm256_castsi256_si128(lanes) : _mm256_extracti128_si256(lanes, 1);
}
// The low parts of lanes of 64 bits, in order.
inline Vector joined(const Vector (&halves)[2]) {
    const __m256 low = _mm256_shuffle_ps(_mm256_castsi256_ps(halves[0]), _mm256_castsi256_ps(halves[1]), 0x88);
    return _mm256_permute4x64_epi64(_mm256_castps_si256(low), 0xd8);
}
inline Vector product(Vector wide, std::uint64_t by) {
    const Vector low = all_wide(by & 0xffffffffu);
    const Vector crossed = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(wide, 32), low),
                                            _mm256_mul_epu32(wide, all_wide(by >> 32)));
    return _mm256_add_epi64(_mm256_mul_epu32(wide, low), _mm256_slli_epi64(crossed, 32));
}

// Orders of merging above their places; no_value where there is none.
inline Vector value(Vector order, Vector place) {
    const Vector none = _mm256_cmpeq_epi32(order, all(no_merge));
    return _mm256_or_si256(none, _mm256_or_si256(_mm256_slli_epi32(order, place_bits), place));
}

// Pairs of two symbols, of four lanes each, and where their search stands.
struct Search {
    Vector pair[2], mixed[2], slot[2], found[2];
    Vector open[2];  // lanes that the filter lets through, until they are settled
    Vector lanes;    // that have a pair

    Vector orders() const { return joined(found); }
};

// The table of pairs, read by lanes.
class Pairs {
public:
    explicit Pairs(const PairSlots& pairs) : pairs_(pairs) {}

    // The orders of pairs of ids below grid_side; no_merge in other lanes.
    Vector orders_in_grid(Vector lanes, Vector left, Vector right) const {
        static_assert(PairSlots::grid_side == 256);
        const Vector cell = _mm256_add_epi32(_mm256_slli_epi32(left, 8), right);
        return _mm256_mask_i32gather_epi32(all(no_merge), reinterpret_cast<const int*>(pairs_.grid), cell,
                                           lanes, 4);
    }
    Vector merged_of(Vector order, Vector active) const {
        if (pairs_.merged == nullptr) return _mm256_add_epi32(order, all(pairs_.first_merged));
        return _mm256_mask_i32gather_epi32(order, reinterpret_cast<const int*>(pairs_.merged), order,
                                           active, 4);
    }

    Search search(Vector lanes, Vector left, Vector right) const {
        Search search;
        for (int half = 0; half < 2; ++half) {
            const Vector pair = _mm256_or_si256(
                _mm256_slli_epi64(_mm256_cvtepu32_epi64(half_of(left, half)), PairSlots::left_shift),
                _mm256_slli_epi64(_mm256_cvtepu32_epi64(half_of(right, half)), PairSlots::right_shift));
            const Vector mixed = product(pair, PairSlots::multiplier);
            search.pair[half] = pair;
            search.mixed[half] = mixed;
            search.slot[half] = _mm256_srl_epi64(mixed, _mm_cvtsi32_si128(pairs_.shift));
            search.found[half] = all_wide(no_merge);
        }
        search.lanes = lanes;
        ask_filter(search);
        return search;
    }

    // Finds the indices of all pairs. All searches look at their first slots before any looks at
    // what it found, so that they wait together.
    void find(Search* searches, std::size_t count) const {
        for (std::size_t i = 0; i < count; ++i)
            for (int half = 0; half < 2; ++half)
                searches[i].open[half] = passes(searches[i].mixed[half], half_of(searches[i].lanes, half));
        Vector held[4 * BpeLaneGroup::vectors][2];
        for (std::size_t i = 0; i < count; ++i)
            for (int half = 0; half < 2; ++half) held[i][half] = look(searches[i], half);
        for (std::size_t i = 0; i < count; ++i)
            for (int half = 0; half < 2; ++half) settle(searches[i], half, held[i][half]);
        for (std::size_t i = 0; i < count; ++i)
            for (int half = 0; half < 2; ++half)
                while (any(searches[i].open[half])) settle(searches[i], half, look(searches[i], half));
    }

private:
    // Where the bits of pairs stand in the filter.
    Vector filter_words(Vector mixed) const {
        return _mm256_srl_epi64(mixed, _mm_cvtsi32_si128(pairs_.filter_shift));
    }

    // Asks for what `passes` reads, so that all searches wait for it together.
    void ask_filter(const Search& search) const {
        alignas(32) std::uint64_t words[4];
        for (const Vector& mixed : search.mixed) {
            _mm256_store_si256(reinterpret_cast<Vector*>(words), filter_words(mixed));
            for (const std::uint64_t word : words) base::prefetch(pairs_.filter + word);
        }
    }

    // Lanes of 64 bits whose pairs the filter lets through.
    Vector passes(Vector mixed, __m128i lanes) const {
        const Vector held = _mm256_cvtepu32_epi64(_mm256_mask_i64gather_epi32(
            _mm_setzero_si128(), reinterpret_cast<const int*>(pairs_.filter), filter_words(mixed), lanes, 4));
        const Vector low = all_wide(31);
        const Vector first = _mm256_and_si256(_mm256_srli_epi64(mixed, PairSlots::first_bit), low);
        const Vector second = _mm256_and_si256(_mm256_srli_epi64(mixed, PairSlots::second_bit), low);
        const Vector both = _mm256_and_si256(_mm256_srlv_epi64(held, first), _mm256_srlv_epi64(held, second));
        return _mm256_cmpeq_epi64(_mm256_and_si256(both, all_wide(1)), all_wide(1));
    }

    Vector look(const Search& search, int half) const {
        return _mm256_mask_i64gather_epi64(all_wide(~0ull), reinterpret_cast<const long long*>(pairs_.slots),
                                           search.slot[half], search.open[half], 8);
    }

    // Takes what the slots hold; lanes that did not end go on at the next.
    void settle(Search& search, int half, Vector held) const {
        const Vector index_mask = all_wide(PairSlots::index_mask);
        const Vector equal = _mm256_cmpeq_epi64(_mm256_andnot_si256(index_mask, held), search.pair[half]);
        const Vector ended = _mm256_or_si256(equal, _mm256_cmpeq_epi64(held, all_wide(~0ull)));
        const Vector found = _mm256_and_si256(equal, search.open[half]);
        search.found[half] = chosen(found, _mm256_and_si256(held, index_mask), search.found[half]);
        search.open[half] = _mm256_andnot_si256(ended, search.open[half]);
        search.slot[half] = _mm256_and_si256(_mm256_add_epi64(search.slot[half], all_wide(1)),
                                             all_wide(pairs_.mask));
    }

    const PairSlots pairs_;
};

// Eight words: those of the lanes from `first` on.
class Merger {
public:
    void start(const Pairs& pairs, BpeLanes& words, unsigned first) {
        words_ = &words;
        first_ = first;
        for (unsigned lane = 0; lane < width; ++lane)
            at_[lane] = static_cast<std::uint32_t>(words.alive[first + lane]);
        alive_ = load(at_);
        for (unsigned row = 0; row + 1 < words.rows; ++row) store(values_[row], first_values(pairs, row));
    }
    // Merges the next pair of each word; what its symbol then makes with those beside it is for the
    // searches to find. False where no word has a pair that merges.
    bool merge(const Pairs& pairs, Search* searches) {
        Vector least = all(no_value);
        for (unsigned row = 0; row + 1 < words_->rows; ++row)
            least = _mm256_min_epu32(least, load(values_[row]));
        const Vector active = _mm256_xor_si256(_mm256_cmpeq_epi32(least, all(no_value)), all(~0u));
        if (!any(active)) return false;
        const Vector place = _mm256_and_si256(least, all((1u << place_bits) - 1));
        const Vector at = chosen(active, place, all(nowhere));
        const Vector next = unlink_next(at, active);
        const Vector previous = load(previous_);
        const Vector merged = pairs.merged_of(_mm256_srli_epi32(least, place_bits), active);
        const Vector has_next = are_there(next);
        const Vector has_previous = are_there(previous);
        const Vector after = symbols(has_next, next);
        const Vector before = symbols(has_previous, previous);
        alignas(32) std::uint32_t symbol[width];
        store(symbol, merged);
        store(at_, at);
        for (unsigned lane = 0; lane < width; ++lane) {
            words_->ids[at_[lane]][first_ + lane] = symbol[lane];
            values_[gone_[lane]][lane] = no_value;
        }
        searches[0] = pairs.search(has_next, merged, after);
        searches[1] = pairs.search(has_previous, before, merged);
        return true;
    }
    void take(const Search* searches) {
        alignas(32) std::uint32_t with_next[width];
        alignas(32) std::uint32_t with_previous[width];
        store(with_next, value(searches[0].orders(), load(at_)));
        store(with_previous, value(searches[1].orders(), load(previous_)));
        for (unsigned lane = 0; lane < width; ++lane) {
            values_[at_[lane]][lane] = with_next[lane];
            values_[previous_[lane]][lane] = with_previous[lane];
        }
    }
    void finish() {
        store(at_, alive_);
        for (unsigned lane = 0; lane < width; ++lane) words_->alive[first_ + lane] = at_[lane];
    }

private:
    // Of two first symbols most are bytes, whose orders stand in a grid.
    Vector first_values(const Pairs& pairs, unsigned row) const {
        const Vector here = load(words_->ids[row] + first_);
        const Vector next = load(words_->ids[row + 1] + first_);
        const Vector bit = all(2u << row);
        const Vector both = _mm256_cmpeq_epi32(_mm256_and_si256(alive_, bit), bit);
        const Vector small = _mm256_cmpeq_epi32(_mm256_srli_epi32(_mm256_or_si256(here, next), 8),
                                                _mm256_setzero_si256());
        Vector orders = pairs.orders_in_grid(_mm256_and_si256(both, small), here, next);
        if (const Vector others = _mm256_andnot_si256(small, both); any(others)) {
            Search search = pairs.search(others, here, next);
            pairs.find(&search, 1);
            orders = chosen(others, search.orders(), orders);
        }
        return value(orders, all(row));
    }

    // Removes the symbol behind `at` and returns the place of the one behind that; sets gone_ and
    // previous_.
    Vector unlink_next(Vector at, Vector active) {
        const Vector bit = _mm256_sllv_epi32(all(1), at);
        const Vector lower = _mm256_sub_epi32(bit, all(1));
        const Vector above = _mm256_and_si256(active, _mm256_andnot_si256(_mm256_or_si256(bit, lower), alive_));
        const Vector first = lowest_bit(above);
        store(gone_, place_of(first));
        store(previous_, place_of(_mm256_and_si256(active, _mm256_and_si256(alive_, lower))));
        alive_ = _mm256_xor_si256(alive_, first);
        return place_of(lowest_bit(_mm256_xor_si256(above, first)));
    }

    Vector symbols(Vector lanes, Vector places) const {
        const Vector lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        const Vector cells = _mm256_add_epi32(_mm256_slli_epi32(places, 4), _mm256_add_epi32(lane, all(first_)));
        static_assert(BpeLanes::lanes == 16);
        return _mm256_mask_i32gather_epi32(_mm256_setzero_si256(), reinterpret_cast<const int*>(words_->ids),
                                           cells, lanes, 4);
    }

    BpeLanes* words_ = nullptr;
    unsigned first_ = 0;
    Vector alive_;
    // What the last step changed: the places of the merged symbol, of the one that went and of the
    // one before.
    alignas(32) std::uint32_t at_[width], gone_[width], previous_[width];
    alignas(32) std::uint32_t values_[nowhere + 1][width];
};

}  // namespace

void merge_lanes_avx2(const PairSlots& slots, std::span<BpeLanes> words) {
    const Pairs pairs(slots);
    constexpr std::size_t parts = BpeLanes::lanes / width;
    Merger mergers[BpeLaneGroup::vectors * parts];
    std::size_t busy = 0;
    for (BpeLanes& each : words)
        for (unsigned part = 0; part < parts; ++part) mergers[busy++].start(pairs, each, width * part);
    const std::size_t count = busy;
    while (busy > 0) {
        Search searches[2 * BpeLaneGroup::vectors * parts];
        busy = 0;
        Merger* merging[BpeLaneGroup::vectors * parts];
        for (std::size_t i = 0; i < count; ++i)
            if (mergers[i].merge(pairs, searches + 2 * busy)) merging[busy++] = &mergers[i];
        pairs.find(searches, 2 * busy);
        for (std::size_t i = 0; i < busy; ++i) merging[i]->take(searches + 2 * i);
    }
    for (std::size_t i = 0; i < count; ++i) mergers[i].finish();
}

}  // namespace tokenry::encode
#endif
