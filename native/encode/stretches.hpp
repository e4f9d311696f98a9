// One text on several threads: in stretches, each of which ends where the next one begins.
//
// Where that is cannot be known without the text before, so it is guessed (Finder::cut_near) and then
// seen: a stretch goes on to the first pretoken that ends at or behind its goal. Where that end is
// not its goal, the next stretch is done again from there. So ids are always those of one thread.
#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/buffer.hpp"
#include "base/pool.hpp"
#include "base/thread_pool.hpp"
#include "encode/segmenter.hpp"
#include "encode/share.hpp"
#include "encode/text_runs.hpp"
#include "encode/token_finder.hpp"

namespace tokenry::encode {

// The pretokens of a text from the one that begins at `begin` to the first that ends at or behind
// `goal`, and the token that stands behind the text, where it is a part of another.
struct Stretch {
    Text text;
    std::size_t begin, goal;
    std::optional<Id> token;
};

// Stretches in portions for threads; a cut is always between two portions.
class StretchRuns {
public:
    explicit StretchRuns(std::size_t bytes) : bytes_(bytes) {}

    // Adds a text, cut where `cut_near(at)` says; 0 is no cut.
    template <class CutNear>
    void add(Text text, std::optional<Id> token, CutNear cut_near) {
        std::size_t begin = 0;
        for (std::size_t at = bytes_; at + bytes_ / 2 < text.size(); at = std::max(at, begin) + bytes_) {
            const std::size_t cut = cut_near(at);
            if (cut <= begin || cut >= text.size()) continue;
            put({text, begin, cut, std::nullopt});
            begin = cut;
        }
        put({text, begin, text.size(), token});
    }

    // Calls encode(worker, text, begin, goal, ids) for all, which gives where it ended, and appends ids.
    // A worker's `shared` holds what its thread finds, until all of it has its place.
    template <class Worker, class Encode>
    void encode(base::Pool<Worker>& pool, unsigned threads, Buffer<Id>& ids, Encode encode) const {
        std::vector<Part> parts(runs_.size());
        typename base::Pool<Worker>::Leases workers(pool, base::useful_threads(runs_.size(), threads));
        const auto run = [&](unsigned thread, std::size_t i, std::size_t begin) {
            Buffer<Id>& out = workers[thread].shared;
            Part& part = parts[i];
            part = {thread, out.size(), 0, 0};
            for (const Stretch& each : runs_[i]) {
                part.end = encode(workers[thread], each.text, begin, each.goal, out);
                if (each.token) out.push(*each.token);
                begin = 0;
            }
            part.count = out.size() - part.first;
        };
        for (std::size_t i = 0; i < workers.size(); ++i) workers[i].shared.clear();
        base::parallel_parts(runs_.size(), threads, [&](unsigned thread, std::size_t i) {
            run(thread, i, runs_[i].front().begin);
        });
        for (std::size_t i = 1; i < runs_.size(); ++i) {
            const std::size_t begin = runs_[i].front().begin;
            if (begin > 0 && parts[i - 1].end != begin) run(0, i, parts[i - 1].end);
        }
        join(parts, threads, ids, [&](const Part& part) { return workers[part.thread].shared.data() + part.first; });
        for (std::size_t i = 0; i < workers.size(); ++i)
            if (workers[i].shared.capacity() > most_kept) workers[i].shared.free_memory();
    }

private:
    static constexpr std::size_t most_kept = std::size_t{1} << 20;  // ids

    // What a run became: where its ids lie in its thread's memory, and where it ended.
    struct Part {
        unsigned thread;
        std::size_t first, count, end;
    };

    // Threads share the copying and, more than that, the first touch of the pages that it writes to.
    template <class Begin>
    static void join(const std::vector<Part>& parts, unsigned threads, Buffer<Id>& ids, Begin begin) {
        std::vector<std::size_t> places;
        std::size_t total = ids.size();
        for (const Part& part : parts) {
            places.push_back(total);
            total += part.count;
        }
        ids.reserve_more(total - ids.size());
        ids.set_size(total);
        const auto copy = [&](unsigned, std::size_t i) {
            std::copy_n(begin(parts[i]), parts[i].count, ids.data() + places[i]);
        };
        base::parallel_parts(parts.size(), total < worth_waking ? 1 : threads, copy);
    }

    void put(Stretch stretch) {
        if (filled_ == 0 || filled_ >= bytes_ || stretch.begin > 0) {
            runs_.emplace_back();
            filled_ = 0;
        }
        filled_ += stretch.goal - stretch.begin + 64;
        runs_.back().push_back(stretch);
    }

    std::size_t bytes_;
    std::size_t filled_ = 0;
    std::vector<std::vector<Stretch>> runs_;
};

// Calls add(part, token) for what stands before each token of a text, and with none for the rest.
template <class Add>
void each_part(Text text, const TokenFinder* tokens, Add add) {
    std::size_t begin = 0;
    for (; tokens != nullptr;) {
        const auto found = tokens->next(text, begin);
        if (!found) break;
        add(text.subspan(begin, found->begin - begin), std::optional<Id>(found->id));
        begin = found->end;
    }
    add(text.subspan(begin), std::optional<Id>());
}

}  // namespace tokenry::encode
