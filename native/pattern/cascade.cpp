#include "pattern/cascade.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tokenry::pattern {
namespace {

// Bytes that are cut at a time; with all that is noted of them they fit in the caches of a core.
constexpr std::size_t kStretch = std::size_t{1} << 15;
constexpr std::size_t kMost = std::size_t{1} << 31;
// Symbols behind those that were asked for: the rest of a character, kEdge, what runs read.
constexpr std::size_t kBehind = 4 + 1 + SymbolRun::kReads;

}  // namespace

struct Cascade::Scratch final : split::FinderScratch {
    explicit Scratch(const Cascade& cascade) {
        for (const Stage& stage : cascade.stages_)
            for (const Cut& cut : stage.cuts) cuts.push_back({Matcher(cut.automaton), {}, {}, {}});
    }

    base::Buffer<Symbol> symbols;
    Ranges parts, others;
    std::vector<CutScratch> cuts;
};

Cascade::Cascade(std::vector<Stage> stages)
    : stages_(std::move(stages)), safe_(stages_.front().cuts) {}

std::unique_ptr<split::FinderScratch> Cascade::make_scratch() const {
    return std::make_unique<Scratch>(*this);
}

// The last place behind `from` where text may be taken apart, or 0.
std::size_t Cascade::last_safe(const Symbol* symbols, std::size_t from, std::size_t size) const {
    for (std::size_t at = size; at-- > std::max<std::size_t>(from, 1);) {
        if (symbols[at] == kInside) continue;
        std::size_t before = at - 1;
        while (before > 0 && symbols[before] == kInside) --before;
        if (safe_(symbols[before], symbols[at])) return at;
    }
    return 0;
}

// Reads a stretch as symbols of the first stage, with room for one behind; gives its size.
std::size_t Cascade::read(const std::uint8_t* text, std::size_t size, std::size_t begin,
                          Scratch& own) const {
    const std::size_t left = std::min(size - begin, kMost);
    own.symbols.clear();
    for (std::size_t done = 0, wanted = kStretch;; wanted *= 2) {
        const std::size_t stop = std::min(wanted, left);
        own.symbols.reserve_more(stop + kBehind - own.symbols.size());
        const std::uint8_t* const from = text + begin;
        const std::uint8_t* const end = stages_.front().alphabet.translate(
            from + done, from + stop, text + size, own.symbols.data() + done);
        const std::size_t read = static_cast<std::size_t>(end - from);
        own.symbols.set_size(read);
        if (read >= left) return read;
        if (const std::size_t safe = last_safe(own.symbols.data(), done, read)) return safe;
        done = read;
    }
}

// Whether text may be taken apart between two characters of ASCII.
bool Cascade::safe_between(std::uint8_t before, std::uint8_t behind) const {
    const std::uint8_t both[] = {before, behind};
    Symbol symbols[2];
    stages_.front().alphabet.translate(both, both + 2, both + 2, symbols);
    return safe_(symbols[0], symbols[1]);
}

SafeWords Cascade::words(std::span<const std::uint8_t, kAscii> becomes,
                         std::span<const std::bitset<kAscii>, kAscii> joined) const {
    std::array<std::uint8_t, 256> symbols;
    std::vector<SymbolSet> safe(kFirstCharacter + kAscii + 1);
    for (std::size_t byte = 0; byte < symbols.size(); ++byte)
        symbols[byte] = static_cast<Symbol>(kFirstCharacter + std::min(byte, kAscii));
    for (std::size_t before = 0; before < kAscii; ++before)
        for (std::size_t behind = 0; behind < kAscii; ++behind)
            if (!joined[before][behind] && std::max(becomes[before], becomes[behind]) < kAscii)
                safe[symbols[before]][symbols[behind]] =
                    safe_between(becomes[before], becomes[behind]);
    return {Alphabet::of_bytes(symbols), safe};
}

std::size_t Cascade::cut_near(const std::uint8_t* text, std::size_t size, std::size_t at,
                              split::FinderScratch& scratch) const {
    constexpr std::size_t behind = 1024;
    Scratch& own = static_cast<Scratch&>(scratch);
    while (at < size && (text[at] & 0xC0) == 0x80) ++at;
    const std::size_t stop = std::min(behind, size - at);
    own.symbols.clear();
    own.symbols.reserve_more(stop + kBehind);
    stages_.front().alphabet.translate(text + at, text + at + stop, text + size, own.symbols.data());
    for (std::size_t i = 1, before = 0; i < stop; ++i) {
        if (own.symbols[i] == kInside) continue;
        if (safe_(own.symbols[before], own.symbols[i])) return at + i;
        before = i;
    }
    return 0;
}

split::Pretokens Cascade::find(const std::uint8_t* text, std::size_t size, std::size_t begin,
                               split::FinderScratch& scratch) const {
    Scratch& own = static_cast<Scratch&>(scratch);
    const std::size_t covered = read(text, size, begin, own);
    std::fill_n(own.symbols.data() + covered, 1 + SymbolRun::kReads, kEdge);
    own.parts.clear(covered);
    own.parts.add(0, static_cast<std::uint32_t>(covered));
    std::size_t number = 0;
    for (const Stage& stage : stages_) {
        if (&stage != &stages_.front())
            stage.alphabet.translate(text + begin, text + begin + covered, text + begin + covered,
                                     own.symbols.data());
        for (const Cut& cut : stage.cuts) {
            own.others.clear(covered);
            cut_ranges(cut, own.cuts[number++], own.symbols.data(), own.parts, own.others);
            std::swap(own.parts, own.others);
        }
    }
    return {own.parts.begins(), own.parts.ends(), own.parts.size(), covered};
}

}  // namespace tokenry::pattern
