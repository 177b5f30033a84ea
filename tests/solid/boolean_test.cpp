// Booleans by the quick ways against the kernel's own: operands apart, touching, nested, coplanar, tangent, the same.
#include "solid/boolean.hpp"

#include <gtest/gtest.h>

#include <BRepPrimAPI_MakeSphere.hxx>
#include <TopExp_Explorer.hxx>
#include <functional>
#include <random>

#include "same_shape.hpp"

namespace cadrecode::solid {
namespace {

using namespace testing;

// New shapes for either way: the kernel writes into its operands.
using Operands = std::function<std::pair<Shapes, Shapes>()>;

void expectSameBooleans(const Operands& make) {
  using Operation = TopoDS_Shape (*)(const Shapes&, const Shapes&, BooleanOptions);
  for (const auto& [name, operation] :
       {std::pair<const char*, Operation>{"fuse", fuse}, {"cut", cut}, {"common", common}}) {
    SCOPED_TRACE(name);
    auto [arguments, tools] = make();
    const TopoDS_Shape quick = operation(arguments, tools, {});
    std::tie(arguments, tools) = make();
    const PlainKernel off;
    expectSameShape(quick, operation(arguments, tools, {}));
  }
}

void expectSameBothWays(const std::function<TopoDS_Shape()>& a, const std::function<TopoDS_Shape()>& b) {
  expectSameBooleans([&] { return std::pair(Shapes{a()}, Shapes{b()}); });
  expectSameBooleans([&] { return std::pair(Shapes{b()}, Shapes{a()}); });
}

TopoDS_Shape unit() { return box(0, 0, 0, 10, 10, 10); }

TopoDS_Shape corner(double x, double y) {
  return prism(
      polygonFace(
          {{x, y, 0}, {x + 10, y, 0}, {x + 10, y + 2, 0}, {x + 2, y + 2, 0}, {x + 2, y + 10, 0}, {x, y + 10, 0}}),
      0, 0, 5);
}

TEST(Boolean, boxesApart) {
  expectSameBothWays(unit, [] { return box(20, 0, 0, 5, 5, 5); });
}

TEST(Boolean, boxesAlmostTouching) {
  for (const double gap : {1e-3, 1e-5, 3e-6, 1e-7, 1e-8}) {
    SCOPED_TRACE(gap);
    expectSameBothWays(unit, [gap] { return box(10 + gap, 0, 0, 5, 10, 10); });
  }
}

TEST(Boolean, boxesTouchingInFaceEdgeAndVertex) {
  expectSameBothWays(unit, [] { return box(10, 0, 0, 5, 10, 10); });
  expectSameBothWays(unit, [] { return box(10, 2, 3, 5, 4, 4); });
  expectSameBothWays(unit, [] { return box(10, 10, 0, 5, 5, 10); });
  expectSameBothWays(unit, [] { return box(10, 10, 10, 5, 5, 5); });
}

TEST(Boolean, boxesOverlappingAndCoplanar) {
  expectSameBothWays(unit, [] { return box(5, 5, 5, 10, 10, 10); });
  expectSameBothWays(unit, [] { return box(5, 0, 0, 10, 10, 10); });
  expectSameBothWays(unit, [] { return box(2, 2, 0, 4, 4, 10); });
}

TEST(Boolean, oneInsideTheOther) {
  expectSameBothWays(unit, [] { return box(3, 3, 3, 2, 2, 2); });
  expectSameBothWays(unit, [] { return box(0, 3, 3, 2, 2, 2); });
  expectSameBothWays(unit, [] { return cylinder({5, 5, 2}, {0, 0, 1}, 2, 4); });
}

TEST(Boolean, theSameTwice) {
  expectSameBothWays(unit, unit);
  const TopoDS_Shape shared = unit();
  expectSameBooleans([&] { return std::pair(Shapes{shared}, Shapes{shared}); });
}

TEST(Boolean, tangentCylinders) {
  expectSameBothWays(unit, [] { return cylinder({13, 5, 0}, {0, 0, 1}, 3, 10); });
  expectSameBothWays(
      [] {
        return cylinder({0, 0, 0}, {0, 0, 1}, 4, 10);
      },
      [] {
        return cylinder({7, 0, 0}, {0, 0, 1}, 3, 10);
      });
  expectSameBothWays(
      [] {
        return cylinder({0, 0, 0}, {0, 0, 1}, 4, 10);
      },
      [] {
        return cylinder({20, 0, 0}, {0, 0, 1}, 3, 10);
      });
}

// The boxes around the shapes overlap, those around their faces don't.
TEST(Boolean, cornersRoundEachOther) {
  expectSameBothWays([] { return corner(0, 0); }, [] { return corner(4, 4); });
  expectSameBothWays([] { return corner(0, 0); }, [] { return box(5, 5, 1, 3, 3, 3); });
  const auto inAPocket = [] { return box(3, 3, 1, 3, 3, 3); };
  const auto hollow = [] {
    const PlainKernel off;
    const TopoDS_Shape made = cut({box(0, 0, 0, 10, 10, 10)}, {box(2, 2, 2, 6, 6, 6)});
    return TopExp_Explorer(made, TopAbs_SOLID).Current();
  };
  expectSameBothWays(hollow, [] { return box(4, 4, 4, 2, 2, 2); });
  expectSameBothWays([] { return corner(0, 0); }, inAPocket);
}

TEST(Boolean, insideOutAndOpenSolids) {
  expectSameBothWays([] { return unit().Reversed(); }, [] { return box(20, 0, 0, 5, 5, 5); });
  const auto open = [] {
    BRep_Builder builder;
    TopoDS_Shell shell;
    builder.MakeShell(shell);
    int count = 0;
    for (TopExp_Explorer face(unit(), TopAbs_FACE); face.More() && count < 5; face.Next(), ++count) {
      builder.Add(shell, face.Current());
    }
    TopoDS_Solid solid;
    builder.MakeSolid(solid);
    builder.Add(solid, shell);
    return TopoDS_Shape(solid);
  };
  expectSameBothWays(open, [] { return box(20, 0, 0, 5, 5, 5); });
}

TEST(Boolean, curvedSolidsApart) {
  expectSameBothWays([] { return BRepPrimAPI_MakeSphere(gp_Pnt(0, 0, 0), 5.0).Shape(); },
                     [] { return box(20, 0, 0, 5, 5, 5); });
}

TEST(Boolean, prismsWithTangentArcsApart) {
  expectSameBothWays([] { return prism(bulgedFace(0, 0, 10, 6, 3), 0, 0, 5); },
                     [] { return prism(bulgedFace(30, 0, 10, 6, 3), 0, 0, 5); });
}

TEST(Boolean, someOfManyMeet) {
  expectSameBooleans([] {
    return std::pair(Shapes{unit()}, Shapes{box(30, 0, 0, 5, 5, 5), box(8, 0, 0, 10, 10, 10), box(50, 0, 0, 5, 5, 5)});
  });
  expectSameBooleans([] {
    return std::pair(Shapes{box(100, 0, 0, 5, 5, 5)}, Shapes{unit(), box(8, 0, 0, 10, 10, 10)});
  });
  expectSameBooleans([] {
    return std::pair(Shapes{unit(), box(40, 0, 0, 3, 3, 3)}, Shapes{box(8, 0, 0, 10, 10, 10), box(60, 0, 0, 3, 3, 3)});
  });
}

TEST(Boolean, compoundsAsTools) {
  expectSameBooleans([] {
    return std::pair(Shapes{unit()}, Shapes{compound({box(20, 0, 0, 5, 5, 5), box(30, 0, 0, 5, 5, 5)})});
  });
  expectSameBooleans([] {
    return std::pair(Shapes{unit()},
                     Shapes{compound({box(20, 0, 0, 5, 5, 5), box(8, 0, 0, 5, 5, 5)}), box(50, 0, 0, 1, 1, 1)});
  });
}

TEST(Boolean, untouchedSolidsStayThemselves) {
  const TopoDS_Shape a = unit(), b = box(20, 0, 0, 5, 5, 5);
  const TopoDS_Shape result = fuse({a}, {b});
  TopoDS_Iterator child(result);
  EXPECT_TRUE(child.Value().IsSame(a));
  child.Next();
  EXPECT_TRUE(child.Value().IsSame(b));
}

TEST(Boolean, mismatchedAndMissingOperands) {
  expectSameBooleans([] { return std::pair(Shapes{unit()}, Shapes{rectFace(0, 0, 5, 5)}); });
  expectSameBooleans([] { return std::pair(Shapes{unit()}, Shapes{}); });
  expectSameBooleans([] { return std::pair(Shapes{compound({})}, Shapes{unit()}); });
}

TEST(Boolean, optionsReachTheKernel) {
  const Shapes a{unit()}, b{box(10.001, 0, 0, 5, 10, 10)};
  EXPECT_EQ(measure(fuse(a, b)).nSolids, 2);
  EXPECT_EQ(measure(fuse(a, b, {false, 0.01})).nSolids, 1);
  EXPECT_EQ(measure(fuse({unit()}, {box(10, 0, 0, 5, 10, 10)}, {true, 0.0})).nSolids, 1);
}

TEST(Boolean, splitsLikeTheKernel) {
  const TopoDS_Shape pieces = split({unit()}, {rectFace(-5, -5, 20, 20, 4)});
  EXPECT_EQ(measure(pieces).nSolids, 2);
  EXPECT_NEAR(measure(pieces).volume, 1000.0, 1e-9);
}

// Small whole numbers, so that faces fall on each other often.
TEST(Boolean, randomPairs) {
  std::mt19937 random(20240611);
  const auto pick = [&random](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const auto draw = [&]() -> std::function<TopoDS_Shape()> {
      const double x = pick(-6, 6), y = pick(-6, 6), z = pick(-6, 6), a = pick(1, 6), b = pick(1, 6), c = pick(1, 6);
      switch (pick(0, 2)) {
        case 0:
          return [=] { return box(x, y, z, a, b, c); };
        case 1:
          return [=] { return cylinder({x, y, z}, a > 3 ? gp_Dir(0, 0, 1) : gp_Dir(1, 0, 0), b, c); };
        default:
          return [=] { return prism(bulgedFace(x, y, a, b, c / 2), 0, 0, c); };
      }
    };
    const auto first = draw(), second = draw();
    expectSameBooleans([&] { return std::pair(Shapes{first()}, Shapes{second()}); });
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace cadrecode::solid
