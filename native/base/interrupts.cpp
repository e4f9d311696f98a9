#include "base/interrupts.hpp"

#include <chrono>

namespace tokenry::base {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds pause{50};

void (*check)() = nullptr;
thread_local const std::atomic<bool>* stopping = nullptr;
thread_local Clock::time_point next_question{};
thread_local unsigned ended = 0;

}  // namespace

void set_interrupt_check(void (*to_call)()) { check = to_call; }

void poll() {
    const Clock::time_point now = Clock::now();
    if (now < next_question) return;
    next_question = now + pause;
    ask_to_go_on();
}

unsigned interruptions() { return ended; }

void ask_to_go_on() {
    if (stopping == nullptr && check == nullptr) return;
    try {
        if (stopping == nullptr) return check();
        if (stopping->load(std::memory_order_relaxed)) throw Stopped();
    } catch (...) {
        ++ended;
        throw;
    }
}

StoppedBy::StoppedBy(const std::atomic<bool>& flag) : before_(stopping) { stopping = &flag; }
StoppedBy::~StoppedBy() { stopping = before_; }

}  // namespace tokenry::base
