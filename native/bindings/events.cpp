// Python's view of segmenters by a log of events.
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <cstring>
#include <span>
#include <vector>

#include "bindings/bindings.hpp"
#include "encode/event_segmenter.hpp"
#include "encode/word_run_segmenter.hpp"
#include "split/registry.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace tokenry::bindings {

using namespace encode;

namespace {

template <typename T>
using In = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Rows = nb::ndarray<const std::uint32_t, nb::shape<-1, 4>, nb::c_contig, nb::device::cpu>;

static_assert(sizeof(Event) == 4 * sizeof(std::uint32_t));

template <typename T>
std::span<const T> view(const In<T>& array) {
    return {array.data(), array.size()};
}

std::span<const std::uint8_t> view(const nb::bytes& data) {
    return {static_cast<const std::uint8_t*>(data.data()), data.size()};
}

std::vector<Event> events_of(const Rows& rows) {
    std::vector<Event> events(rows.shape(0));
    if (!events.empty()) std::memcpy(events.data(), rows.data(), events.size() * sizeof(Event));
    return events;
}

}  // namespace

void bind_events(nb::module_& m) {
    nb::class_<EventSegmenter, Segmenter>(m, "EventSegmenter")
        .def(
            "__init__",
            [](EventSegmenter* self, nb::bytes pieces, In<std::uint64_t> offsets, Rows events,
               In<std::int64_t> ids) {
                const auto log = events_of(events);
                nb::gil_scoped_release release;
                new (self) EventSegmenter(view(pieces), view(offsets), log, view(ids));
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "events"_a, "ids"_a);
    nb::class_<WordRunSegmenter, Segmenter>(m, "WordRunSegmenter")
        .def(
            "__init__",
            [](WordRunSegmenter* self, nb::bytes pieces, In<std::uint64_t> offsets, Rows events,
               In<std::int64_t> ids, const std::string& splitter) {
                auto words = split::make_word_runs(splitter);
                if (words == nullptr)
                    throw nb::value_error(("no splitter of word runs is named " + splitter).c_str());
                const auto log = events_of(events);
                nb::gil_scoped_release release;
                new (self)
                    WordRunSegmenter(view(pieces), view(offsets), log, view(ids), std::move(words));
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "events"_a, "ids"_a, "splitter"_a);
}

}  // namespace tokenry::bindings
