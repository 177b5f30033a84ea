// Small files of every format, cut short and with flipped bits: whatever comes out, it is a checked mesh or cloud or an
// Error(input), never a crash. The mutations are the same in every run.
#include <gtest/gtest.h>

#include "cloud/archives.hpp"
#include "cloud/formats.hpp"
#include "cloud/support.hpp"
#include "cloud/write.hpp"
#include "core/random.hpp"

namespace cadrecode::cloud {
namespace {

using testing::bytesOf;

struct Sample {
  std::string name;
  std::string bytes;
};

std::vector<Sample> samples() {
  Mesh mesh = testing::boxMesh({0, 0, 0}, {1, 2, 3});
  mesh.normals.assign(8, {0, 0, 1});
  Cloud cloud{mesh.vertices, mesh.normals};
  std::string numbers;
  for (const Point& point : cloud.points) {
    for (double value : point) numbers += bytesOf(static_cast<float>(value));
  }
  std::string array = testing::npy("<f4", "False", "(8, 3)", numbers);
  std::string pcdHeader =
      "VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 8\nHEIGHT 1\nPOINTS 8\nDATA ";
  std::string pcdText = pcdHeader + "ascii\n";
  std::string table = "x,y,z\n";
  std::string literals;
  for (std::size_t i = 0; i < numbers.size(); i += 32) literals += '\x1f' + numbers.substr(i, 32);
  for (const Point& point : cloud.points) {
    pcdText += std::to_string(point[0]) + " " + std::to_string(point[1]) + " " + std::to_string(point[2]) + "\n";
    table += std::to_string(point[0]) + "," + std::to_string(point[1]) + "," + std::to_string(point[2]) + "\n";
  }
  std::string ascii =
      "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\n"
      "element face 2\nproperty list uchar int vertex_indices\nelement tristrips 1\nproperty list int int "
      "vertex_indices\nend_header\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n3 0 1 2\n4 0 1 2 3\n";
  std::string solid =
      "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\n"
      "endsolid a\nsolid b\nfacet normal 0 0 1\nouter loop\nvertex 0 0 1\nvertex 1 0 1\nvertex 0 1 1\nendloop\n"
      "endfacet\nendsolid b\n";
  return {
      {"binary.stl", writeStl(mesh)},
      {"two.stl", writeStl(mesh) + writeStl(mesh)},
      {"text.stl", solid},
      {"mesh.obj", writeObj(mesh)},
      {"polygon.obj", "v 0 0 0\nv 2 0 0\nv 2 2 0\nv 1 1 0\nv 0 2 0\nf 1/1/1 2 3//1 \\\n4 -1\n"},
      {"cloud.obj", writeObj(cloud)},
      {"mesh.ply", writePly(mesh)},
      {"cloud.ply", writePly(cloud)},
      {"text.ply", ascii},
      {"mesh.off", "NCOFF\n4 2 0\n0 0 0 0 0 1 9\n1 0 0 0 0 1 9\n1 1 0 0 0 1 9\n0 1 0 0 0 1 9\n4 0 1 2 3\n3 0 1 2\n"},
      {"text.pcd", pcdText},
      {"binary.pcd", pcdHeader + "binary\n" + numbers},
      {"compressed.pcd", pcdHeader + "binary_compressed\n" + bytesOf(static_cast<std::uint32_t>(literals.size())) +
                             bytesOf(static_cast<std::uint32_t>(numbers.size())) + literals},
      {"table.csv", table},
      {"array.npy", array},
      {"columns.npy", testing::npy(">f8", "True", "(4, 3)", numbers)},
      {"stored.npz", testing::zip({{"points.npy", array}, {"normals.npy", array}}, false)},
      {"deflated.npz", testing::zip({{"points.npy", array}}, true)},
      {"large.npz", testing::zip({{"points.npy", array}}, true, true)}};
}

// What a reader may promise after any mutation.
void readAndCheck(const std::string& bytes, const std::string& name, std::size_t& read, std::size_t& refused) {
  try {
    Input input = readInput(bytes, name);
    ++read;
    if (!input.isMesh()) {
      ASSERT_FALSE(testing::cloudOf(input).points.empty());
      return;
    }
    const Mesh& mesh = testing::meshOf(input);
    ASSERT_GT(area(mesh), 0);
    for (const Triangle& triangle : mesh.triangles) {
      for (std::uint32_t corner : triangle) ASSERT_LT(corner, mesh.vertices.size());
    }
  } catch (const Error& error) {
    ++refused;
    ASSERT_EQ(error.code(), ErrorCode::input) << error.what();
    ASSERT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
  }
}

TEST(Mutations, SamplesAreReadAsTheyAre) {
  for (const Sample& sample : samples()) {
    if (sample.name == "columns.npy") continue;  // its bytes are another type's: any numbers
    std::size_t read = 0;
    std::size_t refused = 0;
    readAndCheck(sample.bytes, sample.name, read, refused);
    EXPECT_EQ(read, 1U) << sample.name;
  }
}

TEST(Mutations, FilesCutAnywhereAreReadOrRefused) {
  std::size_t read = 0;
  std::size_t refused = 0;
  for (const Sample& sample : samples()) {
    for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
      readAndCheck(sample.bytes.substr(0, size), sample.name, read, refused);
    }
  }
  EXPECT_GT(refused, 1000U);
}

TEST(Mutations, EveryBitFlippedIsReadOrRefused) {
  std::size_t read = 0;
  std::size_t refused = 0;
  for (const Sample& sample : samples()) {
    for (std::size_t bit = 0; bit < sample.bytes.size() * 8; ++bit) {
      std::string bytes = sample.bytes;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
      readAndCheck(bytes, sample.name, read, refused);
    }
  }
  EXPECT_GT(read, 1000U);
  EXPECT_GT(refused, 1000U);
}

TEST(Mutations, FilesOfRandomDamageAreReadOrRefused) {
  Random random(77);
  std::size_t read = 0;
  std::size_t refused = 0;
  for (const Sample& sample : samples()) {
    for (int run = 0; run < 1000; ++run) {
      std::string bytes = sample.bytes;
      for (std::uint64_t change = 0; change <= random.below(6); ++change) {
        std::size_t place = random.below(bytes.size());
        switch (random.below(4)) {
          case 0:
            bytes[place] = static_cast<char>(random.below(256));
            break;
          case 1:
            bytes.insert(place, std::string(random.below(20) + 1, "09-.e \n\xff"[random.below(8)]));
            break;
          case 2:
            bytes.erase(place, random.below(20));
            break;
          default:
            bytes.insert(place, bytes.substr(random.below(bytes.size()), random.below(50)));
            break;
        }
        if (bytes.empty()) bytes = "\n";
      }
      readAndCheck(bytes, sample.name, read, refused);
    }
  }
  EXPECT_GT(read, 1000U);
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace cadrecode::cloud
