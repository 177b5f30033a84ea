// A line on the terminal that says how far a long piece of work is: count, rate and time left. Writes to stderr, at
// most five times a second, and nothing at all when stderr is no terminal. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace cadrecode {

class Progress {
 public:
  // `total`: how many items there will be, none when that is not known.
  Progress(std::string label, std::optional<std::uint64_t> total);
  Progress(std::string label, std::optional<std::uint64_t> total, std::FILE* stream, bool enabled);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void setTotal(std::uint64_t total) { total_ = total; }
  void advance(std::uint64_t items = 1);
  // Takes the line off the terminal, e.g. before something else is printed there.
  void clear();

  // The line's text after `seconds` of work.
  static std::string text(const std::string& label, std::uint64_t done, std::optional<std::uint64_t> total,
                          double seconds);

 private:
  using Clock = std::chrono::steady_clock;
  std::string label_;
  std::optional<std::uint64_t> total_;
  std::FILE* stream_;
  bool enabled_;
  bool shown_ = false;
  std::uint64_t done_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

}  // namespace cadrecode
