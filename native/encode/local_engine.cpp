#include "encode/local_engine.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "base/interrupts.hpp"
#include "base/thread_pool.hpp"
#include "encode/stretches.hpp"
#include "encode/text_end.hpp"
#include "encode/text_runs.hpp"
#include "encode/word_encoder.hpp"
#include "encode/word_joiner.hpp"

namespace tokenry::encode {

// One text after another through the caches of one thread. `finish(count)` is called for each
// text, in their order, with the number of its ids, or with `other` for one that has none here.
class LocalWorker {
public:
    static constexpr std::size_t other = ~std::size_t{0};

    Buffer<Id> shared;  // of a text that several threads share

    LocalWorker(const Segmenter& words, const split::Splitter& splitter, const TextStart& start,
                std::size_t cache_bytes)
        : joiner_(words.joiner()), end_(words.text_end()), encoder_(words, cache_bytes), splitter_(splitter), start_(start),
          short_text_(joiner_ ? most_joined : most_short),
          page_(page_bytes + padding) {
        empty_page();
    }

    std::size_t bytes() const { return encoder_.bytes(); }
    void forget() { encoder_.forget(); }

    template <typename Finish>
    void add(Text text, Buffer<Id>& ids, Finish finish) {
        if (end_ != nullptr) {
            const auto ended = end_->ended(text);
            if (!ended) {
                flush(ids, finish);
                return finish(other);
            }
            text = *ended;
        }
        if (text.size() > short_text_) {
            flush(ids, finish);
            finish(encode_long(text, ids));
            return;
        }
        const std::size_t most = text.size() + start_.prefix.size();
        if (used_ + most > page_bytes) flush(ids, finish);
        append(text);
        texts_.push_back(ends_.size() - 1);
    }

    // Encodes what lies in the page.
    template <typename Finish>
    void flush(Buffer<Id>& ids, Finish finish) {
        const Emptied emptied(*this);
        if (!encode_page(ids, finish)) encode_page_singly(ids, finish);
    }

    // Number of the ids of a text, which are appended, or `other`.
    std::size_t encode(Text text, Buffer<Id>& ids) {
        std::size_t count = other;
        const auto finish = [&](std::size_t found) { count = found; };
        add(text, ids, finish);
        flush(ids, finish);
        return count;
    }

    // Ids of the words from `begin` to the first that ends at or behind `goal`; where that is. A
    // squeezed text must have a space in either place.
    std::size_t encode_stretch(Text text, std::size_t begin, std::size_t goal, Buffer<Id>& ids) {
        if (begin == 0 && goal == text.size()) {
            if (encode(text, ids) == other) throw NotLocal();
            return goal;
        }
        Running running;
        std::size_t most = chunk;
        if (start_.squeezes.any()) {
            encode_squeezed(text.subspan(begin, goal - begin), most, running, ids);
            fit_page();
            return goal;
        }
        if (begin == 0 && puts_before(text)) begin = encode_first(text, running, ids);
        for (; begin < goal; base::poll())
            begin += encode_some(text.data() + begin, text.size() - begin, most, running, ids,
                                 goal - begin);
        return begin;
    }

    // The same for a text with tokens in it, each of which is an id.
    std::size_t encode_around(Text text, const TokenFinder& tokens, Buffer<Id>& ids) {
        const std::size_t before = ids.size();
        std::size_t begin = 0;
        for (bool more = true; more;) {
            const auto found = tokens.next(text, begin);
            more = found.has_value();
            const std::size_t end = more ? found->begin : text.size();
            if (begin < end && encode(text.subspan(begin, end - begin), ids) == other) {
                ids.set_size(before);
                return other;
            }
            if (more) {
                ids.push(found->id);
                begin = found->end;
            }
        }
        return ids.size() - before;
    }

private:
    static constexpr std::size_t page_bytes = std::size_t{1} << 15;
    // Texts up to here share a page. There a text of words that all stand is not put together.
    static constexpr std::size_t most_short = 2048, most_joined = 16384;
    static constexpr std::size_t padding = 64;  // read by what loads whole vectors
    static constexpr std::size_t chunk = 4096;
    // Where more than one word in 16 up to here is searched again, a long text is done in half the time
    // whole. So many words at its beginning mostly tell.
    static constexpr std::size_t probe = 512, searched_share = 16;

    // What stands before a word of a long text.
    struct Running {
        float sum = 0;
        std::size_t words = 0, searched = 0;
    };

    std::size_t encode_long(Text text, Buffer<Id>& ids) {
        const std::size_t before = ids.size();
        Running running;
        try {
            std::size_t begin = 0, most = joiner_ ? probe : chunk;
            if (start_.squeezes.any())
                begin = encode_squeezed(text, most, running, ids);
            else if (puts_before(text))
                begin = encode_first(text, running, ids);
            encode_from(begin, text, most, running, ids);
        } catch (const NotLocal&) {
            ids.set_size(before);
            fit_page();
            return other;
        }
        fit_page();
        return ids.size() - before;
    }

    // A document that was one word must not keep its memory for as long as the thread has this.
    void fit_page() {
        if (page_.size() > page_bytes + padding) std::vector<std::uint8_t>(page_bytes + padding).swap(page_);
    }

    // Encodes the words of the rest of a text; the first `most` of them, and then chunks.
    void encode_from(std::size_t begin, Text text, std::size_t& most, Running& running, Buffer<Id>& ids) {
        for (; begin < text.size(); most = chunk) {
            begin += encode_some(text.data() + begin, text.size() - begin, most, running, ids);
            base::poll();
        }
    }

    // Encodes a long text a page at a time, whose last word waits for the next one.
    std::size_t encode_squeezed(Text text, std::size_t& most, Running& running, Buffer<Id>& ids) {
        page_[0] = ' ';
        std::size_t used = 1;
        for (std::size_t begin = 0; begin < text.size();) {
            if (used > page_.size() / 2) page_.resize(2 * page_.size());
            const std::size_t more = std::min(text.size() - begin, page_.size() - padding - used);
            std::uint8_t* const end = squeeze(text.data() + begin, more, page_.data() + used, start_.squeezes);
            begin += more;
            used = static_cast<std::size_t>(end - page_.data());
            std::size_t done = used;
            while (begin < text.size() && page_[--done] != ' ') {}
            encode_from(0, {page_.data(), done}, most, running, ids);
            std::memmove(page_.data(), page_.data() + done, used -= done);
        }
        return text.size();
    }

    bool puts_before(Text text) const {
        return !text.empty() && !start_.prefix.empty() &&
               !(start_.unless_space && text.front() == ' ');
    }

    // Leaves the page empty, whatever happened.
    struct Emptied {
        explicit Emptied(LocalWorker& worker) : of(worker) {}
        ~Emptied() { of.empty_page(); }
        LocalWorker& of;
    };
    void empty_page() {
        used_ = 0;
        texts_.clear();
        aside_.clear();
        ends_.clear();
        ends_.push(0);
    }

    bool hold_together(std::span<const Id> ids) const {
        return !joiner_ || joiner_->hold_together(ids);
    }

    // Puts in the place of the ids of words from the first to before the last, which are those from
    // `before` on, those of the text that they are; returns their number, or `other`: then there are none.
    std::size_t checked(std::size_t first, std::size_t last, std::size_t before, Buffer<Id>& ids) {
        const std::size_t count = ids.size() - before;
        if (hold_together({ids.data() + before, count})) return count;
        aside_.assign(ids.data() + before, ids.end());
        ids.set_size(before);
        return put_together(first, last, aside_.data(), counts_.data(), ids);
    }

    // Copies a text behind those that are there and finds its words.
    void append(Text text) {
        const std::size_t begin = used_;
        std::uint8_t* to = page_.data() + begin;
        if (start_.squeezes.any()) {
            if (!text.empty()) *to++ = ' ', to = squeeze(text.data(), text.size(), to, start_.squeezes);
        } else {
            if (puts_before(text)) to = std::copy(start_.prefix.begin(), start_.prefix.end(), to);
            if (!text.empty()) std::memcpy(to, text.data(), text.size());
            to += text.size();
        }
        used_ = static_cast<std::size_t>(to - page_.data());
        split::append_ends(splitter_, page_.data(), begin, used_, ends_);
    }

    // Word i is text[ends[i], ends[i + 1]).
    void encode_words(const std::uint8_t* text, std::size_t size, const std::uint32_t* ends,
                      std::size_t count, Buffer<Id>& ids, std::uint32_t* counts) {
        encoder_.encode({text, size, ends, ends + 1, count}, ids, counts);
    }

    // False, and nothing done, where a word of any text does not stand alone.
    template <typename Finish>
    bool encode_page(Buffer<Id>& ids, Finish finish) {
        const std::size_t words = ends_.size() - 1;
        const std::size_t before = ids.size();
        counts_.reserve_more(words);
        try {
            encode_words(page_.data(), page_.size(), ends_.data(), words, ids, counts_.data());
        } catch (const NotLocal&) {
            return false;
        }
        const Id* from = ids.data() + before;
        const Id* const end = ids.end();
        ids.set_size(before);
        const std::uint32_t* count = counts_.data();
        std::size_t first = 0;
        for (const std::size_t last : texts_) {
            std::size_t total = 0;
            for (; count < counts_.data() + last; ++count) total += *count;
            const bool holds = hold_together({from, total});
            if (!holds && aside_.empty()) {
                aside_.assign(from, end);
                from = aside_.data();
            }
            finish(holds ? keep(from, total, ids)
                         : put_together(first, last, from, counts_.data() + first, ids));
            from += total;
            first = last;
        }
        return true;
    }

    // Appends ids that lie at or behind the end, or elsewhere.
    static std::size_t keep(const Id* from, std::size_t count, Buffer<Id>& ids) {
        ids.reserve_more(count);
        if (from != ids.end()) std::memmove(ids.end(), from, count * sizeof(Id));
        ids.set_size(ids.size() + count);
        return count;
    }

    // Ids of a text whose words, from the first to before the last, have ids that do not hold together.
    std::size_t put_together(std::size_t first, std::size_t last, const Id* from,
                             const std::uint32_t* counts, Buffer<Id>& ids) {
        const Words words{page_.data(), page_.size(), ends_.data() + first, ends_.data() + first + 1,
                          last - first};
        float sum = 0;
        together_.clear();
        if (!joiner_->put_together(words, from, counts, sum, encoder_.scratch(), together_)) return other;
        ids.append(together_.data(), together_.size());
        return together_.size();
    }

    template <typename Finish>
    void encode_page_singly(Buffer<Id>& ids, Finish finish) {
        std::size_t first = 0;
        for (const std::size_t last : texts_) {
            const std::size_t before = ids.size();
            counts_.reserve_more(last - first);
            try {
                encode_words(page_.data(), page_.size(), ends_.data() + first, last - first, ids,
                             counts_.data());
                finish(checked(first, last, before, ids));
            } catch (const NotLocal&) {
                finish(other);
            }
            first = last;
        }
    }

    // Encodes what is put before a long text and its first word; where that ends in the text.
    std::size_t encode_first(Text text, Running& running, Buffer<Id>& ids) {
        std::uint32_t end = 0;
        splitter_.split(text.data(), text.size(), 0, &end, 1);
        std::vector<std::uint8_t> head(start_.prefix.begin(), start_.prefix.end());
        head.insert(head.end(), text.begin(), text.begin() + end);
        for (std::size_t begin = 0; begin < head.size();)
            begin += encode_some(head.data() + begin, head.size() - begin, chunk, running, ids);
        return end;
    }

    // Encodes the words at the beginning of the rest of a text: `most` of them, but none behind the
    // first that ends at or behind `goal`.
    std::size_t encode_some(const std::uint8_t* text, std::size_t size, std::size_t most,
                            Running& running, Buffer<Id>& ids, std::size_t goal = ~std::size_t{0}) {
        some_.clear();
        some_.push(0);
        some_.reserve_more(most);
        some_.set_size(1 + splitter_.split(text, size, 0, some_.end(), most));
        if (some_[some_.size() - 1] > goal)
            some_.set_size(static_cast<std::size_t>(
                std::lower_bound(some_.data(), some_.end(), goal) - some_.data() + 1));
        if (joiner_) encode_joined(text, size, running, ids);
        else encode_words(text, size, some_.data(), some_.size() - 1, ids, nullptr);
        return some_[some_.size() - 1];
    }
    void encode_joined(const std::uint8_t* text, std::size_t size, Running& running, Buffer<Id>& ids) {
        const std::size_t words = some_.size() - 1, before = ids.size();
        counts_.reserve_more(words);
        encode_words(text, size, some_.data(), words, ids, counts_.data());
        together_.clear();
        const auto searched =
            joiner_->put_together({text, size, some_.data(), some_.data() + 1, words}, ids.data() + before,
                                  counts_.data(), running.sum, encoder_.scratch(), together_);
        running.words += words;
        running.searched += searched.value_or(0);
        if (!searched || running.searched > 1 + running.words / searched_share) throw NotLocal();
        ids.set_size(before);
        ids.append(together_.data(), together_.size());
    }

    const WordJoiner* joiner_;
    const TextEnd* end_;
    WordEncoder encoder_;
    const split::Splitter& splitter_;
    const TextStart& start_;
    std::size_t short_text_;
    std::vector<std::uint8_t> page_;
    std::size_t used_ = 0;
    Buffer<std::uint32_t> ends_;      // of the words in the page, behind a zero
    std::vector<std::size_t> texts_;  // words up to the end of each text in the page
    Buffer<std::uint32_t> counts_;
    std::vector<Id> aside_;  // ids of a page's words from the first text that does not hold together
    std::vector<Id> together_;
    Buffer<std::uint32_t> some_;  // ends of words of a long text, behind a zero
};

LocalEngine::LocalEngine(const Segmenter& words, const split::Splitter& splitter, TextStart start,
                         std::size_t cache_bytes)
    : words_(words), splitter_(splitter), start_(std::move(start)), workers_([this, cache_bytes] {
          return std::make_unique<LocalWorker>(words_, splitter_, start_, cache_bytes);
      }) {}
LocalEngine::~LocalEngine() = default;

void LocalEngine::clear_cache() const {
    workers_.each([](LocalWorker& worker) { worker.forget(); });
}

Engine::Stats LocalEngine::stats() const {
    Engine::Stats stats;
    workers_.each([&](const LocalWorker& worker) {
        ++stats.workers;
        stats.cache_bytes += worker.bytes();
    });
    return stats;
}

namespace {

// A space between two words behind a place, at which a squeezed text may be cut; 0 where none is near.
std::size_t squeezed_cut_near(Text text, std::size_t at, const SpaceBytes& spaces) {
    const std::size_t stop = std::min(text.size(), at + 1024);
    for (; at < stop; ++at)
        if (text[at] == ' ' && !spaces.has(text[at - 1])) return at;
    return 0;
}

}  // namespace

bool LocalEngine::encode_shared(Text text, Buffer<Id>& ids, const TokenFinder* tokens,
                                Share share) const {
    StretchRuns runs(share.stretch(text.size()));
    const auto scratch = splitter_.make_scratch();
    const TextEnd* const end = words_.text_end();
    bool alone = true;
    each_part(text, tokens, [&](Text part, std::optional<Id> token) {
        const auto ended = end ? end->ended(part) : part;
        if (!ended) return void(alone = false);
        part = *ended;
        runs.add(part, token, [&](std::size_t at) {
            return start_.squeezes.any() ? squeezed_cut_near(part, at, start_.squeezes)
                                   : splitter_.cut_near(part.data(), part.size(), at, *scratch);
        });
    });
    if (!alone) return false;
    std::atomic<bool> fails{false};
    Buffer<Id> all;
    runs.encode(workers_, share.threads, all,
                [&](LocalWorker& worker, Text part, std::size_t from, std::size_t goal, Buffer<Id>& out) {
                    try {
                        return fails ? goal : worker.encode_stretch(part, from, goal, out);
                    } catch (const NotLocal&) {
                        fails = true;
                        return goal;
                    }
                });
    if (!fails) ids.append(all.data(), all.size());
    return !fails;
}

bool LocalEngine::encode(Text text, Buffer<Id>& ids, const TokenFinder* tokens, Share share) const {
    if (share.pays(text.size()) && words_.joiner() == nullptr)
        return encode_shared(text, ids, tokens, share);
    base::Pool<LocalWorker>::Lease worker(workers_);
    const std::size_t count =
        tokens ? worker->encode_around(text, *tokens, ids) : worker->encode(text, ids);
    return count != LocalWorker::other;
}

namespace {

constexpr std::uint64_t no_ids = ~std::uint64_t{0};

// Turns numbers of ids into offsets; `others` receives the texts that have none.
void sum_offsets(std::span<std::uint64_t> offsets, std::vector<std::uint64_t>& others) {
    offsets[0] = 0;
    for (std::size_t i = 1; i < offsets.size(); ++i) {
        if (offsets[i] == no_ids) others.push_back(i - 1);
        offsets[i] = offsets[i - 1] + (offsets[i] == no_ids ? 0 : offsets[i]);
    }
}

void encode_run(LocalWorker& worker, std::span<const Text> texts, Buffer<Id>& ids,
                std::uint64_t* counts, const TokenFinder* tokens) {
    const auto finish = [&](std::size_t count) { *counts++ = count; };
    for (const Text& text : texts) {
        if (tokens && tokens->next(text, 0)) {
            worker.flush(ids, finish);
            finish(worker.encode_around(text, *tokens, ids));
        } else {
            worker.add(text, ids, finish);
        }
    }
    worker.flush(ids, finish);
}

}  // namespace

void LocalEngine::encode_batch(std::span<const Text> texts, unsigned threads, Buffer<Id>& ids,
                               std::uint64_t* offsets, std::vector<std::uint64_t>& others,
                               const TokenFinder* tokens) const {
    const std::span all(offsets, texts.size() + 1);
    if (threads == 1) {
        base::Pool<LocalWorker>::Lease worker(workers_);
        encode_run(*worker, texts, ids, offsets + 1, tokens);
        return sum_offsets(all, others);
    }
    const std::vector<TextRun> runs = runs_of(texts);
    std::vector<Buffer<Id>> parts(runs.size());
    base::Pool<LocalWorker>::Leases workers(workers_, base::useful_threads(runs.size(), threads));
    base::parallel_parts(runs.size(), threads, [&](unsigned thread, std::size_t i) {
        encode_run(workers[thread], texts.subspan(runs[i].first, runs[i].last - runs[i].first),
                   parts[i], offsets + 1 + runs[i].first, tokens);
    });
    sum_offsets(all, others);
    join_parts(parts, threads, ids);
}

}  // namespace tokenry::encode
