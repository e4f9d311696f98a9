// Merging of words of few symbols: no list to keep, no memory to move.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/vector16.hpp"
#include "encode/pair_table.hpp"

namespace tokenry::encode {

// A word while it is merged. Symbols stay where they start: one bit for each says whether it is
// still there. The value of a place is the order of merging the symbol there with the next one,
// and the place in the low six bits, so the least value is the next merge, leftmost of equals.
//
// A step only names the two pairs that it changed and asks for their cache lines; the next step
// looks them up. Several words stepped in turn thus wait for memory together.
template <unsigned Capacity>
class BpeWord {
    static_assert(Capacity % 16 == 0 && Capacity <= 64);

public:
    // The caller fills ids[0, count) and, unless the symbols are looked up here, values.
    Id ids[Capacity];

    void set_order(unsigned at, std::uint32_t order) { values_[at] = order << 6 | at; }

    void start(unsigned count) {
        alive_ = count == 64 ? ~0ull : (1ull << count) - 1;
        for (unsigned at = count - 1; at < Capacity; ++at) values_[at] = none;
        at_ = previous_ = next_ = nowhere;
        fresh_ = 0;
    }
    void look_up_all(const PairTable& pairs, unsigned count) {
        for (unsigned at = 0; at + 1 < count; ++at) set_order(at, pairs.first_order(ids[at], ids[at + 1]));
    }

    // Like look_up_all and start, but the first step does the looking up.
    void start_later(const PairTable& pairs, unsigned count) {
        start(count);
        fresh_ = count;
        for (unsigned at = 0; at + 1 < count; ++at) pairs.prefetch_first(ids[at], ids[at + 1]);
    }

    // One merge; false when there is none left.
    bool step(const PairTable& pairs) {
        if (fresh_ > 0) [[unlikely]] {
            look_up_all(pairs, fresh_);
            fresh_ = 0;
        } else {
            look_up(pairs);
        }
        const std::uint32_t value = least();
        if (value >= none) return false;
        at_ = value & 63;
        const unsigned gone = following(at_);
        ids[at_] = pairs.merged(value >> 6, ids[at_], ids[gone]);
        alive_ &= ~(1ull << gone);
        values_[gone] = none;
        values_[at_] = none;
        next_ = following(at_);
        const std::uint64_t before = alive_ & ((1ull << at_) - 1);
        previous_ = before ? 63 - static_cast<unsigned>(std::countl_zero(before)) : nowhere;
        if (next_ < nowhere) pairs.prefetch(ids[at_], ids[next_]);
        if (previous_ < nowhere) pairs.prefetch(ids[previous_], ids[at_]);
        return true;
    }

    unsigned write(Id* out) const {
        unsigned count = 0;
        for (std::uint64_t left = alive_; left; left &= left - 1)
            out[count++] = ids[std::countr_zero(left)];
        return count;
    }

    // The same with the place where each begins.
    template <typename Place>
    void visit(Place place) const {
        for (std::uint64_t left = alive_; left; left &= left - 1) {
            const auto at = static_cast<unsigned>(std::countr_zero(left));
            place(at, ids[at]);
        }
    }

private:
    static constexpr std::uint32_t none = no_merge << 6;  // and everything above it
    static constexpr unsigned nowhere = 64;

    unsigned following(unsigned at) const {
        return static_cast<unsigned>(std::countr_zero(alive_ & (~1ull << at)));  // 64 for none
    }
    void look_up(const PairTable& pairs) {
        if (next_ < nowhere) set_order(at_, pairs.order(ids[at_], ids[next_]));
        if (previous_ < nowhere) set_order(previous_, pairs.order(ids[previous_], ids[at_]));
    }
#if defined(TOKENRY_SSE4)
    std::uint32_t least() const {
        const auto four = [&](unsigned i) {
            return _mm_load_si128(reinterpret_cast<const __m128i*>(values_ + 4 * i));
        };
        __m128i low = _mm_min_epu32(_mm_min_epu32(four(0), four(1)), _mm_min_epu32(four(2), four(3)));
        for (unsigned i = 4; i < Capacity / 4; ++i) low = _mm_min_epu32(low, four(i));
        low = _mm_min_epu32(low, _mm_shuffle_epi32(low, 0x4e));
        low = _mm_min_epu32(low, _mm_shuffle_epi32(low, 0xb1));
        return static_cast<std::uint32_t>(_mm_cvtsi128_si32(low));
    }
#elif defined(TOKENRY_NEON)
    std::uint32_t least() const {
        const auto four = [&](unsigned i) { return vld1q_u32(values_ + 4 * i); };
        uint32x4_t low = vminq_u32(vminq_u32(four(0), four(1)), vminq_u32(four(2), four(3)));
        for (unsigned i = 4; i < Capacity / 4; ++i) low = vminq_u32(low, four(i));
        return vminvq_u32(low);
    }
#else
    std::uint32_t least() const {
        std::uint32_t low = none;
        for (const std::uint32_t value : values_) low = value < low ? value : low;
        return low;
    }
#endif

    alignas(16) std::uint32_t values_[Capacity];
    std::uint64_t alive_;
    unsigned at_, previous_, next_;
    unsigned fresh_;
};

}  // namespace tokenry::encode
