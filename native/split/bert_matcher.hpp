// Declarations that the scalar and the vector files of BERT's splitter share; see matchers.hpp.
#pragma once
#include "base/compiler.hpp"
#include "split/matchers.hpp"
#include "unicode/bert_kinds.hpp"

namespace tokenry::split {

namespace bert = unicode::bert;

// The end of the pretoken at `text` < `end`.
Pointer match_bert(const bert::Kinds& kinds, Pointer text, Pointer end);

// As Splitter::split.
using BertSplit = std::size_t (*)(const bert::Kinds& kinds, Pointer text, std::size_t size,
                                  std::size_t begin, std::uint32_t* ends, std::size_t capacity);

std::size_t split_bert(const bert::Kinds& kinds, Pointer text, std::size_t size, std::size_t begin,
                       std::uint32_t* ends, std::size_t capacity);
#if defined(TOKENRY_X86)
std::size_t split_bert_avx2(const bert::Kinds& kinds, Pointer text, std::size_t size,
                            std::size_t begin, std::uint32_t* ends, std::size_t capacity);
std::size_t split_bert_avx512(const bert::Kinds& kinds, Pointer text, std::size_t size,
                              std::size_t begin, std::uint32_t* ends, std::size_t capacity);
#elif defined(TOKENRY_ARM)
std::size_t split_bert_neon(const bert::Kinds& kinds, Pointer text, std::size_t size,
                            std::size_t begin, std::uint32_t* ends, std::size_t capacity);
#endif

}  // namespace tokenry::split
