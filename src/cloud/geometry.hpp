// Triangle meshes and point clouds as plain arrays, in the units of the file they came from. Value types; what is
// const is safe in any thread. Knows nothing of CAD kernels: solid::Mesh has the same arrays and can be moved in.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cadrecode::cloud {

using Point = std::array<double, 3>;
using Triangle = std::array<std::uint32_t, 3>;

struct Mesh {
  std::vector<Point> vertices;
  std::vector<Triangle> triangles;  // counter-clockwise seen from outside
  std::vector<Point> normals;       // one a vertex, or empty
};

struct Cloud {
  std::vector<Point> points;
  std::vector<Point> normals;  // one a point, or empty
};

struct Box {
  Point low;
  Point high;
  Point center() const { return {(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2}; }
  double longestSide() const { return std::max({high[0] - low[0], high[1] - low[1], high[2] - low[2]}); }
};

// The box of the vertices that triangles use, or of all points. Error(input) when there are none.
Box boxOf(const Mesh& mesh);
Box boxOf(const std::vector<Point>& points);

// Twice the triangle's area times its unit normal.
Point doubleAreaVector(const Mesh& mesh, const Triangle& triangle);
double area(const Mesh& mesh);

inline Point operator-(const Point& a, const Point& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Point operator+(const Point& a, const Point& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
inline Point operator*(double factor, const Point& a) { return {factor * a[0], factor * a[1], factor * a[2]}; }
inline double dot(const Point& a, const Point& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline Point cross(const Point& a, const Point& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
inline double length(const Point& a) { return std::sqrt(dot(a, a)); }

}  // namespace cadrecode::cloud
