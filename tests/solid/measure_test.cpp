// Measures against closed forms, and the quick ways against the kernel's own, sound and broken shapes alike.
#include "solid/measure.hpp"

#include <gtest/gtest.h>

#include <BRepBuilderAPI_MakeVertex.hxx>
#include <BRepBuilderAPI_Transform.hxx>
#include <BRepFilletAPI_MakeFillet.hxx>
#include <BRepPrimAPI_MakeCone.hxx>
#include <BRepPrimAPI_MakeSphere.hxx>
#include <TopExp_Explorer.hxx>
#include <cmath>
#include <numbers>
#include <random>

#include "same_shape.hpp"
#include "solid/boolean.hpp"

namespace cadrecode::solid {
namespace {

using namespace testing;
constexpr double kPi = std::numbers::pi;

void expectAsThePlainKernel(const TopoDS_Shape& shape) {
  const Measures quick = measure(shape);
  const PlainKernel off;
  expectSameMeasures(quick, measure(shape));
}

TEST(Measure, box) {
  const Measures m = measure(box(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(m.shapeType, "Solid");
  EXPECT_NEAR(m.volume, 120.0, 1e-12);
  EXPECT_NEAR(m.area, 148.0, 1e-12);
  ASSERT_TRUE(m.center && m.bbox);
  EXPECT_NEAR((*m.center)[0], 3.0, 1e-12);
  EXPECT_NEAR((*m.center)[1], 4.5, 1e-12);
  EXPECT_NEAR((*m.center)[2], 6.0, 1e-12);
  EXPECT_NEAR((*m.bbox)[0], 1.0, 1e-9);
  EXPECT_NEAR((*m.bbox)[5], 9.0, 1e-9);
  EXPECT_EQ(m.nSolids, 1);
  EXPECT_EQ(m.nFaces, 6);
  EXPECT_EQ(m.nEdges, 12);
  EXPECT_EQ(m.nVertices, 8);
  EXPECT_TRUE(m.valid);
}

TEST(Measure, cylinderAndHalfDisc) {
  const Measures round = measure(cylinder({10, 20, 30}, {0, 1, 0}, 3, 7));
  EXPECT_NEAR(round.volume, 63.0 * kPi, 1e-10);
  EXPECT_NEAR(round.area, 60.0 * kPi, 1e-10);
  EXPECT_NEAR((*round.center)[1], 23.5, 1e-10);
  // A half disc of radius 5 on a 10 wide, 4 high block; its centroid is 4 r / 3 pi from the chord.
  const Measures m = measure(prism(bulgedFace(0, 0, 4, 10, 5), 0, 0, 2));
  const double block = 40.0, half = 12.5 * kPi;
  EXPECT_NEAR(m.volume, 2.0 * (block + half), 1e-10);
  EXPECT_NEAR(m.area, 2.0 * (block + half) + 2.0 * (10.0 + 8.0 + 5.0 * kPi), 1e-10);
  EXPECT_NEAR((*m.center)[0], (block * 2.0 + half * (4.0 + 20.0 / (3.0 * kPi))) / (block + half), 1e-10);
  EXPECT_NEAR((*m.center)[1], 5.0, 1e-10);
}

TEST(Measure, holesAndSeveralSolids) {
  const TopoDS_Shape pipe = cut({cylinder({0, 0, 0}, {0, 0, 1}, 5, 10)}, {cylinder({0, 0, -1}, {0, 0, 1}, 3, 12)});
  EXPECT_NEAR(measure(pipe).volume, 160.0 * kPi, 1e-9);
  expectAsThePlainKernel(pipe);
  expectAsThePlainKernel(compound({pipe, box(20, 0, 0, 1, 2, 3), cylinder({40, 0, 0}, {1, 0, 0}, 2, 3)}));
}

TEST(Measure, inAnyPosition) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> anything(-1.0, 1.0);
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(round);
    gp_Trsf turn, shift;
    turn.SetRotation(gp_Ax1(gp_Pnt(0, 0, 0), gp_Dir(anything(random), anything(random), 1.1 + anything(random))),
                     3.0 * anything(random));
    shift.SetTranslation(gp_Vec(100.0 * anything(random), 100.0 * anything(random), 100.0 * anything(random)));
    const TopoDS_Shape part =
        prism(bulgedFace(1, 2, 5 + anything(random), 6, 2 * anything(random) + 2.5), 0.0, 0.0, round % 2 == 0 ? 4 : -4);
    expectAsThePlainKernel(part.Moved(TopLoc_Location(shift * turn)));
    expectAsThePlainKernel(BRepBuilderAPI_Transform(part, shift * turn, Standard_True).Shape());
    gp_Trsf mirror;
    mirror.SetMirror(gp_Ax2(gp_Pnt(1, 2, 3), gp_Dir(1, 1, 1)));
    expectAsThePlainKernel(BRepBuilderAPI_Transform(part, mirror, Standard_True).Shape());
    gp_Trsf scale;
    scale.SetScale(gp_Pnt(1, 1, 1), 2.5);
    expectAsThePlainKernel(BRepBuilderAPI_Transform(part, scale, Standard_True).Shape());
  }
}

TEST(Measure, otherSurfaces) {
  const TopoDS_Shape ball = BRepPrimAPI_MakeSphere(3.0).Shape();
  EXPECT_NEAR(measure(ball).volume, 36.0 * kPi, 1e-9);
  expectAsThePlainKernel(ball);
  expectAsThePlainKernel(BRepPrimAPI_MakeCone(4.0, 2.0, 5.0).Shape());
  BRepFilletAPI_MakeFillet fillet(box(0, 0, 0, 10, 10, 10));
  TopExp_Explorer edge(box(0, 0, 0, 10, 10, 10), TopAbs_EDGE);
  const TopoDS_Shape cube = box(0, 0, 0, 10, 10, 10);
  BRepFilletAPI_MakeFillet rounded(cube);
  rounded.Add(1.0, TopoDS::Edge(TopExp_Explorer(cube, TopAbs_EDGE).Current()));
  expectAsThePlainKernel(rounded.Shape());
  expectAsThePlainKernel(compound({cube, ball}));
}

TEST(Measure, crossedCylinders) {
  expectAsThePlainKernel(fuse({cylinder({0, 0, -5}, {0, 0, 1}, 2, 10)}, {cylinder({-5, 0, 0}, {1, 0, 0}, 1.5, 10)}));
}

TEST(Measure, facesWiresEdgesAndVertices) {
  expectAsThePlainKernel(rectFace(1, 2, 3, 4));
  expectAsThePlainKernel(compound({rectFace(1, 2, 3, 4), discFace(10, 10, 2)}));
  expectAsThePlainKernel(compound({box(0, 0, 0, 1, 1, 1), rectFace(1, 2, 3, 4)}));
  expectAsThePlainKernel(TopExp_Explorer(rectFace(1, 2, 3, 4), TopAbs_WIRE).Current());
  expectAsThePlainKernel(TopExp_Explorer(rectFace(1, 2, 3, 4), TopAbs_EDGE).Current());
  const Measures point = measure(BRepBuilderAPI_MakeVertex(gp_Pnt(1, 2, 3)).Shape());
  EXPECT_EQ(point.shapeType, "Vertex");
  EXPECT_DOUBLE_EQ((*point.center)[2], 3.0);
}

TEST(Measure, emptyCompoundHasNoPlace) {
  const Measures m = measure(compound({}));
  EXPECT_EQ(m.shapeType, "Compound");
  EXPECT_FALSE(m.center);
  EXPECT_FALSE(m.bbox);
  EXPECT_EQ(m.nSolids + m.nFaces + m.nEdges + m.nVertices, 0);
  EXPECT_EQ(m.volume, 0.0);
}

// Broken on purpose; the kernel's verdict has to come through.
TEST(Measure, brokenShapes) {
  const auto expectInvalid = [](const TopoDS_Shape& shape) {
    EXPECT_FALSE(measure(shape).valid);
    expectAsThePlainKernel(shape);
  };
  const TopoDS_Shape bowTie = polygonFace({{0, 0, 0}, {10, 10, 0}, {10, 0, 0}, {0, 10, 0}});
  expectInvalid(prism(bowTie, 0, 0, 5));
  // A wire that runs along itself for a while.
  expectInvalid(prism(polygonFace({{0, 0, 0}, {10, 0, 0}, {10, 5, 0}, {5, 0, 0}, {2, 8, 0}}), 0, 0, 5));
  BRep_Builder builder;
  TopoDS_Shell open;
  builder.MakeShell(open);
  TopExp_Explorer face(box(0, 0, 0, 3, 3, 3), TopAbs_FACE);
  for (int i = 0; i < 5; ++i, face.Next()) builder.Add(open, face.Current());
  TopoDS_Solid solid;
  builder.MakeSolid(solid);
  builder.Add(solid, open);
  expectInvalid(solid);
  // One face turned round.
  TopoDS_Shell turned;
  builder.MakeShell(turned);
  int index = 0;
  for (TopExp_Explorer part(box(0, 0, 0, 3, 3, 3), TopAbs_FACE); part.More(); part.Next()) {
    builder.Add(turned, index++ == 0 ? part.Current().Reversed() : part.Current());
  }
  TopoDS_Solid twisted;
  builder.MakeSolid(twisted);
  builder.Add(twisted, turned);
  expectInvalid(twisted);
  // A vertex that lies off its edges.
  const TopoDS_Shape moved = box(0, 0, 0, 3, 3, 3);
  const TopoDS_Vertex vertex = TopoDS::Vertex(TopExp_Explorer(moved, TopAbs_VERTEX).Current());
  builder.UpdateVertex(vertex, gp_Pnt(0.1, 0.1, 0.1), 1e-7);
  expectInvalid(moved);
}

TEST(Measure, holesThatStickOut) {
  BRep_Builder builder;
  const auto withHole = [&builder](const TopoDS_Face& outer, const TopoDS_Face& hole) {
    TopoDS_Face face = TopoDS::Face(outer.EmptyCopied());
    builder.Add(face, TopExp_Explorer(outer, TopAbs_WIRE).Current());
    builder.Add(face, TopExp_Explorer(hole, TopAbs_WIRE).Current().Reversed());
    return face;
  };
  for (const double x : {4.0, 8.0, 10.0, 20.0}) {
    SCOPED_TRACE(x);
    expectAsThePlainKernel(prism(withHole(rectFace(0, 0, 10, 10), rectFace(x, 4, 3, 3)), 0, 0, 5));
    expectAsThePlainKernel(prism(withHole(rectFace(0, 0, 10, 10), discFace(x, 5, 1)), 0, 0, 5));
  }
  const TopoDS_Face ring = withHole(rectFace(0, 0, 10, 10), rectFace(2, 2, 6, 6));
  TopoDS_Face nested = ring;
  builder.Add(nested, TopExp_Explorer(rectFace(4, 4, 2, 2), TopAbs_WIRE).Current().Reversed());
  expectAsThePlainKernel(prism(nested, 0, 0, 5));
}

}  // namespace
}  // namespace cadrecode::solid
