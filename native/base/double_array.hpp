// A trie over byte strings in two arrays folded into one (Aoe 1989), with XOR addressing.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tokenry::base {

class DoubleArray {
public:
    using Node = std::uint32_t;
    static constexpr Node kRoot = 0;
    static constexpr std::int32_t kNone = -1;
    static constexpr std::size_t kMaxValue = (std::size_t{1} << 23) - 2;

    struct Entry {
        std::string_view key;
        std::uint32_t value;
    };

    // No keys: nothing matches.
    DoubleArray();
    // Keys are not empty and differ from each other, values are at most kMaxValue; throws
    // std::invalid_argument otherwise. Takes time linear in the sum of the key lengths.
    explicit DoubleArray(std::vector<Entry> entries);
    // The same, but of equal keys the one with the greatest value counts.
    static DoubleArray of_greatest(std::vector<Entry> entries);

    // The node that `byte` leads to, or kRoot where there is none.
    Node child(Node node, std::uint8_t byte) const {
        const auto at = units_[node].base ^ byte;
        return (units_[at].info & kLabelMask) == byte ? at : kRoot;
    }
    // The value of the key that ends at a node, or kNone.
    std::int32_t value(Node node) const {
        return std::int32_t(units_[node].info >> kLabelBits) - 1;
    }

    // For who lays nodes out another way: a node is a child of the one whose base its label leads from.
    std::size_t size() const { return units_.size(); }
    std::uint32_t base(Node node) const { return units_[node].base; }
    std::uint32_t label(Node node) const { return units_[node].info & kLabelMask; }  // 256: no node

    // Length of the longest key that is a prefix of the text, or 0; its value goes to `found`.
    std::size_t longest(const std::uint8_t* text, std::size_t size, std::uint32_t& found) const;

private:
    friend class DoubleArrayBuilder;
    void build(const std::vector<Entry>& sorted);
    static constexpr std::uint32_t kLabelBits = 9;
    static constexpr std::uint32_t kLabelMask = (1u << kLabelBits) - 1;
    static constexpr std::uint32_t kUnlabelled = 256;

    // No two nodes have one base, so a unit whose label is `at ^ base` is a child of that node.
    struct Unit {
        std::uint32_t base = 0;
        std::uint32_t info = kUnlabelled;  // label, then 1 + value
    };
    std::vector<Unit> units_;
};

}  // namespace tokenry::base
