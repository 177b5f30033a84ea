#include <Approx_ParametrizationType.hxx>
#include <BRepOffsetAPI_ThruSections.hxx>
#include <TopoDS.hxx>

#include "cadquery/normalized_shape.hpp"
#include "cadquery/sketch.hpp"
#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

// CadQuery's free function loft() for wires with vertices at the ends.
Shape loftThrough(const std::vector<Shape>& sections, bool ruled) {
  BRepOffsetAPI_ThruSections builder(true, ruled);
  builder.SetMaxDegree(3);
  builder.CheckCompatibility(true);
  builder.SetContinuity(GeomAbs_C2);
  builder.SetParType(Approx_IsoParametric);
  builder.SetSmoothing(false);
  builder.SetCriteriumWeight(1, 1, 1);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].is(TopAbs_WIRE)) {
      builder.AddWire(TopoDS::Wire(sections[i].wrapped()));
    } else {
      if (i != 0 && i + 1 != sections.size()) throwValueError("Required type(s): Edge, Wire; encountered Vertex");
      builder.AddVertex(TopoDS::Vertex(sections[i].wrapped()));
    }
  }
  builder.Build();
  builder.Check();

  return compoundOrShape(builder.Shape());
}

Shape sectionOf(const Shape& shape) { return shape.isClass(TopAbs_VERTEX) ? shape : shape.asFace().outerWire(); }

}  // namespace

Workplane Workplane::loft(bool ruled, Combine combine, bool clean) const {
  std::vector<Shape> sections;
  if (!context_->pendingWires.empty()) {
    for (const Wire& wire : context_->popPendingWires()) sections.push_back(wire);
  } else {
    const auto add = [&](const Shape& shape) {
      if (shape.isClass(TopAbs_FACE) || shape.isClass(TopAbs_VERTEX)) sections.push_back(sectionOf(shape));
    };
    for (const Item& item : step_->objects) {
      if (const auto* sketch = std::get_if<SketchPtr>(&item)) {
        for (const Shape& member : (*sketch)->members()) sections.push_back(sectionOf(member));
      } else if (const Shape* compound = shapeOf(item, TopAbs_COMPOUND)) {
        for (const Shape& child : compound->children()) add(child);
      } else if (const Shape* shape = shapeOf(item)) {
        add(*shape);
      }
    }
  }
  if (sections.empty()) throwValueError("Nothing to loft");
  if (sections.size() == 1) throwValueError("More than one wire or face is required");
  return combineWithBase(loftThrough(sections, ruled), combine, clean);
}

Workplane Workplane::interpPlate(const std::vector<Shape>& boundary, const std::vector<Vector>& points,
                                 const std::vector<Vector>& constraints, double thickness, Combine combine, bool clean,
                                 const PlateOptions& options) const {
  const std::vector<Shape> edges =
      points.empty() ? boundary : std::vector<Shape>{Wire::makePolygon(points, false, true)};
  const Face face = Face::makeNSidedSurface(edges, constraints, 0, options.degree, options.nbPtsOnCur, options.nbIter,
                                            options.anisotropy, options.tol2d, options.tol3d, options.tolAng,
                                            options.tolCurv, options.maxDeg, options.maxSegments);
  return eachpoint(thickness > 0 ? face.thicken(thickness) : Shape(face), true, combine, clean);
}

}  // namespace cadrecode::cadquery
