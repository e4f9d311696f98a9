// Numbers texts of a file, equal ones alike, in order of first use.
#pragma once
#include <cstring>
#include <string_view>
#include <vector>

namespace tokenry::domains {

class TextNumbers {
public:
    TextNumbers() : slots_(1 << 10, free) {}

    std::size_t size() const { return texts_.size(); }
    std::string_view text(std::size_t number) const { return texts_[number]; }

    // The text must outlive this.
    std::size_t of(std::string_view text) {
        if (2 * texts_.size() > slots_.size()) grow();
        const std::uint64_t hash = hash_of(text);
        std::size_t at = hash & (slots_.size() - 1);
        for (; slots_[at] != free; at = (at + 1) & (slots_.size() - 1)) {
            const std::size_t number = slots_[at];
            if (hashes_[number] == hash && texts_[number] == text) return number;
        }
        slots_[at] = static_cast<std::uint32_t>(texts_.size());
        texts_.push_back(text);
        hashes_.push_back(hash);
        return texts_.size() - 1;
    }

private:
    static constexpr std::uint32_t free = ~std::uint32_t{0};

    static std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        return hash ^ hash >> 29;
    }
    static std::uint64_t hash_of(std::string_view text) {
        std::uint64_t hash = text.size(), word = 0;
        std::size_t at = 0;
        for (; at + 8 <= text.size(); at += 8) {
            std::memcpy(&word, text.data() + at, 8);
            hash = mixed(hash, word);
        }
        word = 0;
        for (std::size_t shift = 0; at < text.size(); ++at, shift += 8)
            word |= std::uint64_t{static_cast<std::uint8_t>(text[at])} << shift;
        return mixed(hash, word);
    }
    void grow() {
        slots_.assign(4 * slots_.size(), free);
        for (std::size_t number = 0; number < texts_.size(); ++number) {
            std::size_t at = hashes_[number] & (slots_.size() - 1);
            while (slots_[at] != free) at = (at + 1) & (slots_.size() - 1);
            slots_[at] = static_cast<std::uint32_t>(number);
        }
    }

    std::vector<std::uint32_t> slots_;
    std::vector<std::string_view> texts_;
    std::vector<std::uint64_t> hashes_;
};

}  // namespace tokenry::domains
