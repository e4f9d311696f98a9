#include "encode/engine.hpp"

#include <algorithm>
#include <atomic>

#include "base/thread_pool.hpp"

namespace tokenry {

class Worker {
public:
    Worker(const Segmenter& segmenter, std::size_t) : scratch(segmenter.make_scratch()) {}
    std::unique_ptr<Scratch> scratch;
    std::vector<Id> ids;
    std::vector<std::uint32_t> ends;
    std::vector<std::uint32_t> pretokens = std::vector<std::uint32_t>(4096);
    Buffer<Id> text_ids;
};

// A worker for the length of a call.
class Engine::Lease {
public:
    explicit Lease(const Engine& engine) : engine_(engine), worker_(engine.take()) {}
    ~Lease() { engine_.give(std::move(worker_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Worker& operator*() { return *worker_; }
    Worker* operator->() { return worker_.get(); }

private:
    const Engine& engine_;
    std::unique_ptr<Worker> worker_;
};

Engine::Engine(const Segmenter& segmenter, const Splitter& splitter, std::size_t cache_bytes)
    : segmenter_(segmenter), splitter_(splitter), cache_bytes_(cache_bytes) {}
Engine::~Engine() = default;

std::unique_ptr<Worker> Engine::take() const {
    {
        std::lock_guard lock(fork_guard());
        if (!idle_.empty()) {
            std::unique_ptr<Worker> worker = std::move(idle_.back());
            idle_.pop_back();
            return worker;
        }
    }
    return std::make_unique<Worker>(segmenter_, cache_bytes_);
}

void Engine::give(std::unique_ptr<Worker> worker) const {
    std::lock_guard lock(fork_guard());
    idle_.push_back(std::move(worker));
}

void Engine::clear_cache() const {
    std::lock_guard lock(fork_guard());
    idle_.clear();
}

Engine::Stats Engine::stats() const {
    std::lock_guard lock(fork_guard());
    return {.workers = idle_.size(), .cache_bytes = 0};
}

void Engine::encode_with(Worker& worker, Text text, Buffer<Id>& ids) const {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t count = splitter_.split(text.data(), text.size(), begin,
                                                  worker.pretokens.data(), worker.pretokens.size());
        if (count == 0) break;
        worker.ids.clear();
        std::size_t start = 0;
        for (std::size_t i = 0; i < count; ++i) {
            segmenter_.segment(text.data() + begin + start, worker.pretokens[i] - start,
                               *worker.scratch, worker.ids);
            start = worker.pretokens[i];
        }
        ids.append(worker.ids.data(), worker.ids.size());
        begin += start;
    }
}

void Engine::encode(Text text, Buffer<Id>& ids) const {
    Lease worker(*this);
    encode_with(*worker, text, ids);
}

std::uint64_t Engine::count(Text text) const {
    Lease worker(*this);
    worker->text_ids.clear();
    encode_with(*worker, text, worker->text_ids);
    return worker->text_ids.size();
}

// Where every id says its width, ends are their running sum; where one does not, the text is
// segmented again by a way that tells.
void Engine::encode_spans(Text text, Buffer<Id>& ids, Buffer<std::uint64_t>& ends) const {
    Lease worker(*this);
    encode_with(*worker, text, ids);
    ends.reserve_more(ids.size());
    ends.set_size(ids.size());
    std::uint64_t end = 0;
    bool open = false;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::uint32_t width = segmenter_.width(ids[i]);
        open |= width == 0;
        ends[i] = end += width;
    }
    if (!open && end == text.size()) return;
    ids.clear();
    ends.clear();
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t count = splitter_.split(text.data(), text.size(), begin,
                                                  worker->pretokens.data(), worker->pretokens.size());
        if (count == 0) break;
        std::size_t start = 0;
        for (std::size_t i = 0; i < count; ++i) {
            worker->ids.clear();
            worker->ends.clear();
            segmenter_.segment_with_ends(text.data() + begin + start, worker->pretokens[i] - start,
                                         *worker->scratch, worker->ids, worker->ends);
            ids.append(worker->ids.data(), worker->ids.size());
            for (const std::uint32_t at : worker->ends) ends.push(begin + start + at);
            start = worker->pretokens[i];
        }
        begin += start;
    }
}

void Engine::encode_stretches(Text text, std::span<const Stretch> stretches, Buffer<Id>& ids,
                              Buffer<std::uint64_t>& offsets) const {
    Lease worker(*this);
    for (const Stretch& stretch : stretches) {
        worker->ids.clear();
        if (stretch.end > stretch.begin)
            segmenter_.segment(text.data() + stretch.begin, stretch.end - stretch.begin,
                               *worker->scratch, worker->ids);
        ids.append(worker->ids.data(), worker->ids.size());
        offsets.push(ids.size());
    }
}

namespace {

struct Run {
    std::size_t first, last;  // texts
};

// Texts that lie next to one another, about 128 KB together: few hand-outs, and enough of them
// that threads end together.
std::vector<Run> runs_of(std::span<const Text> texts) {
    constexpr std::size_t enough = std::size_t{1} << 17;
    std::vector<Run> runs;
    std::size_t bytes = 0;
    std::size_t first = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        bytes += texts[i].size() + 64;
        if (bytes < enough && i + 1 < texts.size()) continue;
        runs.push_back({first, i + 1});
        first = i + 1;
        bytes = 0;
    }
    return runs;
}

}  // namespace

void Engine::encode_batch(std::span<const Text> texts, unsigned threads, Buffer<Id>& ids,
                          std::uint64_t* offsets) const {
    const std::vector<Run> runs = runs_of(texts);
    std::vector<Buffer<Id>> parts(runs.size());
    parallel_for(runs.size(), threads, [&](std::size_t i) {
        Lease worker(*this);
        for (std::size_t text = runs[i].first; text < runs[i].last; ++text) {
            encode_with(*worker, texts[text], parts[i]);
            offsets[text + 1] = parts[i].size();
        }
    });
    offsets[0] = 0;
    std::size_t total = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (std::size_t text = runs[i].first; text < runs[i].last; ++text)
            offsets[text + 1] += total;
        total += parts[i].size();
    }
    ids.reserve_more(total);
    for (Buffer<Id>& part : parts) {
        ids.append(part.data(), part.size());
        part.free_memory();
    }
}

void Engine::count_batch(std::span<const Text> texts, unsigned threads,
                         std::uint64_t* counts) const {
    const std::vector<Run> runs = runs_of(texts);
    parallel_for(runs.size(), threads, [&](std::size_t i) {
        for (std::size_t text = runs[i].first; text < runs[i].last; ++text)
            counts[text] = count(texts[text]);
    });
}

}  // namespace tokenry
