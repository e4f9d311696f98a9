#include "encode/bpe_segmenter.hpp"

#include <algorithm>
#include <string>

#include "base/errors.hpp"
#include "base/utf8.hpp"
#include "encode/rank_merges.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::encode {

struct BpeScratch final : Scratch {
    struct Result {
        const Id* ids;
        std::uint32_t count;  // 0: not yet known
    };

    std::vector<Id> run;
    MergeScratch merge;
    BpeWalk::Scratch walk;
    std::vector<Result> results;
    std::vector<Id> wholes;
    std::vector<std::uint32_t> hashes;
    std::vector<base::Key> keys;
    BpeBatch batch;
};

namespace {

// A longer pretoken is merged even if it is a piece, where merging gives that piece anyway.
constexpr std::uint32_t longest_seed = 4096;
// Shorter ones are merged many at a time.
constexpr std::size_t shortest_walk = 3 * BpeBatch::longest;

std::string describe(std::size_t index, const Merge& merge) {
    return "merge " + std::to_string(index) + " (" + std::to_string(merge.left) + ", " +
           std::to_string(merge.right) + " -> " + std::to_string(merge.merged) + ")";
}

bool joins(const PieceTable& table, const Merge& merge) {
    const std::size_t left = table.width(merge.left);
    const std::size_t right = table.width(merge.right);
    const std::uint8_t* bytes = table.data(merge.merged);
    return table.width(merge.merged) == left + right &&
           std::memcmp(bytes, table.data(merge.left), left) == 0 &&
           std::memcmp(bytes + left, table.data(merge.right), right) == 0;
}

struct CheckedMerges {
    std::vector<Merge> merges;
    std::vector<std::uint32_t> ranks;
};

CheckedMerges check_merges(const PieceTable& table, std::span<const Merge> merges,
                           std::span<const std::uint32_t> ranks) {
    if (merges.size() != ranks.size())
        throw base::VocabularyError(std::to_string(merges.size()) +
                                    " merges need as many ranks, not " +
                                    std::to_string(ranks.size()));
    CheckedMerges checked;
    checked.merges.reserve(merges.size());
    checked.ranks.reserve(merges.size());
    for (std::size_t i = 0; i < merges.size(); ++i) {
        const Merge& merge = merges[i];
        if (std::max({merge.left, merge.right, merge.merged}) >= table.size())
            throw base::VocabularyError(describe(i, merge) + " names an id beyond the " +
                                        std::to_string(table.size()) + " pieces");
        if (table.width(merge.left) == 0 || table.width(merge.right) == 0) continue;
        if (!joins(table, merge))
            throw base::VocabularyError(describe(i, merge) +
                                        " makes a piece that is not its two parts joined");
        checked.merges.push_back(merge);
        checked.ranks.push_back(ranks[i]);
    }
    return checked;
}

PairTable make_pairs(const PieceTable& table, std::span<const Merge> merges,
                     std::span<const std::uint32_t> ranks) {
    const CheckedMerges checked = check_merges(table, merges, ranks);
    return PairTable(checked.merges, checked.ranks);
}

PairTable merges_before(const PairTable& pairs, std::uint32_t order) {
    std::vector<Merge> merges;
    std::vector<std::uint32_t> orders;
    for (const Merge& merge : pairs.merges()) {
        const std::uint32_t found = pairs.order(merge.left, merge.right);
        if (found >= order) continue;
        merges.push_back(merge);
        orders.push_back(found);
    }
    return PairTable(merges, orders);
}

[[noreturn]] void no_piece(const std::uint8_t* text, std::size_t size) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string shown;
    for (std::size_t i = 0; i < size; ++i) {
        shown += digits[text[i] >> 4];
        shown += digits[text[i] & 15];
    }
    throw base::EncodeError("the vocabulary has no piece for the bytes " + shown +
                            " (hexadecimal) and no unknown id");
}

}  // namespace

BpeSegmenter::BpeSegmenter(std::span<const std::uint8_t> bytes,
                           std::span<const std::uint64_t> offsets, std::span<const Merge> merges,
                           std::span<const std::uint32_t> ranks, const BpeOptions& options)
    : table_(bytes, offsets), options_(options), pairs_(make_pairs(table_, merges, ranks)) {
    check_bytes();
    index_symbols();
    index_wholes();
}

BpeSegmenter::BpeSegmenter(std::span<const std::uint8_t> bytes,
                           std::span<const std::uint64_t> offsets,
                           std::span<const std::uint32_t> ranks, const BpeOptions& options)
    : table_(bytes, offsets), options_(options) {
    check_bytes();
    RankedMerges found = merges_from_ranks(table_, ranks, options_.characters);
    pairs_ = std::move(found.pairs);
    index_symbols();
    // Of pieces with equal bytes the first by id is the one; the index holds the first by rank.
    if (plain_bytes_ && options_.whole_pretokens && std::is_sorted(ranks.begin(), ranks.end())) {
        set_wholes(std::move(found.index));
        cuts_ = atoms_.any() && found.complete;
    } else {
        index_wholes();
    }
}

BpeSegmenter::BpeSegmenter(const BpeSegmenter& other, std::uint32_t order)
    : table_(other.table_), options_(other.options_), pairs_(merges_before(other.pairs_, order)) {
    options_.whole_pretokens = false;
    index_symbols();
    index_wholes();
}

void BpeSegmenter::check_bytes() const {
    const auto limit = static_cast<std::int64_t>(table_.size());
    if (options_.unknown >= limit)
        throw base::VocabularyError("the unknown id " + std::to_string(options_.unknown) +
                                    " is beyond the " + std::to_string(limit) + " pieces");
    for (std::size_t byte = 0; byte < 256; ++byte) {
        const std::int64_t id = options_.byte_ids[byte];
        if (id >= limit)
            throw base::VocabularyError("the id " + std::to_string(id) + " of byte " +
                                        std::to_string(byte) + " is beyond the " +
                                        std::to_string(limit) + " pieces");
        if (id >= 0 && (table_.width(static_cast<Id>(id)) != 1 ||
                        *table_.data(static_cast<Id>(id)) != byte))
            throw base::VocabularyError("id " + std::to_string(id) + " was given for byte " +
                                        std::to_string(byte) + " but its piece is another");
    }
}

// Where merging starts from characters, ids of bytes never match a piece of text.
std::vector<bool> BpeSegmenter::fallback_ids() const {
    std::vector<bool> fallback(table_.size());
    if (options_.characters)
        for (const std::int64_t id : options_.byte_ids)
            if (id >= 0) fallback[static_cast<std::size_t>(id)] = true;
    return fallback;
}

void BpeSegmenter::index_symbols() {
    if (options_.characters)
        index_characters();
    else
        index_bytes();
}

void BpeSegmenter::index_characters() {
    const std::vector<bool> is_byte = fallback_ids();
    characters_.emplace(table_, table_.size());
    for (Id id = 0; id < table_.size(); ++id)
        if (!is_byte[id] && table_.width(id) > 0 && table_.width(id) <= 4 &&
            base::character_size(table_.data(id), table_.width(id)) == table_.width(id))
            characters_->add(id);
    index_plane(is_byte);
}

void BpeSegmenter::index_plane(const std::vector<bool>& is_byte) {
    std::vector<Id> ids;  // descending: of equal pieces the first counts
    for (Id id = static_cast<Id>(table_.size()); id-- > 0;)
        if (!is_byte[id] && table_.width(id) > 0) ids.push_back(id);
    const bool all_fall_back = options_.byte_fallback && all_have_ids(options_.byte_ids);
    plane_.emplace(character_ids(table_, ids), options_.fuse_unknown && !all_fall_back, pairs_.size());
    for (std::size_t i = 0; i < pairs_.size(); ++i)
        plane_->add(table_.data(pairs_.merged_at(i)), table_.width(pairs_.merged_at(i)));
    // A part must not be taken for a whole pretoken, and bytes of the fallback must not merge.
    cuts_ = !options_.whole_pretokens && !pairs_.uses(is_byte);
}

void BpeSegmenter::cut(Pretoken pretoken, Buffer<std::uint32_t>& ends) const {
    if (plane_)
        plane_->cut(pretoken.text, pretoken.size, ends);
    else
        atoms_.cut(pretoken.text, pretoken.size, ends);
}

void BpeSegmenter::index_bytes() {
    if (!all_have_ids(options_.byte_ids)) return;
    atoms_ = Atoms(table_, pairs_, options_.byte_ids.data());
    plain_bytes_ = true;
}

// With whole_pretokens every piece is a whole; otherwise those that merging really reaches.
void BpeSegmenter::index_wholes() {
    whole_.emplace(table_, 0);
    const std::vector<bool> is_byte = fallback_ids();
    std::vector<Id> pieces;
    for (Id id = 0; id < table_.size(); ++id)
        if (!is_byte[id] && table_.width(id) > 0) pieces.push_back(id);
    // A part that is cut off must not be taken for a whole pretoken that merging would not give.
    if (plain_bytes_) cuts_ = atoms_.any();
    if (!options_.whole_pretokens)
        pieces = reached(pieces);
    else if (cuts_)
        merge_pieces(pieces, [&](Id, const Id*, std::size_t count) { cuts_ &= count == 1; });
    PieceIndex index(table_, pieces.size());
    for (const Id id : pieces) index.add(id);
    set_wholes(std::move(index));
    if (plain_bytes_ && !options_.whole_pretokens) walk_ = BpeWalk::of(table_, pairs_, pieces);
}

bool BpeSegmenter::walks(std::size_t size) const { return walk_ && size > shortest_walk; }

void BpeSegmenter::set_wholes(PieceIndex index) {
    whole_.emplace(std::move(index));
    for (Id id = 0; id < table_.size(); ++id)
        longest_ = std::max<std::size_t>(longest_, table_.width(id));
}

// The pieces that merging makes of their own bytes.
std::vector<Id> BpeSegmenter::reached(const std::vector<Id>& pieces) const {
    std::vector<Id> found;
    const auto check = [&](Id piece, const Id* ids, std::size_t count) {
        if (count == 1 && ids[0] == piece && table_.width(piece) <= longest_seed)
            found.push_back(piece);
    };
    merge_pieces(pieces, check);
    return found;
}

// Calls use(piece, ids, count) with what merging makes of each piece that has symbols.
template <typename Use>
void BpeSegmenter::merge_pieces(const std::vector<Id>& pieces, Use use) const {
    BpeScratch scratch;
    constexpr std::size_t group = 256;
    scratch.results.resize(group);
    std::vector<Pretoken> pretokens;
    std::vector<Id> ids;
    for (std::size_t done = 0; done < pieces.size(); done += group) {
        pretokens.clear();
        const std::size_t count = std::min(group, pieces.size() - done);
        for (std::size_t i = 0; i < count; ++i)
            pretokens.push_back({table_.data(pieces[done + i]), table_.width(pieces[done + i])});
        for (std::size_t i = 0; i < count; ++i) scratch.results[i].count = 0;
        if (plain_bytes_ || plane_) merge_short(pretokens, scratch);
        for (std::size_t i = 0; i < count; ++i) {
            const BpeScratch::Result& result = scratch.results[i];
            if (result.count > 0) {
                use(pieces[done + i], result.ids, result.count);
                continue;
            }
            ids.clear();
            try {
                merge_one(pretokens[i].text, pretokens[i].size, scratch, ids);
            } catch (const base::EncodeError&) {
                continue;
            }
            use(pieces[done + i], ids.data(), ids.size());
        }
    }
}

std::unique_ptr<Scratch> BpeSegmenter::make_scratch() const {
    return std::make_unique<BpeScratch>();
}

Id BpeSegmenter::character(const std::uint8_t* text, std::size_t size) const {
    if (characters_) return characters_->find(text, size);
    const std::int64_t id = options_.byte_ids[*text];
    return id < 0 ? no_id : static_cast<Id>(id);
}

bool BpeSegmenter::falls_back(const std::uint8_t* text, std::size_t size) const {
    return options_.byte_fallback && std::all_of(text, text + size, [&](std::uint8_t byte) {
               return options_.byte_ids[byte] >= 0;
           });
}

// Collects the first symbols in `run` and calls known() where an unknown stretch ends a run and
// at the end; unknown(size) stands for one unknown id.
template <typename Known, typename Unknown>
void BpeSegmenter::walk(const std::uint8_t* pretoken, std::size_t size, std::vector<Id>& run,
                        Known known, Unknown unknown) const {
    run.clear();
    std::size_t pending = 0;
    for (std::size_t at = 0; at < size;) {
        const std::size_t bytes =
            options_.characters ? base::character_size(pretoken + at, size - at) : 1;
        const Id id = character(pretoken + at, bytes);
        const bool fallback = id == no_id && falls_back(pretoken + at, bytes);
        if (pending > 0 && (id != no_id || fallback || !options_.fuse_unknown)) {
            unknown(pending);
            pending = 0;
        }
        if (id != no_id) {
            run.push_back(id);
        } else if (fallback) {
            for (std::size_t i = at; i < at + bytes; ++i)
                run.push_back(static_cast<Id>(options_.byte_ids[pretoken[i]]));
        } else {
            if (options_.unknown < 0) no_piece(pretoken + at, bytes);
            if (pending == 0) known();
            pending += bytes;
        }
        at += bytes;
    }
    if (pending > 0) unknown(pending);
    known();
}

void BpeSegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids) const {
    if (const Id id = whole(pretoken, size); id != no_id) {
        ids.push_back(id);
        return;
    }
    auto& own = static_cast<BpeScratch&>(scratch);
    if (walks(size)) return walk_->encode(pretoken, size, own.walk, ids);
    merge_one(pretoken, size, own, ids);
}

void BpeSegmenter::merge_one(const std::uint8_t* pretoken, std::size_t size, BpeScratch& own,
                             std::vector<Id>& ids) const {
    const auto known = [&] {
        const std::size_t count = merge(pairs_, own.run.data(), own.run.size(), own.merge);
        ids.insert(ids.end(), own.run.begin(), own.run.begin() + static_cast<std::ptrdiff_t>(count));
        own.run.clear();
    };
    const auto unknown = [&](std::size_t) { ids.push_back(static_cast<Id>(options_.unknown)); };
    walk(pretoken, size, own.run, known, unknown);
}

void BpeSegmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                                std::vector<Id>& ids, std::uint32_t* counts) const {
    if (!plain_bytes_ && !plane_) return Segmenter::segment_many(pretokens, scratch, ids, counts);
    auto& own = static_cast<BpeScratch&>(scratch);
    own.results.resize(std::max(own.results.size(), pretokens.size()));
    find_wholes(pretokens, own);
    merge_short(pretokens, own);
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        const std::size_t before = ids.size();
        if (const BpeScratch::Result& result = own.results[i]; result.count > 0)
            ids.insert(ids.end(), result.ids, result.ids + result.count);
        else
            segment(pretokens[i].text, pretokens[i].size, scratch, ids);
        counts[i] = static_cast<std::uint32_t>(ids.size() - before);
    }
}

// Looks every pretoken up among the pieces, in steps that each ask for the memory of the next.
void BpeSegmenter::find_wholes(std::span<const Pretoken> pretokens, BpeScratch& scratch) const {
    scratch.keys.resize(std::max(scratch.keys.size(), pretokens.size()));
    scratch.hashes.resize(scratch.keys.size());
    scratch.wholes.resize(scratch.keys.size());
    const auto is_short = [&](std::size_t i) { return pretokens[i].size <= base::Key::longest; };
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        const Pretoken& pretoken = pretokens[i];
        if (is_short(i)) scratch.keys[i] = base::key_of(pretoken.text, pretoken.size);
        scratch.hashes[i] = is_short(i) ? base::hash_of(scratch.keys[i])
                            : pretoken.size <= longest_
                                ? base::hash_of(pretoken.text, pretoken.size)
                                : 0;
        whole_->prefetch(scratch.hashes[i]);
    }
    for (std::size_t i = 0; i < pretokens.size(); ++i) whole_->prefetch_key(scratch.hashes[i]);
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        const auto& [text, size] = pretokens[i];
        const Id id = is_short(i)        ? whole_->find(scratch.keys[i], scratch.hashes[i])
                      : size <= longest_ ? whole_->find_long(text, size, scratch.hashes[i])
                                         : no_id;
        scratch.wholes[i] = id;
        scratch.results[i] = {&scratch.wholes[i], id != no_id};
    }
}

// At most `size`; 0 where one of them would be unknown.
std::size_t BpeSegmenter::first_symbols(const std::uint8_t* text, std::size_t size, Id* out) const {
    if (!plane_) return atoms_.symbols(text, size, out);
    std::size_t count = 0;
    for (const std::uint8_t* const end = text + size; text < end;) {
        const auto [code, width] = unicode::decode(text, end);
        const Id id = plane_->has(code) ? plane_->id(code) : characters_->find(text, width);
        if (id != no_id) {
            out[count++] = id;
        } else {
            if (!falls_back(text, width)) return 0;
            for (std::size_t i = 0; i < width; ++i)
                out[count++] = static_cast<Id>(options_.byte_ids[text[i]]);
        }
        text += width;
    }
    return count;
}

// Merges together what is neither known nor too long for it.
void BpeSegmenter::merge_short(std::span<const Pretoken> pretokens, BpeScratch& scratch) const {
    constexpr std::size_t most_bytes = 3 * BpeBatch::longest;
    scratch.batch.clear();
    for (std::uint32_t i = 0; i < pretokens.size(); ++i) {
        const Pretoken& pretoken = pretokens[i];
        if (scratch.results[i].count > 0 || pretoken.size > most_bytes) continue;
        Id* symbols = scratch.batch.room(pretoken.size);
        const std::size_t count = first_symbols(pretoken.text, pretoken.size, symbols);
        if (count > 0 && count <= BpeBatch::longest)
            scratch.batch.add(i, static_cast<unsigned>(count));
    }
    scratch.batch.merge(pairs_);
    scratch.batch.each([&](std::uint32_t i, std::span<const Id> ids) {
        scratch.results[i] = {ids.data(), static_cast<std::uint32_t>(ids.size())};
    });
}

void BpeSegmenter::segment_with_ends(const std::uint8_t* pretoken, std::size_t size,
                                     Scratch& scratch, std::vector<Id>& ids,
                                     std::vector<std::uint32_t>& ends) const {
    if (const Id id = whole(pretoken, size); id != no_id) {
        ids.push_back(id);
        ends.push_back(static_cast<std::uint32_t>(size));
        return;
    }
    auto& own = static_cast<BpeScratch&>(scratch);
    std::uint32_t end = 0;
    if (walks(size)) {
        const std::size_t first = ids.size();
        walk_->encode(pretoken, size, own.walk, ids);
        for (std::size_t i = first; i < ids.size(); ++i)
            ends.push_back(end += table_.width(ids[i]));
        return;
    }
    const auto known = [&] {
        const std::size_t count = merge(pairs_, own.run.data(), own.run.size(), own.merge);
        for (std::size_t i = 0; i < count; ++i) {
            ids.push_back(own.run[i]);
            ends.push_back(end += table_.width(own.run[i]));
        }
        own.run.clear();
    };
    const auto unknown = [&](std::size_t bytes) {
        ids.push_back(static_cast<Id>(options_.unknown));
        ends.push_back(end += static_cast<std::uint32_t>(bytes));
    };
    walk(pretoken, size, own.run, known, unknown);
}

}  // namespace tokenry::encode
