// Files of the safetensors format: what is written is read back, malformed ones end in an error that names the tensor.
#include "model/safetensors.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <random>

#include "core/error.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/temporary_folder.hpp"

namespace cadrecode::model {
namespace {

std::vector<std::byte> fileOf(const std::string& header, const std::string& data, std::uint64_t length) {
  std::vector<std::byte> bytes(8);
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(length >> (8 * i));
  for (const char c : header + data) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

std::vector<std::byte> fileOf(const std::string& header, const std::string& data = "") {
  return fileOf(header, data, header.size());
}

std::string errorOf(std::vector<std::byte> bytes) {
  try {
    parseSafetensors(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    return error.what();
  }
  return "accepted";
}

void expectNamed(const std::string& header, const std::string& data, const std::string& expected) {
  const std::string message = errorOf(fileOf(header, data));
  EXPECT_NE(message.find(expected), std::string::npos) << message;
}

TEST(Safetensors, ReadsWhatTheFormatAllows) {
  auto bytes = fileOf(
      R"({"__metadata__":{"format":"pt"},"b":{"dtype":"I16","shape":[2],"data_offsets":[4,8]},)"
      R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"none":{"dtype":"F64","shape":[0,3],"data_offsets":[4,4]}}   )",
      std::string("\0\0\x80\x3F\x01\0\xFF\xFF", 8));
  const auto contents = parseSafetensors(bytes);
  ASSERT_EQ(contents.tensors.size(), 3U);
  EXPECT_EQ(contents.tensors[0].name, "a");
  float one = 0;
  std::memcpy(&one, contents.tensors[0].bytes.data(), 4);
  EXPECT_EQ(one, 1.0F);
  EXPECT_EQ(contents.tensors[2].shape, (Shape{2}));
  EXPECT_EQ(contents.tensors[2].type, ElementType::i16);
  EXPECT_EQ(contents.metadata.at("format"), "pt");
  auto nothing = fileOf("{}");
  EXPECT_TRUE(parseSafetensors(nothing).tensors.empty());
}

TEST(Safetensors, RefusesMalformedHeaders) {
  EXPECT_NE(errorOf({}), "accepted");
  EXPECT_NE(errorOf(std::vector<std::byte>(7)), "accepted");
  EXPECT_NE(errorOf(fileOf("{}", "", 10'000'000'000)).find("100 MB"), std::string::npos);
  EXPECT_NE(errorOf(fileOf("{}", "", ~std::uint64_t{0})).find("100 MB"), std::string::npos);
  EXPECT_NE(errorOf(fileOf("{}", "", 3)).find("within its header"), std::string::npos);
  expectNamed("", "", "not JSON");
  expectNamed("[]", "", "not a JSON object");
  expectNamed("{\"a\":{}", "", "not JSON");
  expectNamed("{\"\xFF\":{}}", "", "not JSON");
  expectNamed(R"({"__metadata__":{"a":1}})", "", "__metadata__");
  expectNamed("{}", "x", "1 bytes behind");
}

TEST(Safetensors, RefusesMalformedTensorsByName) {
  expectNamed(R"({"w":3})", "", "tensor w");
  expectNamed(R"({"w":{"dtype":"F32","shape":[1]}})", "", "tensor w has no data_offsets");
  expectNamed(R"({"w":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})", "x", "F8_E4M3");
  expectNamed(R"({"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "xxxx", "tensor w: shape");
  expectNamed(R"({"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", "xxxx", "tensor w: shape");
  expectNamed(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "xxxx", "tensor w: shape [2] of F32");
  expectNamed(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", "xxxx", "backwards");
  expectNamed(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "xxx", "behind the end");
  expectNamed(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", "xxxx", "two numbers");
  expectNamed(R"({"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", "", "does not fit");
  expectNamed(R"({"w":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,0]}})", "", "too large");
  expectNamed(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[18446744073709551615,18446744073709551616]}})", "x",
              "tensor w");
}

TEST(Safetensors, RefusesOverlapsGapsAndTwins) {
  expectNamed(
      R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
      "xxxxxx", "tensor b: its bytes overlap");
  expectNamed(
      R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}})",
      "xxxxx", "tensor b: unused bytes");
  expectNamed(
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
      "x", "twice in the header: a");
}

TEST(Safetensors, EveryTruncationIsAnError) {
  std::vector<std::byte> data(24, std::byte{5});
  const std::vector<TensorView> tensors = {{"first", ElementType::f32, {2, 2}, std::span(data).first(16)},
                                           {"second", ElementType::bf16, {4}, std::span(data).last(8)}};
  std::string whole = safetensorsHeader(tensors, {{"format", "pt"}});
  EXPECT_EQ(whole.size() % 8, 0U);
  std::vector<std::byte> bytes;
  for (const char c : whole) bytes.push_back(static_cast<std::byte>(c));
  bytes.insert(bytes.end(), data.begin(), data.end());
  EXPECT_EQ(errorOf(bytes), "accepted");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(errorOf({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}), "accepted") << size;
  }
}

TEST(Safetensors, WritesWhatItReads) {
  const TemporaryFolder folder;
  std::mt19937 random(3);
  std::vector<std::byte> data(1000);
  for (auto& byte : data) byte = static_cast<std::byte>(random());
  const std::vector<TensorView> tensors = {{"x.weight", ElementType::f16, {5, 10}, std::span(data).first(100)},
                                           {"empty", ElementType::i64, {0}, {}},
                                           {"naïve \"name\"", ElementType::u8, {3, 100, 3}, std::span(data).last(900)}};
  writeSafetensors(folder / "a.safetensors", tensors);
  const SafetensorsFile file(folder / "a.safetensors");
  ASSERT_EQ(file.tensors().size(), 3U);
  for (const TensorView& expected : tensors) {
    const auto found = std::find_if(file.tensors().begin(), file.tensors().end(),
                                    [&](const TensorView& read) { return read.name == expected.name; });
    ASSERT_NE(found, file.tensors().end());
    EXPECT_EQ(found->type, expected.type);
    EXPECT_EQ(found->shape, expected.shape);
    EXPECT_TRUE(std::equal(found->bytes.begin(), found->bytes.end(), expected.bytes.begin(), expected.bytes.end()));
  }
  EXPECT_EQ(file.metadata().at("format"), "pt");
}

TEST(Safetensors, WritingToAMappingLeavesTheFileAlone) {
  const TemporaryFolder folder;
  std::vector<std::byte> data(4, std::byte{1});
  writeSafetensors(folder / "a.safetensors", std::vector<TensorView>{{"w", ElementType::u8, {4}, data}});
  const SafetensorsFile first(folder / "a.safetensors");
  first.tensors()[0].bytes[0] = std::byte{9};
  EXPECT_EQ(first.tensors()[0].bytes[0], std::byte{9});
  EXPECT_EQ(SafetensorsFile(folder / "a.safetensors").tensors()[0].bytes[0], std::byte{1});
}

TEST(Safetensors, ErrorsNameTheFile) {
  const TemporaryFolder folder;
  std::ofstream(folder / "broken.safetensors") << "abc";
  for (const std::string name : {"broken.safetensors", "missing.safetensors"}) {
    try {
      const SafetensorsFile file(folder / name);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    }
  }
}

TEST(TensorView, KnowsNumbersThatAreNotFinite) {
  auto finite = [](ElementType type, std::vector<std::uint8_t> raw) {
    std::vector<std::byte> bytes;
    for (const auto byte : raw) bytes.push_back(static_cast<std::byte>(byte));
    return isFinite({"w", type, {1}, bytes});
  };
  EXPECT_TRUE(finite(ElementType::f32, {0, 0, 0x80, 0x3F, 0xFF, 0xFF, 0x7F, 0x7F}));
  EXPECT_FALSE(finite(ElementType::f32, {0, 0, 0x80, 0x3F, 0, 0, 0x80, 0xFF}));
  EXPECT_FALSE(finite(ElementType::f32, {1, 0, 0x80, 0x7F}));
  EXPECT_TRUE(finite(ElementType::bf16, {0x7F, 0x7F}));
  EXPECT_FALSE(finite(ElementType::bf16, {0xC0, 0x7F}));
  EXPECT_TRUE(finite(ElementType::f16, {0xFF, 0x7B}));
  EXPECT_FALSE(finite(ElementType::f16, {0x00, 0xFC}));
  EXPECT_FALSE(finite(ElementType::f64, {0, 0, 0, 0, 0, 0, 0xF0, 0x7F}));
  EXPECT_TRUE(finite(ElementType::i32, {0xFF, 0xFF, 0xFF, 0xFF}));
}

}  // namespace
}  // namespace cadrecode::model
