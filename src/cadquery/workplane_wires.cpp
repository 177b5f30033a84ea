#include <gp_Ax1.hxx>
#include <gp_Ax3.hxx>

#include "cadquery/workplane.hpp"

namespace cadrecode::cadquery {

void Workplane::addPendingEdge(const Shape& edge) const {
  context_->pendingEdges.push_back(edge);
  if (!context_->firstPoint) context_->firstPoint = plane().toLocalCoords(edge.startPoint());
}

void Workplane::addPendingWire(const Wire& wire) const { context_->pendingWires.push_back(wire); }

Workplane Workplane::wire(bool forConstruction) const {
  if (context_->pendingEdges.empty()) return *this;
  const Wire wire = Wire::assembleEdges(context_->popPendingEdges());
  if (!forConstruction) addPendingWire(wire);
  Items others;
  for (const Item& item : step_->objects)
    if (!shapeOf(item, TopAbs_EDGE)) others.push_back(item);
  others.emplace_back(wire);
  return newObject(std::move(others));
}

std::vector<Wire> Workplane::connectPending() const {
  std::vector<Shape> shapes = context_->pendingEdges;
  shapes.insert(shapes.end(), context_->pendingWires.begin(), context_->pendingWires.end());
  return shapes.empty() ? std::vector<Wire>() : Wire::combine(shapes);
}

Workplane Workplane::consolidateWires() const {
  std::vector<Wire> wires = connectPending();
  if (wires.empty()) return *this;
  const Workplane next = newObject(Items(wires.begin(), wires.end()));
  context_->pendingWires = std::move(wires);
  context_->pendingEdges.clear();
  return next;
}

Workplane Workplane::mirrorWires(bool aboutX) const {
  const Workplane consolidated = wire().consolidateWires();
  const gp_Ax3 local(plane().origin().toPnt(), plane().zDir().toDir(), plane().xDir().toDir());
  gp_Trsf mirror;
  mirror.SetMirror(gp_Ax1(plane().origin().toPnt(), aboutX ? local.XDirection() : local.YDirection()));
  const Matrix matrix(mirror);
  for (const Shape& shape : selectShapes(consolidated.wires().objects())) {
    const Wire mirrored = shape.transformShape(matrix).asWire();
    consolidated.objects().emplace_back(mirrored);
    consolidated.addPendingWire(mirrored);
  }
  return consolidated.consolidateWires();
}

Workplane Workplane::mirrorX() const { return mirrorWires(true); }

Workplane Workplane::mirrorY() const { return mirrorWires(false); }

Workplane Workplane::offset2D(double distance, const std::string& kind, bool forConstruction) const {
  std::vector<Wire> offset;
  for (const Wire& wire : connectPending())
    for (const Shape& result : wire.offset2D(distance, kind)) {
      offset.push_back(result.asWire());
      offset.back().forConstruction = forConstruction;
    }
  const Workplane next = newObject(Items(offset.begin(), offset.end()));
  context_->pendingEdges.clear();
  if (forConstruction)
    context_->pendingWires.clear();
  else
    context_->pendingWires = std::move(offset);
  return next;
}

}  // namespace cadrecode::cadquery
