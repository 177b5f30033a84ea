#include "benchmark/scorer.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "cloud/write.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "dataset/cloud_file.hpp"
#include "sandbox/item_files.hpp"
#include "sandbox/part.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::benchmark {
namespace {

namespace fs = std::filesystem;

std::string fileName(const std::string& id, const char* ending) { return sandbox::safePath(id) + ending; }

// The path below the tree, or null when there is nothing to write.
Json writeInto(const std::string& tree, const std::string& path, const std::string& bytes) {
  if (bytes.empty()) return nullptr;
  const fs::path full = fs::path(tree) / path;
  makeFolder(full.parent_path().string());
  writeFileAtomically(full.string(), bytes);
  return path;
}

std::string bytesOrNothing(const PartFile& file) {
  try {
    return file.bytes();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

struct Scorer::Reading {
  std::optional<sandbox::Part> part;
  std::string status = "ok", reason;
  bool isProgram = false;
  std::string bytes;
  double seconds = 0;
};

Scorer::Scorer(ScoreOptions options)
    : options_(std::move(options)), pool_({.workers = 1, .limits = options_.limits}, {}), brep_(options_.limits) {}

Scorer::Reading Scorer::read(const PartFile& file) {
  const auto start = std::chrono::steady_clock::now();
  Reading reading;
  try {
    reading.bytes = file.bytes();
    const sandbox::PartOptions wanted{.brep = true, .step = options_.step};
    if (const auto kind = sandbox::shapeKind(reading.bytes, file.name())) {
      reading.isProgram = kind == sandbox::Task::Kind::script;
      sandbox::TaskResult result = pool_.run(sandbox::partTask(*kind, reading.bytes, wanted));
      if (!sandbox::succeeded(result)) {
        reading.status = cadquery::statusName(result.run.status);
        reading.reason = sandbox::reasonOf(result);
      } else {
        reading.part = sandbox::partOf(std::move(result), file.name(), wanted);
      }
    } else {
      reading.part = sandbox::readPartBytes(pool_, reading.bytes, file.name(), wanted);
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::resources) throw;
    reading.status = "unreadable";
    reading.reason = error.what();
  }
  reading.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return reading;
}

void Scorer::measure(Json& row, const Reading& reference, const Reading& prediction, const cloud::Frame* frame) {
  metrics::CompareOptions compare = options_.compare;
  if (frame) compare.predictionFrame = *frame;
  try {
    const metrics::Comparison comparison = metrics::compare(*reference.part, *prediction.part, compare, &brep_);
    Json figures = metrics::toJson(comparison);
    if (!options_.times) figures.erase("computation_time");
    row.update(figures);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::resources) throw;
    row["status"] = "comparison_failed";
    row["reason"] = error.what();
  }
}

std::vector<Json> Scorer::score(const PartFile& reference, const std::vector<const Model*>& models) {
  const Reading truth = read(reference);
  if (truth.part) {
    if (options_.step) {
      writeInto(options_.folder, "gt_step_files/" + fileName(reference.id, ".step"), truth.part->step);
    }
    if (options_.stl && truth.part->isMesh()) {
      writeInto(options_.folder, "gt_stl_files/" + fileName(reference.id, ".stl"), cloud::writeStl(truth.part->mesh()));
    }
  }
  std::vector<Json> rows;
  for (const Model* model : models) {
    Json& row = rows.emplace_back(Json{{"id", reference.id}, {"model", model->name}, {"status", "ok"}});
    row["source"] = sourceOf(reference, *model);
    const std::string folder = "results/" + model->name + "/";
    const auto found = model->predictions.find(reference.id);
    if (found == model->predictions.end()) {
      const auto reason = model->reasons.find(reference.id);
      row["status"] = "no_prediction";
      row["reason"] = reason == model->reasons.end() ? "there is none" : reason->second;
      continue;
    }
    const Reading prediction = read(found->second);
    if (options_.code && prediction.isProgram) {
      row["code_path"] =
          writeInto(options_.folder, folder + "generated_code/" + fileName(reference.id, ".py"), prediction.bytes);
    }
    if (!prediction.part) {
      row["status"] = prediction.status;
      row["reason"] = prediction.reason;
    } else {
      if (options_.step) {
        row["step_path"] = writeInto(options_.folder, folder + "generated_step/" + fileName(reference.id, ".step"),
                                     prediction.part->step);
      }
      if (options_.stl && prediction.part->isMesh()) {
        row["stl_path"] = writeInto(options_.folder, folder + "generated_stl/" + fileName(reference.id, ".stl"),
                                    cloud::writeStl(prediction.part->mesh()));
      }
    }
    if (options_.times) row["execution_time"] = prediction.seconds;
    if (!truth.part) {
      row["status"] = "reference_failed";
      row["reason"] = truth.status + ": " + truth.reason;
    } else if (prediction.part) {
      const auto frame = model->frames.find(reference.id);
      measure(row, truth, prediction, frame == model->frames.end() ? nullptr : &frame->second);
    }
  }
  return rows;
}

std::string sourceOf(const PartFile& reference, const Model& model) {
  const auto found = model.predictions.find(reference.id);
  const std::string prediction = found == model.predictions.end() ? std::string() : bytesOrNothing(found->second);
  return dataset::sha256(dataset::sha256(bytesOrNothing(reference)) + dataset::sha256(prediction));
}

}  // namespace cadrecode::benchmark
