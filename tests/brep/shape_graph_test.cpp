// Graphs of shapes: counts against Euler's formula, grids projected back onto their faces, normals against the solid.
#include "brep/shape_graph.hpp"

#include <gtest/gtest.h>

#include <BRepAlgoAPI_Cut.hxx>
#include <BRepBuilderAPI_MakeVertex.hxx>
#include <BRepBuilderAPI_Transform.hxx>
#include <BRepClass3d_SolidClassifier.hxx>
#include <BRepExtrema_DistShapeShape.hxx>
#include <BRepPrimAPI_MakeBox.hxx>
#include <BRepPrimAPI_MakeCone.hxx>
#include <BRepPrimAPI_MakeCylinder.hxx>
#include <BRepPrimAPI_MakeSphere.hxx>
#include <BRepPrimAPI_MakeTorus.hxx>
#include <BRep_Tool.hxx>
#include <TopExp.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Edge.hxx>
#include <TopoDS_Face.hxx>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gp_Ax2.hxx>
#include <gp_Trsf.hxx>
#include <map>

#include "core/error.hpp"
#include "core/files.hpp"
#include "solid/exchange.hpp"
#include "solid/measure.hpp"

namespace cadrecode::brep {
namespace {

namespace fs = std::filesystem;

int count(const TopoDS_Shape& shape, TopAbs_ShapeEnum kind) {
  TopTools_IndexedMapOfShape map;
  TopExp::MapShapes(shape, kind, map);
  return map.Extent();
}

// Vertices - edges + faces - (wires - faces) with the graph's edges and faces: 2 (shells - genus) of closed solids.
int eulerNumber(const TopoDS_Shape& shape, const Graph& graph) {
  return count(shape, TopAbs_VERTEX) - static_cast<int>(graph.edges()) + 2 * static_cast<int>(graph.faces()) -
         count(shape, TopAbs_WIRE);
}

gp_Pnt toPart(const Graph& graph, const Vector& point) {
  const cloud::Point p = graph.frame.toPart({point[0], point[1], point[2]});
  return {p[0], p[1], p[2]};
}

double sizeOf(const TopoDS_Shape& shape) {
  const auto box = *solid::measure(shape).bbox;
  return std::max({box[3] - box[0], box[4] - box[1], box[5] - box[2]});
}

double distance(const gp_Pnt& point, const TopoDS_Shape& shape) {
  return BRepExtrema_DistShapeShape(BRepBuilderAPI_MakeVertex(point).Vertex(), shape).Value();
}

// Every point of the mask lies on its face and no other does; every point of an edge lies on both of its faces. With
// many faces every `stride`-th point is looked at.
void expectOnFaces(const TopoDS_Shape& shape, const Graph& graph, std::size_t stride = 1) {
  TopTools_IndexedMapOfShape faces;
  TopExp::MapShapes(shape, TopAbs_FACE, faces);
  ASSERT_EQ(static_cast<std::size_t>(faces.Extent()), graph.faces());
  const double tolerance = 2e-6 * sizeOf(shape);
  const std::size_t grid = graph.sizes.face * graph.sizes.face;
  for (std::size_t i = 0; i < graph.facePoints.size(); i += stride) {
    const TopoDS_Shape& face = faces(static_cast<int>(i / grid) + 1);
    const double away = distance(toPart(graph, graph.facePoints[i]), face);
    if (graph.faceMask[i] != 0) {
      EXPECT_LT(away, tolerance) << "point " << i % grid << " of face " << i / grid;
    } else {
      EXPECT_GT(away, 0) << "point " << i % grid << " of face " << i / grid;
    }
  }
  // Where an edge lies is known to its tolerance only.
  TopTools_IndexedMapOfShape edges;
  TopExp::MapShapes(shape, TopAbs_EDGE, edges);
  double edgeTolerance = tolerance;
  for (int i = 1; i <= edges.Extent(); ++i) {
    edgeTolerance = std::max(edgeTolerance, 1.01 * BRep_Tool::Tolerance(TopoDS::Edge(edges(i))));
  }
  for (std::size_t i = 0; i < graph.edgePoints.size(); i += stride) {
    for (const std::int32_t face : graph.edgeFaces[i / graph.sizes.edge]) {
      EXPECT_LT(distance(toPart(graph, graph.edgePoints[i]), faces(face + 1)), edgeTolerance) << "edge " << i;
    }
  }
}

struct Body {
  const char* name;
  TopoDS_Shape shape;
  int faces, edges, genus;
};

std::vector<Body> bodies() {
  const TopoDS_Shape box = BRepPrimAPI_MakeBox(30, 20, 10).Shape();
  const gp_Ax2 axis(gp_Pnt(10, 10, -1), gp_Dir(0, 0, 1));
  const TopoDS_Shape drilled = BRepAlgoAPI_Cut(box, BRepPrimAPI_MakeCylinder(axis, 4, 12).Shape()).Shape();
  return {{"box", box, 6, 12, 0},
          {"sphere", BRepPrimAPI_MakeSphere(5).Shape(), 1, 1, 0},
          {"cylinder", BRepPrimAPI_MakeCylinder(5, 7).Shape(), 3, 3, 0},
          {"cone", BRepPrimAPI_MakeCone(5, 0, 7).Shape(), 2, 2, 0},
          {"torus", BRepPrimAPI_MakeTorus(9, 2).Shape(), 1, 2, 1},
          {"drilled", drilled, 7, 15, 1}};
}

TEST(ShapeGraph, CountsKeepEulersFormula) {
  for (const Body& body : bodies()) {
    const Graph graph = graphOf(body.shape);
    EXPECT_EQ(graph.faces(), static_cast<std::size_t>(body.faces)) << body.name;
    EXPECT_EQ(graph.edges(), static_cast<std::size_t>(body.edges)) << body.name;
    EXPECT_EQ(eulerNumber(body.shape, graph), 2 - 2 * body.genus) << body.name;
    EXPECT_EQ(graph.facePoints.size(), graph.faces() * 100);
    EXPECT_EQ(graph.edgePoints.size(), graph.edges() * 10);
  }
}

TEST(ShapeGraph, GridsLieOnTheirFaces) {
  for (const Body& body : bodies()) {
    SCOPED_TRACE(body.name);
    expectOnFaces(body.shape, graphOf(body.shape));
  }
}

TEST(ShapeGraph, NormalsPointOutOfTheSolid) {
  for (const Body& body : bodies()) {
    const Graph graph = graphOf(body.shape);
    BRepClass3d_SolidClassifier where(body.shape);
    const double step = 0.02;
    for (std::size_t i = 0; i < graph.facePoints.size(); ++i) {
      const Vector& n = graph.faceNormals[i];
      EXPECT_NEAR(std::hypot(n[0], n[1], n[2]), 1, 1e-5);
      const std::size_t u = i / 10 % 10, v = i % 10;
      // Beside edges both sides may be outside.
      if (graph.faceMask[i] == 0 || u == 0 || u == 9 || v == 0 || v == 9) continue;
      const gp_Pnt point = toPart(graph, graph.facePoints[i]);
      const gp_Vec normal(n[0], n[1], n[2]);
      where.Perform(point.Translated(step * normal), 1e-7);
      EXPECT_EQ(where.State(), TopAbs_OUT) << body.name << " point " << i;
      where.Perform(point.Translated(-step * normal), 1e-7);
      EXPECT_EQ(where.State(), TopAbs_IN) << body.name << " point " << i;
    }
  }
}

TEST(ShapeGraph, MaskIsTheShareOfTheFace) {
  // Of the drilled plate's top 30 x 20 the hole takes pi 16.
  const Body drilled = bodies().back();
  const Graph graph = graphOf(drilled.shape, {.face = 64, .edge = 10});
  std::size_t holed = 0;
  for (std::size_t face = 0; face < graph.faces(); ++face) {
    const auto first = graph.faceMask.begin() + static_cast<std::ptrdiff_t>(face * 64 * 64);
    const auto in = std::count(first, first + 64 * 64, 1);
    if (in == 64 * 64) continue;
    ++holed;
    EXPECT_NEAR(static_cast<double>(in) / (64.0 * 64.0), 1 - M_PI * 16 / 600, 0.01);
    EXPECT_NEAR(graph.faceAreas[face], 600 - M_PI * 16, 1e-3);
  }
  EXPECT_EQ(holed, 2U);
}

TEST(ShapeGraph, FarFromTheOriginNothingIsLost) {
  gp_Trsf move;
  move.SetTranslation(gp_Vec(1e6, -2e6, 3e5));
  for (const Body& body : bodies()) {
    const cloud::Frame frame{{3, 4, 5}, 15};
    const Graph here = inFrame(graphOf(body.shape), frame);
    const TopoDS_Shape moved = BRepBuilderAPI_Transform(body.shape, move, Standard_True).Shape();
    const Graph there = inFrame(graphOf(moved), {{1e6 + 3, -2e6 + 4, 3e5 + 5}, 15});
    ASSERT_EQ(here.facePoints.size(), there.facePoints.size());
    EXPECT_EQ(here.edgeFaces, there.edgeFaces);
    for (std::size_t i = 0; i < here.facePoints.size(); ++i) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        EXPECT_NEAR(here.facePoints[i][axis], there.facePoints[i][axis], 1e-6) << body.name;
      }
    }
  }
}

TEST(ShapeGraph, RefusesWhatHasNoFaces) {
  EXPECT_THROW(graphOf({}), Error);
  EXPECT_THROW(graphOf(BRepBuilderAPI_MakeVertex(gp_Pnt(0, 0, 0)).Shape()), Error);
  EXPECT_THROW(graphOf(bodies()[0].shape, {.face = 1, .edge = 10}), Error);
}

// 20 files of the corpus: in a closed solid every edge has two sides, and Euler's number is even and at most 2 a shell.
TEST(ShapeGraphCorpus, CountsAndProjections) {
  const fs::path folder = fs::path(CADRECODE_SOURCE_DIR).parent_path() / "shared/corpus/step";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus";
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if ((extension == ".step" || extension == ".stp") && entry.file_size() < 200'000) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::size_t used = 0;
  for (const fs::path& file : files) {
    if (used == 20) break;
    TopoDS_Shape shape;
    solid::Measures measures;
    try {
      shape = solid::readStep(readFile(file.string()));
      measures = solid::measure(shape);
    } catch (...) {
      continue;  // some of the corpus is there to be refused
    }
    if (!measures.valid || measures.nSolids == 0 || measures.nFaces > 120) continue;
    ++used;
    SCOPED_TRACE(file.filename().string());
    const Graph graph = graphOf(shape);
    EXPECT_EQ(graph.faces(), static_cast<std::size_t>(measures.nFaces));
    EXPECT_EQ(graph.edges(), static_cast<std::size_t>(measures.nEdges));
    const int euler = eulerNumber(shape, graph);
    EXPECT_EQ(euler % 2, 0);
    EXPECT_LE(euler, 2 * count(shape, TopAbs_SHELL));
    expectOnFaces(shape, graph, std::max<std::size_t>(1, graph.faces()));
  }
  EXPECT_EQ(used, 20U);
}

}  // namespace
}  // namespace cadrecode::brep
