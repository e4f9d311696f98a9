#include "encode/word_run_segmenter.hpp"

#include <algorithm>
#include <functional>

#include "encode/event_word.hpp"
#include "encode/word_cache.hpp"

namespace tokenry::encode {
namespace {

using Symbol = EventTable::Symbol;
using Time = EventTable::Time;
using Single = EventWord::Single;

constexpr std::size_t kShortWords = std::size_t{3} << 20;  // bytes of the caches, a thread
constexpr std::size_t kLongWords = std::size_t{1} << 20;
constexpr std::size_t kKept = std::size_t{1} << 20;  // words of a run whose memory is kept

// WordIds and what is known of them, in one row of numbers: how many times they are one symbol, then
// since, until and symbol of each time, then ids. The commonest row, a word that stays one symbol,
// is cut to three numbers, so that it fits into its entry of the cache: 1, since, symbol.
class WordIds {
public:
    explicit WordIds(const EventTable& table)
        : word_(table), short_(kShortWords), long_(kLongWords) {}

    // Appends the row of a word; `readable` bytes can be read from its first on.
    void append(const std::uint8_t* word, std::size_t size, std::size_t readable,
                std::vector<Id>& rows) {
        if (size <= base::Key::longest) {
            const base::Key key =
                readable >= 16 ? base::key_of_padded(word, size) : base::key_of(word, size);
            const std::uint32_t hash = base::hash_of(key);
            if (const WordCache::Entry* entry = short_.find(key, hash)) {
                const auto known = short_.ids(*entry);
                rows.push_back(known[0] & WordCache::id_mask);
                rows.insert(rows.end(), known.begin() + 1, known.end());
                return;
            }
            const std::size_t first = add(word, size, rows);
            short_.add(key, hash, rows.data() + first, rows.size() - first);
            return;
        }
        if (size > LongWordCache::longest) {
            add(word, size, rows);
            return;
        }
        const std::uint32_t hash = base::hash_of(word, size);
        const auto known = long_.find(word, size, hash);
        if (known.ids != nullptr) {
            rows.insert(rows.end(), known.ids, known.ids + known.count);
            return;
        }
        const std::size_t first = add(word, size, rows);
        long_.add(word, size, hash, rows.data() + first, rows.size() - first);
    }

private:
    std::size_t add(const std::uint8_t* word, std::size_t size, std::vector<Id>& rows) {
        const std::size_t first = rows.size();
        word_.run(word, size);
        const std::vector<Single>& singles = word_.singles();
        if (singles.size() == 1 && singles[0].until == EventTable::never) {
            rows.insert(rows.end(), {1, singles[0].since, singles[0].symbol});
            return first;
        }
        rows.push_back(singles.empty() ? 0 : static_cast<Id>(singles.size() + 1));
        for (const Single& single : singles)
            rows.insert(rows.end(), {single.since, single.until, single.symbol});
        word_.append_ids(rows);
        word_.forget_long();
        return first;
    }

    EventWord word_;
    WordCache short_;
    LongWordCache long_;
};

// A word, or several that supermerges have joined, which are one symbol from then on.
struct Unit {
    std::size_t first_single, first_id, last_id;  // in singles and in ids of words
    std::uint32_t singles;
    std::uint32_t before, after;  // units
    bool joined = false, gone = false;
};

}  // namespace

class WordRunSegmenter::Run final : public Scratch {
public:
    Run(const EventTable& table, const split::WordRunSplitter& splitter)
        : table_(table), splitter_(splitter), words_(table) {}

    void segment(const std::uint8_t* text, std::size_t size, std::vector<Id>& ids) {
        clear();
        cut(text, size);
        for (std::uint32_t i = 0; i + 1 < units_.size(); ++i) find(i, 0, false);
        std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
        while (!heap_.empty()) step();
        for (std::uint32_t i = 0; i < units_.size(); i = units_[i].after) append(units_[i], ids);
    }

private:
    static constexpr Symbol several = 0xFFFFFFFF;

    void clear() {
        if (units_.capacity() > kKept) {
            units_ = {};
            singles_ = {};
            heap_ = {};
            word_ids_ = {};
        }
        units_.clear();
        singles_.clear();
        heap_.clear();
        word_ids_.clear();
    }

    // What is no run of words is one pretoken, which no supermerge touches.
    void cut(const std::uint8_t* text, std::size_t size) {
        std::uint32_t ends[256];
        std::size_t begin = 0;
        while (begin < size) {
            const std::size_t found =
                splitter_.words().split(text, size, begin, ends, std::size(ends));
            std::size_t start = begin;
            if (begin == 0 && (found == 0 || !splitter_.is_word(text, ends[0]))) {
                add(text, size, size);
                return;
            }
            for (std::size_t i = 0; i < found; ++i) {
                add(text + start, begin + ends[i] - start, size - start);
                start = begin + ends[i];
            }
            begin = start;
        }
    }

    void add(const std::uint8_t* word, std::size_t size, std::size_t readable) {
        row_.clear();
        words_.append(word, size, readable, row_);
        const auto index = static_cast<std::uint32_t>(units_.size());
        Unit unit{singles_.size(), word_ids_.size(), 0, 0, index - 1, index + 1};
        if (row_[0] == 1) {
            singles_.push_back({row_[1], EventTable::never, row_[2]});
            unit.singles = 1;
            word_ids_.push_back(table_.id(row_[2]));
        } else {
            unit.singles = row_[0] == 0 ? 0 : row_[0] - 1;
            const Id* at = row_.data() + 1;
            for (std::uint32_t i = 0; i < unit.singles; ++i, at += 3)
                singles_.push_back({at[0], at[1], at[2]});
            word_ids_.insert(word_ids_.end(), at, static_cast<const Id*>(row_.data() + row_.size()));
        }
        unit.last_id = word_ids_.size();
        units_.push_back(unit);
    }

    std::span<const Single> singles(const Unit& unit) const {
        return {singles_.data() + unit.first_single, unit.singles};
    }

    // Lets a unit and the next wait for the first supermerge that finds both to be the symbols that
    // it joins.
    void find(std::uint32_t index, Time from, bool push) {
        Time first = EventTable::never;
        const Unit& unit = units_[index];
        for (const Single& left : singles(unit)) {
            for (const Single& right : singles(units_[unit.after])) {
                const Time since = std::max({from, left.since, right.since});
                const Time time = table_.next_supermerge(left.symbol, right.symbol, since);
                if (time < std::min(left.until, right.until)) first = std::min(first, time);
            }
        }
        if (first == EventTable::never) return;
        heap_.push_back(std::uint64_t{first} << 32 | index);
        if (push) std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    }

    Symbol symbol_at(const Unit& unit, Time time) const {
        for (const Single& single : singles(unit))
            if (single.since <= time && time < single.until) return single.symbol;
        return several;
    }

    void step() {
        std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
        const Time time = static_cast<Time>(heap_.back() >> 32);
        const auto index = static_cast<std::uint32_t>(heap_.back());
        heap_.pop_back();
        const Event& event = table_.event(time);
        Unit& unit = units_[index];
        if (unit.gone || unit.after >= units_.size()) return;
        Unit& next = units_[unit.after];
        if (symbol_at(unit, time) != event.left || symbol_at(next, time) != event.right) return;
        next.gone = true;
        unit.after = next.after;
        if (unit.after < units_.size()) units_[unit.after].before = index;
        unit.joined = true;
        unit.first_single = singles_.size();
        unit.singles = 1;
        singles_.push_back({time + 1, EventTable::never, event.made});
        if (index > 0) find(unit.before, time + 1, true);
        if (unit.after < units_.size()) find(index, time + 1, true);
    }

    void append(const Unit& unit, std::vector<Id>& ids) const {
        if (unit.joined) {
            ids.push_back(table_.id(singles_[unit.first_single].symbol));
            return;
        }
        ids.insert(ids.end(), word_ids_.begin() + static_cast<std::ptrdiff_t>(unit.first_id),
                   word_ids_.begin() + static_cast<std::ptrdiff_t>(unit.last_id));
    }

    const EventTable& table_;
    const split::WordRunSplitter& splitter_;
    WordIds words_;
    std::vector<Id> row_;
    std::vector<Unit> units_;
    std::vector<Single> singles_;
    std::vector<Id> word_ids_;
    std::vector<std::uint64_t> heap_;  // event and unit, the least in front
};

WordRunSegmenter::WordRunSegmenter(std::span<const std::uint8_t> bytes,
                                   std::span<const std::uint64_t> offsets,
                                   std::span<const Event> events, std::span<const std::int64_t> ids,
                                   std::unique_ptr<const split::WordRunSplitter> splitter)
    : pieces_(bytes, offsets), table_(pieces_, events, ids), splitter_(std::move(splitter)) {}

std::unique_ptr<Scratch> WordRunSegmenter::make_scratch() const {
    return std::make_unique<Run>(table_, *splitter_);
}

void WordRunSegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                               std::vector<Id>& ids) const {
    static_cast<Run&>(scratch).segment(pretoken, size, ids);
}

}  // namespace tokenry::encode
