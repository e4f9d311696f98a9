#include "encode/dropping_segmenter.hpp"

#include <stdexcept>
#include <utility>

#include "unicode/utf8.hpp"

namespace tokenry::encode {
namespace {

struct DroppingScratch final : Scratch {
    explicit DroppingScratch(std::unique_ptr<Scratch> of_inner) : inner(std::move(of_inner)) {}
    std::size_t cache_bytes() const override { return inner->cache_bytes(); }

    std::unique_ptr<Scratch> inner;
    std::vector<std::uint8_t> text;  // of the pretokens that lose something
    std::vector<std::size_t> ends;   // of each in it
    std::vector<Pretoken> left;      // pretokens that are not empty
    std::vector<std::uint32_t> counts;
};

}  // namespace

DroppingSegmenter::DroppingSegmenter(const Segmenter& inner, std::span<const std::uint32_t> known,
                                     bool characters)
    : inner_(inner), cutter_(inner.caching().cutter), characters_(characters),
      known_(characters ? unicode::kCodePoints : 256) {
    for (const std::uint32_t each : known) {
        if (each >= known_.size()) throw std::invalid_argument("a known symbol is out of range");
        known_[each] = true;
    }
}

std::unique_ptr<Scratch> DroppingSegmenter::make_scratch() const {
    return std::make_unique<DroppingScratch>(inner_.make_scratch());
}

Caching DroppingSegmenter::caching() const {
    Caching caching = inner_.caching();
    caching.wholes = nullptr;
    caching.remembers = false;
    if (caching.cutter) caching.cutter = this;
    return caching;
}

DroppingSegmenter::Symbol DroppingSegmenter::symbol(const std::uint8_t* at,
                                                    const std::uint8_t* end) const {
    if (!characters_) return {1, known_[*at]};
    const unicode::Character next = unicode::decode(at, end);
    return {next.width, next.code != unicode::kInvalid && known_[next.code]};
}

bool DroppingSegmenter::knows(Pretoken pretoken) const {
    const std::uint8_t* const end = pretoken.text + pretoken.size;
    for (const std::uint8_t* at = pretoken.text; at < end;) {
        const auto [width, known] = symbol(at, end);
        if (!known) return false;
        at += width;
    }
    return true;
}

void DroppingSegmenter::cut(Pretoken pretoken, Buffer<std::uint32_t>& ends) const {
    if (cutter_ && knows(pretoken)) cutter_->cut(pretoken, ends);
}

void DroppingSegmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                                     std::vector<Id>& ids, std::uint32_t* counts) const {
    auto& own = static_cast<DroppingScratch&>(scratch);
    own.text.clear();
    own.ends.clear();
    for (const Pretoken& pretoken : pretokens) {
        const std::uint8_t* const end = pretoken.text + pretoken.size;
        for (const std::uint8_t* at = pretoken.text; at < end;) {
            const auto [width, known] = symbol(at, end);
            if (known) own.text.insert(own.text.end(), at, at + width);
            at += width;
        }
        own.ends.push_back(own.text.size());
    }
    own.left.clear();
    std::size_t begin = 0;
    for (const std::size_t end : own.ends) {
        if (end > begin) own.left.push_back({own.text.data() + begin, end - begin});
        begin = end;
    }
    own.counts.resize(own.left.size());
    inner_.segment_many(own.left, *own.inner, ids, own.counts.data());
    begin = 0;
    const std::uint32_t* count = own.counts.data();
    for (const std::size_t end : own.ends) {
        *counts++ = end > begin ? *count++ : 0;
        begin = end;
    }
}

}  // namespace tokenry::encode
