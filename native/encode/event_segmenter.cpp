#include "encode/event_segmenter.hpp"

#include "encode/event_word.hpp"

namespace tokenry::encode {
namespace {

struct WordScratch final : Scratch {
    explicit WordScratch(const EventTable& table) : word(table) {}
    EventWord word;
};

}  // namespace

EventSegmenter::EventSegmenter(std::span<const std::uint8_t> bytes,
                               std::span<const std::uint64_t> offsets,
                               std::span<const Event> events, std::span<const std::int64_t> ids)
    : pieces_(bytes, offsets), table_(pieces_, events, ids) {}

std::unique_ptr<Scratch> EventSegmenter::make_scratch() const {
    return std::make_unique<WordScratch>(table_);
}

void EventSegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                             std::vector<Id>& ids) const {
    EventWord& word = static_cast<WordScratch&>(scratch).word;
    word.run(pretoken, size);
    word.append_ids(ids);
    word.forget_long();
}

}  // namespace tokenry::encode
