#include "inference/candidates.hpp"

#include <algorithm>
#include <memory>

#include "core/random.hpp"
#include "generate/program_constraint.hpp"
#include "generate/program_decoder.hpp"

namespace cadrecode::inference {

std::vector<std::string> decodeCandidates(const CadModel& model, const sandbox::Part& part,
                                          const CandidateOptions& options) {
  if (options.count == 0) return {};
  cloud::Recipe recipe = options.recipe;
  recipe.points = static_cast<std::size_t>(model.network.config().promptPoints);
  const std::size_t clouds = std::clamp<std::size_t>(options.clouds, 1, options.count);
  std::vector<generate::DecodeRequest> requests;
  for (std::size_t i = 0; i < clouds; ++i) {
    const Random random = Random(options.seed).split("candidates").split(i);
    const std::uint64_t seed = random.split("cloud").bits();
    const cloud::ModelCloud cloud = part.isMesh() ? cloud::makeCloud(part.mesh(), recipe, seed)
                                                  : cloud::makeCloud(part.cloud(), recipe, seed);
    generate::DecodeRequest request;
    for (const auto& point : cloud.points) request.points.insert(request.points.end(), point.begin(), point.end());
    request.seed = random.split("decode").bits();
    request.samples = static_cast<std::int64_t>(options.count / clouds + (i < options.count % clouds ? 1 : 0));
    request.greedyFirst = true;
    requests.push_back(std::move(request));
  }
  generate::DecodingOptions decoding;
  decoding.startToken = model.startToken;
  decoding.endTokens = model.endTokens;
  decoding.maxNewTokens = options.maxNewTokens;
  decoding.batch = static_cast<std::int64_t>(std::min<std::size_t>(options.count, 64));
  decoding.maxPoints = static_cast<std::int64_t>(recipe.points);
  decoding.sampling = {.sample = true, .temperature = options.temperature};
  decoding.constraint = std::make_shared<generate::ProgramConstraint>(model.tokenizer, model.endTokens);
  std::vector<std::string> scripts;
  for (const auto& program : generate::ProgramDecoder(model.network, decoding).decodeAll(requests)) {
    scripts.push_back(model.tokenizer.decode(program.tokens, text::Tokenizer::SpecialTokens::skip));
  }
  return scripts;
}

}  // namespace cadrecode::inference
