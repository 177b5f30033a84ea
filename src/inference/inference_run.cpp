#include "inference/inference_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"
#include "generate/program_constraint.hpp"
#include "generate/program_decoder.hpp"
#include "inference/output_tree.hpp"
#include "inference/program_queue.hpp"

namespace cadrecode::inference {

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string idOf(const InputFile& file, std::int64_t sample, std::int64_t samples) {
  return samples == 1 ? file.name : fmt::format("{}@{}", file.name, sample);
}

Json frameJson(const cloud::Frame& frame) { return {{"origin", frame.origin}, {"unit", frame.unit}}; }

Json settingsOf(const InferenceOptions& options) {
  Json json;
  json["model"] = options.model;
  json["normalization"] = options.recipe.normalization == cloud::Normalization::box ? "box" : "mean";
  json["num_samples"] = options.samples;
  json["sample"] = options.sampling.sample;
  json["temperature"] = options.sampling.temperature;
  json["top_k"] = options.sampling.topK;
  json["top_p"] = options.sampling.topP;
  json["seed"] = options.seed;
  json["max_new_tokens"] = options.maxNewTokens;
  json["constrain"] = options.constrain;
  json["stl"] = options.stl;
  json["step"] = options.step;
  json["timeout"] = options.pool.limits.wallSeconds;
  return json;
}

// One call of runInference(). The decoding thread reads clouds, decodes and puts programs into the queue; the thread
// that made this takes them out, runs and records them.
class Run {
 public:
  Run(const std::vector<InputFile>& files, const InferenceOptions& options)
      : files_(files),
        options_(options),
        recipe_(options.recipe),
        tree_(options.outputFolder, settingsOf(options), options.overwrite),
        programs_(options.pool, {.everything = true, .step = options.step}),
        shapes_({.workers = 1, .limits = options.pool.limits}, {.everything = false, .step = true}) {}

  InferenceSummary run(const std::function<CadModel()>& load, const std::function<void(const std::string&)>& done,
                       const std::atomic<bool>& stop) {
    const auto start = Clock::now();
    findWork();
    if (!waiting_.empty()) work(load, done, stop);
    summary_.interrupted = stop;
    summary_.seconds = since(start);
    Json timing = {{"decoded", summary_.decoded},
                   {"decoded_tokens", summary_.tokens},
                   {"load_seconds", summary_.loadSeconds},
                   {"decode_seconds", summary_.decodeSeconds},
                   {"seconds", summary_.seconds}};
    summary_.byStatus = tree_.finish(ids_, timing);
    return summary_;
  }

 private:
  // What is known of a program beside its text.
  struct Origin {
    Json record;
    bool badInput = false;
  };

  void findWork() {
    for (std::size_t index = 0; index < files_.size(); ++index) {
      bool complete = true;
      for (std::int64_t sample = 0; sample < options_.samples; ++sample) {
        ids_.push_back(idOf(files_[index], sample, options_.samples));
        if (tree_.has(ids_.back())) {
          earlier_.insert(ids_.back());
        } else {
          complete = false;
        }
      }
      if (!complete) waiting_.push_back(index);
    }
  }

  void work(const std::function<CadModel()>& load, const std::function<void(const std::string&)>& done,
            const std::atomic<bool>& stop) {
    const auto start = Clock::now();
    const CadModel model = load();
    recipe_.points = static_cast<std::size_t>(model.network.config().promptPoints);
    summary_.loadSeconds = since(start);
    std::stop_source stopDecoding;
    std::exception_ptr failure;
    std::thread decoding([&] {
      try {
        decode(model, stopDecoding.get_token());
      } catch (...) {
        failure = std::current_exception();
      }
      queue_.close();
    });
    try {
      programs_.run(
          queue_, [&](sandbox::Item& item, sandbox::TaskResult& result) { done(record(item, result)); }, stop);
    } catch (...) {
      endDecoding(stopDecoding, decoding);
      throw;
    }
    endDecoding(stopDecoding, decoding);
    if (failure) std::rethrow_exception(failure);
  }

  void endDecoding(std::stop_source& stop, std::thread& decoding) {
    stop.request_stop();
    queue_.abandon();
    decoding.join();
  }

  void decode(const CadModel& model, const std::stop_token& stop) {
    const auto start = Clock::now();
    generate::DecodingOptions decoding;
    decoding.startToken = model.startToken;
    decoding.endTokens = model.endTokens;
    decoding.maxNewTokens = options_.maxNewTokens;
    decoding.batch = options_.batch;
    decoding.maxPoints = static_cast<std::int64_t>(recipe_.points);
    decoding.sampling = options_.sampling;
    if (options_.constrain) {
      decoding.constraint = std::make_shared<generate::ProgramConstraint>(model.tokenizer, model.endTokens);
    }
    generate::ProgramDecoder decoder(model.network, decoding);
    decoder.run([&] { return nextRequest(stop); },
                [&](const generate::DecodedProgram& program) { pass(model, program); }, stop);
    summary_.decodeSeconds = since(start);
  }

  // The next part that can be read; of the others the reason is recorded.
  std::optional<generate::DecodeRequest> nextRequest(const std::stop_token& stop) {
    while (!stop.stop_requested() && nextWaiting_ < waiting_.size()) {
      const std::size_t index = waiting_[nextWaiting_++];
      const Random random = Random(options_.seed).split(files_[index].name);
      try {
        InputCloud cloud = prepareCloud(files_[index], shapes_, recipe_, random.split("cloud").bits());
        generate::DecodeRequest request;
        request.points = std::move(cloud.points);
        request.seed = random.split("decode").bits();
        request.samples = options_.samples;
        requested_.emplace_back(index, cloud.programFrame);
        return request;
      } catch (const Error& error) {
        for (std::int64_t sample = 0; sample < options_.samples; ++sample) reportBadInput(index, sample, error);
      }
    }
    return std::nullopt;
  }

  void reportBadInput(std::size_t index, std::int64_t sample, const Error& error) {
    const InputFile& file = files_[index];
    sandbox::Item item;
    item.id = idOf(file, sample, options_.samples);
    if (recordedBefore(item.id)) return;
    item.known = sandbox::failedResult(cadquery::Status::runtimeError, error.type(), error.what());
    remember(item.id, {{{"id", item.id}, {"input", file.path}, {"sample", sample}}, true});
    queue_.put(std::move(item));
  }

  void pass(const CadModel& model, const generate::DecodedProgram& program) {
    const auto& [index, frame] = requested_[program.request];
    const InputFile& file = files_[index];
    ++summary_.decoded;
    summary_.tokens += program.tokens.size();
    sandbox::Item item;
    item.id = idOf(file, program.sample, options_.samples);
    if (recordedBefore(item.id)) return;
    item.task.text = model.tokenizer.decode(program.tokens, text::Tokenizer::SpecialTokens::skip);
    item.task.stl = options_.stl;
    item.task.step = options_.step;
    item.task.mesh = options_.stl;
    item.task.options.maxHeapBytes =
        std::min<std::uint64_t>(item.task.options.maxHeapBytes, options_.pool.limits.memoryBytes / 2);
    Json record = {{"id", item.id}, {"input", file.path}, {"sample", program.sample}};
    record["tokens"] = program.tokens.size();
    record["ended"] = program.ended;
    record["program_frame"] = frameJson(frame);
    remember(item.id, {std::move(record), false});
    queue_.put(std::move(item));
  }

  // Asked by the decoding thread, so not of the tree, which changes meanwhile.
  bool recordedBefore(const std::string& id) const { return earlier_.contains(id); }

  void remember(const std::string& id, Origin origin) {
    const std::lock_guard lock(mutex_);
    origins_.emplace(id, std::move(origin));
  }

  std::string record(const sandbox::Item& item, const sandbox::TaskResult& result) {
    Origin origin;
    {
      const std::lock_guard lock(mutex_);
      origin = std::move(origins_.extract(item.id).mapped());
    }
    Json record = std::move(origin.record);
    record.update(sandbox::toJson(result, false));
    if (origin.badInput) record["status"] = "input_error";
    std::string status = record["status"];
    tree_.write(item.id, std::move(record), item.task.text, result);
    return status;
  }

  const std::vector<InputFile>& files_;
  const InferenceOptions& options_;
  cloud::Recipe recipe_;  // with the model's number of points
  OutputTree tree_;
  sandbox::ScriptPool programs_;
  sandbox::ScriptPool shapes_;  // of the decoding thread
  ProgramQueue queue_{256};
  std::vector<std::string> ids_;      // of all programs, in order
  std::set<std::string> earlier_;     // of them, those recorded by earlier runs
  std::vector<std::size_t> waiting_;  // files with something left to do
  InferenceSummary summary_;

  // Of the decoding thread.
  std::size_t nextWaiting_ = 0;
  std::vector<std::pair<std::size_t, cloud::Frame>> requested_;  // file and program's frame, by request

  std::mutex mutex_;
  std::map<std::string, Origin> origins_;  // of the programs in the queue and the pool
};

}  // namespace

InferenceSummary runInference(const std::vector<InputFile>& files, const InferenceOptions& options,
                              const std::function<CadModel()>& load,
                              const std::function<void(const std::string& status)>& done,
                              const std::atomic<bool>& stop) {
  return Run(files, options).run(load, done, stop);
}

}  // namespace cadrecode::inference
