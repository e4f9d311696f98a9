#include "learn/pair_index.hpp"

#include "base/compiler.hpp"

#include <algorithm>
#include <bit>

namespace tokenry::learn {
namespace {

// Most pairs are rare and are never merged. Only those seen at least `floor` times are indexed;
// when none of them is left, a quarter of the floor is the next. 64 is about where the count of the
// last merge lies below the average: 80 MB to 32k pieces end near a count of 130, a floor of 30.
std::uint64_t first_floor(std::uint64_t pairs, std::size_t merges, std::uint64_t min_count) {
    return std::max(min_count, pairs / (64 * (merges + 1)));
}

}  // namespace

std::string Pieces::text(Id id) const {
    return {reinterpret_cast<const char*>(bytes.data()) + offsets[id], size(id)};
}

void Pieces::append(const std::uint8_t* piece, std::size_t size) {
    bytes.insert(bytes.end(), piece, piece + size);
    offsets.push_back(bytes.size());
}

PairIndex::PairIndex(SymbolText text, Pieces pieces, std::uint64_t min_count,
                     std::size_t max_bytes, std::size_t expected, Rule rule)
    : text_(std::move(text)),
      width_(pieces.count(), 1),
      pieces_(std::move(pieces)),
      min_count_(std::max<std::uint64_t>(min_count, 1)),
      max_bytes_(max_bytes),
      rule_(std::move(rule)),
      before_(pieces_.count()),
      after_(pieces_.count()) {
    for (Id id = 0; id < pieces_.count(); ++id) known_.insert(pieces_.text(id));
    std::uint32_t run = 0;
    for (std::size_t at = 0; at < text_.symbols.size(); at += 64) {
        while (text_.run_ends[run] <= at) ++run;
        run_of_block_.push_back(run);
    }
    std::uint64_t pairs = 0;
    for_each_pair([&](Position, Id, Id, std::uint64_t weight) { pairs += weight; });
    floor_ = first_floor(pairs, expected, min_count_);
    index();
}

template <class Visit>
void PairIndex::for_each_pair(Visit visit) const {
    const Id* symbols = text_.symbols.data();
    const auto size = static_cast<Position>(text_.symbols.size());
    std::size_t run = 0;
    for (Position at = 0; at < size;) {
        const Id left = symbols[at];
        const Position next = at + (left == SymbolText::kBreak ? 1 : width_[left]);
        if (left != SymbolText::kBreak && symbols[next] != SymbolText::kBreak) {
            while (text_.run_ends[run] <= at) ++run;
            visit(at, left, symbols[next], text_.run_weights[run]);
        }
        at = next;
    }
}

std::uint64_t PairIndex::weight(Position at) const {
    std::uint32_t run = run_of_block_[at >> 6];
    while (text_.run_ends[run] <= at) ++run;
    return text_.run_weights[run];
}

bool PairIndex::allowed(Id left, Id right) const {
    if (pieces_.size(left) + pieces_.size(right) > max_bytes_) return false;
    return forbidden_.empty() || !forbidden_.contains(PairMap::key(left, right));
}

// An upper bound of the count of every pair, up to collisions, so that the many rare pairs need
// no record of their own.
PairIndex::Sketch PairIndex::sketch() const {
    const std::size_t room = text_.symbols.size() / 2 + 1;
    const unsigned bits = std::clamp<unsigned>(static_cast<unsigned>(std::bit_width(room)), 12, 24);
    Sketch sketch{std::vector<std::uint32_t>(std::size_t{1} << bits), 64 - bits,
                  std::min<std::uint64_t>(floor_, 0x7FFFFFFF)};
    for_each_pair([&](Position, Id left, Id right, std::uint64_t weight) {
        std::uint32_t& cell = sketch.cell(PairMap::key(left, right));
        cell = static_cast<std::uint32_t>(
            std::min(sketch.limit, cell + std::min(weight, sketch.limit)));
    });
    return sketch;
}

// Finds all pairs that occur floor_ times, and where. Merging keeps this up to date.
void PairIndex::index() {
    records_.clear();
    table_.clear();
    heap_.clear();
    const Sketch rough = sketch();
    count_likely(rough);
    for (std::uint32_t record = 0; record < records_.size(); ++record) {
        if (records_[record].count >= floor_) allocate(record);
    }
    std::vector<std::uint32_t> filled(records_.size());
    for_each_pair([&](Position at, Id left, Id right, std::uint64_t) {
        const std::uint64_t key = PairMap::key(left, right);
        const std::uint32_t record = rough.likely(key) ? table_.find(key) : PairMap::kNone;
        if (record == PairMap::kNone || !records_[record].positions) return;
        records_[record].positions[filled[record]++] = at;
    });
    std::make_heap(heap_.begin(), heap_.end());
}

void PairIndex::count_likely(const Sketch& rough) {
    for_each_pair([&](Position, Id left, Id right, std::uint64_t weight) {
        if (!rough.likely(PairMap::key(left, right)) || !allowed(left, right)) return;
        Record& record = records_[record_of(left, right)];
        record.count += weight;
        ++record.places;
    });
}

// The record of a pair, a fresh one where there was none.
std::uint32_t PairIndex::record_of(Id left, Id right) {
    const auto fresh = static_cast<std::uint32_t>(records_.size());
    const std::uint32_t record = table_.insert(PairMap::key(left, right), fresh);
    if (record == fresh) {
        records_.emplace_back();
        records_.back().left = left;
        records_.back().right = right;
    }
    return record;
}

// Room for the places of a pair, and its entry at the end of the heap.
void PairIndex::allocate(std::uint32_t record) {
    Record& pair = records_[record];
    pair.positions = std::make_unique_for_overwrite<Position[]>(pair.places);
    heap_.push_back({pair.count, PairMap::key(pair.left, pair.right), record});
}

std::optional<PairIndex::Pair> PairIndex::best() {
    for (;;) {
        if (heap_.empty()) {
            if (floor_ <= min_count_) return std::nullopt;
            floor_ = std::max(min_count_, floor_ / 4);
            index();
            continue;
        }
        const Entry top = heap_.front();
        Record& record = records_[top.record];
        if (record.count == top.count) {
            if (acceptable(record)) return Pair{record.left, record.right, record.count};
            forbid_best();
            continue;
        }
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
        if (record.count >= floor_) {
            heap_.push_back({record.count, top.key, top.record});
            std::push_heap(heap_.begin(), heap_.end());
        } else {
            record.positions.reset();
        }
    }
}

// A piece that exists already is not made a second time: two merges with one result would make
// its segmentation depend on the path.
bool PairIndex::acceptable(const Record& record) {
    const std::string piece = pieces_.text(record.left) + pieces_.text(record.right);
    if (known_.contains(piece)) return false;
    return !rule_ || rule_(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size());
}

void PairIndex::forbid_best() {
    forbidden_.insert(heap_.front().key);
    records_[heap_.front().record].positions.reset();
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
}

Id PairIndex::merge_best() {
    const std::uint32_t index = heap_.front().record;
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
    replace(std::move(records_[index]));
    return static_cast<Id>(pieces_.count() - 1);
}

std::vector<PairIndex::Pair> PairIndex::top(std::size_t k) {
    std::vector<Pair> pairs;
    std::vector<Entry> taken;
    while (pairs.size() < k) {
        if (heap_.empty() && floor_ > min_count_) {  // best() indexes anew, with all that was taken
            pairs.clear();
            taken.clear();
        }
        const auto pair = best();
        if (!pair) break;
        pairs.push_back(*pair);
        taken.push_back(heap_.front());
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
    }
    for (const Entry& entry : taken) {
        heap_.push_back(entry);
        std::push_heap(heap_.begin(), heap_.end());
    }
    return pairs;
}

std::uint64_t PairIndex::count(Id left, Id right) const {
    if (const Record* pair = indexed(left, right)) return pair->count;
    return complete(left, right) ? 0 : search(left, right).count;
}

std::uint64_t PairIndex::merge(Id left, Id right) {
    const std::uint32_t record = table_.find(PairMap::key(left, right));
    if (indexed(left, right) != nullptr) return replace(std::move(records_[record]));
    if (!complete(left, right)) return replace(search(left, right));
    add_piece(left, right);
    return 0;
}

PairIndex::Replay PairIndex::replay(const Id* pairs, std::size_t merges, std::uint64_t least) {
    Replay told{std::max<std::uint64_t>(least, 1), {}, {}, {}, {}, {}};
    for (const Record& pair : records_) {
        if (pair.count < told.least) continue;
        told.steps.push_back(0);
        told.pairs.insert(told.pairs.end(), {pair.left, pair.right});
        told.counts.push_back(pair.count);
    }
    told_ = &told;
    for (std::size_t i = 0; i < merges; ++i) {
        const Id left = pairs[2 * i], right = pairs[2 * i + 1];
        told.own.push_back(count(left, right));
        told.merged.push_back(merge(left, right));
    }
    told_ = nullptr;
    return told;
}

// Whether a pair without an index of its places is known not to occur.
bool PairIndex::complete(Id left, Id right) const { return floor_ == 1 && allowed(left, right); }

const PairIndex::Record* PairIndex::indexed(Id left, Id right) const {
    const std::uint32_t record = table_.find(PairMap::key(left, right));
    return record != PairMap::kNone && records_[record].positions ? &records_[record] : nullptr;
}

PairIndex::Record PairIndex::search(Id left, Id right) const {
    std::vector<Position> found;
    Record pair;
    pair.left = left;
    pair.right = right;
    for_each_pair([&](Position at, Id first, Id second, std::uint64_t weight) {
        if (first != left || second != right) return;
        found.push_back(at);
        pair.count += weight;
    });
    pair.places = static_cast<std::uint32_t>(found.size());
    pair.positions = std::make_unique_for_overwrite<Position[]>(found.size());
    std::copy(found.begin(), found.end(), pair.positions.get());
    return pair;
}

Id PairIndex::add_piece(Id left, Id right) {
    const auto made = static_cast<Id>(pieces_.count());
    const std::string piece = pieces_.text(left) + pieces_.text(right);
    pieces_.append(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size());
    known_.insert(piece);
    width_.push_back(width_[left] + width_[right]);
    before_.emplace_back();
    after_.emplace_back();
    return made;
}

// Merges the pair at its places; at how many. What the heap still says of it is out of date then.
std::uint64_t PairIndex::replace(Record pair) {
    const Id made = add_piece(pair.left, pair.right);
    apply(pair, made);
    const std::uint64_t merged = tally();
    settle(pair.left, pair.right, made);
    fill(made);
    const std::uint32_t record = table_.find(PairMap::key(pair.left, pair.right));
    if (record != PairMap::kNone) set_count(records_[record], 0);
    return merged;
}

// Writes the new piece over every place where the pair still stands.
void PairIndex::apply(const Record& record, Id made) {
    Id* symbols = text_.symbols.data();
    const Position* positions = record.positions.get();
    const std::uint32_t step = width_[record.left], width = width_[made];
    places_.clear();
    for (std::uint32_t i = 0; i < record.places; ++i) {
        if (i + 16 < record.places) base::prefetch_to_write(&symbols[positions[i + 16]]);
        const Position at = positions[i];
        if (symbols[at] != record.left || symbols[at + step] != record.right) continue;
        symbols[at + step] = kInside;
        symbols[at] = symbols[at + width - 1] = made;
        places_.push_back({at, 0, 0});
    }
    for (Place& place : places_) {
        place.before = symbols[place.at - 1];
        place.after = symbols[place.at + width];
    }
}

// Sums the weights of the new pairs by neighbour. A pair of two new pieces is seen from its left
// piece only. Gives the weight of all places.
std::uint64_t PairIndex::tally() {
    std::uint64_t all_places = 0;
    const auto made = static_cast<Id>(pieces_.count() - 1);
    auto add = [](std::vector<Neighbour>& all, std::vector<Id>& seen, Id id, std::uint64_t more) {
        if (all[id].places++ == 0) seen.push_back(id);
        all[id].weight += more;
    };
    for (const Place& place : places_) {
        const std::uint64_t seen = weight(place.at);
        all_places += seen;
        if (place.after != SymbolText::kBreak) add(after_, afters_, place.after, seen);
        if (place.before != SymbolText::kBreak && place.before != made) {
            add(before_, befores_, place.before, seen);
        }
    }
    return all_places;
}

// Old pairs lose what new pairs gain: (right, n) to (made, n), and (b, left) to (b, made).
void PairIndex::settle(Id left, Id right, Id made) {
    for (const Id id : afters_) {
        subtract(right, id == made ? left : id, after_[id].weight);
        after_[id].cursor = open(made, id, after_[id]);
    }
    for (const Id id : befores_) {
        subtract(id, left, before_[id].weight);
        before_[id].cursor = open(id, made, before_[id]);
    }
}

void PairIndex::subtract(Id left, Id right, std::uint64_t weight) {
    const std::uint32_t record = table_.find(PairMap::key(left, right));
    if (record != PairMap::kNone) set_count(records_[record], records_[record].count - weight);
}

void PairIndex::set_count(Record& record, std::uint64_t count) {
    if (told_ != nullptr && std::max(record.count, count) >= told_->least) {
        told_->steps.push_back(static_cast<std::uint32_t>(told_->merged.size() + 1));
        told_->pairs.insert(told_->pairs.end(), {record.left, record.right});
        told_->counts.push_back(count >= told_->least ? count : 0);
    }
    record.count = count;
}

// Where to write the places of a new pair; null where it is not worth indexing.
PairIndex::Position* PairIndex::open(Id left, Id right, const Neighbour& neighbour) {
    if (neighbour.weight < floor_ || !allowed(left, right)) return nullptr;
    const std::uint32_t record = record_of(left, right);
    set_count(records_[record], neighbour.weight);
    records_[record].places = neighbour.places;
    allocate(record);
    std::push_heap(heap_.begin(), heap_.end());
    return records_[record].positions.get();
}

void PairIndex::fill(Id made) {
    for (const Place& place : places_) {
        if (place.after != SymbolText::kBreak) {
            Neighbour& after = after_[place.after];
            if (after.cursor != nullptr) *after.cursor++ = place.at;
        }
        if (place.before != SymbolText::kBreak && place.before != made) {
            Neighbour& before = before_[place.before];
            if (before.cursor != nullptr) *before.cursor++ = place.at - width_[place.before];
        }
    }
    for (const Id id : afters_) after_[id] = {};
    for (const Id id : befores_) before_[id] = {};
    afters_.clear();
    befores_.clear();
}

std::vector<Id> PairIndex::symbols() const {
    std::vector<Id> now;
    for (std::size_t at = 0; at < text_.symbols.size();) {
        const Id symbol = text_.symbols[at];
        now.push_back(symbol);
        at += symbol == SymbolText::kBreak ? 1 : width_[symbol];
    }
    return now;
}

std::size_t PairIndex::bytes() const {
    std::size_t places = 0;
    for (const Record& record : records_) places += record.positions ? record.places : 0;
    return text_.symbols.capacity() * sizeof(Id) + places * sizeof(Position) +
           records_.capacity() * sizeof(Record) + table_.bytes() +
           heap_.capacity() * sizeof(Entry);
}

}  // namespace tokenry::learn
