// Which characters of a text each of its pieces stands for, as Hugging Face tokenizers counts them.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
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
        std::int64_t unknown = -1;       // the id that stands for one character, whatever it is
    };

    // Piece i is run[offsets[i], offsets[i + 1]).
    PiecePlaces(std::string run, std::vector<std::uint64_t> offsets, Options options);

    // What a character becomes, when walked: one character, or a space for white space that may
    // pass. Those that nobody told of are themselves, if not ASCII.
    void learn(std::uint32_t character, std::string becomes);

    // Writes the first character of each id and the one after its last; false where it is not known.
    bool find(Text text, std::span<const Id> ids, std::int64_t* starts, std::int64_t* ends) const;

private:
    Text piece(Id id) const { return {run_.data() + offsets_[id], offsets_[id + 1] - offsets_[id]}; }
    bool join(Text text, std::span<const Id> ids, std::int64_t* starts, std::int64_t* ends) const;
    void trim(std::span<const Id> ids, std::int64_t* starts, std::int64_t* ends) const;
    bool walk(Text text, std::span<const Id> ids, std::int64_t* starts, std::int64_t* ends) const;
    bool is_blank(Text text, std::size_t at) const;
    std::size_t matched(Text text, std::size_t at, Text rest) const;

    std::vector<std::uint8_t> run_;
    std::vector<std::uint64_t> offsets_;
    Options options_;
    std::array<std::uint8_t, 128> ascii_{};  // 0 for what is not known
    std::unordered_map<std::uint32_t, std::string> others_;
};

}  // namespace tokenry::encode
