#include "cloud/farthest_points.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/error.hpp"

namespace cadrecode::cloud {
namespace {

constexpr std::size_t widest = 16;

// Coordinates by axis, filled up to a multiple of the widest vector; `nearest` holds each point's squared distance to
// the nearest chosen one, -1 for the filling, which is thus never chosen.
struct Columns {
  std::vector<float> x, y, z, nearest;
  explicit Columns(const std::vector<PointF>& points) {
    std::size_t size = (points.size() + widest - 1) / widest * widest;
    for (std::vector<float>* column : {&x, &y, &z}) column->resize(size, 0.0F);
    nearest.resize(size, -1.0F);
    for (std::size_t i = 0; i < points.size(); ++i) {
      x[i] = points[i][0];
      y[i] = points[i][1];
      z[i] = points[i][2];
      nearest[i] = std::numeric_limits<float>::max();
    }
  }
};

using Floats4 [[gnu::vector_size(16)]] = float;
using Floats8 [[gnu::vector_size(32)]] = float;
using Floats16 [[gnu::vector_size(64)]] = float;
using Ints4 [[gnu::vector_size(16)]] = std::int32_t;
using Ints8 [[gnu::vector_size(32)]] = std::int32_t;
using Ints16 [[gnu::vector_size(64)]] = std::int32_t;

// Takes the chosen point into account and gives the index of the farthest of all. Each lane of the vectors remembers
// its own first maximum; the lanes are compared at the end. Forced into its callers, which say for which processor it
// is compiled; the vector types are those of GCC and Clang, and become plain arithmetic where the processor has no
// vectors.
template <typename Floats, typename Ints>
[[gnu::always_inline]] inline std::uint32_t step(Columns& columns, std::uint32_t chosen) {
  constexpr int width = sizeof(Floats) / sizeof(float);
  const float cx = columns.x[chosen];
  const float cy = columns.y[chosen];
  const float cz = columns.z[chosen];
  Floats farthest;
  Ints where;
  Ints index;
  for (int lane = 0; lane < width; ++lane) {
    farthest[lane] = -1.0F;
    where[lane] = 0;
    index[lane] = lane;
  }
  const std::size_t size = columns.x.size();
  for (std::size_t i = 0; i < size; i += width) {
    Floats x, y, z, nearest;
    std::memcpy(&x, &columns.x[i], sizeof(x));
    std::memcpy(&y, &columns.y[i], sizeof(y));
    std::memcpy(&z, &columns.z[i], sizeof(z));
    std::memcpy(&nearest, &columns.nearest[i], sizeof(nearest));
    x -= cx;
    y -= cy;
    z -= cz;
    Floats distance = x * x;
    distance += y * y;
    distance += z * z;
    nearest = distance < nearest ? distance : nearest;
    std::memcpy(&columns.nearest[i], &nearest, sizeof(nearest));
    Ints better = nearest > farthest;
    farthest = better ? nearest : farthest;
    where = better ? index : where;
    index += width;
  }
  int best = 0;
  for (int lane = 1; lane < width; ++lane) {
    bool isFirst = farthest[lane] == farthest[best] && where[lane] < where[best];
    if (farthest[lane] > farthest[best] || isFirst) best = lane;
  }
  return static_cast<std::uint32_t>(where[best]);
}

using Step = std::uint32_t (*)(Columns&, std::uint32_t);

std::uint32_t stepOfFour(Columns& columns, std::uint32_t chosen) { return step<Floats4, Ints4>(columns, chosen); }

#if defined(__x86_64__)
[[gnu::target("avx2")]] std::uint32_t stepOfEight(Columns& columns, std::uint32_t chosen) {
  return step<Floats8, Ints8>(columns, chosen);
}
[[gnu::target("avx512f")]] std::uint32_t stepOfSixteen(Columns& columns, std::uint32_t chosen) {
  return step<Floats16, Ints16>(columns, chosen);
}
#endif

Step stepFor(VectorWidth width) {
#if defined(__x86_64__)
  if (width == VectorWidth::sixteen) return stepOfSixteen;
  if (width == VectorWidth::eight) return stepOfEight;
#endif
  return stepOfFour;
}

}  // namespace

bool isSupported(VectorWidth width) {
#if defined(__x86_64__)
  if (width == VectorWidth::sixteen) return __builtin_cpu_supports("avx512f");
  if (width == VectorWidth::eight) return __builtin_cpu_supports("avx2");
#endif
  return width == VectorWidth::four || width == VectorWidth::automatic;
}

std::vector<std::uint32_t> farthestPoints(const std::vector<PointF>& points, std::size_t count, std::size_t start) {
  return farthestPoints(points, count, start, VectorWidth::automatic);
}

std::vector<std::uint32_t> farthestPoints(const std::vector<PointF>& points, std::size_t count, std::size_t start,
                                          VectorWidth width) {
  if (points.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) - widest) {
    throw Error(ErrorCode::input, "ValueError", "too many points for farthest point sampling");
  }
  if (start >= points.size())
    throw Error(ErrorCode::input, "ValueError", "the first of the farthest points is none of the points");
  if (width == VectorWidth::automatic) {
    width = isSupported(VectorWidth::sixteen) ? VectorWidth::sixteen
            : isSupported(VectorWidth::eight) ? VectorWidth::eight
                                              : VectorWidth::four;
  }
  Step stepOnce = stepFor(width);
  Columns columns(points);
  std::vector<std::uint32_t> indices;
  indices.reserve(std::min(count, points.size()));
  for (auto chosen = static_cast<std::uint32_t>(start); indices.size() < std::min(count, points.size());) {
    indices.push_back(chosen);
    chosen = stepOnce(columns, chosen);
  }
  return indices;
}

}  // namespace cadrecode::cloud
