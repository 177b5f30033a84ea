// The tokenizer's parts on small tokenizers made here: pipeline, added tokens, broken UTF-8, malformed files.
#include "text/tokenizer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/error.hpp"
#include "text/byte_alphabet.hpp"

namespace cadrecode::text {
namespace {

using nlohmann::json;

// All bytes, the merges "a b", "ab c" and the pipeline of Qwen.
json smallTokenizer() {
  json vocab = json::object();
  for (int byte = 0; byte < 256; ++byte) vocab[spellBytes(std::string(1, static_cast<char>(byte)))] = byte;
  vocab["ab"] = 256;
  vocab["abc"] = 257;
  const json byteLevel = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  const json split = {{"type", "Split"},
                      {"pattern", {{"Regex", "\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  return {{"added_tokens", json::array({{{"id", 258}, {"content", "<s>"}, {"special", true}, {"normalized", false}}})},
          {"normalizer", {{"type", "NFC"}}},
          {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", json::array({split, byteLevel})}}},
          {"post_processor", nullptr},
          {"decoder", byteLevel},
          {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", json::array({"a b", {"ab", "c"}})}}}};
}

Tokenizer make(const json& document) { return Tokenizer::fromJson(document.dump()); }

std::string errorOf(const std::function<void(json&)>& spoil) {
  json document = smallTokenizer();
  spoil(document);
  try {
    make(document);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

json addedToken(int id, const std::string& content, const json& extra = json::object()) {
  json token = {{"id", id}, {"content", content}, {"normalized", false}, {"special", false}};
  token.update(extra);
  return token;
}

using Ids = std::vector<TokenId>;

TEST(Tokenizer, MergesByRankFromTheLeft) {
  const Tokenizer tokenizer = make(smallTokenizer());
  EXPECT_EQ(tokenizer.encode("abc"), (Ids{257}));
  EXPECT_EQ(tokenizer.encode("aabcab"), (Ids{'a', 257, 256}));
  EXPECT_EQ(tokenizer.encode("bca"), (Ids{'b', 'c', 'a'}));
  EXPECT_EQ(tokenizer.encode(""), Ids{});
}

TEST(Tokenizer, NormalisesBeforeItEncodes) {
  const Tokenizer tokenizer = make(smallTokenizer());
  EXPECT_EQ(tokenizer.encode("e\xCC\x81"), (Ids{0xC3, 0xA9}));
  EXPECT_EQ(tokenizer.decode(tokenizer.encode(std::string("e\xCC\x81\0", 4))), std::string("\xC3\xA9\0", 3));
}

TEST(Tokenizer, WhiteSpaceIsUnicodesNotPcres) {
  // U+180E is no white space, U+0085 is: with "\s+" alone as pattern only the latter cuts.
  json document = smallTokenizer();
  document["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "\\s+";
  document["model"]["vocab"][spellBytes("a\xE1\xA0\x8E")] = 300;
  document["model"]["vocab"][spellBytes("\xE1\xA0")] = 301;
  document["model"]["vocab"][spellBytes("\xE1\xA0\x8E")] = 302;
  const auto pair = [](std::string left, std::string right) {
    return json::array({spellBytes(left), spellBytes(right)});
  };
  document["model"]["merges"] =
      json::array({pair("\xE1", "\xA0"), pair("\xE1\xA0", "\x8E"), pair("a", "\xE1\xA0\x8E")});
  EXPECT_EQ(make(document).encode("a\xE1\xA0\x8E"), (Ids{300}));
  document["model"]["vocab"][spellBytes("\xC2\x85")] = 303;
  document["model"]["vocab"][spellBytes("a\xC2\x85")] = 304;
  document["model"]["merges"] = json::array({pair("\xC2", "\x85"), pair("a", "\xC2\x85")});
  EXPECT_EQ(make(document).encode("a\xC2\x85"), (Ids{'a', 303}));
}

TEST(Tokenizer, ReplacesBrokenUtf8ByMaximalParts) {
  const Tokenizer tokenizer = make(smallTokenizer());
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(tokenizer.decode(Ids{0xE2, 0x82}), mark);
  EXPECT_EQ(tokenizer.decode(Ids{0xE2, 'a'}), mark + "a");
  EXPECT_EQ(tokenizer.decode(Ids{0xED, 0xA0, 0x80}), mark + mark + mark);
  EXPECT_EQ(tokenizer.decode(Ids{0xF0, 0x9F, 0x98, 0x41}), mark + "A");
  EXPECT_EQ(tokenizer.decode(Ids{0xC0, 0x80, 0xFF}), mark + mark + mark);
  EXPECT_EQ(tokenizer.decode(Ids{0xF4, 0x90}), mark + mark);
}

TEST(Tokenizer, RefusesTextThatIsNotUtf8) {
  EXPECT_THROW(make(smallTokenizer()).encode("a\xFF"), Error);
  EXPECT_THROW(make(smallTokenizer()).encode("\xED\xA0\x80"), Error);
}

TEST(Tokenizer, LeavesOutIdsWithoutToken) {
  const Tokenizer tokenizer = make(smallTokenizer());
  EXPECT_EQ(tokenizer.decode(Ids{'a', 100000, -1, 'b'}), "ab");
  EXPECT_EQ(tokenizer.bytesOf(100000), "");
}

TEST(AddedTokens, TheLongestWins) {
  json document = smallTokenizer();
  document["added_tokens"].push_back(addedToken(259, "<s>>"));
  const Tokenizer tokenizer = make(document);
  EXPECT_EQ(tokenizer.encode("<s>>a<s><s"), (Ids{259, 'a', 258, '<', 's'}));
  EXPECT_EQ(tokenizer.decode(Ids{258, 259}, Tokenizer::SpecialTokens::skip), "<s>>");
}

TEST(AddedTokens, TakeSpacesAlong) {
  json document = smallTokenizer();
  document["added_tokens"].push_back(addedToken(259, "<l>", {{"lstrip", true}}));
  document["added_tokens"].push_back(addedToken(260, "<r>", {{"rstrip", true}}));
  const Tokenizer tokenizer = make(document);
  EXPECT_EQ(tokenizer.encode("a \xC2\xA0\n<l> b"), (Ids{'a', 259, ' ', 'b'}));
  EXPECT_EQ(tokenizer.encode("a <r>\t\xE3\x80\x80 b"), (Ids{'a', ' ', 260, 'b'}));
  EXPECT_EQ(tokenizer.encode("<r> <l>"), (Ids{260, 259}));
}

TEST(AddedTokens, SingleWordsDoNotAdjoinWords) {
  json document = smallTokenizer();
  document["added_tokens"].push_back(addedToken(259, "xy", {{"single_word", true}}));
  const Tokenizer tokenizer = make(document);
  EXPECT_EQ(tokenizer.encode("xy-xy"), (Ids{259, '-', 259}));
  EXPECT_EQ(tokenizer.encode("xyz"), (Ids{'x', 'y', 'z'}));
  EXPECT_EQ(tokenizer.encode("_xy"), (Ids{'_', 'x', 'y'}));
  EXPECT_EQ(tokenizer.encode("\xC3\xA9xy"), (Ids{0xC3, 0xA9, 'x', 'y'}));
}

TEST(AddedTokens, NormalisedOnesAreFoundInNormalisedText) {
  json document = smallTokenizer();
  document["added_tokens"].push_back(addedToken(259, "e\xCC\x81", {{"normalized", true}}));
  document["added_tokens"].push_back(addedToken(260, "o\xCC\x88"));
  const Tokenizer tokenizer = make(document);
  EXPECT_EQ(tokenizer.encode("\xC3\xA9"), (Ids{259}));
  EXPECT_EQ(tokenizer.encode("\xC3\xB6"), (Ids{0xC3, 0xB6}));
  EXPECT_EQ(tokenizer.encode("o\xCC\x88"), (Ids{260}));
}

TEST(TokenizerConfig, NamesTokensAndAddsMissingOnes) {
  const std::string config =
      R"({"eos_token": {"content": "<s>"}, "pad_token": "<p>",
          "added_tokens_decoder": {"259": {"content": "<p>", "special": true}}})";
  const Tokenizer tokenizer = Tokenizer::fromJson(smallTokenizer().dump(), config);
  EXPECT_EQ(tokenizer.eos(), 258);
  EXPECT_EQ(tokenizer.pad(), 259);
  EXPECT_FALSE(tokenizer.bos().has_value());
  EXPECT_EQ(tokenizer.encode("<p>"), (Ids{259}));
  EXPECT_THROW(Tokenizer::fromJson(smallTokenizer().dump(), R"({"eos_token": "<x>"})"), Error);
  EXPECT_THROW(Tokenizer::fromJson(smallTokenizer().dump(), R"({"clean_up_tokenization_spaces": true})"), Error);
}

TEST(Tokenizer, WholePiecesFirstWhenMergesAreIgnored) {
  json document = smallTokenizer();
  document["model"]["vocab"]["xyz"] = 300;
  EXPECT_EQ(make(document).encode("xyz"), (Ids{'x', 'y', 'z'}));
  document["model"]["ignore_merges"] = true;
  EXPECT_EQ(make(document).encode("xyz"), (Ids{300}));
}

TEST(Tokenizer, ThreadsShareOne) {
  const Tokenizer tokenizer = make(smallTokenizer());
  std::vector<Ids> results(4);
  {
    std::vector<std::jthread> threads;
    for (Ids& result : results) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) result = tokenizer.encode("abc " + std::to_string(i) + " aab");
      });
    }
  }
  for (const Ids& result : results) EXPECT_EQ(result, results[0]);
}

TEST(TokenizerFile, RefusesUnknownPartsByName) {
  auto expectNamed = [](const std::string& name, const std::function<void(json&)>& spoil) {
    const std::string message = errorOf(spoil);
    EXPECT_NE(message.find(name), std::string::npos) << message;
  };
  expectNamed("NFKC", [](json& d) { d["normalizer"]["type"] = "NFKC"; });
  expectNamed("Metaspace", [](json& d) { d["pre_tokenizer"] = {{"type", "Metaspace"}}; });
  expectNamed("Removed", [](json& d) { d["pre_tokenizer"]["pretokenizers"][0]["behavior"] = "Removed"; });
  expectNamed("invert", [](json& d) { d["pre_tokenizer"]["pretokenizers"][0]["invert"] = true; });
  expectNamed("add_prefix_space", [](json& d) { d["pre_tokenizer"]["pretokenizers"][1]["add_prefix_space"] = true; });
  expectNamed("Unigram", [](json& d) { d["model"]["type"] = "Unigram"; });
  expectNamed("byte_fallback", [](json& d) { d["model"]["byte_fallback"] = true; });
  expectNamed("dropout", [](json& d) { d["model"]["dropout"] = 0.1; });
  expectNamed("</w>", [](json& d) { d["model"]["end_of_word_suffix"] = "</w>"; });
  expectNamed("TemplateProcessing", [](json& d) { d["post_processor"] = {{"type", "TemplateProcessing"}}; });
  expectNamed("WordPiece", [](json& d) { d["decoder"] = {{"type", "WordPiece"}}; });
  expectNamed("byte 120", [](json& d) { d["model"]["vocab"].erase("x"); });
  expectNamed("missing", [](json& d) { d["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "("; });
  expectNamed("nested", [](json& d) { d["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "[a[b]]"; });
}

TEST(TokenizerFile, RefusesMalformedFiles) {
  EXPECT_NE(errorOf([](json& d) { d["model"]["merges"].push_back("a b c"); }), "accepted");
  EXPECT_NE(errorOf([](json& d) { d["model"]["merges"].push_back({"b", "a"}); }), "accepted");
  EXPECT_NE(errorOf([](json& d) { d["model"]["vocab"]["x"] = 3; }), "accepted");
  EXPECT_NE(errorOf([](json& d) { d["model"]["vocab"]["zz"] = -3; }), "accepted");
  EXPECT_NE(errorOf([](json& d) { d["model"]["vocab"]["zz"] = 4e12; }), "accepted");
  EXPECT_NE(errorOf([](json& d) { d["added_tokens"][0]["id"] = 3; }), "accepted");
  EXPECT_NE(errorOf([](json& d) { d["added_tokens"] = 3; }), "accepted");
  EXPECT_NE(errorOf([](json& d) { d.erase("model"); }), "accepted");
  for (const char* text : {"", "[]", "{", "{}", "\xFF", R"({"model": 3})"})
    EXPECT_THROW(Tokenizer::fromJson(text), Error);
  EXPECT_EQ(errorOf([](json&) {}), "accepted");
  EXPECT_THROW(Tokenizer::load("/nonexistent"), Error);
}

}  // namespace
}  // namespace cadrecode::text
