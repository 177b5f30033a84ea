// Points along edges where BRepMesh puts them, for meshing without BRepMesh. Parameters as
// BRepMesh_IncrementalMesh takes them in its relative mode. Made for one shape, lives no longer than the call.
#pragma once

#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS_Edge.hxx>
#include <TopoDS_Shape.hxx>
#include <gp_Pnt.hxx>
#include <vector>

class gp_Circ;

namespace cadrecode::solid {

struct EdgePoints {
  bool usable = false;  // false: a kind of edge that is left to BRepMesh
  bool circular = false;
  double radius = 0.0;
  double precision = 0.0;          // the linear deflection the points keep
  std::vector<double> parameters;  // on the edge's curve, ascending
  std::vector<gp_Pnt> points;      // in the shape's frame; the ends are the vertices'
};

class EdgeDiscretizer {
 public:
  EdgeDiscretizer(const TopoDS_Shape& shape, double tolerance, double angular);

  // The points of an edge of the shape, in the curve's direction whatever the edge's orientation. The reference stays
  // good until the next call.
  const EdgePoints& operator()(const TopoDS_Edge& edge);

  // The step along a circular face's parameter that BRepMesh uses to scale it.
  double faceAngularStep(double radius, double faceDeflection) const;
  double deflectionOf(const TopoDS_Edge& edge) const;
  double faceSizeDeflection(const TopoDS_Shape& face) const;
  double minSize() const { return minSize_; }

 private:
  EdgePoints discretize(const TopoDS_Edge& edge) const;
  void followCircle(const gp_Circ& circle, double from, double to, double angle, EdgePoints& result) const;

  double tolerance_, angular_, minSize_, shapeSize_ = 0.0;
  TopTools_IndexedMapOfShape edges_;
  std::vector<EdgePoints> points_;
};

}  // namespace cadrecode::solid
