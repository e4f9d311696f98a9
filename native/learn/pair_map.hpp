// A pair of ids -> the number of its record.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/text.hpp"

namespace tokenry::learn {

using base::Id;

class PairMap {
public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    static std::uint64_t key(Id left, Id right) { return std::uint64_t{left} << 32 | right; }
    static std::uint64_t hash(std::uint64_t key) {
        key *= 0x9e3779b97f4a7c15;
        return (key ^ key >> 32) * 0xd6e8feb86659fd93;
    }

    PairMap() { clear(); }
    void clear() {
        slots_.assign(1024, Slot{});
        shift_ = 64 - 10;
        count_ = 0;
    }

    std::uint32_t find(std::uint64_t key) const { return slots_[place(key)].value; }

    // The value of the key; `fresh` is stored first when it is new.
    std::uint32_t insert(std::uint64_t key, std::uint32_t fresh) {
        std::size_t at = place(key);
        if (slots_[at].value != kNone) return slots_[at].value;
        if (++count_ * 3 > slots_.size() * 2) {
            grow();
            at = place(key);
        }
        slots_[at] = {key, fresh};
        return fresh;
    }

    std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t value = kNone;
    };

    std::size_t place(std::uint64_t key) const {
        std::size_t at = hash(key) >> shift_;
        while (slots_[at].value != kNone && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
        return at;
    }

    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        --shift_;
        for (const Slot& slot : old) {
            if (slot.value != kNone) slots_[place(slot.key)] = slot;
        }
    }

    std::vector<Slot> slots_;
    unsigned shift_;
    std::size_t count_;
};

}  // namespace tokenry::learn
