// What each room of the core shows to Python; one binding file a room.
#pragma once
#include <nanobind/nanobind.h>

#include "base/text.hpp"

namespace tokenry::bindings {

using base::Id;
using base::Text;

void bind_split(nanobind::module_& m);   // Unicode classes and splitters
void bind_encode(nanobind::module_& m);  // Engine, BpeSegmenter, decoding, threads
void bind_local(nanobind::module_& m);   // LocalEngine and what segments raw words
void bind_models(nanobind::module_& m);  // Unigram, WordPiece, SentencePiece normalisation
void bind_python_segmenter(nanobind::module_& m);  // segmenters written in Python
void bind_events(nanobind::module_& m);  // segmenters by a log of merges and deletions
void bind_event_learning(nanobind::module_& m);  // PickyBPE and BoundlessBPE training
void bind_learn(nanobind::module_& m);   // counting, BPE and SuperBPE training
void bind_learn_unigram(nanobind::module_& m);    // Unigram training
void bind_learn_wordpiece(nanobind::module_& m);  // WordPiece training
void bind_lib(nanobind::module_& m);     // LiB training

}  // namespace tokenry::bindings
