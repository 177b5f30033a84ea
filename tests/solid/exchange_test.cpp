// STEP, BREP and STL in memory: there and back, units, assemblies, and files that are none.
#include "solid/exchange.hpp"

#include <gtest/gtest.h>

#include <TopoDS_Iterator.hxx>
#include <cmath>
#include <cstring>
#include <numbers>

#include "core/error.hpp"
#include "same_shape.hpp"
#include "solid/boolean.hpp"

namespace cadrecode::solid {
namespace {

using namespace testing;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

void expectRefused(const std::function<void()>& read) {
  try {
    read();
    ADD_FAILURE() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    EXPECT_NE(std::string(error.what()), "");
  }
}

TEST(Exchange, stepThereAndBack) {
  const TopoDS_Shape shape = cut({box(0, 0, 0, 20, 20, 5)}, {cylinder({10, 10, -1}, {0, 0, 1}, 4, 7)});
  const std::string text = writeStep(shape);
  EXPECT_EQ(text.rfind("ISO-10303-21;", 0), 0u);
  EXPECT_NE(text.find("AUTOMOTIVE_DESIGN"), std::string::npos);
  const Measures before = measure(shape), after = measure(readStep(text));
  EXPECT_EQ(after.shapeType, "Solid");
  EXPECT_NEAR(after.volume, before.volume, 1e-9 * before.volume);
  EXPECT_NEAR(after.area, before.area, 1e-9 * before.area);
  EXPECT_EQ(after.nFaces, before.nFaces);
  EXPECT_TRUE(after.valid);
}

TEST(Exchange, stepWritesTheSameTwice) {
  EXPECT_NEAR(measure(readStep(writeStep(box(0, 0, 0, 1, 2, 3)))).volume, 6.0, 1e-9);
  EXPECT_EQ(writeStep(box(0, 0, 0, 1, 2, 3)), writeStep(box(0, 0, 0, 1, 2, 3)));
  const TopoDS_Shape several = compound({box(0, 0, 0, 1, 1, 1), box(5, 0, 0, 1, 1, 1)});
  EXPECT_EQ(writeStep(several), writeStep(several));
}

TEST(Exchange, stepUnitsComeFromTheFile) {
  const std::string metres =
      replaced(writeStep(box(0, 0, 0, 1, 2, 3)), "SI_UNIT(.MILLI.,.METRE.)", "SI_UNIT($,.METRE.)");
  EXPECT_NEAR(measure(readStep(metres)).volume, 6e9, 1.0);
}

TEST(Exchange, stepAssembliesBecomeOneCompound) {
  const TopoDS_Shape nested =
      compound({compound({box(0, 0, 0, 1, 1, 1), box(5, 0, 0, 1, 1, 1)}), box(9, 0, 0, 1, 1, 1)});
  const TopoDS_Shape flat = readStep(writeStep(nested));
  EXPECT_EQ(flat.ShapeType(), TopAbs_COMPOUND);
  int solids = 0;
  for (TopoDS_Iterator child(flat); child.More(); child.Next(), ++solids) {
    EXPECT_EQ(child.Value().ShapeType(), TopAbs_SOLID);
  }
  EXPECT_EQ(solids, 3);
}

TEST(Exchange, stepThatIsNone) {
  const std::string good = writeStep(box(0, 0, 0, 1, 2, 3));
  expectRefused([] { readStep(""); });
  expectRefused([] { readStep("not a STEP file"); });
  expectRefused([&] { readStep(good.substr(0, good.size() / 2)); });
  expectRefused([] { readStep("ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n"); });
  EXPECT_NEAR(measure(readStep(good)).volume, 6.0, 1e-9);
}

TEST(Exchange, brepThereAndBack) {
  const TopoDS_Shape shape = compound({box(0, 0, 0, 1, 2, 3), cylinder({9, 0, 0}, {0, 0, 1}, 2, 3)});
  expectSameShape(readBrep(writeBrep(shape)), shape);
}

TEST(Exchange, brepThatIsNone) {
  expectRefused([] { readBrep(""); });
  expectRefused([] { readBrep("not a BREP file"); });
}

TEST(Exchange, stl) {
  const Mesh mesh = tessellate(box(1, 2, 3, 4, 5, 6), 0.001, 0.1);
  const std::string bytes = writeStl(mesh);
  ASSERT_EQ(bytes.size(), 84 + 50 * mesh.triangles.size());
  std::uint32_t count = 0;
  std::memcpy(&count, bytes.data() + 80, 4);
  EXPECT_EQ(count, 12u);
  EXPECT_NE(bytes.substr(0, 5), "solid");
  double volume = 0.0;
  for (std::uint32_t i = 0; i < count; ++i) {
    float v[12];
    std::memcpy(v, bytes.data() + 84 + 50 * i, sizeof v);
    EXPECT_NEAR(std::hypot(v[0], v[1], v[2]), 1.0, 1e-6);
    const float *a = v + 3, *b = v + 6, *c = v + 9;
    volume +=
        (a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])) /
        6.0;
  }
  EXPECT_NEAR(volume, 120.0, 1e-4);
}

TEST(Exchange, nothingToWrite) {
  EXPECT_THROW(writeStep(TopoDS_Shape()), Error);
  EXPECT_THROW(writeBrep(TopoDS_Shape()), Error);
}

}  // namespace
}  // namespace cadrecode::solid
