#include "cadquery/free_parts.hpp"

#include <TopAbs.hxx>
#include <algorithm>
#include <cctype>

#include "core/error.hpp"

namespace cadrecode::cadquery::func {

namespace {

std::string namesOf(std::initializer_list<TopAbs_ShapeEnum> kinds) {
  std::string names;
  for (const TopAbs_ShapeEnum kind : kinds) {
    std::string name = TopAbs::ShapeTypeToString(kind);
    for (std::size_t i = 1; i < name.size(); ++i) name[i] = static_cast<char>(std::tolower(name[i]));
    names += (names.empty() ? "'" : ", '") + name + "'";
  }
  return "(" + names + (kinds.size() == 1 ? ",)" : ")");
}

bool isOneOf(const Shape& shape, std::initializer_list<TopAbs_ShapeEnum> kinds) {
  return std::find(kinds.begin(), kinds.end(), shape.kind()) != kinds.end();
}

[[noreturn]] void refuse(std::initializer_list<TopAbs_ShapeEnum> kinds, const char* separator, const Shape& shape) {
  throwValueError("Required type(s): " + namesOf(kinds) + separator + " encountered " + shape.shapeType());
}

[[noreturn]] void refuseCurve(const Shape& shape) {
  throwValueError("Required type(s): Edge, Wire; encountered " + shape.shapeType());
}

void append(std::vector<std::vector<Shape>>& lists, const std::vector<Shape>& section) {
  for (std::size_t i = 0; i < std::min(lists.size(), section.size()); ++i) lists[i].push_back(section[i]);
}

std::vector<std::vector<Shape>> listsFrom(const std::vector<Shape>& section) {
  std::vector<std::vector<Shape>> lists;
  for (const Shape& shape : section) lists.push_back({shape});
  return lists;
}

// The wires of a section, or its vertices where a section may be a point.
std::vector<Shape> wiresOrVertices(const Shape& section, bool mayBePoint) {
  try {
    const std::vector<Wire> wires = wiresOf(section);
    return {wires.begin(), wires.end()};
  } catch (const Error& error) {
    if (!mayBePoint || error.type() != "ValueError") throw;
    return section.vertices();
  }
}

}  // namespace

std::vector<Shape> partsOf(const Shape& shape, std::initializer_list<TopAbs_ShapeEnum> kinds) {
  if (isOneOf(shape, kinds)) return {shape};
  if (!shape.is(TopAbs_COMPOUND)) refuse(kinds, ";", shape);
  std::vector<Shape> members = shape.children();
  for (const Shape& member : members)
    if (!isOneOf(member, kinds)) refuse(kinds, ";", member);
  return members;
}

Shape partOf(const Shape& shape, std::initializer_list<TopAbs_ShapeEnum> kinds) {
  if (isOneOf(shape, kinds)) return shape;
  if (!shape.is(TopAbs_COMPOUND)) refuse(kinds, ";", shape);
  const std::vector<Shape> members = shape.children();
  if (members.empty())
    throw Error("UnboundLocalError", "cannot access local variable 'rv' where it is not associated with a value");
  if (!isOneOf(members.front(), kinds)) refuse(kinds, ",", members.front());
  return members.front();
}

Wire wireOf(const Shape& shape) {
  const Shape part = partOf(shape, {TopAbs_WIRE, TopAbs_EDGE});
  return part.is(TopAbs_WIRE) ? part.asWire() : Wire::assembleEdges({part});
}

std::vector<Wire> wiresOf(const Shape& shape) {
  if (shape.is(TopAbs_WIRE)) return {shape.asWire()};
  if (shape.is(TopAbs_EDGE)) return {Wire::assembleEdges({shape})};
  if (!shape.is(TopAbs_COMPOUND)) refuseCurve(shape);
  std::vector<Wire> wires;
  for (const Shape& member : shape.children())
    for (const Wire& wire : wiresOf(member)) wires.push_back(wire);
  return wires;
}

std::vector<Shape> edgesOf(const Shape& shape) {
  if (shape.is(TopAbs_EDGE)) return {shape};
  if (shape.is(TopAbs_WIRE)) return shape.entities(TopAbs_EDGE, true);
  if (!shape.is(TopAbs_COMPOUND)) refuseCurve(shape);
  std::vector<Shape> edges;
  for (const Shape& member : shape.children())
    for (const Shape& edge : edgesOf(member)) edges.push_back(edge);
  return edges;
}

std::vector<std::vector<Shape>> faceLists(const std::vector<Shape>& sections) {
  std::vector<std::vector<Shape>> lists;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Shape& section = sections[i];
    const std::vector<Shape> faces = section.faces();
    if (i == 0) {
      const bool point = faces.empty() && section.entities(TopAbs_EDGE, true).empty();
      lists = listsFrom(point ? section.vertices() : faces);
      if (lists.empty()) return {};
    } else if (i + 1 == sections.size() && faces.size() != lists.size()) {
      append(lists, section.vertices());
    } else {
      append(lists, faces);
    }
  }
  // Points at both ends without a face between: the wires are to be used.
  for (const std::vector<Shape>& list : lists)
    if (list.front().is(TopAbs_VERTEX) && (list.size() < 2 || list[1].is(TopAbs_VERTEX))) return {};
  return lists;
}

std::vector<std::vector<Shape>> wireLists(const std::vector<Shape>& sections) {
  std::vector<std::vector<Shape>> lists;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const bool end = i == 0 || i + 1 == sections.size();
    const std::vector<Shape> section = wiresOrVertices(sections[i], end);
    if (i == 0)
      lists = listsFrom(section);
    else
      append(lists, section);
    if (lists.empty()) return {};
  }
  return lists;
}

}  // namespace cadrecode::cadquery::func
