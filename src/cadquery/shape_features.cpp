// Features on solids: fillets, chamfers, shells, prismatic bosses and pockets.
#include <BRepBuilderAPI_MakeSolid.hxx>
#include <BRepClass3d_SolidClassifier.hxx>
#include <BRepFeat_MakeDPrism.hxx>
#include <BRepFilletAPI_MakeChamfer.hxx>
#include <BRepFilletAPI_MakeFillet.hxx>
#include <BRepOffsetAPI_MakeThickSolid.hxx>
#include <TopExp.hxx>
#include <TopTools_IndexedDataMapOfShapeListOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Face.hxx>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

Shape Shape::fillet(double radius, const std::vector<Shape>& edges) const {
  BRepFilletAPI_MakeFillet builder(shape_);
  for (const Shape& edge : edges) builder.Add(radius, TopoDS::Edge(edge.wrapped()));
  return same(builder.Shape());
}

Shape Shape::chamfer(double length, std::optional<double> length2, const std::vector<Shape>& edges) const {
  TopTools_IndexedDataMapOfShapeListOfShape faces;
  TopExp::MapShapesAndAncestors(shape_, TopAbs_EDGE, TopAbs_FACE, faces);
  const double second = length2.value_or(0) != 0 ? *length2 : length;
  BRepFilletAPI_MakeChamfer builder(shape_);
  for (const Shape& edge : edges)
    builder.Add(length, second, TopoDS::Edge(edge.wrapped()), TopoDS::Face(faces.FindFromKey(edge.wrapped()).First()));
  return same(builder.Shape());
}

Shape Shape::shell(const std::vector<Shape>& faces, double thickness, double tol, const std::string& kind) const {
  TopTools_ListOfShape open;
  for (const Shape& face : faces) open.Append(face.wrapped());
  if (kind != "arc" && kind != "intersection") throw Error("KeyError", kind);
  BRepOffsetAPI_MakeThickSolid builder;
  builder.MakeThickSolidByJoin(shape_, open, thickness, tol, BRepOffset_Skin, true, false,
                               kind == "arc" ? GeomAbs_Arc : GeomAbs_Intersection);
  builder.Build();
  if (!faces.empty()) return same(builder.Shape());

  // Nothing is opened: the body between its own shell and the offset one.
  const std::vector<Shape> offset = Shape(builder.Shape()).shells();
  const std::vector<Shape> own = shells();
  if (offset.empty() || own.empty()) throw Error("IndexError", "list index out of range");
  const TopoDS_Shell& s1 = TopoDS::Shell(offset.front().wrapped());
  const TopoDS_Shell& s2 = TopoDS::Shell(own.front().wrapped());
  BRepBuilderAPI_MakeSolid hollow(thickness > 0 ? s1 : s2, thickness > 0 ? s2 : s1);
  return same(hollow.Shape()).fix();
}

bool Shape::isInside(const Vector& point, double tol) const {
  BRepClass3d_SolidClassifier classifier(shape_);
  classifier.Perform(point.toPnt(), tol);
  return classifier.State() == TopAbs_IN || classifier.IsOnAFace();
}

Shape dprism(const Shape& body, const std::optional<Face>& basis, const std::vector<Face>& profiles,
             std::optional<double> depth, double taper, const std::optional<Face>& upToFace, bool thruAll,
             bool additive) {
  TopoDS_Shape shape = body.wrapped();
  const TopoDS_Face base = basis ? TopoDS::Face(basis->wrapped()) : TopoDS_Face();
  for (const Face& profile : profiles) {
    BRepFeat_MakeDPrism feature(shape, TopoDS::Face(profile.wrapped()), base, radians(taper), additive, false);
    if (upToFace)
      feature.Perform(upToFace->wrapped());
    else if (thruAll || !depth)
      feature.PerformThruAll();
    else
      feature.Perform(*depth);
    shape = feature.Shape();
  }
  return Shape(shape).withClass(body.classKind());
}

Shape dprism(const Shape& body, const std::optional<Face>& basis, const std::vector<Wire>& profiles,
             std::optional<double> depth, double taper, const std::optional<Face>& upToFace, bool thruAll,
             bool additive) {
  std::vector<Face> faces;
  for (const std::vector<Wire>& group : sortWiresByBuildOrder(profiles)) {
    if (group.empty()) throw Error("IndexError", "list index out of range");
    faces.push_back(Face::makeFromWires(group.front(), {group.begin() + 1, group.end()}));
  }
  return dprism(body, basis, faces, depth, taper, upToFace, thruAll, additive);
}

}  // namespace cadrecode::cadquery
