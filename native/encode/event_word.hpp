// One pretoken under a log of events.
#pragma once
#include <cstdint>
#include <vector>

#include "encode/event_table.hpp"

namespace tokenry::encode {

// Gives what replaying all events in their order gives, in O(k log k) for k merges and deletions
// that apply. Each pair of neighbours waits in a heap for the next event that joins it, each symbol
// for the next that deletes it; equal events go from left to right, as replaying does.
class EventWord {
public:
    using Symbol = EventTable::Symbol;
    using Time = EventTable::Time;

    // The events from `since` on and before `until` found the pretoken to be one symbol.
    struct Single {
        Time since, until;
        Symbol symbol;
    };

    explicit EventWord(const EventTable& table) : table_(table) {}

    void run(const std::uint8_t* text, std::size_t size);

    const std::vector<Single>& singles() const { return singles_; }
    void append_ids(std::vector<Id>& ids) const {
        for (std::size_t at = 0; at < symbols_.size(); at += table_.width(symbols_[at]))
            ids.push_back(table_.id(symbols_[at]));
    }
    // Gives back what a pretoken of megabytes took.
    void forget_long();

private:
    static constexpr Symbol inside = 0xFFFFFFFF;
    static constexpr std::size_t kept = std::size_t{1} << 20;  // bytes of a pretoken

    void start(const std::uint8_t* text, std::size_t size);
    void join(std::uint32_t at, Time time);
    void split(std::uint32_t at, Time time);
    void wait(Time event, std::uint32_t at);
    void wait_pair(std::uint32_t at, Time from);
    void wait_around(std::uint32_t at, Time from);
    std::uint32_t after(std::uint32_t at) const { return at + table_.width(symbols_[at]); }

    const EventTable& table_;
    // By where a symbol begins in the pretoken: the symbol, and where the one before it begins.
    std::vector<Symbol> symbols_;
    std::vector<std::uint32_t> before_;
    std::vector<std::uint64_t> heap_;  // event and place, the least in front
    std::size_t count_ = 0;
    std::vector<Single> singles_;
};

}  // namespace tokenry::encode
