#include "train/training_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.hpp"
#include "core/files.hpp"
#include "train/event_file.hpp"
#include "train/loss_curve.hpp"

namespace cadrecode::train {
namespace {

constexpr const char* logName = "training_log.jsonl";

double secondsNow() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void append(const std::string& path, const std::string& bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  std::size_t done = 0;
  while (file >= 0 && done < bytes.size()) {
    const ssize_t written = ::write(file, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    done += static_cast<std::size_t>(written);
  }
  const int reason = errno;
  if (file >= 0) ::close(file);
  if (done < bytes.size() || file < 0) {
    const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
    throw Error(full ? ErrorCode::resources : ErrorCode::failure, "OSError", path + ": " + std::strerror(reason));
  }
}

}  // namespace

std::string toJsonLine(const LogEntry& entry) {
  nlohmann::ordered_json json;
  json["step"] = entry.step;
  for (const auto& [name, value] : entry.values) {
    if (std::isfinite(value)) {
      json[name] = value;
    } else {
      json[name] = nullptr;
    }
  }
  return json.dump() + "\n";
}

TrainingLog::TrainingLog(const std::string& folder, std::int64_t step) : folder_(folder) {
  const std::string path = folder + "/" + logName;
  std::string kept;
  std::error_code error;
  if (step > 0 && std::filesystem::exists(path, error)) {
    std::istringstream lines(readFile(path));
    for (std::string line; std::getline(lines, line);) {
      const auto json = nlohmann::ordered_json::parse(line, nullptr, false);
      // A line cut by a crash is none.
      if (!json.is_object() || !json.contains("step") || json["step"].get<std::int64_t>() > step) continue;
      LogEntry entry;
      entry.step = json["step"].get<std::int64_t>();
      for (const auto& [name, value] : json.items()) {
        if (name != "step" && value.is_number()) entry.values.emplace_back(name, value.get<double>());
      }
      entries_.push_back(entry);
      kept += line + "\n";
    }
  }
  writeFileAtomically(path, kept);
  const double now = secondsNow();
  eventFile_ = fmt::format("{}/events.out.tfevents.{:.0f}.{}.cadrecode", folder, now, ::getpid());
  append(eventFile_, eventFileStart(now));
}

void TrainingLog::add(const LogEntry& entry) {
  entries_.push_back(entry);
  append(folder_ + "/" + logName, toJsonLine(entry));
  const double now = secondsNow();
  std::string events;
  for (const auto& [name, value] : entry.values) events += scalarEvent(now, entry.step, "train/" + name, value);
  append(eventFile_, events);
}

void TrainingLog::writeCurve() const {
  Curve train{"loss", {}};
  Curve evaluation{"evaluation loss", {}};
  for (const LogEntry& entry : entries_) {
    for (const auto& [name, value] : entry.values) {
      if (name == "loss") train.points.emplace_back(static_cast<double>(entry.step), value);
      if (name == "eval_loss") evaluation.points.emplace_back(static_cast<double>(entry.step), value);
    }
  }
  writeFileAtomically(folder_ + "/loss_curve.svg", drawCurves({train, evaluation}));
}

}  // namespace cadrecode::train
