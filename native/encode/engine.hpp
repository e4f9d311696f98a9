// Text to ids: what finds pretokens and a segmenter, many texts at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "base/pool.hpp"
#include "encode/segmenter.hpp"
#include "encode/share.hpp"
#include "encode/token_finder.hpp"
#include "normalize/normalizer.hpp"
#include "split/finder.hpp"

namespace tokenry::encode {

struct Range {
    std::uint64_t begin, end;  // in bytes
};

// What the caches of words may hold where nobody says: TOKENRY_CACHE_BYTES where set, else 32 MB.
std::size_t default_cache_bytes();

// What one thread needs while it encodes: private, so threads share nothing that changes.
class Worker;
class IdWidths;
struct Words;

class Engine {
public:
    // Both must outlive the engine. `cache_bytes` bounds the memory of each worker.
    Engine(const Segmenter& segmenter, const split::Finder& finder, std::size_t cache_bytes);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // A normalizer, where one is given, changes each text before it is split; tokens, where some
    // are given, are found before that, and what stands between them is a text each. A text that is
    // large may be shared by threads.
    void encode(Text text, Buffer<Id>& ids, const normalize::Normalizer* normalizer = nullptr,
                const TokenFinder* tokens = nullptr, Share share = {}) const;
    std::uint64_t count(Text text, const normalize::Normalizer* normalizer = nullptr) const;
    // Ids, and begin and end of each in bytes of `text`; one begins where the one before it ends.
    void encode_spans(Text text, Buffer<Id>& ids, Buffer<std::int64_t>& spans) const;
    // Appends ids and, for each range, the number of ids up to its end.
    void encode_ranges(Text text, std::span<const Range> ranges, Buffer<Id>& ids,
                       Buffer<std::uint64_t>& offsets) const;
    // Ids of all texts in a row; offsets has one more entry than texts.
    void encode_batch(std::span<const Text> texts, unsigned threads, Buffer<Id>& ids,
                      std::uint64_t* offsets, const normalize::Normalizer* normalizer = nullptr,
                      const TokenFinder* tokens = nullptr) const;
    void count_batch(std::span<const Text> texts, unsigned threads, std::uint64_t* counts,
                     const normalize::Normalizer* normalizer = nullptr) const;

    void clear_cache() const;
    struct Stats {
        std::uint64_t workers = 0, cache_bytes = 0;
    };
    Stats stats() const;

    const Segmenter& segmenter() const { return segmenter_; }

private:
    template <typename Use>
    void split(Worker& worker, Text text, Use use) const;
    void encode_open_spans(Worker& worker, Text text, Buffer<Id>& ids,
                           Buffer<std::int64_t>& spans) const;
    const IdWidths& widths() const;  // made when first asked for
    std::uint64_t count_with(Worker& worker, Text text,
                             const normalize::Normalizer* normalizer) const;
    void encode_with(Worker& worker, Text text, Buffer<Id>& ids,
                     const normalize::Normalizer* normalizer) const;

    void encode_shared(Text text, Buffer<Id>& ids, const normalize::Normalizer* normalizer,
                       const TokenFinder* tokens, Share share) const;
    std::size_t encode_stretch(Worker& worker, Text text, std::size_t begin, std::size_t goal,
                               Buffer<Id>& ids) const;
    void encode_around(Worker& worker, Text text, Buffer<Id>& ids,
                       const normalize::Normalizer* normalizer, const TokenFinder& tokens) const;

    const Segmenter& segmenter_;
    const split::Finder& finder_;
    mutable base::Pool<Worker> workers_;
    mutable std::unique_ptr<IdWidths> widths_;
};

}  // namespace tokenry::encode
