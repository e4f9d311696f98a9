// BERT's words: what stands between white space, and each punctuation character and ideograph.
#pragma once
#include <memory>

#include "base/simd.hpp"
#include "split/splitter.hpp"
#include "unicode/bert.hpp"

namespace tokenry::split {

namespace bert = unicode::bert;

// Cuts text as it stands into what becomes the words of the normalised text, one each: no step of
// BertNormalizer looks beyond such a word, and white space, punctuation and ideographs remain what
// they are. Without options it is BertPreTokenizer.
//
// A pretoken is a word with the one space before it, or white space that no word takes.
std::unique_ptr<Splitter> make_bert_splitter(bert::Options options,
                                             base::Simd simd = base::best_simd());

}  // namespace tokenry::split
