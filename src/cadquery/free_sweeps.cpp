// Sweeps and lofts of the free functions.
#include <BRepOffsetAPI_MakePipeShell.hxx>
#include <BRepOffsetAPI_ThruSections.hxx>
#include <TopoDS.hxx>
#include <algorithm>
#include <cctype>

#include "cadquery/free_functions.hpp"
#include "cadquery/free_parts.hpp"
#include "cadquery/normalized_shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery::func {

namespace {

TopoDS_Shape piped(const std::vector<Shape>& wires, const Wire& spine, const std::optional<Shape>& aux, bool cap) {
  BRepOffsetAPI_MakePipeShell pipe(TopoDS::Wire(spine.wrapped()));
  if (aux)
    pipe.SetMode(TopoDS::Wire(wireOf(*aux).wrapped()), true);
  else
    pipe.SetMode(false);
  for (const Shape& wire : wires) pipe.Add(wire.wrapped(), false, false);
  pipe.Build();
  if (cap) pipe.MakeSolid();
  return pipe.Shape();
}

std::vector<Shape> outerWires(const std::vector<Shape>& faces) {
  std::vector<Shape> wires;
  for (const Shape& face : faces) wires.push_back(face.asFace().outerWire());
  return wires;
}

// The holes of the faces, matched in order: one list a hole of the first face.
std::vector<std::vector<Shape>> holeLists(const std::vector<Shape>& faces) {
  std::vector<std::vector<Shape>> lists;
  for (const Shape& wire : faces.front().asFace().innerWires()) lists.push_back({wire});
  for (std::size_t i = 1; i < faces.size(); ++i) {
    const std::vector<Shape> inner = faces[i].asFace().innerWires();
    for (std::size_t j = 0; j < std::min(lists.size(), inner.size()); ++j) lists[j].push_back(inner[j]);
  }
  return lists;
}

GeomAbs_Shape continuityOf(std::string name) {
  for (char& c : name) c = static_cast<char>(std::toupper(c));
  for (const auto& [known, value] :
       {std::pair{"C0", GeomAbs_C0}, std::pair{"C1", GeomAbs_C1}, std::pair{"C2", GeomAbs_C2},
        std::pair{"C3", GeomAbs_C3}, std::pair{"CN", GeomAbs_CN}, std::pair{"G1", GeomAbs_G1},
        std::pair{"G2", GeomAbs_G2}})
    if (name == known) return value;
  throw Error("KeyError", name);
}

Approx_ParametrizationType parametrizationOf(std::string name) {
  for (char& c : name) c = static_cast<char>(std::tolower(c));
  if (name == "uniform") return Approx_IsoParametric;
  if (name == "chordal") return Approx_ChordLength;
  if (name == "centripetal") return Approx_Centripetal;
  throw Error("KeyError", name);
}

TopoDS_Shape lofted(const std::vector<Shape>& sections, const LoftOptions& options, bool cap) {
  BRepOffsetAPI_ThruSections loft(cap, options.ruled);
  loft.SetMaxDegree(options.degree);
  loft.CheckCompatibility(options.compat);
  loft.SetContinuity(continuityOf(options.continuity));
  loft.SetParType(parametrizationOf(options.parametrization));
  loft.SetSmoothing(options.smoothing);
  loft.SetCriteriumWeight(options.weights[0], options.weights[1], options.weights[2]);
  for (const Shape& section : sections) {
    if (section.is(TopAbs_FACE))
      loft.AddWire(TopoDS::Wire(section.asFace().outerWire().wrapped()));
    else if (section.is(TopAbs_WIRE))
      loft.AddWire(TopoDS::Wire(section.wrapped()));
    else
      loft.AddVertex(TopoDS::Vertex(section.wrapped()));
  }
  loft.Build();
  loft.Check();
  return loft.Shape();
}

bool hasVertex(const std::vector<Shape>& sections) {
  return std::any_of(sections.begin(), sections.end(), [](const Shape& s) { return s.is(TopAbs_VERTEX); });
}

TopoDS_Shape withoutHoles(const TopoDS_Shape& body, const std::vector<Shape>& holes) {
  return cut(Shape(body), Compound::make(holes)).wrapped();
}

}  // namespace

Shape sweep(const Shape& shape, const Shape& path, const std::optional<Shape>& aux, bool cap) {
  const Wire spine = wireOf(path);
  std::vector<TopoDS_Shape> results;
  const std::vector<Shape> faces = shape.faces();
  for (const Shape& part : faces) {
    const Face face = part.asFace();
    Shape body = sweep(face.outerWire(), path, aux, true);
    const std::vector<Shape> inner = face.innerWires();
    if (!inner.empty()) body = cut(body, sweep(Compound::make(inner), path, aux, true));
    results.push_back(body.wrapped());
  }
  if (faces.empty())
    for (const Wire& wire : wiresOf(shape)) results.push_back(piped({wire}, spine, aux, cap));
  return compoundOrShape(results);
}

Shape sweep(const std::vector<Shape>& sections, const Shape& path, const std::optional<Shape>& aux, bool cap) {
  const Wire spine = wireOf(path);
  std::vector<TopoDS_Shape> results;
  for (const std::vector<Shape>& faces : faceLists(sections)) {
    const TopoDS_Shape body = piped(outerWires(faces), spine, aux, true);
    std::vector<Shape> holes;
    for (const std::vector<Shape>& wires : holeLists(faces)) holes.emplace_back(piped(wires, spine, aux, true));
    results.push_back(withoutHoles(body, holes));
  }
  if (results.empty())
    for (const std::vector<Shape>& wires : wireLists(sections)) results.push_back(piped(wires, spine, aux, cap));
  return compoundOrShape(results);
}

Shape loft(const std::vector<Shape>& sections, const LoftOptions& options) {
  std::vector<TopoDS_Shape> results;
  for (const std::vector<Shape>& faces : faceLists(sections)) {
    const TopoDS_Shape body = lofted(faces, options, true);
    std::vector<Shape> holes;
    if (!hasVertex(faces))
      for (const std::vector<Shape>& wires : holeLists(faces)) holes.emplace_back(lofted(wires, options, true));
    results.push_back(withoutHoles(body, holes));
  }
  if (results.empty())
    for (const std::vector<Shape>& wires : wireLists(sections)) results.push_back(lofted(wires, options, options.cap));
  return compoundOrShape(results);
}

}  // namespace cadrecode::cadquery::func
