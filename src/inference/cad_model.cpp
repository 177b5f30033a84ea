#include "inference/cad_model.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "model/adapter/model_folders.hpp"
#include "model/generation_config.hpp"
#include "model/network/process_memory.hpp"

namespace cadrecode::inference {

CadModel CadModel::load(const std::string& folder, const model::network::LoadOptions& options) {
  model::network::keepFreedMemory();
  // The small files first: what is wrong with them is told before gigabytes are looked at.
  const std::string companions = model::adapter::findModel(folder, options.baseModel).tokenizer;
  text::Tokenizer tokenizer = text::Tokenizer::load(companions);
  const auto generation = model::readGenerationConfig(companions);
  auto fail = [&](const std::string& reason) { throw Error(ErrorCode::input, "ValueError", folder + ": " + reason); };
  const auto start = tokenizer.find("<|im_start|>");
  if (!start) fail("the tokenizer has no <|im_start|>");
  std::vector<text::TokenId> ends;
  auto addEnd = [&](text::TokenId token) {
    if (token != *start && std::find(ends.begin(), ends.end(), token) == ends.end()) ends.push_back(token);
  };
  if (const auto end = tokenizer.find("<|endoftext|>")) addEnd(*end);
  if (const auto eos = tokenizer.eos()) addEnd(*eos);
  if (generation) {
    for (const std::int64_t eos : generation->eosTokens) addEnd(static_cast<text::TokenId>(eos));
  }
  if (ends.empty()) fail("neither the tokenizer nor generation_config.json names a token that ends a program");
  model::network::CadNetwork network = model::network::CadNetwork::load(folder, options);
  if (tokenizer.size() > static_cast<std::size_t>(network.config().vocabularySize)) {
    fail("the tokenizer has " + std::to_string(tokenizer.size()) + " tokens, the network's vocabulary only " +
         std::to_string(network.config().vocabularySize));
  }
  return {std::move(network), std::move(tokenizer), *start, std::move(ends)};
}

}  // namespace cadrecode::inference
