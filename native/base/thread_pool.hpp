// Threads that wait between calls, shared by everything in the core that runs in parallel.
#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <mutex>

namespace tokenry::base {

// Runs task(0) .. task(count - 1), each once, on the calling thread and at most `threads - 1`
// helpers; returns when all are done. Tasks are handed out in ascending order, one at a time, so
// make them large enough (tens of microseconds). The first exception ends the hand-out and is
// thrown here. Calls may come from several threads at once and from inside a task.
//
// Helpers start on first need and are kept. A fork stops idle helpers first, so neither process
// inherits threads, and both may go on using the pool.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& task);

// The same for tasks that lie next to one another in memory: each of the threads 0 .. threads - 1
// begins in a part of its own, and takes from the others' when that is done. task(thread, i) is
// called by one thread at a time for each `thread`, and mostly for the same tasks in every call, so
// that what a thread remembers serves it again.
void parallel_parts(std::size_t count, unsigned threads,
                    const std::function<void(unsigned thread, std::size_t i)>& task);

// How many threads take part, at most.
inline unsigned useful_threads(std::size_t count, unsigned threads) {
    return static_cast<unsigned>(std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(count, 1)));
}

// A lock that no fork ever leaves locked in the child: for short sections that move pointers.
std::mutex& fork_guard();

// Threads to use when the caller does not say: TOKENRY_THREADS where set, else the processors
// this process may run on, at most 64.
unsigned default_threads();

}  // namespace tokenry::base
