#include "encode/piece_places.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/utf8.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::encode {
namespace {

bool begins_character(std::uint8_t byte) { return (byte & 0xC0) != 0x80; }

std::int64_t characters(Text text) {
    return std::count_if(text.begin(), text.end(), begins_character);
}

}  // namespace

PiecePlaces::PiecePlaces(std::string run, std::vector<std::uint64_t> offsets, Options options)
    : run_(run.begin(), run.end()), offsets_(std::move(offsets)), options_(options) {
    if (offsets_.empty() || offsets_.back() != run_.size() ||
        !std::is_sorted(offsets_.begin(), offsets_.end()))
        throw std::invalid_argument("offsets must ascend to the number of bytes");
}

void PiecePlaces::learn(std::uint32_t character, std::string becomes) {
    if (character >= 128) {
        others_.insert_or_assign(character, std::move(becomes));
    } else if (becomes.size() == 1) {
        ascii_[character] = static_cast<std::uint8_t>(becomes[0]);
    }
}

bool PiecePlaces::find(Text text, std::span<const Id> ids, std::int64_t* starts,
                       std::int64_t* ends) const {
    const auto known = [&](Id id) { return id + std::size_t{1} < offsets_.size(); };
    if (!std::all_of(ids.begin(), ids.end(), known)) return false;
    if (!options_.joined) return walk(text, ids, starts, ends);
    if (!join(text, ids, starts, ends)) return false;
    if (options_.trims) trim(ids, starts, ends);
    return true;
}

// Of a character that two pieces share both have all.
bool PiecePlaces::join(Text text, std::span<const Id> ids, std::int64_t* starts,
                       std::int64_t* ends) const {
    std::size_t total = 0;
    for (const Id id : ids) {
        const std::size_t size = piece(id).size();
        if (size == 0) return false;
        total += size;
    }
    if (total != text.size() && total != text.size() + 1) return false;
    std::size_t at = 0;
    std::int64_t count = 0;  // characters that begin before it
    for (std::size_t i = 0; i < ids.size(); ++i) {
        Text bytes = piece(ids[i]);
        if (i == 0 && total > text.size()) {
            if (bytes[0] != ' ') return false;
            bytes = bytes.subspan(1);
        } else if (options_.sure && total > text.size()) {
            return false;
        }
        if (!options_.sure && std::memcmp(bytes.data(), text.data() + at, bytes.size()) != 0) return false;
        const bool whole = bytes.empty() || begins_character(text[at]);
        starts[i] = whole ? count : count - 1;
        count += characters(text.subspan(at, bytes.size()));
        at += bytes.size();
        // An inserted space alone stands for the character after it.
        ends[i] = std::max<std::int64_t>(count, 1);
    }
    return true;
}

// What the post-processor ByteLevel leaves of them.
void PiecePlaces::trim(std::span<const Id> ids, std::int64_t* starts,
                       std::int64_t* ends) const {
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Text bytes = piece(ids[i]);
        const auto other = [](std::uint8_t byte) { return byte != ' '; };
        std::int64_t lead = std::find_if(bytes.begin(), bytes.end(), other) - bytes.begin();
        const std::int64_t trail = std::find_if(bytes.rbegin(), bytes.rend(), other) - bytes.rbegin();
        if (options_.keeps_first_space && (starts[i] == 0 || i == 0))
            lead = std::max<std::int64_t>(lead - 1, 0);
        starts[i] = std::min(starts[i] + lead, ends[i]);
        if (trail > 0 && ends[i] >= trail) ends[i] = std::max(ends[i] - trail, starts[i]);
    }
}

bool PiecePlaces::is_blank(Text text, std::size_t at) const {
    if (text[at] < 128) return ascii_[text[at]] == ' ';
    const unicode::Character character = unicode::decode(text.data() + at, text.data() + text.size());
    const auto found = others_.find(character.code);
    return found != others_.end() && found->second == " ";
}

// How many bytes of `rest` the character at `at` becomes; 0 where others stand there.
std::size_t PiecePlaces::matched(Text text, std::size_t at, Text rest) const {
    if (text[at] < 128) return ascii_[text[at]] == rest[0] ? 1 : 0;
    const unicode::Character character = unicode::decode(text.data() + at, text.data() + text.size());
    const auto found = others_.find(character.code);
    const auto begins = [&](const std::uint8_t* bytes, std::size_t size) {
        return size <= rest.size() && std::memcmp(rest.data(), bytes, size) == 0 ? size : 0;
    };
    if (found == others_.end()) return begins(text.data() + at, character.width);
    return begins(reinterpret_cast<const std::uint8_t*>(found->second.data()), found->second.size());
}

bool PiecePlaces::walk(Text text, std::span<const Id> ids, std::int64_t* starts,
                       std::int64_t* ends) const {
    std::size_t at = 0;
    std::int64_t count = 0;
    const auto pass = [&] {
        at += base::character_size(text.data() + at, text.size() - at);
        ++count;
    };
    const auto pass_blanks = [&] {
        while (at < text.size() && is_blank(text, at)) pass();
    };
    for (std::size_t i = 0; i < ids.size(); ++i) {
        Text rest = piece(ids[i]);
        const bool unknown = ids[i] == options_.unknown;
        if (unknown || (!rest.empty() && rest[0] == ' ')) pass_blanks();
        if (at == text.size()) return false;
        starts[i] = count;
        if (unknown) {
            pass();
        } else {
            if (!rest.empty() && rest[0] == ' ') rest = rest.subspan(1);
            while (!rest.empty()) {
                const std::size_t size = at < text.size() ? matched(text, at, rest) : 0;
                if (size == 0) return false;
                rest = rest.subspan(size);
                pass();
            }
        }
        ends[i] = std::max(count, starts[i] + 1);  // a mark alone stands for what is behind it
    }
    pass_blanks();
    return at == text.size();
}

}  // namespace tokenry::encode
