// A model folder ready to write programs: the network, its tokenizer and the tokens that begin and end a program.
// A value; copies share weights and tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/network/cad_network.hpp"
#include "text/tokenizer.hpp"

namespace cadrecode::inference {

struct CadModel {
  model::network::CadNetwork network;
  text::Tokenizer tokenizer;
  text::TokenId startToken;              // <|im_start|>, which follows the points
  std::vector<text::TokenId> endTokens;  // <|endoftext|>, and what the folder's configurations name

  // Reads a folder in Hugging Face's layout, or one with an adapter (model/adapter/model_folders.hpp). Error(input)
  // naming what is missing or does not fit together.
  static CadModel load(const std::string& folder, const model::network::LoadOptions& options);
};

}  // namespace cadrecode::inference
