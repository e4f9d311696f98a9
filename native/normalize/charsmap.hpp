// The compiled normalisation rules of a SentencePiece model: byte strings and what replaces them.
#pragma once
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tokenry::normalize {

// What stands at a position: `length` input bytes become `replacement`. Length 0: no rule.
struct Replacement {
    std::size_t length = 0;
    std::string_view text;
};

class RuleTree;

class Charsmap {
public:
    // The blob is a 4-byte size, a Darts double array of that size and NUL-terminated strings, all
    // little-endian; it must outlive this. Throws std::invalid_argument that says what is wrong with
    // it. Every unit that a search can reach is checked here, so that searches check no bounds.
    explicit Charsmap(std::string_view blob);
    Charsmap(const Charsmap&) = delete;
    Charsmap& operator=(const Charsmap&) = delete;

    // The longest rule that is a prefix of the text: how SentencePiece looks rules up.
    Replacement longest(const std::uint8_t* text, std::size_t size) const;
    // The shortest such rule: how the crate spm_precompiled looks them up.
    Replacement shortest(const std::uint8_t* text, std::size_t size) const;

    // Whether no rule begins at this ASCII byte when the given byte comes next.
    bool inert(std::uint8_t byte, std::uint8_t next) const {
        return next < 0x80 ? !before_ascii_[byte] : !before_other_[byte];
    }
    // Whether some rule may begin with this character of two or three bytes.
    bool begins_rule(std::uint32_t code) const { return begins_[code]; }
    // Whether none does when the given byte comes next, or 0 for nothing.
    bool inert_character(std::uint32_t code, std::uint8_t next) const {
        return !begins_[code] || !(changed_alone_[code] || continues_[next]);
    }

    // Whether a rule may read this byte, wherever it stands in it.
    bool reads(std::uint8_t byte) const { return read_[byte]; }
    // Whether this byte becomes a space, and no rule reads it beside others.
    bool is_space(std::uint8_t byte) const { return spaces_[byte]; }
    // Whether a rule may write this text.
    bool writes(std::string_view text) const { return strings_.find(text) != strings_.npos; }
    // Bytes that a byte of text becomes, at most.
    std::size_t growth() const { return growth_; }

private:
    void take_units(std::string_view bytes);
    void check_units() const;
    void tell_broken_unit() const;
    void check_rules(const RuleTree& tree);
    void note_beginnings(const RuleTree& tree);
    void note_spaces(const RuleTree& tree, const std::array<bool, 256>& read_inside);
    void note_characters(const RuleTree& tree, std::uint32_t code, int missing,
                         std::uint32_t children, bool whole);
    Replacement at(std::uint32_t unit, std::size_t length) const;

    std::vector<std::uint32_t> copied_;  // units of a blob that does not lie as they must
    std::span<const std::uint32_t> units_;
    std::string_view strings_;
    std::bitset<0x10000> begins_, changed_alone_;
    std::bitset<256> before_ascii_, before_other_, read_, spaces_;
    std::bitset<256> continues_;  // bytes that follow such a character in a rule
    std::size_t growth_ = 1;
};

}  // namespace tokenry::normalize
