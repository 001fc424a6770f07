// Work on items 0, 1, ..., n - 1 by a few threads. The result of an item may depend on its number alone, so the number
// of threads changes nothing. What an item throws is thrown here, on the calling thread; the first item's wins. The
// checkpoint is asked on the calling thread between items; when it throws, no further item is begun.
#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

template <class F>
void parallel_for(Index n, int threads, Checkpoint checkpoint, F&& body) {
  constexpr Index kChunk = 64;
  std::atomic<Index> next{0};
  std::atomic<bool> stopped{false};
  std::mutex guard;
  std::exception_ptr failure;
  Index failed_at = std::numeric_limits<Index>::max();
  const auto work = [&](Checkpoint asked) {
    for (Index from = next.fetch_add(kChunk); from < n; from = next.fetch_add(kChunk)) {
      for (Index i = from; i < std::min(from + kChunk, n); ++i) {
        if (stopped) return;
        ask(asked);
        try {
          body(i);
        } catch (...) {
          const std::lock_guard<std::mutex> lock(guard);
          if (i < failed_at) {
            failed_at = i;
            failure = std::current_exception();
          }
        }
      }
    }
  };
  std::vector<std::thread> crew;
  const Index useful = std::min<Index>(threads, (n + kChunk - 1) / kChunk);
  try {
    for (Index t = 1; t < useful; ++t) crew.emplace_back(work, nullptr);
  } catch (const std::system_error&) {
    // Fewer threads than asked for do the same work.
  }
  std::exception_ptr stop;
  try {
    work(checkpoint);
  } catch (...) {
    stop = std::current_exception();
    stopped = true;
  }
  for (std::thread& worker : crew) worker.join();
  if (stop) std::rethrow_exception(stop);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace metaparity
