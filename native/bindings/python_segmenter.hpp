// A segmenter whose work is done by a Python function, for what is no loop over bytes.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "bindings/bindings.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"

namespace tokenry::bindings {

using base::Id;

// The engine's caches stand in front of it, so the function is called for words not seen lately.
// It takes the interpreter's lock for each call; threads therefore wait for one another.
class PythonSegmenter final : public encode::Segmenter, public encode::SpanFinder {
public:
    // `function(pretoken: bytes) -> [(id, size), ...]`, sizes adding up to that of the pretoken.
    PythonSegmenter(nb::object function, std::span<const std::uint8_t> bytes,
                    std::span<const std::uint64_t> offsets, std::size_t ids_per_byte);

    void segment(const std::uint8_t* pretoken, std::size_t size, encode::Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, encode::Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    const encode::SpanFinder* spans() const override { return this; }
    std::uint32_t width(Id) const override { return 0; }
    encode::Caching caching() const override { return {.ids_per_byte = ids_per_byte_}; }
    const encode::PieceTable& pieces() const override { return pieces_; }

    // For the interpreter's collector: the function may hold the object that holds this.
    nb::object& function() { return function_; }

private:
    void call(const std::uint8_t* pretoken, std::size_t size, std::vector<Id>& ids,
              std::vector<std::uint32_t>* ends) const;

    nb::object function_;
    encode::PieceTable pieces_;
    std::size_t ids_per_byte_;
};

}  // namespace tokenry::bindings
