#include "encode/affixed_segmenter.hpp"

#include <stdexcept>
#include <utility>

#include "base/errors.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::encode {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;  // what a byte that is no UTF-8 is spelled as
constexpr std::size_t kWidth = 4;               // bytes of a private character

void append_character(std::uint32_t code, std::vector<std::uint8_t>& text) {
    text.push_back(static_cast<std::uint8_t>(0xF0 | code >> 18));
    for (const unsigned shift : {12u, 6u, 0u})
        text.push_back(static_cast<std::uint8_t>(0x80 | (code >> shift & 0x3F)));
}

}  // namespace

struct AffixedSegmenter::AffixedScratch final : Scratch {
    explicit AffixedScratch(std::unique_ptr<Scratch> of_inner) : inner(std::move(of_inner)) {}
    std::size_t cache_bytes() const override { return inner->cache_bytes(); }

    void clear() {
        text.clear();
        ends.clear();
        widths.clear();
    }

    std::unique_ptr<Scratch> inner;
    std::vector<std::uint8_t> text;     // private characters of all pretokens
    std::vector<std::size_t> ends;      // of the pretokens in it
    std::vector<std::uint32_t> widths;  // of all symbols, in bytes of the pretokens
    std::vector<Pretoken> pretokens;
};

AffixedSegmenter::AffixedSegmenter(const Segmenter& inner, std::span<const std::uint32_t> points,
                                   std::span<const Codes> codes, std::uint32_t unknown,
                                   bool characters, PieceTable pieces)
    : inner_(inner), unknown_(unknown), characters_(characters), pieces_(std::move(pieces)) {
    if (points.size() != codes.size())
        throw std::invalid_argument("every symbol needs four private characters");
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (const std::uint32_t each : codes[i])
            if (each != 0 && (each < 0x10000 || each >= unicode::kCodePoints))
                throw std::invalid_argument("a private character has not four bytes");
        codes_.emplace(points[i], codes[i]);
    }
}

std::unique_ptr<Scratch> AffixedSegmenter::make_scratch() const {
    return std::make_unique<AffixedScratch>(inner_.make_scratch());
}

std::uint32_t AffixedSegmenter::code(std::uint32_t point, bool first, bool last) const {
    const auto found = codes_.find(point);
    const std::uint32_t code =
        found == codes_.end() ? 0 : found->second[(first ? 0 : 1) + (last ? 2 : 0)];
    if (code != 0) return code;
    if (unknown_ != 0) return unknown_;
    throw base::EncodeError("the vocabulary has no token for symbol " + std::to_string(point) +
                            " where it stands and no unknown id; it cannot encode it");
}

// Appends the private characters of a pretoken.
void AffixedSegmenter::append(Pretoken pretoken, AffixedScratch& own) const {
    const std::uint8_t* const end = pretoken.text + pretoken.size;
    for (const std::uint8_t* at = pretoken.text; at < end;) {
        unicode::Character next{*at, 1};
        if (characters_) next = unicode::decode(at, end);
        if (next.code == unicode::kInvalid) next.code = kReplacement;
        const std::uint8_t* const behind = at + next.width;
        append_character(code(next.code, at == pretoken.text, behind == end), own.text);
        own.widths.push_back(next.width);
        at = behind;
    }
    own.ends.push_back(own.text.size());
}

void AffixedSegmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                                    std::vector<Id>& ids, std::uint32_t* counts) const {
    auto& own = static_cast<AffixedScratch&>(scratch);
    own.clear();
    for (const Pretoken& pretoken : pretokens) append(pretoken, own);
    own.pretokens.clear();
    std::size_t begin = 0;
    for (const std::size_t end : own.ends) {
        own.pretokens.push_back({own.text.data() + begin, end - begin});
        begin = end;
    }
    inner_.segment_many(own.pretokens, *own.inner, ids, counts);
}

// Each private character stands for a byte; of characters it is not known for how many.
std::uint32_t AffixedSegmenter::width(Id id) const {
    return characters_ ? 0 : width_of(inner_, id) / kWidth;
}

void AffixedSegmenter::segment_with_ends(const std::uint8_t* pretoken, std::size_t size,
                                         Scratch& scratch, std::vector<Id>& ids,
                                         std::vector<std::uint32_t>& ends) const {
    auto& own = static_cast<AffixedScratch&>(scratch);
    own.clear();
    append({pretoken, size}, own);
    const std::size_t known = ends.size();
    find_ends(inner_, {own.text.data(), own.text.size()}, *own.inner, ids, ends);
    std::uint32_t end = 0;
    std::size_t symbol = 0;
    for (std::size_t i = known; i < ends.size(); ++i) {
        for (; symbol < ends[i] / kWidth; ++symbol) end += own.widths[symbol];
        ends[i] = end;
    }
}

}  // namespace tokenry::encode
