// Graphs as values and as files.
#include "brep/graph.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "core/error.hpp"
#include "core/random.hpp"

namespace cadrecode::brep {
namespace {

// Faces in a row, each joined with the next, and a seam on the last.
Graph chain(std::size_t faces) {
  Random random(5);
  auto vector = [&] {
    return Vector{static_cast<float>(random.normal()), static_cast<float>(random.normal()),
                  static_cast<float>(random.normal())};
  };
  Graph graph;
  graph.sizes = {.face = 3, .edge = 4};
  graph.frame = {{1, 2, 3}, 2.5};
  for (std::size_t face = 0; face < faces; ++face) {
    for (int i = 0; i < 9; ++i) {
      graph.facePoints.push_back(vector());
      graph.faceNormals.push_back(vector());
      graph.faceMask.push_back(random.chance(0.5) ? 1 : 0);
    }
    graph.faceAreas.push_back(static_cast<float>(1 + face % 3));
    for (int i = 0; i < 4; ++i) {
      graph.edgePoints.push_back(vector());
      graph.edgeTangents.push_back(vector());
    }
    const auto number = static_cast<std::int32_t>(face);
    graph.edgeFaces.push_back({number, std::min(number + 1, static_cast<std::int32_t>(faces) - 1)});
  }
  return graph;
}

TEST(Graph, ComesBackFromItsBytes) {
  const Graph graph = chain(5);
  const std::string bytes = toBytes(graph, {{"source", "abc"}});
  EXPECT_TRUE(parseGraph(bytes, "g") == graph);
  EXPECT_EQ(noteOf(bytes, "source"), "abc");
  EXPECT_EQ(noteOf(bytes, "recipe"), "");
  EXPECT_EQ(noteOf("nonsense", "source"), "");
  EXPECT_EQ(toBytes(parseGraph(bytes, "g"), {{"source", "abc"}}), bytes);
}

std::string messageOf(const std::string& bytes) {
  try {
    parseGraph(bytes, "part.safetensors");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    return error.what();
  }
  return "no error";
}

TEST(Graph, RefusesWhatIsMalformed) {
  EXPECT_NE(messageOf(""), "no error");
  const std::string bytes = toBytes(chain(3));
  for (std::size_t length = 0; length < bytes.size(); length += 37) {
    EXPECT_NE(messageOf(bytes.substr(0, length)), "no error") << length;
  }
  Graph graph = chain(3);
  graph.edgeFaces[1] = {0, 3};
  EXPECT_NE(messageOf(toBytes(graph)).find("a face that is not there"), std::string::npos);
  graph = chain(3);
  graph.facePoints[4][1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(messageOf(toBytes(graph)).find("'part.safetensors': array face_points has numbers that are not finite"),
            std::string::npos);
  graph = chain(3);
  graph.frame.unit = -1;
  EXPECT_NE(messageOf(toBytes(graph)), "no error");
  graph = chain(3);
  graph.faceNormals.pop_back();
  EXPECT_NE(messageOf(toBytes(graph)), "no error");
}

TEST(Graph, AnotherFrameIsTheSamePart) {
  const Graph graph = chain(4);
  const Graph moved = inFrame(graph, {{-7, 0, 4}, 0.3});
  const Graph back = inFrame(moved, graph.frame);
  for (std::size_t i = 0; i < graph.facePoints.size(); ++i) {
    const auto& p = graph.facePoints[i];
    const auto& q = moved.facePoints[i];
    const cloud::Point a = graph.frame.toPart({p[0], p[1], p[2]}), b = moved.frame.toPart({q[0], q[1], q[2]});
    for (std::size_t axis = 0; axis < 3; ++axis) {
      EXPECT_NEAR(a[axis], b[axis], 1e-5);
      EXPECT_NEAR(back.facePoints[i][axis], p[axis], 1e-5);
    }
  }
  EXPECT_NEAR(moved.faceAreas[1], graph.faceAreas[1] * 2.5 * 2.5 / 0.09, 1e-3);
  EXPECT_EQ(moved.faceNormals, graph.faceNormals);
}

TEST(Graph, OfTooManyFacesTheLargestStay) {
  const Graph graph = chain(8);  // areas 1 2 3 1 2 3 1 2
  EXPECT_TRUE(largestFaces(graph, 8) == graph);
  const Graph kept = largestFaces(graph, 4);  // faces 1, 2, 4, 5
  ASSERT_EQ(kept.faces(), 4U);
  EXPECT_EQ(kept.faceAreas, (std::vector<float>{2, 3, 2, 3}));
  EXPECT_EQ(kept.edgeFaces, (std::vector<std::array<std::int32_t, 2>>{{0, 1}, {2, 3}}));
  EXPECT_EQ(kept.facePoints[2 * 9 + 4], graph.facePoints[4 * 9 + 4]);
  EXPECT_EQ(kept.edgePoints[1 * 4 + 2], graph.edgePoints[4 * 4 + 2]);
  EXPECT_TRUE(parseGraph(toBytes(kept), "kept") == kept);
}

}  // namespace
}  // namespace cadrecode::brep
