// What last stood between two marks of a program.
#pragma once
#include <string_view>
#include <vector>

#include "domains/code_words.hpp"

namespace tokenry::domains {

// A gap that ends in a line indented by spaces: what stands before them, and their number.
struct Gap {
    std::string_view head;  // or the whole gap
    std::int64_t indent = 0;  // of a new line, by how much more than the one before
    bool new_line = false;

    bool operator==(const Gap&) const = default;

    static Gap of(std::string_view text) {
        const std::size_t end = text.rfind('\n');
        if (end == text.npos || text.find_first_not_of(' ', end + 1) != text.npos) return {text};
        return {text.substr(0, end + 1), static_cast<std::int64_t>(text.size() - end - 1), true};
    }
};

// A number for the marks on both sides of a gap, and how the line stands that may begin behind it.
inline std::uint32_t pair_of(std::uint32_t before, std::uint32_t after, std::uint32_t line, std::size_t mark_count) {
    return (before * static_cast<std::uint32_t>(mark_count) + after) * 4 + line;
}

class GapMemory {
public:
    GapMemory() : slots_(1 << 10) {}

    // The gap that is kept for a pair, at first the empty one.
    Gap& at(std::uint32_t pair) {
        if (2 * count_ > slots_.size()) grow();
        Slot& slot = find(pair);
        if (slot.key == 0) {
            slot.key = pair + 1;
            ++count_;
        }
        return slot.gap;
    }

private:
    struct Slot {
        std::uint32_t key = 0;  // of the pair, and one
        Gap gap;
    };
    Slot& find(std::uint32_t pair) {
        std::size_t at = (pair * 0x9E3779B9u >> 8) & (slots_.size() - 1);
        while (slots_[at].key != 0 && slots_[at].key != pair + 1) at = (at + 1) & (slots_.size() - 1);
        return slots_[at];
    }
    void grow() {
        std::vector<Slot> old(4 * slots_.size());
        std::swap(old, slots_);
        for (const Slot& each : old)
            if (each.key != 0) find(each.key - 1) = each;
    }
    std::vector<Slot> slots_;
    std::size_t count_ = 0;
};

}  // namespace tokenry::domains
