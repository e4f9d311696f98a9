// What a file calls its ids, and which id has a name.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "base/text.hpp"

namespace tokenry::formats {

using base::Buffer;
using base::Id;

// Byte strings one after another: string i is bytes[offsets[i], offsets[i + 1]).
struct Strings {
    Buffer<std::uint8_t> bytes;
    Buffer<std::uint64_t> offsets;

    Strings() { offsets.push(0); }
    std::size_t size() const { return offsets.size() - 1; }
    std::string_view operator[](std::size_t i) const {
        return {reinterpret_cast<const char*>(bytes.data()) + offsets[i],
                static_cast<std::size_t>(offsets[i + 1] - offsets[i])};
    }
    void close() { offsets.push(bytes.size()); }  // what was appended since is a string
    void add(std::string_view text) {
        bytes.append(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
        close();
    }
};

// The same, seen in memory of someone else's.
struct StringsView {
    std::span<const std::uint8_t> bytes;
    std::span<const std::uint64_t> offsets;

    std::size_t size() const { return offsets.size() - 1; }
    std::string_view operator[](std::size_t i) const {
        return {reinterpret_cast<const char*>(bytes.data()) + offsets[i],
                static_cast<std::size_t>(offsets[i + 1] - offsets[i])};
    }
};

// How a file spells pieces.
enum class Spelling { kPlain, kMarks, kBytes };

// Pieces that names stand for, and ids whose names are not spelled so and stand for themselves:
// they have a space between marks, or a character that is not of the byte-level alphabet.
struct Pieces {
    Strings strings;
    Buffer<std::uint32_t> odd;
};

// Merges by the ids of their names; of a pair that comes twice the last rank counts.
struct NamedMerges {
    Buffer<std::uint32_t> rows;   // left, right and merged id
    Buffer<std::uint32_t> ranks;
    std::size_t bad = kAllKnown;  // the first merge with a name that has no id

    static constexpr std::size_t kAllKnown = ~std::size_t{0};
};

class TokenNames {
public:
    static constexpr Id kNone = 0xffffffffu;

    // `missing`: ids that have no name, ascending.
    TokenNames(Strings names, std::vector<Id> missing);

    std::size_t size() const { return names_.size(); }
    const Strings& names() const { return names_; }
    const std::vector<Id>& missing() const { return missing_; }
    bool has(Id id) const;
    bool holds(std::string_view text) const;  // whether a name has it, or two names together
    bool repeats() const { return repeats_; }  // whether two ids have one name

    Id find(std::string_view name) const { return find(name, {}); }  // of equal ones the last
    // The id of the name that two parts make together.
    Id find(std::string_view left, std::string_view right) const;

    Pieces pieces(Spelling spelling) const;
    // Of WordPiece: what begins with the prefix loses it, all else gets a space before it.
    Strings words(std::string_view prefix) const;
    // Pairs stand in a row; the merged name lacks the first `skipped` bytes of the right one.
    NamedMerges merges(const StringsView& pairs, std::size_t skipped) const;

private:
    struct Slot {
        std::uint32_t hash;
        Id id = kNone;
    };
    void add(Id id);
    Id merged(std::string_view left, std::string_view right, Id expected) const;

    Strings names_;
    std::vector<Id> missing_;
    std::vector<Slot> slots_;
    std::size_t mask_ = 0;
    bool repeats_ = false;
};

}  // namespace tokenry::formats
