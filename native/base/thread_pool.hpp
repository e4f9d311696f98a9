// Threads that wait between calls, shared by everything in the core that runs in parallel.
#pragma once
#include <cstddef>
#include <functional>
#include <mutex>

namespace tokenry {

// Runs task(0) .. task(count - 1), each once, on the calling thread and at most `threads - 1`
// helpers; returns when all are done. Tasks are handed out in ascending order, one at a time, so
// make them large enough (tens of microseconds). The first exception ends the hand-out and is
// thrown here. Calls may come from several threads at once and from inside a task.
//
// Helpers start on first need and are kept. A fork stops idle helpers first, so neither process
// inherits threads, and both may go on using the pool.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& task);

// A lock that no fork ever leaves locked in the child: for short sections that move pointers.
std::mutex& fork_guard();

// Threads to use when the caller does not say: TOKENRY_THREADS where set, else the processors
// this process may run on, at most 64.
unsigned default_threads();

}  // namespace tokenry
