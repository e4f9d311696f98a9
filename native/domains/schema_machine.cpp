#include "domains/schema_machine.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "base/interrupts.hpp"

namespace tokenry::domains {
namespace {

constexpr int deepest = 64;  // groups within groups
constexpr std::uint64_t most_room = 1 << 20;

std::uint64_t value_of(const std::uint8_t* bytes, std::int64_t width, bool big) {
    std::uint64_t value = 0;
    for (std::int64_t i = 0; i < width; ++i)
        value |= std::uint64_t{bytes[i]} << 8 * (big ? width - 1 - i : i);
    return value;
}

// A whole file, which is cut in two.
class File {
public:
    using Found = FileParts;

    File(const Program& program, std::span<const std::uint8_t> bytes) : program_(program), bytes_(bytes) {
        found_.kept.reserve(bytes.size());
    }
    std::uint64_t size() const { return bytes_.size(); }
    bool ends(std::uint64_t at) const { return at >= bytes_.size(); }
    // The bytes at a place, which are there.
    const std::uint8_t* take(std::uint16_t label, std::uint64_t at, std::uint64_t count) {
        const std::uint8_t* bytes = bytes_.data() + at;
        const auto* characters = reinterpret_cast<const char*>(bytes);
        const std::uint8_t role = program_.roles[label];
        if (role == keep) found_.kept.append(characters, count);
        if (role == side || role == quantised) found_.aside.append(characters, count);
        if (role >= quantised) found_.kept.append(program_.widths[label], '\0');
        return bytes;
    }
    void put() { found_.kept_ends.push_back(found_.kept.size()); }
    FileParts found(Labels labels) {
        static_cast<Labels&>(found_) = std::move(labels);
        return std::move(found_);
    }

private:
    const Program& program_;
    std::span<const std::uint8_t> bytes_;
    FileParts found_;
};

// What was kept and what stands aside of one, each in the order of the file.
class Parts {
public:
    using Found = WholeFile;

    Parts(const Program& program, std::span<const std::uint8_t> kept,
          std::span<const std::uint8_t> aside, std::uint64_t size)
        : program_(program), kept_(kept), aside_(aside), size_(size) {
        found_.file.reserve(size == unknown_size ? kept.size() + aside.size() : size);
    }
    std::uint64_t size() const { return size_; }
    bool ends(std::uint64_t at) const {
        return size_ == unknown_size ? kept_.empty() && aside_.empty() : at >= size_;
    }
    const std::uint8_t* take(std::uint16_t label, std::uint64_t, std::uint64_t count) {
        const std::uint8_t role = program_.roles[label];
        if (role == keep) return cut(kept_, count);
        if (role == side) return cut(aside_, count);
        if (role >= quantised) skip(program_.widths[label]);
        if (role == quantised && size_ != unknown_size) return cut(aside_, count);
        static constexpr std::uint8_t zeros[8] = {};  // more are not read
        // Of a file whose size nobody says, so much may have been dropped.
        if (size_ == unknown_size && count > most_room + 1024 * (kept_.size() + aside_.size()))
            throw std::invalid_argument("a field of " + std::to_string(count) + " bytes was dropped, more than such ids may stand for");
        found_.file.append(count, '\0');
        return zeros;
    }
    void put() {}
    WholeFile found(Labels labels) {
        if (!kept_.empty() || !aside_.empty())
            throw std::invalid_argument("more bytes are there than a file of this size has; ids of one file belong together");
        static_cast<Labels&>(found_) = std::move(labels);
        return std::move(found_);
    }

private:
    const std::uint8_t* cut(std::span<const std::uint8_t>& from, std::uint64_t count) {
        check(from, count);
        const std::uint8_t* begin = from.data();
        found_.file.append(reinterpret_cast<const char*>(begin), count);
        from = from.subspan(count);
        return begin;
    }
    void skip(std::uint64_t count) {
        check(kept_, count);
        kept_ = kept_.subspan(count);
    }
    static void check(std::span<const std::uint8_t> from, std::uint64_t count) {
        if (count > from.size()) throw std::invalid_argument("the bytes end within a field");
    }

    const Program& program_;
    std::span<const std::uint8_t> kept_, aside_;
    std::uint64_t size_;
    WholeFile found_;
};

template <typename Source>
class Machine {
public:
    Machine(const Program& program, Source source)
        : program_(program), source_(std::move(source)), end_(source_.size()), values_(program.registers) {}

    typename Source::Found run() {
        if (group(0, 0) && !source_.ends(at_) && source_.size() != unknown_size) spoil();
        if (!source_.ends(at_)) throw std::invalid_argument("bytes are left when all is read");
        return source_.found(std::move(labels_));
    }

private:
    using Numbers = const std::int64_t*;

    void put(std::uint16_t label, std::uint64_t count) {
        at_ += count;
        labels_.ends.push_back(at_);
        labels_.labels.push_back(label);
        source_.put();
    }
    // The rest of the region is no field.
    bool spoil() {
        const std::uint64_t left = end_ - at_;
        if (left > 0) {
            put(broken_mark, 0);
            source_.take(broken_bytes, at_, left);
            put(broken_bytes, left);
        }
        return false;
    }
    // A register, shifted and masked, times a number and plus one.
    std::int64_t number(Numbers given) const {
        const auto [reg, shift, mask, times, plus] =
            std::array<std::int64_t, 5>{given[0], given[1], given[2], given[3], given[4]};
        if (reg < 0) return plus;
        const std::uint64_t value = values_[static_cast<std::size_t>(reg)] >> shift & static_cast<std::uint64_t>(mask);
        constexpr std::uint64_t most = std::uint64_t{1} << 40;
        return static_cast<std::int64_t>(std::min(value, most)) * times + plus;
    }
    bool fits(std::int64_t count) const {
        return count >= 0 && static_cast<std::uint64_t>(count) <= end_ - at_;
    }

    // False where the region ended within.
    bool group(std::int64_t target, int depth) {
        if (depth > deepest) return spoil();
        for (std::size_t i = static_cast<std::size_t>(target);; ++i) {
            const Operation& operation = program_.operations[i];
            if (operation.code == Operation::leave) return true;
            if (!step(operation, depth)) return false;
        }
    }

    bool step(const Operation& operation, int depth) {
        const Numbers n = operation.numbers;
        const auto label = static_cast<std::uint16_t>(n[0]);
        switch (operation.code) {
            case Operation::field:
                if (!fits(n[1])) return spoil();
                if (const std::uint8_t* bytes = source_.take(label, at_, static_cast<std::uint64_t>(n[1])); n[3] >= 0)
                    values_[static_cast<std::size_t>(n[3])] = value_of(bytes, n[1], n[2] != 0);
                put(label, static_cast<std::uint64_t>(n[1]));
                return true;
            case Operation::bytes: {
                const std::int64_t count = n[1] == -2 ? static_cast<std::int64_t>(end_ - at_) : number(n + 1);
                if (!fits(count)) return spoil();
                if (count == 0) return true;
                source_.take(label, at_, static_cast<std::uint64_t>(count));
                put(label, static_cast<std::uint64_t>(count));
                return true;
            }
            case Operation::mark:
                put(label, 0);
                return true;
            case Operation::choose: {
                const std::int64_t target = chosen(n);
                return target < 0 || group(target, depth + 1);
            }
            case Operation::call:
                return group(n[0], depth + 1);
            case Operation::within:
                return inside(number(n), n[5], depth);
            case Operation::repeat:
                return again(n[0] == -2 ? -1 : std::max<std::int64_t>(0, number(n)), n[5], depth);
            default:
                check(n);
                return true;
        }
    }

    std::int64_t chosen(Numbers n) const {
        const std::uint64_t value = values_[static_cast<std::size_t>(n[0])] >> n[1] & static_cast<std::uint64_t>(n[2]);
        for (std::int64_t i = n[3]; i < n[3] + n[4]; ++i)
            if (static_cast<std::uint64_t>(program_.cases[static_cast<std::size_t>(2 * i)]) == value)
                return program_.cases[static_cast<std::size_t>(2 * i + 1)];
        return n[5];
    }

    // A group in a region of its own, as far as there are bytes; what it leaves over is no field.
    bool inside(std::int64_t count, std::int64_t target, int depth) {
        if (count < 0) return spoil();
        const std::uint64_t outer = end_;
        end_ = at_ + std::min(static_cast<std::uint64_t>(count), end_ - at_);
        if (group(target, depth + 1)) spoil();
        end_ = outer;
        return true;
    }

    bool again(std::int64_t count, std::int64_t target, int depth) {
        for (std::int64_t i = 0; i != count && at_ < end_ && !source_.ends(at_); ++i) {
            const std::uint64_t before = at_;
            if (!group(target, depth + 1)) return false;
            if (at_ == before) break;
            paced_.step();
        }
        return true;
    }

    void check(Numbers n) const {
        const std::uint64_t value = values_[static_cast<std::size_t>(n[0])];
        if (value != static_cast<std::uint64_t>(n[1]))
            throw std::invalid_argument("before byte " + std::to_string(at_) + " stands " + std::to_string(value) +
                                        "; expected " + std::to_string(n[1]));
    }

    const Program& program_;
    Source source_;
    std::uint64_t at_ = 0, end_;
    std::vector<std::uint64_t> values_;
    Labels labels_;
    base::Paced paced_;
};

}  // namespace

FileParts read_file(const Program& program, std::span<const std::uint8_t> file) {
    return Machine<File>(program, File(program, file)).run();
}

WholeFile write_file(const Program& program, std::span<const std::uint8_t> kept,
                     std::span<const std::uint8_t> aside, std::uint64_t size) {
    return Machine<Parts>(program, Parts(program, kept, aside, size)).run();
}

}  // namespace tokenry::domains
