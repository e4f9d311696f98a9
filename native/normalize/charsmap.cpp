#include "normalize/charsmap.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>

#include "normalize/utf8.hpp"

namespace tokenry::normalize {
namespace {

// A unit of a Darts array: a child's label in the low byte, an offset to its children above it;
// or, with the top bit set, a value.
constexpr std::uint32_t kValue = 0x80000000u;
constexpr std::uint32_t label(std::uint32_t unit) { return unit & (kValue | 0xFF); }
constexpr bool has_leaf(std::uint32_t unit) { return (unit >> 8) & 1; }
constexpr std::uint32_t offset(std::uint32_t unit) {
    return unit & (1u << 9) ? unit >> 2 & ~0xFFu : unit >> 10;
}

// A rule hidden behind more than this many shorter ones is never found by SentencePiece.
constexpr std::uint32_t kMostPrefixes = 32;
constexpr std::uint32_t kLongestRule = 1024;

[[noreturn]] void fail(const std::string& what) {
    throw std::invalid_argument("charsmap: " + what);
}

}  // namespace

// The bytes that lead on from each place where children begin: to the unit at the place with this byte
// in its low bits exchanged. Several units may have the same children.
class RuleTree {
public:
    explicit RuleTree(std::span<const std::uint32_t> units)
        : first_(units.size() + 1), next_(units.size()) {
        std::uint8_t *const firsts = first_.data(), *const nexts = next_.data();
        for (std::size_t at = 0, none = units.size(); at < none; ++at) {
            const auto byte = label(units[at]);
            // A value has its top bit in the label, and no text has the byte 0.
            const auto children = byte - 1 < 255 ? at ^ byte : none;
            nexts[at] = firsts[children];
            firsts[children] = static_cast<std::uint8_t>(byte);
        }
    }

    bool any(std::uint32_t children) const { return first_[children] != 0; }
    template <class Use>
    void each(std::uint32_t children, Use use) const {
        for (std::uint32_t byte = first_[children]; byte != 0; byte = next_[children ^ byte]) use(byte);
    }
    // The first byte and that behind another; 0 for none.
    std::uint8_t first(std::uint32_t children) const { return first_[children]; }
    std::uint8_t next(std::uint32_t at) const { return next_[at]; }

private:
    std::vector<std::uint8_t> first_, next_;
};

Charsmap::Charsmap(std::string_view blob) {
    std::uint32_t size = 0;
    if (blob.size() <= sizeof size)
        fail("it has no rules, only " + std::to_string(blob.size()) + " bytes");
    for (int i = 0; i < 4; ++i) size |= std::uint32_t(std::uint8_t(blob[i])) << (8 * i);
    blob.remove_prefix(sizeof size);
    if (size == 0 || size % 1024 != 0)
        fail("the size of its trie, " + std::to_string(size) + ", is no multiple of 1024");
    if (size >= blob.size())
        fail("its trie should have " + std::to_string(size) + " bytes, but " +
             std::to_string(blob.size()) + " follow");
    take_units(blob.substr(0, size));
    strings_ = blob.substr(size);
    if (strings_.back() != '\0') fail("its strings do not end with a NUL");
    if (!is_utf8(strings_)) fail("its strings are not UTF-8");
    check_units();
    const RuleTree children(units_);
    check_rules(children);
    note_beginnings(children);
}

// Nearly all arrays are whole, so all units are looked at without a branch, and again for what is wrong.
void Charsmap::check_units() const {
    const auto size = static_cast<std::uint32_t>(units_.size());
    const auto root = units_[0];
    if (label(root) != 0 || has_leaf(root) || offset(root) == 0)
        fail("the root of its trie is broken");
    const auto strings = static_cast<std::uint32_t>(strings_.size());
    std::uint32_t behind = 0, valueless = 0;
    for (std::uint32_t i = 0; i < size; ++i) {
        const auto unit = units_[i];
        const bool value = unit & kValue;
        behind |= (value ? unit & ~kValue : i ^ offset(unit)) >= (value ? strings : size);
    }
    if (behind) tell_broken_unit();
    for (std::uint32_t i = 0; i < size; ++i) {
        const auto unit = units_[i], leaf = has_leaf(unit) & ~(unit >> 31);
        valueless |= leaf & ~(units_[(i ^ offset(unit)) & (0u - leaf)] >> 31);
    }
    if (valueless) tell_broken_unit();
}

void Charsmap::tell_broken_unit() const {
    for (std::size_t i = 0; i < units_.size(); ++i) {
        const auto unit = units_[i];
        if (unit & kValue) {
            if ((unit & ~kValue) >= strings_.size()) fail("a rule points behind its strings");
            continue;
        }
        const auto children = i ^ offset(unit);
        if (children >= units_.size()) fail("its trie points behind its end");
        if (has_leaf(unit) && !(units_[children] & kValue)) fail("a rule of its trie has no value");
    }
}

namespace {

// Follows all rules of a Darts array, from one place where children begin to the next. Ends of rules are shared, so it is an acyclic graph; with a cycle, or with endless
// rules, a search would take quadratic time in the text.
class RuleCheck {
public:
    RuleCheck(std::span<const std::uint32_t> units, std::string_view strings, const RuleTree& tree)
        : units_(units), strings_(strings), tree_(tree), known_(units.size()) {}

    struct Read {
        std::array<bool, 256> anywhere{}, inside{};  // bytes that rules read; those behind their first
    };

    Read run() {
        open(offset(units_[0]));
        while (!path_.empty())
            if (follow(path_.back(), path_.size() > 1 ? read_.inside : read_.anywhere)) close();
        for (std::size_t byte = 0; byte < 256; ++byte) read_.anywhere[byte] |= read_.inside[byte];
        return read_;
    }

private:
    // Bytes and rules, at most, on the way from a place to an end, in 16 bits: no place is done that
    // has more than is allowed behind the first byte.
    using Known = std::uint16_t;
    static constexpr Known kNew = 0, kOpen = 0xFFFF;
    static constexpr int kBytesBits = 10;
    static_assert(kLongestRule == 1u << kBytesBits);
    static_assert(1 + (kMostPrefixes << kBytesBits | (kLongestRule - 1)) < kOpen);

    struct Visit {
        std::uint32_t children, byte;  // where these begin, and which of them is next
        std::uint32_t bytes = 0, rules = 0;
    };

    void open(std::uint32_t children) {
        known_[children] = kOpen;
        path_.push_back({children, tree_.first(children)});
    }

    // False where it comes to a place that is to be followed first.
    bool follow(Visit& visit, std::array<bool, 256>& read) {
        for (; visit.byte != 0; visit.byte = tree_.next(visit.children ^ visit.byte)) {
            const auto unit = units_[visit.children ^ visit.byte];
            const auto children = visit.children ^ visit.byte ^ offset(unit);
            std::uint32_t known = 0;
            if (tree_.any(children)) {
                if (known_[children] == kNew) return open(children), false;
                if (known_[children] == kOpen) fail("its trie has a cycle");
                known = known_[children] - 1u;
            }
            const bool ends = has_leaf(unit);
            if (ends && is_continuation(std::uint8_t(strings_[units_[children] & ~kValue])))
                fail("a rule points into the middle of a character");
            read[visit.byte] = true;
            visit.bytes = std::max(visit.bytes, 1 + (known & (kLongestRule - 1)));
            visit.rules = std::max(visit.rules, ends + (known >> kBytesBits));
        }
        return true;
    }

    void close() {
        const auto visit = path_.back();
        path_.pop_back();
        if (visit.rules > kMostPrefixes) fail("more than 32 rules are prefixes of one");
        if (visit.bytes + !path_.empty() > kLongestRule) fail("it has a rule for more than 1024 bytes");
        if (!path_.empty()) known_[visit.children] = Known(1 + (visit.rules << kBytesBits | visit.bytes));
    }

    std::span<const std::uint32_t> units_;
    std::string_view strings_;
    const RuleTree& tree_;
    std::vector<Known> known_;  // by where children begin
    std::vector<Visit> path_;
    Read read_;
};

}  // namespace

void Charsmap::take_units(std::string_view bytes) {
    static_assert(std::endian::native == std::endian::little);
    const auto count = bytes.size() / sizeof(std::uint32_t);
    const auto* units = reinterpret_cast<const std::uint32_t*>(bytes.data());
    if (reinterpret_cast<std::uintptr_t>(units) % alignof(std::uint32_t) != 0) {
        copied_.resize(count);
        std::memcpy(copied_.data(), bytes.data(), bytes.size());
        units = copied_.data();
    }
    units_ = {units, count};
}

void Charsmap::check_rules(const RuleTree& tree) {
    const auto read = RuleCheck(units_, strings_, tree).run();
    for (std::size_t byte = 0; byte < 256; ++byte) read_[byte] = read.anywhere[byte];
    note_spaces(tree, read.inside);
    std::size_t length = 0;
    for (const char byte : strings_) {
        length = byte == '\0' ? 0 : length + 1;
        growth_ = std::max(growth_, length);
    }
}

void Charsmap::note_spaces(const RuleTree& tree, const std::array<bool, 256>& read_inside) {
    const auto root = offset(units_[0]);
    for (std::uint32_t byte = 1; byte < 0x80; ++byte) {
        const auto at = root ^ byte;
        if (label(units_[at]) != byte || !has_leaf(units_[at]) || read_inside[byte]) continue;
        const auto children = at ^ offset(units_[at]);
        spaces_[byte] = !tree.any(children) && this->at(units_[children], 1).text == " ";
    }
}

// Marks the characters whose bytes, or some of their first bytes, begin or are a rule.
void Charsmap::note_beginnings(const RuleTree& tree) {
    const auto root = offset(units_[0]);
    tree.each(root, [&](std::uint32_t lead) {
        const auto unit = units_[root ^ lead];
        const auto children = root ^ lead ^ offset(unit);
        const auto pair = [&](std::uint32_t next) {
            (next < 0x80 ? before_ascii_ : before_other_)[lead] = true;
        };
        if (lead < 0xC0) tree.each(children, pair);
        if (lead < 0xC0 && has_leaf(unit)) pair(0x7F), pair(0x80);
        if (lead >= 0xC0 && lead < 0xE0)
            note_characters(tree, lead & 0x1F, 1, children, has_leaf(unit));
        if (lead >= 0xE0 && lead < 0xF0)
            note_characters(tree, lead & 0x0F, 2, children, has_leaf(unit));
    });
}

// `missing` bytes behind those of `code`, to which `children` belong; `whole`: these are a rule.
void Charsmap::note_characters(const RuleTree& tree, std::uint32_t code, int missing,
                               std::uint32_t children, bool whole) {
    if (whole) {
        const std::uint32_t count = 1u << (6 * missing);
        for (std::uint32_t i = 0; i < count; ++i)
            begins_[code * count + i] = changed_alone_[code * count + i] = true;
        return;
    }
    if (missing == 0) begins_[code] = true;
    tree.each(children, [&](std::uint32_t byte) {
        const auto at = children ^ byte;
        if (missing == 0)
            continues_[byte] = true;
        else if (byte >= 0x80 && byte < 0xC0)
            note_characters(tree, code << 6 | (byte & 0x3F), missing - 1, at ^ offset(units_[at]),
                            has_leaf(units_[at]));
    });
}

Replacement Charsmap::at(std::uint32_t unit, std::size_t length) const {
    return {length, std::string_view(strings_.data() + (unit & ~kValue))};
}

Replacement Charsmap::longest(const std::uint8_t* text, std::size_t size) const {
    std::uint32_t children = offset(units_[0]), value = 0;
    std::size_t length = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const auto at = children ^ text[i];
        const auto unit = units_[at];
        if (text[i] == 0 || label(unit) != text[i]) break;
        children = at ^ offset(unit);
        if (has_leaf(unit)) {
            value = units_[children];
            length = i + 1;
        }
    }
    return length ? at(value, length) : Replacement{};
}

Replacement Charsmap::shortest(const std::uint8_t* text, std::size_t size) const {
    std::uint32_t children = offset(units_[0]);
    for (std::size_t i = 0; i < size; ++i) {
        const auto at_unit = children ^ text[i];
        const auto unit = units_[at_unit];
        if (text[i] == 0 || label(unit) != text[i]) break;
        children = at_unit ^ offset(unit);
        if (has_leaf(unit)) return at(units_[children], i + 1);
    }
    return {};
}

}  // namespace tokenry::normalize
