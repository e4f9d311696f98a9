// Which characters of a text each of its pieces stands for, as Hugging Face tokenizers counts them.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text.hpp"

namespace tokenry::encode {

using base::Id;
using base::Text;

// The pieces of a text are laid along it. That is possible in two ways. Joined, the pieces are the
// text, behind one inserted space or none. Walked, each piece is found behind the one before it: its
// first space is a mark that stands for no character and lets white space pass, and characters are
// held to what they become by themselves. Where neither fits, nothing is said.
class PiecePlaces {
public:
    struct Options {
        bool joined = true;   // else walked
        bool sure = false;    // as many bytes as the text are the text
        bool trims = false;   // spaces at the edges of a piece are not counted
        bool keeps_first_space = false;  // but for one, where the text or the window begins
        std::int64_t unknown = -1;  // the id that stands for one character, whatever it is,
        bool fused = false;         // or for all that follow one another and are no piece
    };

    // Piece i is run[offsets[i], offsets[i + 1]).
    PiecePlaces(std::string run, std::vector<std::uint64_t> offsets, Options options);

    // What a character becomes, when walked: one character, nothing, or a space for white space that
    // may pass. Where one of which nobody told stands in a text, nothing is known.
    void learn(std::uint32_t character, std::string to);

    // Writes the first character of each id and the one after its last; false where it is not known.
    bool find(Text text, std::span<const Id> ids, std::int64_t* starts, std::int64_t* ends) const;

private:
    Text piece(Id id) const { return {run_.data() + offsets_[id], width(id)}; }
    std::size_t width(Id id) const {
        return widths_[id] < wide ? widths_[id] : offsets_[id + 1] - offsets_[id];
    }
    bool join(Text text, std::span<const Id> ids, std::int64_t* starts, std::int64_t* ends) const;
    void trim(Text text, std::span<const Id> ids, std::int64_t* starts, std::int64_t* ends) const;
    bool walk(Text text, std::span<const Id> ids, std::int64_t* starts, std::int64_t* ends) const;
    struct Walk;
    std::string_view becomes(const Walk& walk) const;
    bool passes_blank(Walk& walk) const;
    bool passes_removed(Walk& walk) const;
    bool passes(Text rest, Walk& walk) const;
    bool passes_unknown(Walk& walk) const;

    static constexpr char kUnknown = 0, kRemoved = 1;  // no normalizer writes these
    static constexpr std::string_view kGone{"\1"};
    static constexpr std::uint8_t wide = 255;

    std::vector<std::uint8_t> run_;
    std::vector<std::uint64_t> offsets_;
    std::vector<std::uint8_t> widths_;  // an eighth of the offsets, so that they stay in the cache
    Options options_;
    std::array<char, 128> ascii_{};
    std::unordered_map<std::uint32_t, std::string> others_;
    std::unordered_set<std::string> characters_;  // that are pieces; where unknown ones are fused
};

}  // namespace tokenry::encode
