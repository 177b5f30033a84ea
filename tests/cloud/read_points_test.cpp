#include <gtest/gtest.h>

#include <limits>

#include "cloud/archives.hpp"
#include "cloud/lzf.hpp"
#include "cloud/read.hpp"
#include "cloud/support.hpp"

namespace cadrecode::cloud {
namespace {

using testing::bytesOf;
using testing::cloudOf;
using testing::expectRefused;
using testing::npy;
using testing::zip;

const std::vector<Point> twoPoints{{1, 2, 3}, {4, 5, 6}};

std::string pcd(const std::string& fields, const std::string& size, const std::string& type, const std::string& count,
                const std::string& points, const std::string& data) {
  return "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS " + fields + "\nSIZE " + size + "\nTYPE " +
         type + "\nCOUNT " + count + "\nWIDTH " + points + "\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS " + points +
         "\nDATA " + data + "\n";
}

std::string pcdXyz(const std::string& points, const std::string& data) {
  return pcd("x y z", "4 4 4", "F F F", "1 1 1", points, data);
}

TEST(ReadPcd, ReadsText) {
  Input input = readInput(pcdXyz("2", "ascii") + "1 2 3\n4 5 6\n", "a.pcd");
  EXPECT_EQ(input.format, Format::pcd);
  EXPECT_EQ(cloudOf(input).points, twoPoints);
  // Fields in another order, one of several numbers, and normals.
  Input other = readInput(pcd("normal_z rgb z x histogram normal_x y normal_y", "4 4 4 4 4 4 4 4", "F U F F F F F F",
                              "1 1 1 1 3 1 1 1", "2", "ascii") +
                              "1 99 3 1 7 7 7 0 2 0\n1 99 6 4 7 7 7 0 5 0\n",
                          "a.pcd");
  EXPECT_EQ(cloudOf(other).points, twoPoints);
  EXPECT_EQ(cloudOf(other).normals[1], (Point{0, 0, 1}));
}

TEST(ReadPcd, ReadsBinaryWithEveryType) {
  std::string body;
  for (const Point& point : twoPoints) {
    body += bytesOf(point[0]) + "pad" + bytesOf(static_cast<std::int8_t>(point[1])) +
            bytesOf(static_cast<std::uint16_t>(point[2]));
  }
  std::string header = pcd("x _ y z", "8 1 1 2", "F U I U", "1 3 1 1", "2", "binary");
  EXPECT_EQ(cloudOf(readInput(header + body, "a.pcd")).points, twoPoints);
}

TEST(ReadPcd, ReadsCompressed) {
  // By field: 1 4 | 2 5 | 3 6. As literals, and with the middle field, five equal bytes, as a repetition.
  std::string plain;
  for (float value : {1.F, 4.F, 2.F, 2.F, 3.F, 6.F}) plain += bytesOf(value);
  std::string literal = static_cast<char>(plain.size() - 1) + plain;
  // The third number (2) is a literal, the fourth repeats the four bytes before it.
  std::string repeated = static_cast<char>(11) + plain.substr(0, 12) + std::string("\x40\x03", 2) +
                         static_cast<char>(7) + plain.substr(16);
  for (const std::string& data : {literal, repeated}) {
    std::string bytes = pcdXyz("2", "binary_compressed") + bytesOf(static_cast<std::uint32_t>(data.size())) +
                        bytesOf(static_cast<std::uint32_t>(plain.size())) + data;
    EXPECT_EQ(cloudOf(readInput(bytes, "a.pcd")).points, (std::vector<Point>{{1, 2, 3}, {4, 2, 6}}));
  }
}

TEST(ReadPcd, LeavesOutPointsWithoutMeasurement) {
  Input input = readInput(pcdXyz("3", "ascii") + "1 2 3\nnan nan nan\n4 5 6\n", "a.pcd");
  EXPECT_EQ(cloudOf(input).points, twoPoints);
  ASSERT_EQ(input.notes.size(), 1U);
  expectRefused(pcdXyz("1", "ascii") + "nan nan nan\n", "a.pcd", {"none of its points has a measurement"});
}

TEST(ReadPcd, NamesPlaceAndReason) {
  expectRefused(pcdXyz("2", "ascii") + "1 2 3\n", "a.pcd", {"after 1 of 2 points"});
  expectRefused(pcdXyz("2", "ascii") + "1 2 3\n4 5\n", "a.pcd", {"line 13", "'z' is missing"});
  expectRefused(pcdXyz("2", "ascii") + "1 2 3\n4 5 inf\n", "a.pcd", {"line 13", "not finite"});
  expectRefused(pcdXyz("2", "ascii") + "1 2 3\n4 5 six\n", "a.pcd", {"line 13", "'six'"});
  expectRefused(pcdXyz("2", "binary") + std::string(23, 'a'), "a.pcd",
                {"byte", "promises 2 points, the file ends after 1"});
  expectRefused(pcdXyz("2", "strange"), "a.pcd", {"line 11", "'strange'"});
  expectRefused(pcd("x y", "4 4", "F F", "1 1", "1", "ascii") + "1 2\n", "a.pcd", {"no field 'z'"});
  expectRefused(pcd("x y z", "4 4 3", "F F F", "1 1 1", "1", "ascii"), "a.pcd", {"line 4", "3"});
  expectRefused(pcd("x y z", "4 4 2", "F F F", "1 1 1", "1", "binary") + std::string(10, 'a'), "a.pcd",
                {"a float of 2 bytes"});
  for (const char* data : {"ascii", "binary"}) {
    expectRefused(pcdXyz("1000000000000000000", data) + "1 2 3\n", "a.pcd", {"promises 1000000000000000000"});
  }
  std::string compressed = pcdXyz("1000000000", "binary_compressed");
  expectRefused(compressed + bytesOf(4U) + bytesOf(0xffffffffU) + "aaaa", "a.pcd", {"byte", "promises 1000000000"});
  std::string lying = pcdXyz("300000000", "binary_compressed");
  expectRefused(lying + bytesOf(4U) + bytesOf(3600000000U) + "aaaa", "a.pcd", {"damaged"});
  expectRefused("VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\n", "a.pcd", {"before the line DATA"});
  std::string noPoints = "VERSION 0.7\nFIELDS x y z\nWIDTH 4294967296000\nHEIGHT 4294967296000\nDATA ascii\n";
  expectRefused(noPoints, "a.pcd", {"too large"});
}

TEST(Lzf, ExpandsOverlappingRepetitions) {
  EXPECT_EQ(decompressLzf(std::string("\x00"
                                      "a\xe0\x01\x00",
                                      5),
                          11),
            std::string(11, 'a'));
  EXPECT_EQ(decompressLzf(std::string("\x00"
                                      "a\xe0\x01\x00",
                                      5),
                          10),
            std::nullopt);
  EXPECT_EQ(decompressLzf(std::string("\x00"
                                      "a\xe0\x01\x00",
                                      5),
                          12),
            std::nullopt);
  EXPECT_EQ(decompressLzf(std::string("\x00"
                                      "a\x20\x01",
                                      4),
                          4),
            std::nullopt);  // reaches before the beginning
  EXPECT_EQ(decompressLzf(std::string("\x05"
                                      "a",
                                      2),
                          6),
            std::nullopt);
  EXPECT_EQ(decompressLzf(std::string("\x00"
                                      "a\xe0",
                                      3),
                          11),
            std::nullopt);
  EXPECT_EQ(decompressLzf("", 0), std::string());
}

TEST(ReadXyz, ReadsEverySeparator) {
  for (const char* text :
       {"1 2 3\n4 5 6\n", "1,2,3\n4,5,6\n", "1;2;3\r\n4;5;6\r\n", "1\t2\t3\n4\t5\t6", "  1  2  3  \n\n# c\n4 5 6\n",
        "1, 2, 3\n4, 5, 6\n", "2\n1 2 3 0 0 0 0\n4 5 6 0 0 0 0\n", "+1 2.0 3e0\n4 .5e1 6.\n",
        "\xef\xbb\xbf"
        "1 2 3\n4 5 6\n",
        "1 2 3 255\r4 5 6 255\r"}) {
    for (const char* name : {"a.xyz", "a.csv", "a.txt", "a.PTS"}) {
      EXPECT_EQ(cloudOf(readInput(text, name)).points, twoPoints) << text;
    }
  }
}

TEST(ReadXyz, FindsColumnsByName) {
  Input input = readInput("id,\"Z\",X,Y,nx,ny,nz\n7,3,1,2,0,0,1\n8,6,4,5,0,0,2\n", "a.csv");
  EXPECT_EQ(cloudOf(input).points, twoPoints);
  EXPECT_EQ(cloudOf(input).normals[1], (Point{0, 0, 2}));
  EXPECT_EQ(cloudOf(readInput("//X Y Z R G B\n1 2 3 9 9 9\n4 5 6 9 9 9\n", "a.asc")).points, twoPoints);
}

TEST(ReadXyz, TakesSixColumnsForNormalsOnlyWhenTheyAre) {
  EXPECT_EQ(cloudOf(readInput("1 2 3 0 0 1\n4 5 6 0.6 0 0.8\n", "a.xyz")).normals.size(), 2U);
  EXPECT_TRUE(cloudOf(readInput("1 2 3 0 0 1\n4 5 6 255 0 0\n", "a.xyz")).normals.empty());
}

TEST(ReadXyz, NamesPlaceAndReason) {
  expectRefused("1 2 3\n4 5\n", "a.xyz", {"'a.xyz', line 2", "2 numbers"});
  expectRefused("1 2 3\n4 5 six\n", "a.xyz", {"line 2", "'six'"});
  expectRefused("1,2,3\n4,,6\n", "a.csv", {"line 2", "missing"});
  expectRefused("1 2 3\n4 5 nan\n", "a.xyz", {"line 2", "not finite"});
  expectRefused("a b c\n1 2 3\n", "a.csv", {"line 1", "names of columns"});
  expectRefused("# nothing\n", "a.xyz", {"no points"});
  expectRefused(std::string("1 2 3\n\0 5 6\n", 12), "a.xyz", {"byte 6"});
  expectRefused("1 2 3\n", "a.xyz", {"1 points are all in one place"});
}

TEST(ReadNpy, ReadsBothOrdersTypesAndEndians) {
  for (bool big : {false, true}) {
    std::string rows32;
    std::string columns64;
    for (float value : {1.F, 2.F, 3.F, 4.F, 5.F, 6.F}) rows32 += bytesOf(value, big);
    for (double value : {1., 4., 2., 5., 3., 6.}) columns64 += bytesOf(value, big);
    std::string order = big ? ">" : "<";
    for (int version : {1, 2, 3}) {
      EXPECT_EQ(cloudOf(readInput(npy(order + "f4", "False", "(2, 3)", rows32, version), "a.npy")).points, twoPoints);
      EXPECT_EQ(cloudOf(readInput(npy(order + "f8", "True", "(2, 3)", columns64, version), "a.npy")).points, twoPoints);
    }
    EXPECT_EQ(cloudOf(readInput(npy(order + "f4", "False", "(1, 2, 3)", rows32), "a.npy")).points, twoPoints);
  }
}

TEST(ReadNpy, TakesSixColumnsForNormals) {
  std::string data;
  for (double value : {1., 2., 3., 0., 0., 1., 4., 5., 6., 0., 1., 0.}) data += bytesOf(value);
  Input input = readInput(npy("<f8", "False", "(2, 6)", data), "a.npy");
  EXPECT_EQ(cloudOf(input).points, twoPoints);
  EXPECT_EQ(cloudOf(input).normals, (std::vector<Point>{{0, 0, 1}, {0, 1, 0}}));
}

TEST(ReadNpy, NamesPlaceAndReason) {
  std::string data(24, '\1');
  expectRefused(npy("<i4", "False", "(2, 3)", data), "a.npy", {"'a.npy'", "<i4", "float32 and float64"});
  expectRefused(npy("<f4", "False", "(3, 2)", data), "a.npy", {"shape (3, 2)"});
  expectRefused(npy("<f4", "False", "(6,)", data), "a.npy", {"shape (6)"});
  expectRefused(npy("<f4", "False", "(2, 1, 3)", data), "a.npy", {"shape (2, 1, 3)"});
  expectRefused(npy("<f4", "False", "(3, 3)", data), "a.npy", {"more numbers than the 6"});
  expectRefused(npy("<f4", "False", "(1000000000000000000, 3)", data), "a.npy", {"more numbers"});
  expectRefused(npy("<f4", "False", "(99999999999999999999, 3)", data), "a.npy", {"shape holds"});
  expectRefused(npy("<f4", "False", "(-2, 3)", data), "a.npy", {"shape holds '-2'"});
  expectRefused(npy("<f4", "Maybe", "(2, 3)", data), "a.npy", {"fortran_order"});
  expectRefused(npy("<f4", "False", "2", data), "a.npy", {"no tuple"});
  expectRefused(npy("<f4", "False", "(0, 3)", ""), "a.npy", {"no points"});
  expectRefused(npy("<f4", "False", "(2, 3)", data, 9), "a.npy", {"version 9"});
  expectRefused(npy("<f4", "False", "(2, 3)", data).substr(0, 20), "a.npy", {"byte", "header"});
  expectRefused("1 2 3", "a.npy", {"byte 0"});
  std::string nan = bytesOf(std::numeric_limits<float>::quiet_NaN());
  expectRefused(npy("<f4", "False", "(2, 3)", data.substr(4) + nan), "a.npy", {"not finite"});
}

TEST(ReadNpz, ReadsStoredAndDeflated) {
  std::string data;
  for (float value : {1.F, 2.F, 3.F, 4.F, 5.F, 6.F}) data += bytesOf(value);
  std::string points = npy("<f4", "False", "(2, 3)", data);
  std::string other = npy("<f4", "False", "(6,)", data);
  for (bool deflate : {false, true}) {
    for (bool large : {false, true}) {
      EXPECT_EQ(cloudOf(readInput(zip({{"arr_0.npy", points}}, deflate, large), "a.npz")).points, twoPoints);
      Input named = readInput(
          zip({{"label.npy", other}, {"points.npy", points}, {"normals.npy", points}}, deflate, large), "a.npz");
      EXPECT_EQ(cloudOf(named).points, twoPoints);
      EXPECT_EQ(cloudOf(named).normals, twoPoints);
    }
  }
  EXPECT_EQ(cloudOf(readInput(zip({{"whatever.npy", points}}, true), "a.npz")).points, twoPoints);
}

TEST(ReadNpz, NamesPlaceAndReason) {
  std::string data;
  for (float value : {1.F, 2.F, 3.F, 4.F, 5.F, 6.F}) data += bytesOf(value);
  std::string points = npy("<f4", "False", "(2, 3)", data);
  std::string good = zip({{"points.npy", points}}, false);
  std::string flipped = good;
  flipped[120] = static_cast<char>(flipped[120] ^ 1);
  expectRefused(flipped, "a.npz", {"a.npz:'points.npy'", "checksum"});
  expectRefused(good.substr(0, good.size() - 30), "a.npz", {"directory is missing"});
  expectRefused(zip({{"a.npy", points}, {"b.npy", points}}, true), "a.npz", {"none of its 2 arrays"});
  expectRefused(zip({}, true), "a.npz", {"holds no arrays"});
  expectRefused(zip({{"points.npy", "text"}}, false), "a.npz", {"points.npy", "does not begin as a NumPy array"});
  // A bomb: the directory claims a terabyte.
  std::string bomb = zip({{"points.npy", points}}, true, true);
  std::size_t extra = bomb.rfind(std::string("\1\0\x10\0", 4));
  bomb.replace(extra + 4, 8, bytesOf<std::uint64_t>(std::uint64_t{1} << 40));
  expectRefused(bomb, "a.npz", {"cannot hold 1099511627776"});
  std::string method = good;
  std::size_t entry = method.rfind(std::string("PK\1\2", 4));
  method[entry + 10] = 12;
  expectRefused(method, "a.npz", {"method 12"});
  std::string encrypted = good;
  encrypted[entry + 8] = 1;
  expectRefused(encrypted, "a.npz", {"encrypted"});
}

}  // namespace
}  // namespace cadrecode::cloud
