// Faces cut from and joined with faces of the same plane: the quick ways against the kernel's own.
#include "solid/planar_holes.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "same_shape.hpp"
#include "solid/boolean.hpp"

namespace cadrecode::solid {
namespace {

using namespace testing;

using Operands = std::function<std::pair<Shapes, Shapes>()>;

void expectSameOnFaces(const Operands& make) {
  for (const auto operation : {cut, fuse}) {
    auto [arguments, tools] = make();
    const TopoDS_Shape quick = operation(arguments, tools, {});
    std::tie(arguments, tools) = make();
    const PlainKernel off;
    expectSameShape(quick, operation(arguments, tools, {}));
  }
}

void expectHole(const Operands& make, bool expected) {
  const auto [arguments, tools] = make();
  EXPECT_EQ(cutHoles(arguments, tools, 0.0).has_value(), expected);
}

TopoDS_Shape plate() { return rectFace(0, 0, 30, 20); }

TEST(PlanarHoles, toolInside) {
  for (const auto& tool : {+[] { return discFace(8, 8, 3); }, +[] { return rectFace(4, 4, 9, 5); },
                           +[] { return bulgedFace(4, 4, 6, 6, 2); }, +[] { return bulgedFace(6, 4, 6, 6, -2); }}) {
    const auto operands = [&tool] { return std::pair(Shapes{plate()}, Shapes{tool()}); };
    expectSameOnFaces(operands);
    expectHole(operands, true);
    expectSameOnFaces([&tool] { return std::pair(Shapes{plate().Reversed()}, Shapes{tool()}); });
    expectSameOnFaces([&tool] { return std::pair(Shapes{plate()}, Shapes{tool().Reversed()}); });
  }
}

TEST(PlanarHoles, movedTools) {
  gp_Trsf turn, shift;
  turn.SetRotation(gp_Ax1(gp_Pnt(0, 0, 0), gp_Dir(0, 0, 1)), 0.3);
  shift.SetTranslation(gp_Vec(12, 6, 0));
  expectSameOnFaces([&] {
    return std::pair(Shapes{plate()}, Shapes{bulgedFace(0, 0, 4, 4, 1).Moved(TopLoc_Location(shift * turn))});
  });
}

TEST(PlanarHoles, toolOutsideAndApart) {
  expectSameOnFaces([] { return std::pair(Shapes{plate()}, Shapes{discFace(50, 8, 3)}); });
  // In the notch of an L: the boxes overlap.
  const auto notch = [] {
    return std::pair(Shapes{polygonFace({{0, 0, 0}, {10, 0, 0}, {10, 2, 0}, {2, 2, 0}, {2, 10, 0}, {0, 10, 0}})},
                     Shapes{discFace(6, 6, 2)});
  };
  expectSameOnFaces(notch);
  expectHole(notch, true);
}

TEST(PlanarHoles, toolOnTheBoundaryIsLeftToTheKernel) {
  for (const auto& tool : {+[] { return discFace(3, 8, 3); }, +[] { return discFace(1, 8, 3); },
                           +[] { return rectFace(0, 4, 9, 5); }, +[] { return rectFace(-5, -5, 50, 50); },
                           +[] { return rectFace(0, 0, 30, 20); }, +[] { return rectFace(2, 2, 40, 3); }}) {
    const auto operands = [&tool] { return std::pair(Shapes{plate()}, Shapes{tool()}); };
    expectSameOnFaces(operands);
    expectHole(operands, false);
  }
}

TEST(PlanarHoles, facesOfOtherPlanes) {
  const auto above = [] { return std::pair(Shapes{plate()}, Shapes{rectFace(4, 4, 5, 5, 1.0)}); };
  expectSameOnFaces(above);
  expectHole(above, false);
}

TEST(PlanarHoles, severalHoles) {
  expectSameOnFaces([] {
    return std::pair(Shapes{plate()},
                     Shapes{discFace(5, 5, 2), discFace(15, 5, 2), rectFace(20, 10, 4, 4), discFace(5, 15, 2)});
  });
  expectSameOnFaces([] {
    return std::pair(Shapes{rectFace(-15, -10, 30, 20)}, Shapes{discFace(-6, 0, 2), discFace(6, 0, 2)});
  });
}

TEST(PlanarHoles, toolsThatMeetEachOther) {
  const auto operands = [] { return std::pair(Shapes{plate()}, Shapes{discFace(8, 8, 3), discFace(11, 8, 3)}); };
  expectSameOnFaces(operands);
  expectHole(operands, false);
  expectSameOnFaces([] { return std::pair(Shapes{plate()}, Shapes{discFace(8, 8, 4), discFace(8, 8, 1)}); });
}

TopoDS_Shape ring() {
  const PlainKernel off;
  const TopoDS_Shape made = cut({plate()}, {discFace(10, 10, 4)});
  return TopoDS_Iterator(made).Value();
}

TEST(PlanarHoles, facesWithHolesAlready) {
  expectSameOnFaces([] { return std::pair(Shapes{ring()}, Shapes{discFace(20, 10, 3)}); });
  expectSameOnFaces([] { return std::pair(Shapes{ring()}, Shapes{discFace(10, 10, 2)}); });
  expectSameOnFaces([] { return std::pair(Shapes{ring()}, Shapes{discFace(10, 10, 6)}); });
  expectSameOnFaces([] { return std::pair(Shapes{ring()}, Shapes{discFace(14, 10, 2)}); });
  expectSameOnFaces([] { return std::pair(Shapes{rectFace(-20, -20, 80, 80)}, Shapes{ring()}); });
}

TEST(PlanarHoles, severalFaces) {
  expectSameOnFaces([] { return std::pair(Shapes{plate(), rectFace(40, 0, 20, 20)}, Shapes{discFace(50, 10, 3)}); });
  expectSameOnFaces([] { return std::pair(Shapes{plate(), rectFace(10, 10, 40, 20)}, Shapes{discFace(5, 5, 3)}); });
}

TEST(PlanarHoles, holesMakePrismsOfTheRightVolume) {
  const TopoDS_Shape face = TopoDS_Iterator(cut({plate()}, {discFace(8, 8, 3)})).Value();
  const Measures m = measure(prism(face, 0, 0, 5));
  EXPECT_NEAR(m.volume, 5.0 * (600.0 - 9.0 * M_PI), 1e-9);
  EXPECT_TRUE(m.valid);
}

TEST(PlanarHoles, randomFaces) {
  std::mt19937 random(77);
  const auto pick = [&random](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 80; ++round) {
    SCOPED_TRACE(round);
    std::vector<std::function<TopoDS_Shape()>> makers;
    const int count = pick(1, 3);
    for (int i = 0; i < count; ++i) {
      const double x = pick(0, 26), y = pick(0, 16), a = pick(1, 8), b = pick(1, 6);
      const int kind = pick(0, 2);
      makers.push_back([=]() -> TopoDS_Shape {
        if (kind == 0) return discFace(x, y, a / 2);
        return kind == 1 ? rectFace(x, y, a, b) : bulgedFace(x, y, a, b, b / 4);
      });
    }
    expectSameOnFaces([&] {
      Shapes tools;
      for (const auto& maker : makers) tools.push_back(maker());
      return std::pair(Shapes{plate()}, tools);
    });
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace cadrecode::solid
