// Index files with damage: a list of samples or an Error(input), never anything else.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "core/error.hpp"
#include "core/random.hpp"
#include "dataset/cloud_file.hpp"
#include "dataset/samples.hpp"
#include "temporary_folder.hpp"

namespace cadrecode::dataset {
namespace {

std::string damaged(std::string bytes, Random& random) {
  static constexpr std::string_view kPieces[] = {"\"",   "{",      "}",   "[",    "]",   ",", ":",
                                                 "null", "-1e999", "\\u", "\xff", "../", "//"};
  for (std::uint64_t changes = 1 + random.below(4); changes > 0; --changes) {
    const std::size_t place = random.below(bytes.size() + 1);
    switch (random.below(4)) {
      case 0:
        bytes.resize(place);
        break;
      case 1:
        bytes.insert(place, kPieces[random.below(std::size(kPieces))]);
        break;
      case 2:
        bytes.erase(place, random.below(12));
        break;
      default:
        if (place < bytes.size()) bytes[place] = static_cast<char>(bytes[place] ^ (1 << random.below(8)));
    }
  }
  return bytes;
}

// Quicker than TemporaryFolder::put, which flushes to the disk.
void put(const TemporaryFolder& data, const std::string& name, const std::string& text) {
  std::ofstream(data.path(name), std::ios::binary) << text;
}

void readOrRefuse(const TemporaryFolder& data, int& read, int& refused) {
  try {
    for (const Sample& sample : readSamples(data.path(), "train").samples) {
      EXPECT_FALSE(sample.id.empty());
      EXPECT_EQ(sample.id.find('/'), std::string::npos);
      EXPECT_TRUE(std::filesystem::exists(sample.scriptPath));
    }
    ++read;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input) << error.what();
    ++refused;
  }
}

TEST(IndexDamage, AnIndexIsReadOrRefused) {
  TemporaryFolder data;
  data.put("train/batch_0000/a.py", "r = 1\n");
  data.put("train/b.py", "r = 1\n");
  const std::string index =
      R"([{"sample_id": "batch_0000_a", "code_path": "train/batch_0000/a.py", "relative_path": "batch_0000/a.py", "split": "train"},
 {"sample_id": "b", "code_path": "train/b.py", "relative_path": "b.py", "split": "train"}])";
  Random random(3);
  int read = 0, refused = 0;
  for (int i = 0; i < 400; ++i) {
    put(data, "train_index.json", damaged(index, random));
    readOrRefuse(data, read, refused);
  }
  EXPECT_GT(read, 5);
  EXPECT_GT(refused, 5);
}

TEST(IndexDamage, ListsOfErrorsAndSplitsAreReadOrRefused) {
  TemporaryFolder data;
  data.put("reconstruction/x_1.step", "ISO-10303-21;");
  data.put("reconstruction/x_2.step", "ISO-10303-21;");
  Random random(4);
  int read = 0, refused = 0;
  for (int i = 0; i < 400; ++i) {
    put(data, "train_test.json", damaged(R"({"train": ["x_1", "x_2"], "test": ["x_3"]})", random));
    put(data, "error_samples.json", i % 2 ? "[\"x_1\"]" : damaged(R"(["x_1", "batch_0000/y.py"])", random));
    readOrRefuse(data, read, refused);
  }
  EXPECT_GT(read, 5);
  EXPECT_GT(refused, 5);
}

TEST(IndexDamage, ACloudWithoutItsOriginIsNobodys) {
  cloud::ModelCloud cloud;
  cloud.points.assign(256, {0.5F, 0, 1});
  const Origin origin{sha256("program"), "recipe"};
  const std::string bytes = writeCloudFile(cloud, origin);
  ASSERT_EQ(originOf(bytes), origin);
  Random random(5);
  for (std::size_t size = 0; size + 1 < bytes.size(); ++size) {
    EXPECT_NE(originOf(std::string_view(bytes).substr(0, size)), origin);
  }
  for (int i = 0; i < 2000; ++i) originOf(damaged(bytes, random));
}

}  // namespace
}  // namespace cadrecode::dataset
