#include "encode/event_word.hpp"

#include <algorithm>
#include <functional>

namespace tokenry::encode {

void EventWord::run(const std::uint8_t* text, std::size_t size) {
    start(text, size);
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
        const Time time = static_cast<Time>(heap_.back() >> 32);
        const auto at = static_cast<std::uint32_t>(heap_.back());
        heap_.pop_back();
        const Event& event = table_.event(time);
        if (symbols_[at] != event.left) continue;  // it changed since
        if (event.kind == Event::deletion) {
            split(at, time);
        } else if (after(at) < symbols_.size() && symbols_[after(at)] == event.right) {
            join(at, time);
        }
    }
}

void EventWord::start(const std::uint8_t* text, std::size_t size) {
    symbols_.resize(size);
    before_.resize(size);
    heap_.clear();
    singles_.clear();
    count_ = size;
    for (std::size_t i = 0; i < size; ++i) {
        symbols_[i] = table_.byte(text[i]);
        before_[i] = static_cast<std::uint32_t>(i - 1);
    }
    if (size == 1) singles_.push_back({0, EventTable::never, symbols_[0]});
    for (std::size_t i = 1; i < size; ++i) {
        const Time time = table_.next_merge(symbols_[i - 1], symbols_[i], 0);
        if (time != EventTable::never) heap_.push_back(std::uint64_t{time} << 32 | (i - 1));
    }
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
}

void EventWord::join(std::uint32_t at, Time time) {
    symbols_[after(at)] = inside;
    symbols_[at] = table_.event(time).made;
    if (after(at) < symbols_.size()) before_[after(at)] = at;
    if (--count_ == 1) singles_.push_back({time + 1, EventTable::never, symbols_[at]});
    wait_around(at, time + 1);
    wait(table_.next_deletion(symbols_[at], time + 1), at);
}

void EventWord::split(std::uint32_t at, Time time) {
    if (count_ == 1) singles_.back().until = time;
    const std::uint32_t end = after(at);
    const auto parts = table_.parts(time);
    std::uint32_t place = at;
    for (const Symbol part : parts) {
        symbols_[place] = part;
        const std::uint32_t next = after(place);
        if (next < symbols_.size()) before_[next] = place;
        place = next;
    }
    count_ += parts.size() - 1;
    if (at > 0) wait_pair(before_[at], time + 1);
    for (place = at; place < end; place = after(place)) {
        wait_pair(place, time + 1);
        wait(table_.next_deletion(symbols_[place], time + 1), place);
    }
}

void EventWord::wait(Time event, std::uint32_t at) {
    if (event == EventTable::never) return;
    heap_.push_back(std::uint64_t{event} << 32 | at);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

void EventWord::wait_pair(std::uint32_t at, Time from) {
    if (after(at) < symbols_.size())
        wait(table_.next_merge(symbols_[at], symbols_[after(at)], from), at);
}

void EventWord::wait_around(std::uint32_t at, Time from) {
    if (at > 0) wait_pair(before_[at], from);
    wait_pair(at, from);
}

void EventWord::forget_long() {
    if (symbols_.size() <= kept) return;
    symbols_ = {};
    before_ = {};
    heap_ = {};
}

}  // namespace tokenry::encode
