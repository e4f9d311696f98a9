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
    for (std::size_t i = 0; i + 1 < offsets_.size(); ++i)
        widths_.push_back(static_cast<std::uint8_t>(
            std::min<std::uint64_t>(offsets_[i + 1] - offsets_[i], wide)));
    if (!options_.fused) return;
    for (Id id = 0; id < widths_.size(); ++id) {
        const Text bytes = piece(id);
        if (!bytes.empty() && base::character_size(bytes.data(), bytes.size()) == bytes.size())
            characters_.emplace(bytes.begin(), bytes.end());
    }
}

void PiecePlaces::learn(std::uint32_t character, std::string to) {
    if (to.empty()) to.push_back(kRemoved);
    if (character >= 128) {
        others_.insert_or_assign(character, std::move(to));
    } else if (to.size() == 1) {
        ascii_[character] = to[0];
    }
}

bool PiecePlaces::find(Text text, std::span<const Id> ids, std::int64_t* starts,
                       std::int64_t* ends) const {
    const auto known = [&](Id id) { return id < widths_.size(); };
    if (!std::all_of(ids.begin(), ids.end(), known)) return false;
    if (!options_.joined) return walk(text, ids, starts, ends);
    if (!join(text, ids, starts, ends)) return false;
    if (options_.trims) trim(text, ids, starts, ends);
    return true;
}

// Of a character that two pieces share both have all.
bool PiecePlaces::join(Text text, std::span<const Id> ids, std::int64_t* starts,
                       std::int64_t* ends) const {
    std::size_t total = 0;
    for (const Id id : ids) {
        if (widths_[id] == 0) return false;
        total += width(id);
    }
    const std::size_t inserted = total - text.size();
    if (inserted > 1 || (inserted == 1 && (options_.sure || piece(ids[0])[0] != ' '))) return false;
    const bool ascii = base::is_ascii(text.data(), text.size());
    std::size_t at = 0;
    std::int64_t count = 0;  // characters that begin before it
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::size_t size = width(ids[i]) - (i == 0 ? inserted : 0);
        const Text bytes = text.subspan(at, size);
        if (!options_.sure && !std::equal(bytes.begin(), bytes.end(), piece(ids[i]).end() - size))
            return false;
        const bool whole = bytes.empty() || begins_character(bytes[0]);
        starts[i] = whole ? count : count - 1;
        count += ascii ? static_cast<std::int64_t>(size) : characters(bytes);
        at += size;
        // An inserted space alone stands for the character after it.
        ends[i] = std::max<std::int64_t>(count, 1);
    }
    return true;
}

// What the post-processor ByteLevel leaves of them.
void PiecePlaces::trim(Text text, std::span<const Id> ids, std::int64_t* starts,
                       std::int64_t* ends) const {
    std::size_t left = text.size();
    for (std::size_t i = ids.size(); i-- > 0;) {
        const std::size_t size = width(ids[i]);
        // The text has what it was made of, but for a space inserted before the first.
        const Text bytes = i == 0 ? piece(ids[i]) : text.subspan(left -= size, size);
        std::int64_t lead = 0, trail = 0;
        while (lead < std::ssize(bytes) && bytes[lead] == ' ') ++lead;
        while (trail < std::ssize(bytes) && bytes[size - 1 - trail] == ' ') ++trail;
        // More than one space there was not inserted.
        if (options_.keeps_first_space && lead == 1 && (starts[i] == 0 || i == 0)) lead = 0;
        starts[i] = std::min(starts[i] + lead, ends[i]);
        if (trail > 0 && ends[i] >= trail) ends[i] = std::max(ends[i] - trail, starts[i]);
    }
}

// A text and the place in it where the next piece is looked for.
struct PiecePlaces::Walk {
    const std::uint8_t* at;
    const std::uint8_t* end;
    std::int64_t count = 0;  // characters before `at`

    bool done() const { return at == end; }
    std::size_t left() const { return static_cast<std::size_t>(end - at); }
    std::size_t size() const { return base::character_size(at, left()); }
    void pass() {
        at += size();
        ++count;
    }
};

// What the character at a place becomes: kGone, a space for a blank; empty where nobody told.
std::string_view PiecePlaces::becomes(const Walk& walk) const {
    if (*walk.at < 128) {
        const char& known = ascii_[*walk.at];
        return known == kUnknown ? std::string_view{} : std::string_view{&known, 1};
    }
    const auto found = others_.find(unicode::decode(walk.at, walk.end).code);
    return found == others_.end() ? std::string_view{} : std::string_view{found->second};
}

bool PiecePlaces::passes_blank(Walk& walk) const {
    if (walk.done()) return false;
    if (*walk.at < 128 && ascii_[*walk.at] == ' ') {
        ++walk.at;
        ++walk.count;
        return true;
    }
    if (*walk.at < 128 && ascii_[*walk.at] != kRemoved) return false;
    const std::string_view found = becomes(walk);
    if (found != " " && found != kGone) return false;
    walk.pass();
    return true;
}

// The character that is not removed, at or behind a place.
bool PiecePlaces::passes_removed(Walk& walk) const {
    while (!walk.done() && (*walk.at >= 128 || ascii_[*walk.at] == kRemoved) &&
           becomes(walk) == kGone)
        walk.pass();
    return !walk.done();
}

// Lays a piece without its mark along the text.
bool PiecePlaces::passes(Text rest, Walk& walk) const {
    const std::uint8_t* byte = rest.data();
    const std::uint8_t* const end = byte + rest.size();
    while (byte != end) {
        const std::uint8_t* at = walk.at;  // most characters are ASCII and known
        const std::ptrdiff_t most = std::min(end - byte, walk.end - at);
        std::ptrdiff_t same = 0;
        while (same < most && at[same] < 128 && ascii_[at[same]] == static_cast<char>(byte[same]))
            ++same;
        walk.at += same;
        walk.count += same;
        byte += same;
        if (byte == end) break;
        if (!passes_removed(walk)) return false;
        const std::string_view found = becomes(walk);
        const std::string_view wanted{reinterpret_cast<const char*>(byte),
                                      static_cast<std::size_t>(end - byte)};
        if (found.empty() || !wanted.starts_with(found)) return false;
        byte += found.size();
        walk.pass();
    }
    return true;
}

// Of unknown characters that follow one another one token is made, where they are fused.
bool PiecePlaces::passes_unknown(Walk& walk) const {
    bool more = true;
    while (more) {
        if (becomes(walk).empty()) return false;
        walk.pass();
        more = options_.fused && passes_removed(walk) && becomes(walk) != " " &&
               !characters_.contains(std::string(becomes(walk)));
    }
    return true;
}

bool PiecePlaces::walk(Text text, std::span<const Id> ids, std::int64_t* starts,
                       std::int64_t* ends) const {
    Walk walk{text.data(), text.data() + text.size()};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        Text rest = piece(ids[i]);
        const bool unknown = ids[i] == options_.unknown;
        const bool marked = !unknown && !rest.empty() && rest[0] == ' ';
        if (unknown || marked)
            while (passes_blank(walk)) {
            }
        if (!passes_removed(walk)) return false;
        starts[i] = walk.count;
        const bool passed = unknown ? passes_unknown(walk)
                                    : passes(marked ? rest.subspan(1) : rest, walk);
        if (!passed) return false;
        ends[i] = std::max(walk.count, starts[i] + 1);  // a mark alone stands for what is behind it
    }
    while (passes_blank(walk)) {
    }
    return walk.done();
}

}  // namespace tokenry::encode
