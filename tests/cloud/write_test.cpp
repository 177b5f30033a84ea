#include "cloud/write.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "cloud/read.hpp"
#include "cloud/support.hpp"

namespace cadrecode::cloud {
namespace {

using testing::boxMesh;
using testing::cloudOf;
using testing::meshOf;

Mesh oddMesh(bool normals) {
  Mesh mesh = boxMesh({0.1, -1.0 / 3, 1e-7}, {1e6, 2.5, 3.0000000001});
  if (normals) mesh.normals.assign(mesh.vertices.size(), {0.6, 0, 0.8});
  return mesh;
}

Cloud oddCloud(bool normals) {
  Cloud cloud{oddMesh(false).vertices, {}};
  if (normals) cloud.normals.assign(cloud.points.size(), {0.6, 0, 0.8});
  return cloud;
}

TEST(Write, PlyKeepsEveryBit) {
  for (bool normals : {false, true}) {
    Mesh mesh = oddMesh(normals);
    Input input = readInput(writePly(mesh, {"one", "two words"}), "a.ply");
    EXPECT_EQ(meshOf(input).vertices, mesh.vertices);
    EXPECT_EQ(meshOf(input).triangles, mesh.triangles);
    EXPECT_EQ(meshOf(input).normals, mesh.normals);
    Input cloud = readInput(writePly(oddCloud(normals)), "a.ply");
    EXPECT_EQ(cloudOf(cloud).points, oddCloud(normals).points);
    EXPECT_EQ(cloudOf(cloud).normals, oddCloud(normals).normals);
  }
  EXPECT_NE(writePly(boxMesh({0, 0, 0}, {1, 1, 1})).find("property float x"), std::string::npos);
  EXPECT_NE(writePly(oddMesh(false)).find("property double x"), std::string::npos);
  EXPECT_THROW(writePly(oddMesh(false), {"two\nlines"}), Error);
}

TEST(Write, ObjKeepsEveryBit) {
  Mesh mesh = oddMesh(true);
  Input input = readInput(writeObj(mesh), "a.obj");
  EXPECT_EQ(meshOf(input).vertices, mesh.vertices);
  EXPECT_EQ(meshOf(input).triangles, mesh.triangles);
  EXPECT_EQ(meshOf(readInput(writeObj(oddMesh(false)), "a.obj")).triangles, mesh.triangles);
  EXPECT_EQ(cloudOf(readInput(writeObj(oddCloud(true)), "a.obj")).points, oddCloud(true).points);
  EXPECT_EQ(cloudOf(readInput(writeObj(oddCloud(true)), "a.obj")).normals, oddCloud(true).normals);
}

TEST(Write, StlKeepsTheSurface) {
  Mesh mesh = boxMesh({0, 0, 0}, {1, 2, 3});
  std::string bytes = writeStl(mesh);
  EXPECT_EQ(bytes.size(), 84 + 12 * 50U);
  Input input = readInput(bytes, "a.stl");
  EXPECT_EQ(meshOf(input).vertices.size(), 8U);
  EXPECT_EQ(area(meshOf(input)), 22);
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(doubleAreaVector(meshOf(input), meshOf(input).triangles[i]), doubleAreaVector(mesh, mesh.triangles[i]));
  }
  float normal = 0;
  std::memcpy(&normal, bytes.data() + 84 + 8, 4);
  EXPECT_EQ(normal, -1);
}

TEST(Write, NpyIsAlignedAndReadBack) {
  Cloud cloud{{{1, 2, 3}, {0.5, 0.25, -8}}, {{0, 0, 1}, {0, 1, 0}}};
  std::string bytes = writeNpy(cloud);
  EXPECT_EQ(bytes.size(), 128 + 2 * 6 * 4U);
  EXPECT_EQ(bytes.substr(0, 6), "\x93NUMPY");
  EXPECT_EQ(bytes[127], '\n');
  Input input = readInput(bytes, "a.npy");
  EXPECT_EQ(cloudOf(input).points, cloud.points);
  EXPECT_EQ(cloudOf(input).normals, cloud.normals);
  EXPECT_EQ(cloudOf(readInput(writeNpy({{1, 2, 3}, {0.5, 0.25, -8}}), "a.npy")).points, cloud.points);
}

struct Glb {
  nlohmann::json json;
  std::string buffer;
};

Glb parseGlb(const std::string& bytes) {
  auto number = [&](std::size_t position) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + position, 4);
    return value;
  };
  EXPECT_EQ(bytes.substr(0, 4), "glTF");
  EXPECT_EQ(number(4), 2U);
  EXPECT_EQ(number(8), bytes.size());
  std::size_t size = number(12);
  EXPECT_EQ(size % 4, 0U);
  EXPECT_EQ(bytes.substr(16, 4), "JSON");
  EXPECT_EQ(bytes.substr(24 + size, 4), std::string("BIN\0", 4));
  EXPECT_EQ(number(20 + size), bytes.size() - 28 - size);
  return {nlohmann::json::parse(bytes.substr(20, size)), bytes.substr(28 + size)};
}

TEST(Write, GlbDescribesItsBuffer) {
  Mesh mesh = boxMesh({-1, -2, -3}, {1, 2, 3});
  mesh.normals.assign(8, {0.6, 0, 0.8});
  Glb glb = parseGlb(writeGlb(mesh));
  EXPECT_EQ(glb.json["asset"]["version"], "2.0");
  auto primitive = glb.json["meshes"][0]["primitives"][0];
  EXPECT_EQ(primitive["mode"], 4);
  auto positions = glb.json["accessors"][primitive["attributes"]["POSITION"].get<int>()];
  EXPECT_EQ(positions["count"], 8);
  EXPECT_EQ(positions["min"], (std::vector<double>{-1, -2, -3}));
  EXPECT_EQ(positions["max"], (std::vector<double>{1, 2, 3}));
  auto indices = glb.json["accessors"][primitive["indices"].get<int>()];
  EXPECT_EQ(indices["count"], 36);
  EXPECT_EQ(indices["componentType"], 5125);
  std::size_t end = 0;
  for (const auto& view : glb.json["bufferViews"]) {
    EXPECT_EQ(view["byteOffset"], end);
    EXPECT_EQ(end % 4, 0U);
    end += view["byteLength"].get<std::size_t>();
  }
  EXPECT_EQ(end, glb.buffer.size());
  EXPECT_EQ(glb.json["buffers"][0]["byteLength"], glb.buffer.size());
  std::uint32_t corner = 0;
  std::size_t place = glb.json["bufferViews"][indices["bufferView"].get<int>()]["byteOffset"];
  std::memcpy(&corner, glb.buffer.data() + place + 4, 4);
  EXPECT_EQ(corner, mesh.triangles[0][1]);
}

TEST(Write, GlbHoldsCloudsAndLeavesOutWrongNormals) {
  Cloud cloud{{{1, 2, 3}, {4, 5, 6}}, {{0, 0, 2}, {0, 0, 2}}};
  auto primitive = parseGlb(writeGlb(cloud)).json["meshes"][0]["primitives"][0];
  EXPECT_EQ(primitive["mode"], 0);
  EXPECT_FALSE(primitive.contains("indices"));
  EXPECT_FALSE(primitive["attributes"].contains("NORMAL"));
  cloud.normals.assign(2, {0, 0, 1});
  EXPECT_TRUE(parseGlb(writeGlb(cloud)).json["meshes"][0]["primitives"][0]["attributes"].contains("NORMAL"));
}

TEST(Write, RefusesNumbersThatAFormatCannotHold) {
  Mesh mesh = boxMesh({0, 0, 0}, {1, 1, 1e50});
  testing::expectRefusal([&] { writeStl(mesh); }, {"1e+50 does not fit"});
  testing::expectRefusal([&] { writeGlb(mesh); }, {"1e+50 does not fit"});
  testing::expectRefusal([&] { writeNpy(Cloud{mesh.vertices, {}}); }, {"1e+50 does not fit"});
  EXPECT_EQ(meshOf(readInput(writePly(mesh), "a.ply")).vertices, mesh.vertices);
  EXPECT_EQ(meshOf(readInput(writeObj(mesh), "a.obj")).vertices, mesh.vertices);
}

TEST(Write, ChoosesTheFormatByExtension) {
  Mesh mesh = boxMesh({0, 0, 0}, {1, 1, 1});
  EXPECT_EQ(writeAs(mesh, "a.STL"), writeStl(mesh));
  EXPECT_EQ(writeAs(mesh, "a.obj"), writeObj(mesh));
  EXPECT_EQ(writeAs(mesh, "a.ply"), writePly(mesh));
  EXPECT_EQ(writeAs(mesh, "a.glb"), writeGlb(mesh));
  EXPECT_EQ(writeAs(oddCloud(false), "a.npy"), writeNpy(oddCloud(false)));
  for (const char* name : {"a.npy", "a.jpg", "a", "stl"}) EXPECT_THROW(writeAs(mesh, name), Error) << name;
  EXPECT_THROW(writeAs(oddCloud(false), "a.stl"), Error);
}

}  // namespace
}  // namespace cadrecode::cloud
