#include "generate/program_decoder.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"
#include "generate/program_constraint.hpp"
#include "model/network/cad_network.hpp"

namespace cadrecode::generate {

using model::network::CadNetwork;
using model::network::KvCache;

struct ProgramDecoder::Memory {
  KvCache cache;
};

// One call of run(). The slot behind those of the batch holds the decoded prompt of the newest request; every sample of
// it starts from a copy. Prompts are decoded one by one, so that their sums do not depend on each other.
class ProgramDecoder::Run {
 public:
  Run(const CadNetwork& network, const DecodingOptions& options, KvCache& cache,
      const std::function<std::optional<DecodeRequest>()>& next, const std::function<void(DecodedProgram)>& done)
      : network_(network), options_(options), cache_(cache), next_(next), done_(done) {
    for (std::int64_t slot = options.batch; slot-- > 0;) free_.push_back(slot);
  }

  // False when nothing is left to do.
  bool step() {
    fill();
    if (active_.empty()) return false;
    const at::Tensor logits = decodeActive();
    std::vector<Active> remaining;
    for (std::size_t row = 0; row < active_.size(); ++row) {
      Active& active = active_[row];
      if (extend(active, logits[static_cast<std::int64_t>(row)])) {
        remaining.push_back(std::move(active));
      } else {
        free_.push_back(active.slot);
      }
    }
    active_ = std::move(remaining);
    return true;
  }

 private:
  struct Active {
    std::int64_t slot;
    Random random;
    DecodedProgram program;
    ProgramConstraint::State state = 0;
    bool greedy = false;
  };
  // The request whose samples are being started.
  struct Prompt {
    DecodeRequest request;
    std::size_t index;
    std::int64_t started;
    at::Tensor logits;
  };

  void fill() {
    while (!free_.empty()) {
      if (!prompt_ || prompt_->started == prompt_->request.samples) {
        if (exhausted_ || !readPrompt()) return;
        continue;
      }
      startSample();
    }
  }

  bool readPrompt() {
    std::optional<DecodeRequest> request = next_();
    exhausted_ = !request;
    if (exhausted_) return false;
    const std::size_t count = request->points.size() / 3;
    if (count == 0 || request->points.size() % 3 != 0) throwValueError("a request needs points of three coordinates");
    if (count > static_cast<std::size_t>(options_.maxPoints)) throwValueError("a request has too many points");
    const auto device = network_.options().device();
    const at::Tensor points =
        at::from_blob(request->points.data(), {1, static_cast<std::int64_t>(count), 3}, at::kFloat);
    const at::Tensor start = at::full({1, 1}, options_.startToken, at::TensorOptions().dtype(at::kLong).device(device));
    cache_.clear(promptSlot());
    const at::Tensor states = network_.decodeInto(cache_, {promptSlot()}, network_.embed(points.to(device), start));
    const at::Tensor logits = network_.logits(states.narrow(1, states.size(1) - 1, 1)).flatten().cpu();
    prompt_ = Prompt{std::move(*request), requests_++, 0, logits};
    return true;
  }

  void startSample() {
    Active active{free_.back(), Random(prompt_->request.seed).split(static_cast<std::uint64_t>(prompt_->started)), {}};
    if (options_.constraint) active.state = options_.constraint->start();
    active.greedy = prompt_->request.greedyFirst && prompt_->started == 0;
    active.program.request = prompt_->index;
    active.program.sample = prompt_->started++;
    // Choosing may change logits, and the other samples need them too.
    if (!extend(active, prompt_->logits.clone())) return;
    cache_.copy(promptSlot(), active.slot);
    free_.pop_back();
    active_.push_back(std::move(active));
  }

  // Logits of the next token of every active program: programs x vocabulary, on the CPU.
  at::Tensor decodeActive() {
    std::vector<std::int64_t> slots;
    std::vector<std::int64_t> tokens;
    for (const Active& active : active_) {
      slots.push_back(active.slot);
      tokens.push_back(active.program.tokens.back());
    }
    const auto count = static_cast<std::int64_t>(tokens.size());
    const at::Tensor ids = at::tensor(tokens).view({count, 1}).to(network_.options().device());
    return network_.logits(network_.decodeInto(cache_, slots, network_.embedTokens(ids))).squeeze(1).cpu();
  }

  // Adds the next token; hands the program over and returns false when that ended it.
  bool extend(Active& active, const at::Tensor& logits) {
    const std::span row(logits.data_ptr<float>(), static_cast<std::size_t>(logits.numel()));
    DecodedProgram& program = active.program;
    if (options_.adjust) options_.adjust(program, row);
    const auto count = static_cast<std::int64_t>(program.tokens.size());
    if (options_.constraint) options_.constraint->restrict(active.state, options_.maxNewTokens - count, row);
    const TokenId token = chooseToken(row, active.greedy ? Sampling{} : options_.sampling, active.random.uniform());
    const auto& ends = options_.endTokens;
    program.ended = std::find(ends.begin(), ends.end(), token) != ends.end();
    if (!program.ended) {
      program.tokens.push_back(token);
      if (options_.constraint) active.state = options_.constraint->after(active.state, token);
    }
    if (!program.ended && static_cast<std::int64_t>(program.tokens.size()) < options_.maxNewTokens) return true;
    done_(std::move(program));
    return false;
  }

  std::int64_t promptSlot() const { return options_.batch; }

  const CadNetwork& network_;
  const DecodingOptions& options_;
  KvCache& cache_;
  const std::function<std::optional<DecodeRequest>()>& next_;
  const std::function<void(DecodedProgram)>& done_;
  std::vector<std::int64_t> free_;
  std::vector<Active> active_;
  std::optional<Prompt> prompt_;
  std::size_t requests_ = 0;
  bool exhausted_ = false;
};

ProgramDecoder::ProgramDecoder(const CadNetwork& network, DecodingOptions options)
    : network_(network), options_(std::move(options)) {
  checkSampling(options_.sampling);
  if (options_.maxNewTokens < 1 || options_.batch < 1 || options_.maxPoints < 1) {
    throwValueError("max_new_tokens, the batch size and the number of points must be above 0");
  }
  const auto isToken = [&](TokenId token) { return token >= 0 && token < network.config().vocabularySize; };
  if (!isToken(options_.startToken) || !std::all_of(options_.endTokens.begin(), options_.endTokens.end(), isToken)) {
    throwValueError("start or end token is outside the model's vocabulary");
  }
  if (options_.constraint && options_.constraint->tokensToEnd(options_.constraint->start()) > options_.maxNewTokens) {
    throwValueError("max_new_tokens is too small for any complete program");
  }
  const std::int64_t capacity = options_.maxPoints + options_.maxNewTokens;
  memory_.reset(new Memory{KvCache(network.config(), options_.batch + 1, capacity, network.options())});
}

ProgramDecoder::~ProgramDecoder() = default;

void ProgramDecoder::run(const std::function<std::optional<DecodeRequest>()>& next,
                         const std::function<void(DecodedProgram)>& done, std::stop_token stop) {
  const at::NoGradGuard noGradients;
  Run run(network_, options_, memory_->cache, next, done);
  while (!stop.stop_requested() && run.step()) {
  }
}

std::vector<DecodedProgram> ProgramDecoder::decodeAll(std::span<const DecodeRequest> requests) {
  std::vector<DecodedProgram> programs;
  std::size_t asked = 0;
  run([&] { return asked < requests.size() ? std::optional(requests[asked++]) : std::nullopt; },
      [&](DecodedProgram program) { programs.push_back(std::move(program)); });
  std::sort(programs.begin(), programs.end(), [](const DecodedProgram& a, const DecodedProgram& b) {
    return std::pair(a.request, a.sample) < std::pair(b.request, b.sample);
  });
  return programs;
}

}  // namespace cadrecode::generate
