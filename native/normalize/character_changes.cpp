#include "normalize/character_changes.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/interrupts.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::normalize {

CharacterChanges::CharacterChanges(std::span<const Range> ranges, std::vector<std::string> texts,
                                   std::size_t least)
    : texts_(std::move(texts)), least_(least), changes_(unicode::kBlock) {
    for (const Range& range : ranges) {
        if (range.first > range.last || range.last >= unicode::kCodePoints ||
            range.text >= std::min<std::size_t>(texts_.size(), 255))
            throw std::invalid_argument("a range of characters, or what becomes of it, is none");
        add(range);
    }
    for (const std::string& text : texts_) growth_ = std::max(growth_, text.size());
}

void CharacterChanges::add(const Range& range) {
    for (std::uint32_t code = range.first; code <= range.last; ++code) {
        std::uint16_t& block = blocks_[code / unicode::kBlock];
        if (block == 0) {
            block = static_cast<std::uint16_t>(changes_.size() / unicode::kBlock);
            changes_.resize(changes_.size() + unicode::kBlock);
        }
        changes_[std::size_t{block} * unicode::kBlock + code % unicode::kBlock] =
            static_cast<std::uint8_t>(range.text + 1);
        std::uint8_t bytes[4];
        encode(code, bytes);
        leads_.add(bytes[0]);
    }
}

// Where the characters end that become what the one at `at` does, and how many they are.
CharacterChanges::Place CharacterChanges::end_of_run(Place at, Place end, std::size_t& count) const {
    auto character = unicode::decode(at, end);
    const std::uint8_t change = change_of(character.code);
    for (count = 0; change_of(character.code) == change; ++count) {
        at += character.width;
        if (at == end) return ++count, at;
        character = unicode::decode(at, end);
    }
    return at;
}

void CharacterChanges::edit(std::string_view text, Edits& edits) const {
    const Place begin = reinterpret_cast<Place>(text.data()), end = begin + text.size();
    base::Paced pace;
    for (Place at = leads_.find(begin, end); at < end; at = leads_.find(at, end)) {
        const auto character = unicode::decode(at, end);
        const std::uint8_t change = change_of(character.code);
        const Place from = at;
        std::size_t count = 1;
        at = change != 0 && least_ > 0 ? end_of_run(at, end, count) : at + character.width;
        if (change != 0 && count >= least_)
            edits.replace(static_cast<std::size_t>(from - begin), static_cast<std::size_t>(at - begin),
                          texts_[change - 1u]);
        pace.step();
    }
}

}  // namespace tokenry::normalize
