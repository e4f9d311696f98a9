#include "encode/engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>

#include "base/interrupts.hpp"
#include "base/thread_pool.hpp"
#include "encode/id_widths.hpp"
#include "encode/span_finder.hpp"
#include "encode/stretches.hpp"
#include "encode/text_runs.hpp"
#include "encode/word_encoder.hpp"

namespace tokenry::encode {

std::size_t default_cache_bytes() {
    constexpr std::size_t usual = std::size_t{32} << 20;
    const char* text = std::getenv("TOKENRY_CACHE_BYTES");
    const long long asked = text == nullptr ? 0 : std::strtoll(text, nullptr, 10);
    return asked > 0 ? static_cast<std::size_t>(std::min(asked, 1ll << 40)) : usual;
}

namespace {

std::string_view characters(Text text) {
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}
Text bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

class Worker {
public:
    Worker(const Segmenter& segmenter, const split::Finder& finder, std::size_t cache_bytes)
        : encoder(segmenter, cache_bytes), found(finder.make_scratch()) {}

    WordEncoder encoder;
    std::unique_ptr<split::FinderScratch> found;
    Buffer<Id> ids;
    Buffer<Id> shared;  // of a text that several threads share
    std::vector<Id> pretoken_ids;
    std::vector<std::uint32_t> pretoken_ends;
    std::string normalized;

    Text normalize(Text text, const normalize::Normalizer* normalizer) {
        if (normalizer == nullptr) return text;
        return normalizer->change(characters(text), normalized) ? bytes_of(normalized) : text;
    }
};

Engine::Engine(const Segmenter& segmenter, const split::Finder& finder, std::size_t cache_bytes)
    : segmenter_(segmenter), finder_(finder), workers_([this, cache_bytes] {
          return std::make_unique<Worker>(segmenter_, finder_, cache_bytes);
      }) {}
Engine::~Engine() = default;

void Engine::clear_cache() const {
    workers_.each([](Worker& worker) { worker.encoder.forget(); });
}

Engine::Stats Engine::stats() const {
    Stats stats;
    workers_.each([&](const Worker& worker) {
        ++stats.workers;
        stats.cache_bytes += worker.encoder.bytes();
    });
    return stats;
}

namespace {

// Room for what the rest of a text will add if it goes on like its first `done` bytes of `size`,
// and an eighth more: a buffer that grows in steps is copied several times, an eighth of all time.
template <typename T>
void reserve_rest(Buffer<T>& buffer, std::size_t before, std::size_t done, std::size_t size) {
    if (done >= size) return;
    const auto added = static_cast<double>(buffer.size() - before);
    const double rest = added * static_cast<double>(size - done) / static_cast<double>(done);
    buffer.reserve_more(static_cast<std::size_t>(rest * 1.125) + 64);
}

}  // namespace

// Calls use(words, begin, end) for the pretokens of a text, a part of it at a time.
template <typename Use>
void Engine::split(Worker& worker, Text text, Use use) const {
    for (std::size_t begin = 0; begin < text.size();) {
        const split::Pretokens found =
            finder_.find(text.data(), text.size(), begin, *worker.found);
        if (found.covered == 0) break;
        const std::size_t end = begin + found.covered;
        use(Words{text.data() + begin, text.size() - begin, found.begins, found.ends, found.count},
            begin, end);
        begin = end;
        if (begin < text.size()) base::poll();
    }
}

void Engine::encode_with(Worker& worker, Text text, Buffer<Id>& ids,
                         const normalize::Normalizer* normalizer) const {
    const Text whole = worker.normalize(text, normalizer);
    const std::size_t before = ids.size();
    split(worker, whole, [&](const Words& words, std::size_t base, std::size_t done) {
        worker.encoder.encode(words, ids);
        if (base == 0) reserve_rest(ids, before, done, whole.size());
    });
}

void Engine::encode_around(Worker& worker, Text text, Buffer<Id>& ids,
                           const normalize::Normalizer* normalizer,
                           const TokenFinder& tokens) const {
    std::size_t begin = 0;
    while (const auto found = tokens.next(text, begin)) {
        encode_with(worker, text.subspan(begin, found->begin - begin), ids, normalizer);
        ids.push(found->id);
        begin = found->end;
    }
    encode_with(worker, text.subspan(begin), ids, normalizer);
}

// Ids of the pretokens from `begin` to the first that ends at or behind `goal`; where that is.
std::size_t Engine::encode_stretch(Worker& worker, Text text, std::size_t begin, std::size_t goal,
                                   Buffer<Id>& ids) const {
    const std::size_t size = finder_.cuts_are_certain() ? goal : text.size();
    const std::size_t first = begin, before = ids.size();
    while (begin < goal) {
        const split::Pretokens found = finder_.find(text.data(), size, begin, *worker.found);
        if (found.covered == 0) break;
        std::size_t count = found.count, end = begin + found.covered;
        if (end > goal) {
            const std::uint32_t* const last =
                std::lower_bound(found.ends, found.ends + count, static_cast<std::uint32_t>(goal - begin));
            count = static_cast<std::size_t>(last - found.ends) + 1;
            end = begin + *last;
        }
        worker.encoder.encode({text.data() + begin, text.size() - begin, found.begins, found.ends, count},
                              ids);
        if (begin == first) reserve_rest(ids, before, end - first, goal - first);
        begin = end;
        base::poll();
    }
    return begin;
}

void Engine::encode_shared(Text text, Buffer<Id>& ids, const normalize::Normalizer* normalizer,
                           const TokenFinder* tokens, Share share) const {
    StretchRuns runs(share.stretch(text.size()));
    std::deque<std::string> changed;
    const auto scratch = finder_.make_scratch();
    each_part(text, tokens, [&](Text part, std::optional<Id> token) {
        std::string normalized;
        if (normalizer && normalizer->change(characters(part), normalized))
            part = bytes_of(changed.emplace_back(std::move(normalized)));
        runs.add(part, token, [&](std::size_t at) {
            return finder_.cut_near(part.data(), part.size(), at, *scratch);
        });
    });
    runs.encode(workers_, share.threads, ids,
                [&](Worker& worker, Text part, std::size_t from, std::size_t goal, Buffer<Id>& out) {
                    return encode_stretch(worker, part, from, goal, out);
                });
}

void Engine::encode(Text text, Buffer<Id>& ids, const normalize::Normalizer* normalizer,
                    const TokenFinder* tokens, Share share) const {
    if (share.pays(text.size())) return encode_shared(text, ids, normalizer, tokens, share);
    base::Pool<Worker>::Lease worker(workers_);
    if (tokens == nullptr)
        encode_with(*worker, text, ids, normalizer);
    else
        encode_around(*worker, text, ids, normalizer, *tokens);
}

std::uint64_t Engine::count(Text text, const normalize::Normalizer* normalizer) const {
    base::Pool<Worker>::Lease worker(workers_);
    return count_with(*worker, text, normalizer);
}

std::uint64_t Engine::count_with(Worker& worker, Text text,
                                 const normalize::Normalizer* normalizer) const {
    std::uint64_t total = 0;
    split(worker, worker.normalize(text, normalizer), [&](const Words& words, std::size_t, std::size_t) {
        worker.ids.clear();
        worker.encoder.encode(words, worker.ids);
        total += worker.ids.size();
    });
    return total;
}

const IdWidths& Engine::widths() const {
    {
        std::lock_guard lock(base::fork_guard());
        if (widths_ != nullptr) return *widths_;
    }
    auto made = std::make_unique<IdWidths>(segmenter_);  // may ask Python, so not under the lock
    std::lock_guard lock(base::fork_guard());
    if (widths_ == nullptr) widths_ = std::move(made);
    return *widths_;
}

// Where every id says its width, ends are their running sum, taken while the ids of a chunk are
// still in the L1 cache; where one does not, the text is segmented again by a way that tells.
void Engine::encode_spans(Text text, Buffer<Id>& ids, Buffer<std::int64_t>& spans) const {
    base::Pool<Worker>::Lease worker(workers_);
    const IdWidths& widths = this->widths();
    std::uint64_t end = 0;
    bool open = false;
    split(*worker, text, [&](const Words& words, std::size_t base, std::size_t done) {
        const std::size_t before = ids.size();
        worker->encoder.encode(words, ids);
        const std::size_t count = ids.size() - before;
        spans.reserve_more(2 * count);
        end = widths.write_spans(ids.data() + before, count, end, spans.end(), open);
        spans.set_size(2 * ids.size());
        if (base > 0) return;
        reserve_rest(ids, 0, done, text.size());
        reserve_rest(spans, 0, done, text.size());
    });
    if (open || end != text.size()) encode_open_spans(*worker, text, ids, spans);
}

void Engine::encode_open_spans(Worker& worker, Text text, Buffer<Id>& ids,
                               Buffer<std::int64_t>& spans) const {
    ids.clear();
    spans.clear();
    std::int64_t begin = 0;
    std::size_t word_end = 0;
    split(worker, text, [&](const Words& words, std::size_t base, std::size_t) {
        for (std::size_t i = 0; i < words.count; ++i) {
            // What stands in no pretoken belongs to no id.
            const std::size_t word_begin = base + words.begins[i];
            if (word_begin != word_end) begin = static_cast<std::int64_t>(word_begin);
            word_end = base + words.ends[i];
            worker.pretoken_ids.clear();
            worker.pretoken_ends.clear();
            find_ends(segmenter_, words[i], worker.encoder.scratch(), worker.pretoken_ids,
                      worker.pretoken_ends);
            ids.append(worker.pretoken_ids.data(), worker.pretoken_ids.size());
            begin += static_cast<std::int64_t>(ignored_by(segmenter_, words[i]));
            for (const std::uint32_t end : worker.pretoken_ends) {
                spans.push(begin);
                spans.push(begin = static_cast<std::int64_t>(base + words.begins[i] + end));
            }
        }
    });
}

// Stretches that lie within 2^31 bytes of one another go through the caches together.
void Engine::encode_ranges(Text text, std::span<const Range> ranges, Buffer<Id>& ids,
                           Buffer<std::uint64_t>& offsets) const {
    base::Pool<Worker>::Lease worker(workers_);
    constexpr std::size_t most = 4096;  // ranges at a time
    std::uint32_t begins[most], ends[most], counts[most];
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < ranges.size();) {
        const std::uint64_t base = ranges[i].begin;
        std::size_t count = 0;
        std::size_t last = i;
        for (; last < ranges.size() && count < most; ++last) {
            const Range& range = ranges[last];
            if (range.begin < base || range.end - base >= (1ull << 31)) break;
            if (count > 0 && range.begin < base + ends[count - 1]) break;
            if (range.end == range.begin) break;
            begins[count] = static_cast<std::uint32_t>(range.begin - base);
            ends[count++] = static_cast<std::uint32_t>(range.end - base);
        }
        if (count > 0)
            worker->encoder.encode({text.data() + base, text.size() - base, begins, ends, count},
                                   ids, counts);
        for (std::size_t k = 0; k < count; ++k) offsets.push(total += counts[k]);
        if (last < ranges.size() && ranges[last].end == ranges[last].begin) {
            offsets.push(total);
            ++last;
        }
        i = last;
    }
}

void Engine::encode_batch(std::span<const Text> texts, unsigned threads, Buffer<Id>& ids,
                          std::uint64_t* offsets, const normalize::Normalizer* normalizer,
                          const TokenFinder* tokens) const {
    const std::vector<TextRun> runs = runs_of(texts);
    std::vector<Buffer<Id>> parts(runs.size());
    {
        base::Pool<Worker>::Leases workers(workers_, base::useful_threads(runs.size(), threads));
        base::parallel_parts(runs.size(), threads, [&](unsigned thread, std::size_t i) {
            Worker& worker = workers[thread];
            Buffer<Id>& part = parts[i];
            for (std::size_t text = runs[i].first; text < runs[i].last; ++text) {
                if (tokens == nullptr)
                    encode_with(worker, texts[text], part, normalizer);
                else
                    encode_around(worker, texts[text], part, normalizer, *tokens);
                offsets[text + 1] = part.size();
            }
        });
    }
    offsets[0] = 0;
    std::size_t total = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (std::size_t text = runs[i].first; text < runs[i].last; ++text)
            offsets[text + 1] += total;
        total += parts[i].size();
    }
    join_parts(parts, threads, ids);
}

void Engine::count_batch(std::span<const Text> texts, unsigned threads, std::uint64_t* counts,
                         const normalize::Normalizer* normalizer) const {
    const std::vector<TextRun> runs = runs_of(texts);
    base::Pool<Worker>::Leases workers(workers_, base::useful_threads(runs.size(), threads));
    base::parallel_parts(runs.size(), threads, [&](unsigned thread, std::size_t i) {
        for (std::size_t text = runs[i].first; text < runs[i].last; ++text)
            counts[text] = count_with(workers[thread], texts[text], normalizer);
    });
}

}  // namespace tokenry::encode
