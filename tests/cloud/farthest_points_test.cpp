#include "cloud/farthest_points.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "cloud/support.hpp"
#include "cloud/tensors.hpp"
#include "core/random.hpp"

namespace cadrecode::cloud {
namespace {

using testing::expectRefusal;

// The definition, word by word.
std::vector<std::uint32_t> bruteForce(const std::vector<PointF>& points, std::size_t count, std::size_t start) {
  std::vector<float> nearest(points.size(), std::numeric_limits<float>::max());
  std::vector<std::uint32_t> chosen{static_cast<std::uint32_t>(start)};
  while (chosen.size() < std::min(count, points.size())) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      volatile float sum = 0;  // each step rounded to float32
      for (int axis = 0; axis < 3; ++axis) {
        volatile float difference = points[i][axis] - points[chosen.back()][axis];
        volatile float square = difference * difference;
        sum = sum + square;
      }
      nearest[i] = std::min(nearest[i], static_cast<float>(sum));
      if (nearest[i] > nearest[best]) best = i;
    }
    chosen.push_back(static_cast<std::uint32_t>(best));
  }
  return chosen;
}

std::vector<VectorWidth> supportedWidths() {
  std::vector<VectorWidth> widths{VectorWidth::automatic};
  for (VectorWidth width : {VectorWidth::four, VectorWidth::eight, VectorWidth::sixteen}) {
    if (isSupported(width)) widths.push_back(width);
  }
  return widths;
}

std::vector<PointF> randomPoints(std::size_t count, Random random) {
  std::vector<PointF> points(count);
  for (PointF& point : points) {
    for (float& value : point) value = static_cast<float>(random.uniform(-1, 1));
  }
  return points;
}

TEST(FarthestPoints, TakesTheLowestIndexAmongEquals) {
  std::vector<PointF> line;
  for (int i = 0; i <= 10; ++i) line.push_back({static_cast<float>(i), 0, 0});
  for (VectorWidth width : supportedWidths()) {
    EXPECT_EQ(farthestPoints(line, 6, 0, width), (std::vector<std::uint32_t>{0, 10, 5, 2, 7, 1}));
  }
}

TEST(FarthestPoints, RepeatsTheFirstPointOnceOnlyCopiesAreLeft) {
  std::vector<PointF> points{{1, 1, 1}, {1, 1, 1}, {2, 1, 1}, {2, 1, 1}, {1, 1, 1}};
  EXPECT_EQ(farthestPoints(points, 4), (std::vector<std::uint32_t>{0, 2, 0, 0}));
  EXPECT_EQ(farthestPoints(points, 3, 3), (std::vector<std::uint32_t>{3, 0, 0}));
}

TEST(FarthestPoints, GivesEveryPointOnceWhenThereAreTooFew) {
  std::vector<PointF> points = randomPoints(10, Random(1));
  std::vector<std::uint32_t> indices = farthestPoints(points, 256);
  ASSERT_EQ(indices.size(), 10U);
  std::sort(indices.begin(), indices.end());
  for (std::uint32_t i = 0; i < 10; ++i) EXPECT_EQ(indices[i], i);
}

TEST(FarthestPoints, RefusesAStartThatIsNoPoint) {
  expectRefusal([] { farthestPoints({}, 1); }, {"none of the points"});
  expectRefusal([] { farthestPoints({{0, 0, 0}}, 1, 1); }, {"none of the points"});
}

TEST(FarthestPoints, EqualsBruteForceOnEveryKindOfProcessor) {
  Random random(20);
  for (std::size_t size : {1U, 2U, 15U, 16U, 17U, 100U, 1000U, 3001U}) {
    std::vector<PointF> points = randomPoints(size, random.split(size));
    std::size_t start = size / 3;
    std::vector<std::uint32_t> expected = bruteForce(points, 200, start);
    for (VectorWidth width : supportedWidths()) EXPECT_EQ(farthestPoints(points, 200, start, width), expected) << size;
  }
}

TEST(FarthestPoints, EqualsBruteForceWhereManyDistancesAreEqual) {
  std::vector<PointF> grid;
  for (int i = 0; i < 512; ++i) {
    grid.push_back(
        {0.1F * static_cast<float>(i % 8), 0.1F * static_cast<float>(i / 8 % 8), 0.1F * static_cast<float>(i / 64)});
  }
  std::vector<std::uint32_t> expected = bruteForce(grid, 300, 0);
  for (VectorWidth width : supportedWidths()) EXPECT_EQ(farthestPoints(grid, 300, 0, width), expected);
}

TEST(FarthestPoints, EqualsPytorch3d) {
  std::string path = CADRECODE_SOURCE_DIR "/../shared/goldens/points/fps.safetensors";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the goldens are not here: " << path;
  testing::Tensors tensors(path);
  for (auto [name, count] :
       {std::pair{"box2000", 256U}, {"grid1000", 256U}, {"duplicates400", 64U}, {"few100", 256U}}) {
    std::vector<double> numbers = tensors.get<double>(std::string(name) + ".points");
    std::vector<PointF> points;
    for (std::size_t i = 0; i < numbers.size(); i += 3) {
      points.push_back(
          {static_cast<float>(numbers[i]), static_cast<float>(numbers[i + 1]), static_cast<float>(numbers[i + 2])});
    }
    std::string key = std::string(name) + ".indices_pytorch3d_cpu_kernel";
    ASSERT_EQ(tensors.type(key), "I64");
    std::vector<std::int64_t> expected = tensors.get<std::int64_t>(key);
    while (!expected.empty() && expected.back() == -1) expected.pop_back();
    for (VectorWidth width : supportedWidths()) {
      std::vector<std::uint32_t> indices = farthestPoints(points, count, 0, width);
      EXPECT_EQ(std::vector<std::int64_t>(indices.begin(), indices.end()), expected) << name;
    }
    if (std::string(name) != "box2000") continue;
    std::vector<std::int64_t> other = tensors.get<std::int64_t>("box2000.indices_start1234");
    std::vector<std::uint32_t> indices = farthestPoints(points, count, 1234);
    EXPECT_EQ(std::vector<std::int64_t>(indices.begin(), indices.end()), other);
  }
}

}  // namespace
}  // namespace cadrecode::cloud
