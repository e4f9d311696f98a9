#include "domains/packed_numbers.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace tokenry::domains {

static_assert(std::endian::native == std::endian::little);

namespace {

constexpr unsigned differences = 16;  // in the byte that says how

// 0 to 3: bytes of the narrowest signed type that holds all from `low` to `high`, as a power of two.
unsigned narrowest(std::int64_t low, std::int64_t high) {
    const std::uint64_t widest = static_cast<std::uint64_t>(std::max(high, ~low));
    return widest < 1u << 7 ? 0 : widest < 1u << 15 ? 1 : widest < std::uint64_t{1} << 31 ? 2 : 3;
}

std::int64_t step(std::int64_t from, std::int64_t to) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
}

template <typename T, typename At>
void write(char* out, std::size_t count, At at) {
    for (std::size_t i = 0; i < count; ++i) {
        const T value = static_cast<T>(at(i));
        std::memcpy(out + i * sizeof(T), &value, sizeof(T));
    }
}

template <typename At>
void write(char* out, std::size_t count, unsigned kind, At at) {
    switch (kind) {
        case 0:
            return write<std::int8_t>(out, count, at);
        case 1:
            return write<std::int16_t>(out, count, at);
        case 2:
            return write<std::int32_t>(out, count, at);
        default:
            return write<std::int64_t>(out, count, at);
    }
}

template <typename T>
void read(const char* from, std::vector<std::int64_t>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        T value;
        std::memcpy(&value, from + i * sizeof(T), sizeof(T));
        numbers[i] = value;
    }
}

}  // namespace

std::string pack_numbers(std::span<const std::int64_t> numbers) {
    std::int64_t low = 0, high = 0, lowest_step = 0, highest_step = 0, last = 0;
    for (const std::int64_t each : numbers) {
        const std::int64_t by = step(last, each);
        low = std::min(low, each), high = std::max(high, each);
        lowest_step = std::min(lowest_step, by), highest_step = std::max(highest_step, by);
        last = each;
    }
    const unsigned plain = narrowest(low, high), stepped = narrowest(lowest_step, highest_step);
    const bool steps = stepped < plain;
    const unsigned kind = steps ? stepped : plain;
    std::string packed(1, static_cast<char>(kind + (steps ? differences : 0)));
    std::size_t count = numbers.size();
    for (; count > 127; count >>= 7) packed += static_cast<char>(count | 128);
    packed += static_cast<char>(count);
    const std::size_t head = packed.size();
    packed.resize(head + (numbers.size() << kind));
    const auto plainly = [&](std::size_t i) { return numbers[i]; };
    const auto by_steps = [&](std::size_t i) { return i == 0 ? numbers[0] : step(numbers[i - 1], numbers[i]); };
    if (steps) write(packed.data() + head, numbers.size(), kind, by_steps);
    else write(packed.data() + head, numbers.size(), kind, plainly);
    return packed;
}

std::vector<std::int64_t> unpack_numbers(std::string_view bytes, std::size_t& at) {
    const auto next = [&] {
        if (at >= bytes.size()) throw std::invalid_argument("numbers end early");
        return static_cast<std::uint8_t>(bytes[at++]);
    };
    const unsigned how = next(), kind = how % differences;
    if (kind > 3 || how / differences > 1) throw std::invalid_argument("numbers are of no type");
    std::uint64_t count = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (shift > 56) throw std::invalid_argument("a number does not end");
        const std::uint64_t byte = next();
        count |= (byte & 127) << shift;
        if (byte < 128) break;
    }
    if (count > (bytes.size() - at) >> kind) throw std::invalid_argument("numbers end early");
    std::vector<std::int64_t> numbers(count);
    const char* from = bytes.data() + at;
    if (kind == 0) read<std::int8_t>(from, numbers);
    else if (kind == 1) read<std::int16_t>(from, numbers);
    else if (kind == 2) read<std::int32_t>(from, numbers);
    else read<std::int64_t>(from, numbers);
    at += count << kind;
    std::uint64_t sum = 0;
    if (how >= differences)
        for (std::int64_t& each : numbers) each = static_cast<std::int64_t>(sum += static_cast<std::uint64_t>(each));
    return numbers;
}

}  // namespace tokenry::domains
