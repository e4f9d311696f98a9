#include "normalize/charsmap.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "normalize/utf8.hpp"

namespace tokenry::normalize {
namespace {

// A unit of a Darts array: a child's label in the low byte, an offset to its children above it;
// or, with the top bit set, a value.
constexpr std::uint32_t kValue = 0x80000000u;
constexpr std::uint32_t label(std::uint32_t unit) { return unit & (kValue | 0xFF); }
constexpr bool has_leaf(std::uint32_t unit) { return (unit >> 8) & 1; }
constexpr std::uint32_t offset(std::uint32_t unit) {
    return (unit >> 10) << ((unit & (1u << 9)) >> 6);
}

// A rule hidden behind more than this many shorter ones is never found by SentencePiece.
constexpr std::uint32_t kMostPrefixes = 32;
constexpr std::uint32_t kLongestRule = 1024;

[[noreturn]] void fail(const std::string& what) {
    throw std::invalid_argument("charsmap: " + what);
}

}  // namespace

// The units that lead on from each place where children begin, in the order of the places. Several
// units may have the same children.
class RuleTree {
public:
    explicit RuleTree(const std::vector<std::uint32_t>& units) : ends_(units.size() + 1) {
        for (std::uint32_t at = 0; at < units.size(); ++at)
            if (const auto byte = label(units[at]); leads(byte)) ++ends_[at ^ byte];
        std::uint32_t total = 0;
        for (auto& end : ends_) end = std::exchange(total, total + end);
        places_.resize(total);
        for (std::uint32_t at = 0; at < units.size(); ++at)
            if (const auto byte = label(units[at]); leads(byte)) places_[ends_[at ^ byte]++] = at;
    }

    std::uint32_t begin(std::uint32_t children) const { return children ? ends_[children - 1] : 0; }
    std::uint32_t end(std::uint32_t children) const { return ends_[children]; }
    std::uint32_t operator[](std::uint32_t place) const { return places_[place]; }

private:
    // A value has its top bit in the label, and no text has the byte 0.
    static bool leads(std::uint32_t byte) { return byte - 1 < 255; }

    std::vector<std::uint32_t> ends_, places_;
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
    units_.resize(size / 4);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(blob.data());
    for (std::size_t i = 0; i < units_.size(); ++i, bytes += 4)
        units_[i] = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::uint32_t(bytes[3]) << 24;
    strings_.assign(blob.substr(size));
    if (strings_.back() != '\0') fail("its strings do not end with a NUL");
    if (!is_utf8(strings_)) fail("its strings are not UTF-8");
    check_units();
    const RuleTree children(units_);
    check_rules(children);
    note_beginnings(children);
}

void Charsmap::check_units() const {
    const auto size = units_.size();
    const auto root = units_[0];
    if (label(root) != 0 || has_leaf(root) || offset(root) == 0)
        fail("the root of its trie is broken");
    for (std::size_t i = 0; i < size; ++i) {
        const auto unit = units_[i];
        if (unit & kValue) {
            if ((unit & ~kValue) >= strings_.size()) fail("a rule points behind its strings");
            continue;
        }
        const auto children = i ^ offset(unit);
        if ((children | 0xFF) >= size) fail("its trie points behind its end");
        if (has_leaf(unit) && !(units_[children] & kValue)) fail("a rule of its trie has no value");
    }
}

namespace {

// Follows all rules of a Darts array. Ends of rules are shared, so it is an acyclic graph; with a
// cycle, or with endless rules, a search would take quadratic time in the text.
class RuleCheck {
public:
    RuleCheck(const std::vector<std::uint32_t>& units, const std::string& strings,
              const RuleTree& children)
        : units_(units), strings_(strings), children_(children), known_(units.size()) {}

    struct Read {
        std::bitset<256> anywhere, inside;  // bytes that rules read, and those behind their first
    };

    Read run() {
        open(0);
        while (!path_.empty()) {
            auto& visit = path_.back();
            const auto children = visit.at ^ offset(units_[visit.at]);
            if (visit.next == children_.end(children)) {
                close();
                continue;
            }
            const auto at = children_[visit.next++];
            read_.anywhere[at ^ children] = true;
            if (visit.at != 0) read_.inside[at ^ children] = true;
            if (known_[at].state == kOpen) fail("its trie has a cycle");
            if (known_[at].state == kNew) open(at);
            else extend(visit.below, known_[at].below);
        }
        return read_;
    }

private:
    enum State : std::uint8_t { kNew, kOpen, kDone };
    struct Below {
        std::uint32_t bytes = 0, rules = 0;  // at most, on the way from a unit to an end
    };
    struct Known {
        State state = kNew;
        Below below;
    };
    struct Visit {
        std::uint32_t at, next;
        Below below;
    };

    void open(std::uint32_t at) {
        known_[at].state = kOpen;
        const auto unit = units_[at];
        path_.push_back({at, children_.begin(at ^ offset(unit)), {}});
        if (!has_leaf(unit)) return;
        const auto value = units_[at ^ offset(unit)] & ~kValue;
        if (is_continuation(std::uint8_t(strings_[value])))
            fail("a rule points into the middle of a character");
    }

    void close() {
        auto [at, next, below] = path_.back();
        path_.pop_back();
        below.rules += has_leaf(units_[at]);
        if (below.rules > kMostPrefixes) fail("more than 32 rules are prefixes of one");
        if (below.bytes > kLongestRule) fail("it has a rule for more than 1024 bytes");
        known_[at] = {kDone, below};
        if (!path_.empty()) extend(path_.back().below, below);
    }

    static void extend(Below& whole, Below part) {
        whole.bytes = std::max(whole.bytes, part.bytes + 1);
        whole.rules = std::max(whole.rules, part.rules);
    }

    const std::vector<std::uint32_t>& units_;
    const std::string& strings_;
    const RuleTree& children_;
    std::vector<Known> known_;
    std::vector<Visit> path_;
    Read read_;
};

}  // namespace

void Charsmap::check_rules(const RuleTree& children) {
    const auto read = RuleCheck(units_, strings_, children).run();
    read_ = read.anywhere;
    note_spaces(children, read.inside);
    for (std::size_t begin = 0; begin < strings_.size();) {
        const std::size_t end = strings_.find('\0', begin);
        growth_ = std::max(growth_, end - begin);
        begin = end + 1;
    }
}

void Charsmap::note_spaces(const RuleTree& tree, const std::bitset<256>& read_inside) {
    const auto root = offset(units_[0]);
    for (std::uint32_t byte = 1; byte < 0x80; ++byte) {
        const auto at = root ^ byte;
        if (label(units_[at]) != byte || !has_leaf(units_[at]) || read_inside[byte]) continue;
        const auto children = at ^ offset(units_[at]);
        const bool alone = tree.begin(children) == tree.end(children);
        spaces_[byte] = alone && this->at(units_[children], 1).text == " ";
    }
}

// Marks the characters whose bytes, or some of their first bytes, begin or are a rule.
void Charsmap::note_beginnings(const RuleTree& tree) {
    const auto root = offset(units_[0]);
    for (std::uint32_t lead = 1; lead < 0xF0; ++lead) {
        const auto at = root ^ lead;
        if (label(units_[at]) != lead) continue;
        const auto children = at ^ offset(units_[at]);
        const bool alone = has_leaf(units_[at]);
        if (lead >= 0xC0) {
            const bool two = lead < 0xE0;
            note_characters(tree, lead & (two ? 0x1F : 0x0F), two ? 1 : 2, children, alone);
            continue;
        }
        for (std::uint32_t next = 1; next < 256; ++next)
            if (alone || label(units_[children ^ next]) == next)
                (next < 0x80 ? before_ascii_ : before_other_)[lead] = true;
    }
}

void Charsmap::note_characters(const RuleTree& tree, std::uint32_t code, int missing,
                               std::uint32_t children, bool whole) {
    if (missing == 0) {
        begins_[code] = true;
        changed_alone_[code] = whole;
        if (whole) return;
        for (auto i = tree.begin(children); i < tree.end(children); ++i)
            continues_[tree[i] ^ children] = true;
        return;
    }
    for (std::uint32_t byte = 0x80; byte < 0xC0; ++byte) {
        const auto at = children ^ byte;
        const bool found = !whole && label(units_[at]) == byte;
        if (whole || found)
            note_characters(tree, code << 6 | (byte & 0x3F), missing - 1,
                            found ? at ^ offset(units_[at]) : 0, whole || has_leaf(units_[at]));
    }
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
