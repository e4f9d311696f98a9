#include "formats/json_model.hpp"

#include <algorithm>
#include <string_view>

#include "formats/json_text.hpp"

namespace tokenry::formats {
namespace {

// Gaps between ids must not dominate (`tokenry.vocabulary`).
bool is_dense(std::size_t size, std::size_t count) { return size <= 64 * (count + 65536); }

// Calls `entry(key)` at each value of an object.
template <class Entry>
bool each_key(JsonText& json, Entry entry) {
    if (!json.take('{')) return false;
    if (json.take('}')) return true;
    Buffer<std::uint8_t> key;
    do {
        key.clear();
        if (!json.read_string(key) || !json.take(':')) return false;
        if (!entry(std::string_view(reinterpret_cast<const char*>(key.data()), key.size())))
            return false;
    } while (json.take(','));
    return json.take('}');
}

template <class Entry>
bool each_item(JsonText& json, Entry entry) {
    if (!json.take('[')) return false;
    if (json.take(']')) return true;
    do {
        if (!entry()) return false;
    } while (json.take(','));
    return json.take(']');
}

// Names in the order of a file, put where their ids are.
std::unique_ptr<TokenNames> numbered(Strings read, const Buffer<std::uint32_t>& ids) {
    std::size_t size = 0, in_order = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        size = std::max<std::size_t>(size, std::size_t{ids[i]} + 1);
        in_order += ids[i] == i;
    }
    if (in_order == ids.size())
        return std::make_unique<TokenNames>(std::move(read), std::vector<Id>{});
    if (!is_dense(size, ids.size())) return nullptr;
    std::vector<std::uint32_t> place(size, ~0u);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (place[ids[i]] != ~0u) return nullptr;
        place[ids[i]] = static_cast<std::uint32_t>(i);
    }
    Strings names;
    std::vector<Id> missing;
    for (std::size_t id = 0; id < size; ++id) {
        if (place[id] == ~0u) missing.push_back(static_cast<Id>(id));
        names.add(place[id] == ~0u ? std::string_view() : read[place[id]]);
    }
    return std::make_unique<TokenNames>(std::move(names), std::move(missing));
}

bool read_ids(JsonText& json, JsonVocabulary& vocabulary) {
    Strings read;
    Buffer<std::uint32_t> ids;
    const auto entry = [&] {
        std::uint32_t id = 0;
        if (!json.read_string(read.bytes) || !json.take(':') || !json.read_id(id)) return false;
        read.close();
        ids.push(id);
        return true;
    };
    if (!json.take('{')) return false;
    if (!json.take('}')) {
        do {
            if (!entry()) return false;
        } while (json.take(','));
        if (!json.take('}')) return false;
    }
    vocabulary.names = numbered(std::move(read), ids);
    return vocabulary.names != nullptr && !vocabulary.names->repeats();
}

bool read_scores(JsonText& json, JsonVocabulary& vocabulary) {
    Strings read;
    vocabulary.scored = true;
    const bool whole = each_item(json, [&] {
        double score = 0;
        bool exact = true;
        if (!json.take('[') || !json.read_string(read.bytes) || !json.take(',')) return false;
        json.next();
        const std::size_t begin = json.place();
        if (!json.read_number(score, exact)) return false;
        if (!exact) vocabulary.odd_scores.push_back({read.size(), {begin, json.place()}});
        read.close();
        vocabulary.scores.push(score);
        return json.take(']');
    });
    if (whole) vocabulary.names = std::make_unique<TokenNames>(std::move(read), std::vector<Id>{});
    return whole;
}

// "a b" becomes two strings; false where it has not exactly one space.
bool split(Strings& sides, std::size_t begin) {
    std::uint8_t* const from = sides.bytes.data() + begin;
    std::uint8_t* const end = sides.bytes.end();
    std::uint8_t* const space = std::find(from, end, std::uint8_t{' '});
    if (space == end || std::find(space + 1, end, std::uint8_t{' '}) != end) return false;
    std::copy(space + 1, end, space);
    sides.offsets.push(static_cast<std::uint64_t>(space - sides.bytes.data()));
    sides.bytes.set_size(sides.bytes.size() - 1);
    sides.close();
    return true;
}

bool read_merge(JsonText& json, Strings& sides) {
    constexpr std::string_view header = "#version";
    const std::size_t begin = sides.bytes.size();
    if (json.next() == '"') {
        if (!json.read_string(sides.bytes)) return false;
        const std::string_view text(reinterpret_cast<const char*>(sides.bytes.data()) + begin,
                                    sides.bytes.size() - begin);
        if (!text.starts_with(header)) return split(sides, begin);
        return sides.bytes.set_size(begin), true;
    }
    if (!json.take('[') || !json.read_string(sides.bytes)) return false;
    sides.close();
    if (!json.take(',') || !json.read_string(sides.bytes)) return false;
    sides.close();
    return json.take(']');
}

bool read_vocabulary(JsonText& json, JsonVocabulary& vocabulary) {
    return json.next() == '{' ? read_ids(json, vocabulary) : read_scores(json, vocabulary);
}

bool read_merges(JsonText& json, JsonMerges& merges) {
    return each_item(json, [&] { return read_merge(json, merges.sides); });
}

// A section that comes for the first time and can be read; else `json` passes over it.
template <class Section, class Read>
bool read_section(JsonText& json, std::unique_ptr<Section>& section, bool& seen, Read read) {
    json.next();
    const std::size_t begin = json.place();
    section = seen ? nullptr : std::make_unique<Section>();
    seen = true;
    if (section && read(json, *section)) {
        section->place = {begin, json.place()};
        return true;
    }
    section = nullptr;
    json.go(begin);
    return json.pass();
}

}  // namespace

JsonModel read_json_model(base::Text text) {
    JsonModel model;
    JsonText json(text);
    bool models = false, vocabularies = false, merges = false;
    const auto section = [&](std::string_view key) {
        if (key == "vocab")
            return read_section(json, model.vocabulary, vocabularies, read_vocabulary);
        if (key == "merges") return read_section(json, model.merges, merges, read_merges);
        return json.pass();
    };
    const bool whole = each_key(json, [&](std::string_view key) {
        if (key != "model" || json.next() != '{') return json.pass();
        if (models) return false;
        models = true;
        return each_key(json, section);
    });
    return whole && json.ended() ? std::move(model) : JsonModel{};
}

}  // namespace tokenry::formats
