// Joining faces and edges: what must merge, what must not, and the quick answer against the kernel's.
#include "solid/merge.hpp"

#include <gtest/gtest.h>

#include <BRepPrimAPI_MakeSphere.hxx>
#include <TopExp_Explorer.hxx>

#include "same_shape.hpp"
#include "solid/boolean.hpp"

namespace cadrecode::solid {
namespace {

using namespace testing;

void expectSameMerge(const TopoDS_Shape& shape) {
  const TopoDS_Shape quick = mergeSameDomain(shape);
  const PlainKernel off;
  expectSameShape(quick, mergeSameDomain(shape));
}

TopoDS_Shape fused(const TopoDS_Shape& a, const TopoDS_Shape& b) { return fuse({a}, {b}); }

TEST(Merge, nothingToDoGivesTheShapeItself) {
  for (const TopoDS_Shape& shape :
       {box(0, 0, 0, 1, 2, 3), cylinder({0, 0, 0}, {0, 0, 1}, 2, 5), prism(bulgedFace(0, 0, 5, 4, 1), 0, 0, 3),
        compound({box(0, 0, 0, 1, 2, 3), box(5, 0, 0, 1, 2, 3)})}) {
    EXPECT_TRUE(mergeSameDomain(shape).IsSame(shape));
    expectSameMerge(shape);
  }
}

TEST(Merge, coplanarFacesBecomeOne) {
  const TopoDS_Shape merged = mergeSameDomain(fused(box(0, 0, 0, 10, 10, 10), box(10, 0, 0, 5, 10, 10)));
  const Measures m = measure(merged);
  EXPECT_EQ(m.nFaces, 6);
  EXPECT_EQ(m.nEdges, 12);
  EXPECT_EQ(m.nVertices, 8);
  EXPECT_NEAR(m.volume, 1500.0, 1e-9);
}

TEST(Merge, stepsAndHalfCylinders) {
  expectSameMerge(fused(box(0, 0, 0, 10, 10, 10), box(10, 0, 0, 5, 10, 6)));
  expectSameMerge(fused(cylinder({0, 0, 0}, {0, 0, 1}, 4, 5), cylinder({0, 0, 5}, {0, 0, 1}, 4, 5)));
  expectSameMerge(fused(cylinder({0, 0, 0}, {0, 0, 1}, 4, 5), cylinder({0, 0, 5}, {0, 0, 1}, 3, 5)));
  expectSameMerge(fused(cylinder({0, 0, 0}, {0, 0, 1}, 4, 5), box(0, -4, 0, 8, 8, 5)));
  expectSameMerge(fused(box(0, 0, 0, 10, 10, 10), box(3, 3, 10, 2, 2, 5)));
}

// A corner in the middle of a straight side: two edges on one line, two faces in one plane.
TEST(Merge, sidesInPieces) {
  const TopoDS_Shape shape = prism(polygonFace({{0, 0, 0}, {5, 0, 0}, {10, 0, 0}, {10, 8, 0}, {0, 8, 0}}), 0, 0, 3);
  EXPECT_EQ(measure(mergeSameDomain(shape)).nFaces, 6);
  expectSameMerge(shape);
}

TEST(Merge, almostCoplanarStays) {
  for (const double bend : {1e-3, 1e-6, 1e-9, 1e-13}) {
    SCOPED_TRACE(bend);
    expectSameMerge(prism(polygonFace({{0, 0, 0}, {5, -bend, 0}, {10, 0, 0}, {10, 8, 0}, {0, 8, 0}}), 0, 0, 3));
  }
}

TEST(Merge, otherKindsGoToTheKernel) {
  expectSameMerge(BRepPrimAPI_MakeSphere(3.0).Shape());
  expectSameMerge(compound({rectFace(0, 0, 5, 5), rectFace(5, 0, 5, 5)}));
  expectSameMerge(compound({}));
  TopExp_Explorer shell(box(0, 0, 0, 1, 1, 1), TopAbs_SHELL);
  expectSameMerge(shell.Current());
}

TEST(Merge, solidsThatTouchButAreNotOne) {
  expectSameMerge(compound({box(0, 0, 0, 10, 10, 10), box(10, 0, 0, 5, 10, 10)}));
  expectSameMerge(fused(box(0, 0, 0, 10, 10, 10), box(10, 10, 0, 5, 5, 10)));
}

}  // namespace
}  // namespace cadrecode::solid
