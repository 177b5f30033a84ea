#include "core/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

namespace cadrecode {
namespace {

std::string duration(double seconds) {
  auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

}  // namespace

Progress::Progress(std::string label, std::optional<std::uint64_t> total)
    : Progress(std::move(label), total, stderr, ::isatty(STDERR_FILENO) == 1) {}

Progress::Progress(std::string label, std::optional<std::uint64_t> total, std::FILE* stream, bool enabled)
    : label_(std::move(label)), total_(total), stream_(stream), enabled_(enabled) {}

Progress::~Progress() { clear(); }

void Progress::advance(std::uint64_t items) {
  done_ += items;
  if (!enabled_) return;
  Clock::time_point now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  shown_ = true;
  double seconds = std::chrono::duration<double>(now - start_).count();
  fmt::print(stream_, "\r{}\x1b[K", text(label_, done_, total_, seconds));
  std::fflush(stream_);
}

void Progress::clear() {
  if (!shown_) return;
  shown_ = false;
  fmt::print(stream_, "\r\x1b[K");
  std::fflush(stream_);
}

std::string Progress::text(const std::string& label, std::uint64_t done, std::optional<std::uint64_t> total,
                           double seconds) {
  double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string line = total ? fmt::format("{} {}/{}", label, done, *total) : fmt::format("{} {}", label, done);
  if (rate > 0) line += rate >= 10 ? fmt::format(", {:.0f}/s", rate) : fmt::format(", {:.2g}/s", rate);
  if (total && rate > 0 && *total > done) {
    line += fmt::format(", {} left", duration(static_cast<double>(*total - done) / rate));
  }
  return line;
}

}  // namespace cadrecode
