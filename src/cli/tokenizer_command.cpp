#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "sandbox/item_files.hpp"
#include "sandbox/result_json.hpp"
#include "text/tokenizer.hpp"
#include "text/tokenizer_trainer.hpp"

namespace cadrecode::cli {
namespace {

using sandbox::Item;
using sandbox::Json;
using text::TokenId;
using text::Tokenizer;

struct TokenizerOptions {
  std::string folder;
  std::vector<std::string> inputs;
  text::TokenizerTraining training;
  bool plain = false;
  bool skipSpecial = false;
};

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    throw Error("OSError", "cannot write to standard output");
  }
}

// Every script that the arguments name. Error(input) for the first one that cannot be read.
template <typename Take>
void readScripts(const std::vector<std::string>& arguments, const Take& take) {
  sandbox::FileSource source(sandbox::listInputs(arguments, {".py"}), {});
  source.readsLines();
  for (Item item;;) {
    switch (source.next(item)) {
      case sandbox::ItemSource::Next::end:
        return;
      case sandbox::ItemSource::Next::wait: {
        pollfd waiting{source.descriptor(), POLLIN, 0};
        ::poll(&waiting, 1, -1);
        break;
      }
      case sandbox::ItemSource::Next::item:
        if (item.known) throw Error(ErrorCode::input, item.known->run.error->type, item.known->run.error->message);
        take(item.id, item.task.text);
    }
  }
}

// Numbers of tokens, for a line on stderr.
class Lengths {
 public:
  void add(std::size_t tokens) { lengths_.push_back(tokens); }
  std::string text() {
    if (lengths_.empty()) return "no texts";
    std::sort(lengths_.begin(), lengths_.end());
    double sum = 0;
    for (const std::size_t length : lengths_) sum += static_cast<double>(length);
    return fmt::format("{} texts, {:.1f} tokens each (half have at most {}, all at most {})", lengths_.size(),
                       sum / static_cast<double>(lengths_.size()), lengths_[lengths_.size() / 2], lengths_.back());
  }

 private:
  std::vector<std::size_t> lengths_;
};

int train(const TokenizerOptions& options) {
  std::vector<std::string> texts;
  readScripts(options.inputs, [&](const std::string&, std::string& text) { texts.push_back(std::move(text)); });
  const text::TokenizerFiles files = trainTokenizer(texts, options.training);
  const Tokenizer tokenizer = Tokenizer::fromJson(files.tokenizerJson, files.configJson);
  Lengths lengths;
  std::size_t changed = 0;
  for (const std::string& text : texts) {
    const auto tokens = tokenizer.encode(text);
    lengths.add(tokens.size());
    changed += tokenizer.decode(tokens) == text ? 0 : 1;
  }
  makeFolder(options.folder);
  const std::filesystem::path folder(options.folder);
  writeFileAtomically((folder / "tokenizer_config.json").string(), files.configJson);
  writeFileAtomically((folder / "tokenizer.json").string(), files.tokenizerJson);
  fmt::print(stderr, "{} tokens; {}\n", tokenizer.size(), lengths.text());
  if (changed > 0) fmt::print(stderr, "{} texts were not in Unicode's normal form C and come back in it\n", changed);
  return 0;
}

int encode(const TokenizerOptions& options) {
  const Tokenizer tokenizer = Tokenizer::load(options.folder);
  Lengths lengths;
  readScripts(options.inputs, [&](const std::string& id, const std::string& text) {
    const auto tokens = tokenizer.encode(text);
    lengths.add(tokens.size());
    print(options.plain ? fmt::format("{}\n", fmt::join(tokens, " "))
                        : sandbox::dumpJson(Json{{"id", id}, {"tokens", tokens}}) + "\n");
  });
  fmt::print(stderr, "{}\n", lengths.text());
  return 0;
}

// A line of `encode`: an object, or numbers with blanks between them.
struct TokenLine {
  Json id;
  std::vector<TokenId> tokens;
};

TokenLine parseTokenLine(const std::string& line) {
  if (line.front() == '{') {
    const Json object = Json::parse(line);
    return {object.value("id", Json()), object.at("tokens").get<std::vector<TokenId>>()};
  }
  const Json list = Json::parse(line.front() == '[' ? line : "[" + [&] {
    std::string commas;
    for (const char c : line) {
      const bool gap = c == ' ' || c == '\t' || c == '\r';
      if (!gap) commas += c;
      if (gap && !commas.empty() && commas.back() != ',') commas += ',';
    }
    if (!commas.empty() && commas.back() == ',') commas.pop_back();
    return commas;
  }() + "]");
  return {Json(), list.get<std::vector<TokenId>>()};
}

int decode(const TokenizerOptions& options) {
  const Tokenizer tokenizer = Tokenizer::load(options.folder);
  const auto special = options.skipSpecial ? Tokenizer::SpecialTokens::skip : Tokenizer::SpecialTokens::keep;
  for (const std::string& path : options.inputs) {
    const std::string content = readFile(path == "-" ? "/dev/stdin" : path);
    int number = 0;
    for (std::size_t begin = 0; begin < content.size();) {
      const std::size_t end = std::min(content.find('\n', begin), content.size());
      const std::string line = content.substr(begin, end - begin);
      begin = end + 1;
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      TokenLine parsed;
      try {
        parsed = parseTokenLine(line);
      } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::input, "ValueError",
                    fmt::format("{}:{}: neither {{\"tokens\": [...]}} nor numbers: {}", path, number, error.what()));
      }
      const std::string text = tokenizer.decode(parsed.tokens, special);
      if (options.plain) {
        print(text);
      } else {
        Json object = Json::object();
        if (!parsed.id.is_null()) object["id"] = parsed.id;
        object["script"] = text;
        print(sandbox::dumpJson(object) + "\n");
      }
    }
  }
  return 0;
}

CLI::App* addPart(CLI::App& command, const char* name, const char* description, const char* inputs,
                  const std::shared_ptr<TokenizerOptions>& options) {
  CLI::App* part = command.add_subcommand(name, description);
  part->add_option("inputs", options->inputs, inputs)->required()->option_text(" ");
  return part;
}

}  // namespace

void addTokenizer(CLI::App& program, int& exitCode) {
  auto options = std::make_shared<TokenizerOptions>();
  CLI::App* command = program.add_subcommand("tokenizer", "Train a tokenizer, and turn text into tokens and back");
  command->require_subcommand(1);
  const char* scripts = "Scripts; folders (every .py below them); .jsonl files with {\"id\", \"script\"} a line; -";

  CLI::App* trainPart =
      addPart(*command, "train", "Make a compact vocabulary for the programs of a model", scripts, options);
  trainPart->add_option("-o,--output-dir", options->folder, "Folder for tokenizer.json and tokenizer_config.json")
      ->required()
      ->option_text("DIR");
  trainPart->add_option("--vocab-size", options->training.vocabularySize, "The most tokens, special ones included")
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N (2048)");
  trainPart->add_option("--min-count", options->training.minimumCount, "A pair is merged when it occurs this often")
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N (2)");
  trainPart->footer(
      "Every number of -200..200 and the recurring pieces of the CAD-Recode dialect are single tokens; the rest is\n"
      "learned. Hugging Face's library reads the files.\n\n"
      "Example:\n"
      "  cadrecode tokenizer train scripts.jsonl -o models/compact");
  trainPart->callback([options, &exitCode] { exitCode = train(*options); });

  CLI::App* encodePart = addPart(*command, "encode", "Print the tokens of scripts, a JSON line each", scripts, options);
  CLI::App* decodePart = addPart(*command, "decode", "Print the text of token lists, a JSON line each",
                                 "Files of {\"id\", \"tokens\"} or of numbers, a line each; -", options);
  for (CLI::App* part : {encodePart, decodePart}) {
    part->add_option("-t,--tokenizer", options->folder, "Folder with tokenizer.json")->required()->option_text("DIR");
  }
  encodePart->add_flag("--plain", options->plain, "Numbers only, a line a script");
  encodePart->footer(
      "Example:\n"
      "  cadrecode tokenizer encode examples/bracket.py -t models/compact --plain");
  encodePart->callback([options, &exitCode] { exitCode = encode(*options); });
  decodePart->add_flag("--plain", options->plain, "The texts as they are, one after the other");
  decodePart->add_flag("--skip-special", options->skipSpecial, "Leave out special tokens");
  decodePart->footer(
      "Example:\n"
      "  cadrecode tokenizer encode part.py -t models/compact | cadrecode tokenizer decode - -t models/compact "
      "--plain");
  decodePart->callback([options, &exitCode] { exitCode = decode(*options); });
}

}  // namespace cadrecode::cli
