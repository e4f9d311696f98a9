#include "formats/sentencepiece_pieces.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/utf8.hpp"

namespace tokenry::formats {
namespace {

constexpr std::size_t kLongestName = 7999;
constexpr std::uint8_t kNormal = 1, kLastType = 6;

enum Wire : std::uint8_t { kVarint = 0, kEight = 1, kBytes = 2, kFour = 5 };

// Fields of a message, one after another.
class Fields {
public:
    explicit Fields(base::Text text) : at_(text.data()), end_(at_ + text.size()) {}

    bool ended() const { return at_ == end_; }
    std::uint64_t number() const { return tag_ >> 3; }
    std::uint8_t wire() const { return tag_ & 7; }
    std::uint64_t value() const { return value_; }  // of a varint
    base::Text bytes() const { return bytes_; }     // of any other
    base::Text whole() const { return {from_, at_}; }

    // Reads the next; false where there is none.
    bool next() {
        from_ = at_;
        if (!varint(tag_) || number() == 0) return false;
        switch (wire()) {
            case kVarint: return varint(value_);
            case kEight: return take(8);
            case kFour: return take(4);
            case kBytes: {
                std::uint64_t size = 0;
                return varint(size) && take(size);
            }
            default: return false;
        }
    }

private:
    bool varint(std::uint64_t& value) {
        value = 0;
        for (int shift = 0; shift < 64 && at_ < end_; shift += 7) {
            const std::uint8_t byte = *at_++;
            if (shift == 63 && byte > 1) return false;
            value |= std::uint64_t{byte & 0x7fu} << shift;
            if (byte < 0x80) return true;
        }
        return false;
    }
    bool take(std::uint64_t size) {
        if (size > static_cast<std::uint64_t>(end_ - at_)) return false;
        bytes_ = {at_, static_cast<std::size_t>(size)};
        at_ += size;
        return true;
    }

    const std::uint8_t* at_;
    const std::uint8_t* end_;
    const std::uint8_t* from_ = nullptr;
    std::uint64_t tag_ = 0, value_ = 0;
    base::Text bytes_;
};

bool is_utf8(base::Text text) {
    if (base::is_ascii(text.data(), text.size())) return true;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = base::character_size(text.data() + at, text.size() - at);
        if (size == 1 && text[at] >= 0x80) return false;
        at += size;
    }
    return true;
}

bool read_piece(base::Text message, SentencePieces& pieces) {
    base::Text name;
    float score = 0;
    std::uint64_t type = kNormal;
    Fields fields(message);
    while (!fields.ended()) {
        if (!fields.next()) return false;
        if (fields.number() == 1 && fields.wire() == kBytes)
            name = fields.bytes();
        else if (fields.number() == 2 && fields.wire() == kFour)
            std::memcpy(&score, fields.bytes().data(), sizeof score);
        else if (fields.number() == 3 && fields.wire() == kVarint)
            type = fields.value();
        else
            return false;
    }
    if (name.empty() || name.size() > kLongestName || !is_utf8(name)) return false;
    if (!std::isfinite(score) || type < kNormal || type > kLastType) return false;
    pieces.names.bytes.append(name.data(), name.size());
    pieces.names.close();
    pieces.scores.push(score);
    pieces.types.push(static_cast<std::uint8_t>(type));
    return true;
}

}  // namespace

bool read_sentencepieces(base::Text data, SentencePieces& pieces) {
    static_assert(std::endian::native == std::endian::little);
    Fields fields(data);
    while (!fields.ended()) {
        if (!fields.next()) return false;
        if (fields.number() != 1) {
            const auto begin = static_cast<std::size_t>(fields.whole().data() - data.data());
            const auto end = begin + fields.whole().size();
            if (!pieces.rest.empty() && pieces.rest.back().second == begin)
                pieces.rest.back().second = end;
            else
                pieces.rest.emplace_back(begin, end);
        } else if (fields.wire() != kBytes || !read_piece(fields.bytes(), pieces)) {
            return false;
        }
    }
    return pieces.names.size() > 0;
}

}  // namespace tokenry::formats
