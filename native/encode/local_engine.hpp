// Raw text to ids a word at a time: what changes and cuts text happens only inside words that no
// cache knows.
#pragma once
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "base/pool.hpp"
#include "encode/engine.hpp"
#include "encode/segmenter.hpp"
#include "encode/squeezed_spaces.hpp"
#include "encode/token_finder.hpp"
#include "split/splitter.hpp"

namespace tokenry::encode {

// A segmenter of raw words throws this for a word on which the steps may look beyond the word. The
// text it stands in must go another way.
struct NotLocal final : std::exception {
    const char* what() const noexcept override { return "a word does not stand alone"; }
};

// What is put before a text that is not empty: `prefix`, or nothing where the text begins with a
// space and `unless_space` is set. Where a text is squeezed (see squeezed_spaces.hpp), both are one
// space; its words are then the same whatever of these bytes stands before them.
struct TextStart {
    std::string prefix;
    bool unless_space = false;
    SpaceBytes squeezes{""};
};

class LocalWorker;

// A pipeline is word-local where the ids of a text are those of its raw words, one after the other:
// the pretokens that `splitter` finds in the text as it stands, behind what TextStart puts before
// it. Who makes a LocalEngine promises that for every text all of whose words `words` segments
// without throwing NotLocal. Two demands on the splitter follow: what TextStart puts before a text
// may change boundaries only within its first word, and white space belongs to the word after it
// or is a word of its own, as the caches tell words apart by their bytes alone.
//
// Texts that are short lie one behind the other in a page and go through the caches together: one
// by one their misses would be merged one by one too, and half the time would go to the calls.
class LocalEngine {
public:
    // Both must outlive the engine. `cache_bytes` bounds what each worker remembers of words; what
    // `words` remembers in its scratch comes on top.
    LocalEngine(const Segmenter& words, const split::Splitter& splitter, TextStart start,
                std::size_t cache_bytes);
    ~LocalEngine();
    LocalEngine(const LocalEngine&) = delete;
    LocalEngine& operator=(const LocalEngine&) = delete;

    // Appends the ids of a text; false, and nothing appended, where a word does not stand alone.
    // Where `tokens` are given, what stands between those found in it is a text each. A text that is
    // large may be shared by threads, but for words that are put together.
    bool encode(Text text, Buffer<Id>& ids, const TokenFinder* tokens = nullptr,
                Share share = {}) const;
    // Ids of all texts in a row; offsets has one more entry than texts. `others` receives, ascending,
    // the texts that have no ids here because a word of them does not stand alone.
    void encode_batch(std::span<const Text> texts, unsigned threads, Buffer<Id>& ids,
                      std::uint64_t* offsets, std::vector<std::uint64_t>& others,
                      const TokenFinder* tokens = nullptr) const;

    void clear_cache() const;
    Engine::Stats stats() const;

private:
    bool encode_shared(Text text, Buffer<Id>& ids, const TokenFinder* tokens, Share share) const;

    const Segmenter& words_;
    const split::Splitter& splitter_;
    TextStart start_;
    mutable base::Pool<LocalWorker> workers_;
};

}  // namespace tokenry::encode
