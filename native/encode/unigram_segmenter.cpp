#include "encode/unigram_segmenter.hpp"

#include <algorithm>
#include <string>

#include "base/errors.hpp"
#include "base/interrupts.hpp"
#include "encode/space_search.hpp"
#include "encode/unigram_cache.hpp"
#include "encode/unigram_margin.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::encode {
namespace {

// Two words each, 64 and 128 bytes: a thread remembers 4 MB of short words and 4 MB of longer ones.
constexpr std::size_t kShortLines = std::size_t{1} << 16;
constexpr std::size_t kLongLines = std::size_t{1} << 15;
static_assert(WideKey::longest <= UnigramMargin<SentencePieceScores>::longest);

using ShortCache = UnigramCache<base::Key, 2>;
using LongCache = UnigramCache<WideKey, 6>;

template <class Scores>
struct UnigramScratch final : Scratch {
    std::size_t cache_bytes() const override { return short_words.bytes() + long_words.bytes(); }

    ShortCache short_words{kShortLines};
    LongCache long_words{kLongLines};
    UnigramLattice<Scores> lattice;
    UnigramMargin<Scores> margin;
    std::vector<UnigramStep> path;
    std::unique_ptr<UnigramBatch> batch;
};

// What is known of a word: a view into a cache, good until the next word is looked up.
struct Known {
    double limit;  // see UnigramMargin
    std::span<const Id> ids;
    bool unknown;
};

// Words whose cache lines are fetched ahead, so that waiting for memory overlaps.
struct Block {
    static constexpr std::size_t kMost = 32;
    std::size_t ends[kMost];
    base::Key keys[kMost];
    std::uint32_t hashes[kMost];
};

std::string_view piece_of(const PieceTable& table, std::size_t id) {
    return {reinterpret_cast<const char*>(table.data(Id(id))), table.width(Id(id))};
}

// The ids that stand for text, ascending.
std::vector<Id> ids_of_text(const PieceTable& table, const std::array<std::int64_t, 256>& byte_ids) {
    std::vector<bool> fallback(table.size());
    for (const auto id : byte_ids)
        if (id >= 0) fallback[std::size_t(id)] = true;
    std::vector<Id> ids;
    for (Id id = 0; id < table.size(); ++id)
        if (table.width(id) && !fallback[id]) ids.push_back(id);
    return ids;
}

// Of equal pieces the last counts.
base::DoubleArray trie_of(const PieceTable& table, const std::vector<Id>& ids) {
    std::vector<base::DoubleArray::Entry> entries;
    for (const auto id : ids) entries.push_back({piece_of(table, id), id});
    return base::DoubleArray::of_greatest(std::move(entries));
}

Characters characters_of(const PieceTable& table, const std::vector<Id>& ids, bool unknowns_fuse) {
    Characters characters(character_ids(table, ids), unknowns_fuse, ids.size());
    for (const auto id : ids) characters.add(table.data(id), table.width(id));
    return characters;
}

UnigramCut cut_of(const PieceTable& table) {
    auto cut = UnigramCut::kBeforeEverySpace;
    for (std::size_t id = 0; id < table.size(); ++id) {
        const auto* piece = table.data(Id(id));
        for (std::size_t i = 1; i < table.width(Id(id)); ++i) {
            if (piece[i] != ' ') continue;
            if (piece[i - 1] != ' ') return UnigramCut::kNowhere;
            cut = UnigramCut::kBeforeSpaceRuns;
        }
    }
    return cut;
}

void check_id(std::int64_t id, std::size_t size, const char* what) {
    if (id < -1 || id >= std::int64_t(size))
        throw base::VocabularyError(std::string(what) + " is " + std::to_string(id) +
                                    ", but there are " + std::to_string(size) + " pieces");
}

}  // namespace

template <class Scores>
UnigramSegmenter<Scores>::UnigramSegmenter(std::span<const std::uint8_t> bytes,
                                           std::span<const std::uint64_t> offsets,
                                           std::span<const double> scores,
                                           const UnigramOptions& options)
    : table_(bytes, offsets), options_(options) {
    if (scores.size() != table_.size())
        throw base::VocabularyError("there are " + std::to_string(scores.size()) + " scores for " +
                                    std::to_string(table_.size()) + " pieces");
    check_id(options.unknown, table_.size(), "the unknown id");
    for (const auto id : options.byte_ids) check_id(id, table_.size(), "the id of a byte");
    for (const auto score : scores) {
        model_.scores.push_back(Score(score));
        if (!std::isfinite(model_.scores.back()))
            throw base::VocabularyError("the score of piece " +
                                        std::to_string(model_.scores.size() - 1) +
                                        " is not a finite number");
    }
    model_.unknown_score = Score(options.unknown_score);
    if (!std::isfinite(model_.unknown_score))
        throw base::VocabularyError("the unknown score is not finite");
    const auto ids = ids_of_text(table_, options.byte_ids);
    model_.trie = trie_of(table_, ids);
    const bool unknowns_fuse = !(options.byte_fallback && all_have_ids(options.byte_ids));
    characters_ = characters_of(table_, ids, unknowns_fuse);
    cut_ = cut_of(table_);
    batched_ = UnigramPieces(model_.trie, std::vector<float>(model_.scores.begin(), model_.scores.end()),
                             batches_unknowns() ? float(model_.unknown_score) : UnigramNode::kNoPiece);
}

// One pretoken on its way through the segmenter.
template <class Scores>
class UnigramSentence {
public:
    using Score = typename Scores::Score;

    UnigramSentence(const UnigramSegmenter<Scores>& segmenter, const std::uint8_t* text,
                    std::size_t size, Scratch& scratch, std::vector<Id>& ids,
                    std::vector<std::uint32_t>* ends)
        : segmenter_(segmenter),
          model_(segmenter.model_),
          text_(text),
          size_(size),
          scratch_(static_cast<UnigramScratch<Scores>&>(scratch)),
          ids_(ids),
          ends_(ends) {}

    void run() {
        if (size_ <= base::Key::longest) {
            search(0, size_);
        } else if (segmenter_.cut_ == UnigramCut::kNowhere) {
            runs(0, size_);
        } else {
            const auto end_of = [this](std::size_t at) {
                return segmenter_.word_end(text_, at, size_);
            };
            const auto longer = [this](std::size_t begin, std::size_t end) { runs(begin, end); };
            each(0, size_, end_of, longer);
        }
        close_unknown(size_);
    }

    // A word of known parts is added up; what is not sure of its ids is searched.
    void run_behind(Score& sum) {
        running_ = sum;
        for (std::size_t at = 0; at < size_;) {
            if (const auto found = pass_strange(at)) {
                add_unknowns(found);
                continue;
            }
            const auto end = segmenter_.characters_.run(text_, at, size_);
            if (end - at > WideKey::longest) search(at, end);
            else put_known(is_single(at, end) ? single(at, end) : look_up(at, end), at, end);
            at = end;
        }
        close_unknown(size_);
        sum = running_;
    }

    // Goes from one place that no piece crosses to the next, but searches a short word of ASCII at once:
    // it has few such places.
    bool run_alone(double most) {
        counts_unknowns_ = true;
        if (size_ <= base::Key::longest && base::is_ascii(text_, size_)) {
            const auto word = decide(0, size_);
            if (word.limit < most) return false;
            if (!word.unknown) {
                ids_.insert(ids_.end(), word.ids.begin(), word.ids.end());
                return true;
            }
        }
        double before = 0;
        for (std::size_t at = 0; at < size_;) {
            if (const auto found = pass_strange(at)) {
                before += double(found) * double(model_.unknown_score);
                if (double(Scores::kRestart) - 1 - std::abs(before) < most) return false;
                continue;
            }
            const auto end = segmenter_.characters_.run(text_, at, size_);
            if (end - at > WideKey::longest) return false;
            const auto part = stretch(at, end);
            if (part.limit - std::abs(before) < most) return false;
            for (const auto id : part.ids)
                before += double(id == kUnknownPiece ? model_.unknown_score : model_.scores[id]);
            replay(part.ids, at);
            at = end;
        }
        close_unknown(size_);
        return most_in_a_row_ <= UnigramSegmenter<Scores>::most_unknown;
    }

private:
    // Moves `at` past characters that are in no piece; returns how many these were.
    std::size_t pass_strange(std::size_t& at) {
        const auto begin = at;
        std::size_t count = 0;
        for (; at < size_; ++count) {
            const auto next = unicode::decode(text_ + at, text_ + size_);
            if (segmenter_.characters_.occurs(next.code)) break;
            at += next.width;
        }
        if (count > 0 && open_ == kClosed) open_ = begin;
        return count;
    }

    void add_unknowns(std::size_t count) {
        for (; count > 0; --count) {
            if (std::abs(running_) > Scores::kRestart) running_ = 0;
            running_ += model_.unknown_score;
        }
    }

    bool is_single(std::size_t begin, std::size_t end) const {
        return base::character_size(text_ + begin, end - begin) == end - begin;
    }

    // A whole word is remembered by who asks; one character is looked up as quickly as recalled.
    Known stretch(std::size_t begin, std::size_t end) {
        if (is_single(begin, end)) return single(begin, end);
        return begin == 0 && end == size_ ? decide(begin, end) : look_up(begin, end);
    }

    Known single(std::size_t begin, std::size_t end) {
        std::uint32_t piece = kUnknownPiece;
        const bool unknown = model_.trie.longest(text_ + begin, end - begin, piece) != end - begin;
        decided_[0] = unknown ? kUnknownPiece : piece;
        const auto score = unknown ? model_.unknown_score : model_.scores[piece];
        const auto limit = double(Scores::kRestart) - 1 - std::abs(double(score));
        return {limit, {decided_, 1}, is_unknown(decided_[0])};
    }

    // Puts the ids of all parts of text[begin, end), of which each ends at end_of(its begin);
    // `longer` does those that are too long to be remembered.
    template <class EndOf, class Longer>
    void each(std::size_t begin, std::size_t end, EndOf end_of, Longer longer) {
        Block block;
        while (begin < end) {
            std::size_t count = 0;
            for (auto at = begin; at < end && count < Block::kMost; ++count) {
                const auto next = end_of(at);
                block.ends[count] = next;
                if (next - at <= base::Key::longest) {
                    block.keys[count] = short_key(at, next);
                    block.hashes[count] = base::hash_of(block.keys[count]);
                    scratch_.short_words.prefetch(block.hashes[count]);
                }
                at = next;
            }
            if (count == Block::kMost) base::poll();  // a word of few parts must not pay for it
            for (std::size_t i = 0; i < count; begin = block.ends[i++]) {
                const auto next = block.ends[i];
                const auto size = next - begin;
                if (size > WideKey::longest) longer(begin, next);
                else if (size > base::Key::longest)
                    put_known(look_up(begin, next), begin, next);
                else put_known(known(scratch_.short_words, block.keys[i], block.hashes[i], begin, next),
                               begin, next);
            }
        }
    }

    // Text in which spaces do not tell where no piece crosses.
    void runs(std::size_t begin, std::size_t end) {
        const auto& characters = segmenter_.characters_;
        const auto end_of = [&](std::size_t at) { return characters.run(text_, at, end); };
        const auto longer = [this](std::size_t from, std::size_t to) { search(from, to); };
        each(begin, end, end_of, longer);
    }

    base::Key short_key(std::size_t begin, std::size_t end) const {
        return begin + 16 <= size_ ? base::key_of_padded(text_ + begin, end - begin)
                                   : base::key_of(text_ + begin, end - begin);
    }

    Known look_up(std::size_t begin, std::size_t end) {
        if (end - begin <= base::Key::longest) {
            const auto key = short_key(begin, end);
            return known(scratch_.short_words, key, base::hash_of(key), begin, end);
        }
        const auto key = wide_key_of(text_ + begin, end - begin);
        return known(scratch_.long_words, key, hash_of(key), begin, end);
    }

    template <class Cache, class K>
    Known known(Cache& cache, const K& key, std::uint32_t hash, std::size_t begin,
                std::size_t end) {
        const auto* entry = cache.find(key, hash);
        if (!entry) entry = &remember(cache, key, begin, end);
        return {entry->limit, cache.ids(*entry), (entry->count & Cache::kUnknown) != 0};
    }

    // A word made of several runs is put together from what is known of them.
    template <class Cache, class K>
    const typename Cache::Entry& remember(Cache& cache, const K& key, std::size_t begin,
                                          std::size_t end) {
        Id ids[WideKey::longest];
        std::size_t count = 0;
        bool unknown = false;
        double limit = std::numeric_limits<double>::infinity(), before = 0;
        for (auto at = begin; at < end;) {
            const auto next = segmenter_.characters_.run(text_, at, end);
            const bool whole = at == begin && next == end;
            const auto part = whole ? decide(at, next) : look_up(at, next);
            limit = std::min(limit, part.limit - std::abs(before));
            for (const auto id : part.ids) {
                before += double(id == kUnknownPiece ? model_.unknown_score : model_.scores[id]);
                ids[count++] = id;
            }
            unknown |= part.unknown;
            at = next;
        }
        return cache.insert(key, limit, {ids, count}, unknown);
    }

    // The ids are good until the next call.
    Known decide(std::size_t begin, std::size_t end) {
        scratch_.path.clear();
        auto& path = scratch_.path;
        const auto limit = scratch_.margin.decode(model_, text_ + begin, end - begin, path);
        bool unknown = false;
        std::size_t count = 0;
        for (const auto& step : scratch_.path) {
            decided_[count++] = step.id;
            unknown |= is_unknown(step.id);
        }
        return {limit, {decided_, count}, unknown};
    }

    void put_known(const Known& word, std::size_t begin, std::size_t end) {
        if (std::abs(double(running_)) > word.limit) return search(begin, end);
        if (word.unknown || open_ != kClosed || ends_) return replay(word.ids, begin);
        for (const auto id : word.ids) {
            running_ += model_.scores[id];
            ids_.push_back(id);
        }
    }

    void replay(std::span<const Id> ids, std::size_t at) {
        for (const auto id : ids) {
            const bool unknown = id == kUnknownPiece;
            running_ += unknown ? model_.unknown_score : model_.scores[id];
            const auto end = at + (unknown ? base::character_size(text_ + at, size_ - at)
                                           : segmenter_.table_.width(id));
            step(id, at, end);
            at = end;
        }
    }

    void search(std::size_t begin, std::size_t end) {
        scratch_.path.clear();
        scratch_.lattice.decode(model_, text_ + begin, end - begin, running_, scratch_.path);
        auto at = begin;
        for (const auto& found : scratch_.path) {
            step(found.id, at, begin + found.end);
            at = begin + found.end;
        }
    }

    // tokenizers may find the text of its unknown id, which then joins a run of unknown characters.
    bool is_unknown(Id id) const {
        return id == kUnknownPiece || (std::is_same_v<Scores, TransformersScores> &&
                                       std::int64_t(id) == segmenter_.options_.unknown);
    }

    void step(Id id, std::size_t begin, std::size_t end) {
        if (is_unknown(id)) {
            if (open_ == kClosed) open_ = begin;
            return;
        }
        close_unknown(begin);
        put(id, end);
    }

    // Ends a run of unknown characters.
    void close_unknown(std::size_t end) {
        if (open_ == kClosed) return;
        const auto begin = std::exchange(open_, kClosed);
        std::uint32_t piece = 0;
        // tokenizers looks the run up once more, and finds it where two unknowns score better
        // than the piece that they make
        if (std::is_same_v<Scores, TransformersScores> &&
            model_.trie.longest(text_ + begin, end - begin, piece) == end - begin)
            return put(piece, end);
        if (segmenter_.options_.byte_fallback && has_bytes(begin, end)) {
            for (auto at = begin; at < end; ++at) put(byte_id(at), at + 1);
            return;
        }
        if (segmenter_.options_.unknown < 0)
            throw base::EncodeError(
                "a character has no piece, and this vocabulary has no unknown id");
        put(counts_unknowns_ ? counted(begin, end) : Id(segmenter_.options_.unknown), end);
    }

    Id counted(std::size_t begin, std::size_t end) {
        const auto begins = [](std::uint8_t byte) { return (byte & 0xC0) != 0x80; };
        const auto count = std::size_t(std::count_if(text_ + begin, text_ + end, begins));
        most_in_a_row_ = std::max(most_in_a_row_, count);
        return segmenter_.run_of_unknown(count);
    }

    bool has_bytes(std::size_t begin, std::size_t end) const {
        for (auto at = begin; at < end; ++at)
            if (segmenter_.options_.byte_ids[text_[at]] < 0) return false;
        return true;
    }
    Id byte_id(std::size_t at) const { return Id(segmenter_.options_.byte_ids[text_[at]]); }

    void put(Id id, std::size_t end) {
        ids_.push_back(id);
        if (ends_) ends_->push_back(std::uint32_t(end));
    }

    static constexpr std::size_t kClosed = ~std::size_t{0};

    const UnigramSegmenter<Scores>& segmenter_;
    const UnigramModel<Scores>& model_;
    const std::uint8_t* text_;
    std::size_t size_;
    UnigramScratch<Scores>& scratch_;
    std::vector<Id>& ids_;
    std::vector<std::uint32_t>* ends_;
    Id decided_[WideKey::longest];
    Score running_ = 0;
    std::size_t open_ = kClosed;  // where a run of unknown characters began
    bool counts_unknowns_ = false;
    std::size_t most_in_a_row_ = 0;
};

template <class Scores>
std::unique_ptr<Scratch> UnigramSegmenter<Scores>::make_scratch() const {
    return std::make_unique<UnigramScratch<Scores>>();
}

template <class Scores>
void UnigramSegmenter<Scores>::segment(const std::uint8_t* pretoken, std::size_t size,
                                       Scratch& scratch, std::vector<Id>& ids) const {
    UnigramSentence<Scores>(*this, pretoken, size, scratch, ids, nullptr).run();
}

template <class Scores>
void UnigramSegmenter<Scores>::segment_with_ends(const std::uint8_t* pretoken, std::size_t size,
                                                 Scratch& scratch, std::vector<Id>& ids,
                                                 std::vector<std::uint32_t>& ends) const {
    UnigramSentence<Scores>(*this, pretoken, size, scratch, ids, &ends).run();
}

template <class Scores>
UnigramBatch& UnigramSegmenter<Scores>::batch_of(Scratch& scratch) const {
    auto& batch = static_cast<UnigramScratch<Scores>&>(scratch).batch;
    if (!batch) batch = std::make_unique<UnigramBatch>();
    return *batch;
}

// Longer pretokens are remembered here, and shorter ones by who asks.
template <class Scores>
void UnigramSegmenter<Scores>::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                                            std::vector<Id>& ids, std::uint32_t* counts) const {
    if (!has_batches()) return Segmenter::segment_many(pretokens, scratch, ids, counts);
    const auto text_of = [&](std::size_t i) {
        return pretokens[i].size <= base::Key::longest ? pretokens[i].view() : std::string_view();
    };
    const auto one_by_one = [&](std::size_t i) {
        segment(pretokens[i].text, pretokens[i].size, scratch, ids);
    };
    const auto unknown = [this](std::size_t) { return Id(options_.unknown); };
    segment_together(pretokens.size(), text_of, one_by_one, unknown, scratch, ids, counts);
}

template <class Scores>
bool UnigramSegmenter<Scores>::segment_alone(const std::uint8_t* word, std::size_t size, double most,
                                             Scratch& scratch, std::vector<Id>& ids) const {
    return UnigramSentence<Scores>(*this, word, size, scratch, ids, nullptr).run_alone(most);
}

template <class Scores>
void UnigramSegmenter<Scores>::segment_behind(const std::uint8_t* word, std::size_t size, Score& sum,
                                              Scratch& scratch, std::vector<Id>& ids) const {
    UnigramSentence<Scores>(*this, word, size, scratch, ids, nullptr).run_behind(sum);
}

template <class Scores>
std::vector<typename Scores::Score> UnigramSegmenter<Scores>::sums() const {
    auto result = model_.scores;
    const auto put = [&](std::int64_t id, Score score) {
        if (id >= 0) result[std::size_t(id)] = score;
    };
    put(options_.unknown, std::numeric_limits<Score>::quiet_NaN());
    for (std::size_t byte = 0; byte < 256; ++byte)
        put(options_.byte_ids[byte], (byte & 0xC0) == 0x80 ? Score(0) : model_.unknown_score);
    return result;
}

template <class Scores>
std::size_t UnigramSegmenter<Scores>::word_end(const std::uint8_t* text, std::size_t begin,
                                               std::size_t size) const {
    auto from = begin + 1;
    if (text[begin] == ' ' && cut_ == UnigramCut::kBeforeSpaceRuns)
        while (from < size && text[from] == ' ') ++from;
    return find_space(text, from, size);
}

template <class Scores>
bool UnigramSegmenter<Scores>::knows_space() const {
    std::uint32_t found;
    const std::uint8_t space = ' ';
    return model_.trie.longest(&space, 1, found) == 1;
}

template <class Scores>
bool UnigramSegmenter<Scores>::begins_strange(Pretoken text) const {
    const std::size_t at = text.size > 1 && text.text[0] == ' ';
    if (text.size == 0) return false;
    return !characters_.occurs(unicode::decode(text.text + at, text.text + text.size).code);
}

template <class Scores>
std::uint32_t UnigramSegmenter<Scores>::width(Id id) const {
    return std::int64_t(id) == options_.unknown ? 0 : table_.width(id);
}

template class UnigramSegmenter<SentencePieceScores>;
template class UnigramSegmenter<TransformersScores>;

}  // namespace tokenry::encode
