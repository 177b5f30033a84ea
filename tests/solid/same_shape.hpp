// Comparison of what a quick way gives with what the plain kernel gives: measures, counts and the order, orientation,
// position and tolerance of every part.
#pragma once

#include <gtest/gtest.h>

#include <BRep_Tool.hxx>
#include <TopoDS_Iterator.hxx>
#include <TopoDS_Vertex.hxx>
#include <cmath>
#include <sstream>
#include <string>

#include "shape_factory.hpp"
#include "solid/measure.hpp"

namespace cadrecode::solid::testing {

inline void describe(const TopoDS_Shape& shape, std::ostream& out, int depth = 0) {
  out << std::string(static_cast<std::size_t>(depth), ' ') << shape.ShapeType() << '/' << shape.Orientation();
  const auto rounded = [](double x) { return std::round(x * 1e6) / 1e6 + 0.0; };
  if (shape.ShapeType() == TopAbs_VERTEX) {
    const gp_Pnt p = BRep_Tool::Pnt(TopoDS::Vertex(shape));
    out << ' ' << rounded(p.X()) << ' ' << rounded(p.Y()) << ' ' << rounded(p.Z()) << " within "
        << BRep_Tool::Tolerance(TopoDS::Vertex(shape));
  } else if (shape.ShapeType() == TopAbs_EDGE) {
    out << " within " << BRep_Tool::Tolerance(TopoDS::Edge(shape));
  }
  out << '\n';
  for (TopoDS_Iterator child(shape); child.More(); child.Next()) describe(child.Value(), out, depth + 1);
}

inline std::string description(const TopoDS_Shape& shape) {
  if (shape.IsNull()) return "null";
  std::ostringstream out;
  describe(shape, out);
  return out.str();
}

inline void expectSameMeasures(const Measures& quick, const Measures& plain) {
  EXPECT_EQ(quick.shapeType, plain.shapeType);
  const double size = 1.0 + std::abs(plain.volume) + std::abs(plain.area);
  EXPECT_NEAR(quick.volume, plain.volume, 1e-10 * size);
  EXPECT_NEAR(quick.area, plain.area, 1e-10 * size);
  EXPECT_EQ(quick.nSolids, plain.nSolids);
  EXPECT_EQ(quick.nFaces, plain.nFaces);
  EXPECT_EQ(quick.nEdges, plain.nEdges);
  EXPECT_EQ(quick.nVertices, plain.nVertices);
  EXPECT_EQ(quick.valid, plain.valid);
  ASSERT_EQ(quick.center.has_value(), plain.center.has_value());
  ASSERT_EQ(quick.bbox.has_value(), plain.bbox.has_value());
  for (std::size_t i = 0; plain.center && i < 3; ++i) EXPECT_NEAR((*quick.center)[i], (*plain.center)[i], 1e-8);
  for (std::size_t i = 0; plain.bbox && i < 6; ++i) EXPECT_NEAR((*quick.bbox)[i], (*plain.bbox)[i], 1e-9);
}

inline void expectSameShape(const TopoDS_Shape& quick, const TopoDS_Shape& plain) {
  EXPECT_EQ(description(quick), description(plain));
  if (quick.IsNull() || plain.IsNull()) return;
  const PlainKernel off;
  expectSameMeasures(measure(quick), measure(plain));
}

}  // namespace cadrecode::solid::testing
