// Turns the polygons of a file into checked triangles: indices in range, polygons cut into triangles (concave ones
// too), triangles without area left out. Owns its arrays; one thread an object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cloud/geometry.hpp"
#include "cloud/input_error.hpp"

namespace cadrecode::cloud {

class MeshBuilder {
 public:
  MeshBuilder(std::string file, PlaceKind kind) : file_(std::move(file)), kind_(kind) {}

  std::vector<Point> vertices;
  std::vector<Point> normals;  // one a vertex, or empty

  // Corners of a polygon in order, then its end; `place`: line or byte of the polygon in the file, for errors. Indices
  // count from 0 and may name vertices that come later.
  void addCorner(std::int64_t vertex) { corners_.push_back(vertex); }
  void endPolygon(std::size_t place);
  bool hasPolygons() const { return !polygons_.empty(); }

  // The mesh; what was left out is told in `notes`. Error(input) when an index is out of range, a polygon cannot be cut
  // or nothing with an area remains. Leaves the builder empty.
  Mesh finish(std::vector<std::string>& notes);

 private:
  struct Polygon {
    std::size_t end;  // of its corners
    std::size_t place;
  };
  std::string file_;
  PlaceKind kind_;
  std::vector<std::int64_t> corners_;
  std::vector<Polygon> polygons_;
};

}  // namespace cadrecode::cloud
