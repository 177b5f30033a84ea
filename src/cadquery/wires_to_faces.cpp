// Which wires bound one face together.
#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

std::vector<Face> wiresToFaces(const std::vector<Wire>& wires) {
  if (wires.empty()) throw Error("IndexError", "list index out of range");
  std::vector<Face> faces;
  // Wires beside one another make a compound of faces.
  for (const Shape& face : Face::makeFromWires(wires.front(), {wires.begin() + 1, wires.end()}).faces())
    faces.push_back(face.asFace());
  return faces;
}

std::vector<std::vector<Wire>> sortWiresByBuildOrder(const std::vector<Wire>& wires) {
  if (wires.size() < 2) return {wires};
  std::vector<std::vector<Wire>> groups;
  for (const Face& face : wiresToFaces(wires)) {
    std::vector<Wire>& group = groups.emplace_back();
    group.push_back(face.outerWire());
    for (const Shape& inner : face.innerWires()) group.push_back(inner.asWire());
  }
  return groups;
}

}  // namespace cadrecode::cadquery
