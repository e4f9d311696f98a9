// A trie over byte strings that come and go.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tokenry::learn {

class ChunkTrie {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    ChunkTrie();

    // `key` is not empty; add needs one that is not there, erase one that is.
    void add(std::string_view key, std::uint32_t value);
    void erase(std::string_view key);
    // The value of `key`, or none.
    std::uint32_t find(std::string_view key) const;

    // The longest key that `text` begins with, and the next shorter one; length 0 where there is
    // none.
    struct Found {
        std::size_t length, shorter;
        std::uint32_t value, shorter_value;
    };
    Found longest(std::string_view text) const;

private:
    struct Node {
        std::uint32_t value = none;
        std::uint32_t keys = 0;  // that go through it
    };
    // An edge is found by (node, byte) in a table with linear probing; key 0 marks a free slot.
    struct Edge {
        std::uint64_t key = 0;
        std::uint32_t child = 0;
    };

    static std::uint64_t key_of(std::uint32_t node, char byte) {
        return (std::uint64_t{node} << 8 | static_cast<std::uint8_t>(byte)) + 1;
    }
    std::size_t home(std::uint64_t key) const {
        return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15 >> shift_);
    }
    std::uint32_t child(std::uint32_t node, char byte) const;
    std::size_t slot(std::uint64_t key) const;
    std::uint32_t make_child(std::uint32_t node, char byte);
    void remove_edge(std::uint64_t key);
    void grow();

    std::vector<Node> nodes_;
    std::vector<std::uint32_t> free_;
    std::vector<Edge> edges_;
    std::size_t used_ = 0;
    int shift_;
};

}  // namespace tokenry::learn
