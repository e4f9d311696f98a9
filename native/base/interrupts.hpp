// Long work asks now and then whether it shall end.
#pragma once
#include <atomic>
#include <exception>

namespace tokenry::base {

// Called by poll() on threads that came from outside; throws where the work shall end. Set once,
// before anything runs.
void set_interrupt_check(void (*check)());

// What poll() throws on a helper whose caller has ended.
struct Stopped final : std::exception {
    const char* what() const noexcept override { return "stopped"; }
};

// For loops that may run for seconds: asks every 50 ms, and costs 25 ns else. Call it every few
// milliseconds, between steps after each of which all may be left as it is.
void poll();
// Asks at once.
void ask_to_go_on();
// How often poll() has thrown on this thread: what was in use then is left as it was.
unsigned interruptions();

// For loops of steps that take less than a microsecond each.
class Paced {
public:
    void step() {
        if (--left_ == 0) [[unlikely]] {
            left_ = pace;
            poll();
        }
    }

private:
    static constexpr unsigned pace = 4096;
    unsigned left_ = pace;
};

// While it lives, poll() on this thread throws Stopped as soon as `flag` is set, and asks nobody.
class StoppedBy {
public:
    explicit StoppedBy(const std::atomic<bool>& flag);
    ~StoppedBy();
    StoppedBy(const StoppedBy&) = delete;
    StoppedBy& operator=(const StoppedBy&) = delete;

private:
    const std::atomic<bool>* before_;
};

}  // namespace tokenry::base
