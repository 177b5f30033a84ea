#include <gtest/gtest.h>

#include "cloud/read.hpp"
#include "cloud/support.hpp"
#include "cloud/triangulate_polygon.hpp"
#include "cloud/write.hpp"

namespace cadrecode::cloud {
namespace {

using testing::boxMesh;
using testing::bytesOf;
using testing::cloudOf;
using testing::expectRefused;
using testing::meshOf;

const std::string facet =
    "facet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\n";

std::string binaryFacet(float z) {
  std::string bytes;
  for (float value : {0.F, 0.F, 1.F, 0.F, 0.F, z, 1.F, 0.F, z, 0.F, 1.F, z}) bytes += bytesOf(value);
  return bytes + bytesOf<std::uint16_t>(0);
}

std::string binaryStl(std::uint32_t promised, const std::string& facets) {
  return std::string(80, ' ') + bytesOf(promised) + facets;
}

TEST(ReadStl, ReadsText) {
  Input input = readInput("solid part\n" + facet + "endsolid part\n", "a.stl");
  EXPECT_EQ(input.format, Format::stl);
  EXPECT_EQ(meshOf(input).triangles, (std::vector<Triangle>{{0, 1, 2}}));
  EXPECT_EQ(meshOf(input).vertices[1], (Point{1, 0, 0}));
  EXPECT_TRUE(input.notes.empty());
}

TEST(ReadStl, ReadsTextInOddDress) {
  std::string text = "\xef\xbb\xbf\r\n  SOLID\r\n" + facet;
  for (char& letter : text) letter = letter == 'v' ? 'V' : letter;
  EXPECT_EQ(meshOf(readInput(text + "ENDSOLID\r\n", "a.stl")).triangles.size(), 1U);
}

TEST(ReadStl, ReadsSeveralSolids) {
  std::string other = "facet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 0 1\nendloop\nendfacet\n";
  Input text = readInput("solid a\n" + facet + "endsolid a\nsolid b\n" + other + "endsolid b\n", "a.stl");
  EXPECT_EQ(meshOf(text).triangles.size(), 2U);
  EXPECT_EQ(meshOf(text).vertices.size(), 4U);  // two are shared
  std::string bytes = binaryStl(1, binaryFacet(0)) + binaryStl(2, binaryFacet(1) + binaryFacet(2));
  Input binary = readInput(bytes, "a.stl");
  EXPECT_EQ(meshOf(binary).triangles.size(), 3U);
  EXPECT_TRUE(binary.notes.empty());
}

TEST(ReadStl, ReadsBinaryThatBeginsWithSolid) {
  std::string bytes = binaryStl(2, binaryFacet(0) + binaryFacet(1));
  bytes.replace(0, 11, "solid facet");
  EXPECT_EQ(meshOf(readInput(bytes, "a.stl")).triangles.size(), 2U);
}

TEST(ReadStl, PassesOverWhatFollowsTheTriangles) {
  Input input = readInput(binaryStl(1, binaryFacet(0)) + "trailing", "a.stl");
  EXPECT_EQ(meshOf(input).triangles.size(), 1U);
  ASSERT_EQ(input.notes.size(), 1U);
  EXPECT_NE(input.notes[0].find("8 bytes"), std::string::npos);
}

TEST(ReadStl, NamesPlaceAndReason) {
  expectRefused("", "a.stl", {"'a.stl'", "empty"});
  expectRefused("solid a\nfacet\nvertex 0 0 x\n", "a.stl", {"'a.stl', line 3", "no number: 'x'"});
  expectRefused("solid a\nfacet\nvertex 0 0\n", "a.stl", {"line 3", "missing"});
  expectRefused("solid a\nfacet\nvertex 0 0 nan\n", "a.stl", {"line 3", "not finite"});
  expectRefused("solid a\nfacet\nvertex 0 0 1e99\n", "a.stl", {"line 3", "too large"});
  expectRefused("solid a\nfacet\nvertex 0 0 1e999\n", "a.stl", {"line 3", "not finite"});
  expectRefused("solid a\nfacet\nvertex 0 0 1\nendfacet\n", "a.stl", {"line 4", "1 vertices"});
  expectRefused("solid a\n" + facet + "facet\n", "a.stl", {"line 9", "ends within a facet"});
  expectRefused("solid a\nfacet\nfacet\n", "a.stl", {"line 3"});
  expectRefused("solid a\nvertex 0 0 0\nfacet", "a.stl", {"line 2", "outside a facet"});
  expectRefused("solid a\nendsolid a\n", "a.stl", {"no vertices"});
  expectRefused(std::string(100, 'a'), "a.stl", {"byte 84", "promises 1633771873 triangles"});
  expectRefused(binaryStl(0xffffffff, binaryFacet(0)), "a.stl", {"promises 4294967295 triangles", "after 1"});
  expectRefused(binaryStl(2, binaryFacet(0)), "a.stl", {"promises 2 triangles"});
  expectRefused(binaryStl(1, binaryFacet(std::numeric_limits<float>::quiet_NaN())), "a.stl",
                {"byte 104", "not finite"});
  expectRefused(std::string(80, ' '), "a.stl", {"byte 80"});
}

TEST(ReadObj, ReadsFacesInEveryNotation) {
  std::string points = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvn 0 0 1\n";
  for (const char* face : {"f 1 2 3 4", "f 1/1 2/1 3/1 4/1", "f 1//1 2//1 3//1 4//1", "f 1/1/1 2/1/1 3/1/1 4/1/1",
                           "f -4 -3 -2 -1", "f 1 2 \\\n3 4", "f 1 2\\\n 3 4", "  f\t1 2 3 4 # face"}) {
    Input input = readInput("# comment\nmtllib a.mtl\no a\n" + points + "usemtl b\ns 1\n" + face + "\n", "a.obj");
    EXPECT_EQ(meshOf(input).triangles, (std::vector<Triangle>{{0, 1, 2}, {0, 2, 3}})) << face;
  }
}

TEST(ReadObj, TakesFacesBeforeTheirVertices) {
  EXPECT_EQ(meshOf(readInput("f 1 2 3\nv 0 0 0\nv 1 0 0\nv 0 1 0\n", "a.obj")).triangles.size(), 1U);
}

TEST(ReadObj, ReadsPointsWithoutFacesAsACloud) {
  Input input = readInput("v 0 0 0 1 0 0\nv 1 2 3 1 0 0\nvn 0 0 1\nvn 0 1 0\n", "a.obj");
  EXPECT_EQ(cloudOf(input).points[1], (Point{1, 2, 3}));
  EXPECT_EQ(cloudOf(input).normals.size(), 2U);
}

TEST(ReadObj, NamesPlaceAndReason) {
  expectRefused("v 0 0\n", "a.obj", {"'a.obj', line 1", "missing"});
  expectRefused("v 0 0 0\n\nf 1 0 1\n", "a.obj", {"line 3", "vertex 0"});
  expectRefused("v 0 0 0\nf 1 -2 1\n", "a.obj", {"line 2", "vertex -2"});
  expectRefused("v 0 0 0\nf 1 1 2\nv 1 1 1\nf 1 2 3\n", "a.obj", {"line 4", "vertex 2 (from 0), there are 2"});
  expectRefused("v 0 0 0\nf 1 1\n", "a.obj", {"line 2", "2 corners"});
  expectRefused("v 0 0 0\nf 1 x 1\n", "a.obj", {"line 2", "no whole number"});
  expectRefused("v 0 0 0\nf 1 99999999999999999999 1\n", "a.obj", {"line 2", "no whole number"});
  expectRefused("v 0 0 0\nv 1 0 0\nl 1 2\n", "a.obj", {"no faces, only 1 lines"});
  expectRefused("v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n", "a.obj", {"none of its 1 triangles has an area"});
  expectRefused("# nothing\n", "a.obj", {"no vertices"});
  expectRefused("v 1 1 1\nv 1 1 1\n", "a.obj", {"2 points are all in one place"});
}

const std::string offBody = "4 1 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3 255 0 0\n";

TEST(ReadOff, ReadsItsVariants) {
  for (const std::string& text :
       {"OFF\n" + offBody, "# c\nOFF # c\n\n" + offBody, "OFF " + offBody, "OFF" + offBody,
        std::string("COFF\n4 1 0\n0 0 0 1 0 0 1\n1 0 0 1 0 0 1\n1 1 0 1 0 0 1\n0 1 0 1 0 0 1\n4 0 1 2 3\n"),
        std::string("STOFF\n4 1 0\n0 0 0 1 0\n1 0 0 1 0\n1 1 0 1 0\n0 1 0 1 0\n4 0 1 2 3\n")}) {
    Input input = readInput(text, "a.off");
    EXPECT_EQ(meshOf(input).triangles, (std::vector<Triangle>{{0, 1, 2}, {0, 2, 3}})) << text;
    EXPECT_EQ(meshOf(input).vertices[2], (Point{1, 1, 0})) << text;
  }
  Input normals = readInput("NOFF\n3 1 0\n0 0 0 0 0 1\n1 0 0 0 0 1\n0 1 0 0 0 1\n3 0 1 2\n", "a.off");
  EXPECT_EQ(meshOf(normals).normals, (std::vector<Point>(3, Point{0, 0, 1})));
  EXPECT_EQ(cloudOf(readInput("OFF\n2 0 0\n0 0 0\n1 2 3\n", "a.off")).points.size(), 2U);
}

TEST(ReadOff, NamesPlaceAndReason) {
  expectRefused("4OFF\n1 0 0\n0 0 0 0\n", "a.off", {"line 1", "three dimensions"});
  expectRefused("OFF BINARY\n", "a.off", {"line 1", "binary"});
  expectRefused("OFF\n1000000000000000000 0 0\n0 0 0\n", "a.off", {"line 2", "more than the file can hold"});
  expectRefused("OFF\n-1 0 0\n0 0 0\n", "a.off", {"line 2", "-1"});
  expectRefused("OFF\n3 1 0\n0 0 0\n1 0 0\n", "a.off", {"after 2 of 3 vertices"});
  expectRefused("OFF\n2 1 0\n0 0 0\n1 0 0\n3 0 1 2\n", "a.off", {"line 5", "vertex 2"});
  expectRefused("OFF\n2 1 0\n0 0 0\n1 0 0\n3 0 1\n", "a.off", {"line 5", "missing"});
  expectRefused("OFF\n2 1 0\n0 0 0\n1 0 0\n-3 0 1\n", "a.off", {"line 5", "-3"});
  expectRefused("OFX\n", "a.off", {"OFF is missing"});
}

std::string plyHeader(const std::string& format, const std::string& rest) {
  return "ply\nformat " + format + " 1.0\ncomment made by hand\n" + rest + "end_header\n";
}

const std::string xyz = "property float x\nproperty float y\nproperty float z\n";
const std::string asciiFaces = "element vertex 3\n" + xyz + "element face 1\nproperty list uchar int vertex_indices\n";

TEST(ReadPly, ReadsText) {
  Input input = readInput(plyHeader("ascii", asciiFaces) + "0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", "a.ply");
  EXPECT_EQ(meshOf(input).triangles, (std::vector<Triangle>{{0, 1, 2}}));
}

TEST(ReadPly, TakesPropertiesInAnyOrderAndElementsItDoesNotKnow) {
  std::string header =
      plyHeader("ascii",
                "element camera 1\nproperty float fov\nproperty list uchar int extra\n"
                "element face 1\nproperty uchar red\nproperty list uchar int vertex_index\n"
                "element empty 5\nelement vertex 3\nproperty double z\nproperty uchar red\nproperty float ny\n"
                "property float nx\nproperty int x\nproperty list uchar int l\nproperty float nz\nproperty short y\n"
                "element edge 1000\nproperty int v\n");
  std::string body = "1.5 2 7 8\n9 3 0 1 2\n5 1 0 0 0 2 7 7 1 0\n5 1 0 0 1 0 1 0\n6 1 0 0 0 0 1 1\n";
  Input input = readInput(header + body, "a.ply");
  EXPECT_EQ(meshOf(input).vertices, (std::vector<Point>{{0, 0, 5}, {1, 0, 5}, {0, 1, 6}}));
  EXPECT_EQ(meshOf(input).normals[0], (Point{0, 0, 1}));
}

TEST(ReadPly, ReadsBothByteOrdersAndEveryType) {
  for (bool big : {false, true}) {
    std::string header = plyHeader(big ? "binary_big_endian" : "binary_little_endian",
                                   "element vertex 3\nproperty double x\nproperty int8 skipped\nproperty float32 y\n"
                                   "property int16 z\nelement face 1\nproperty list ushort uint8 vertex_indices\n"
                                   "property list uchar float texcoord\n");
    std::string body;
    for (auto [x, y] : {std::pair{0.0, 0.0F}, {1.0, 0.0F}, {0.0, 1.0F}}) {
      body += bytesOf(x, big) + '\7' + bytesOf(y, big) + bytesOf<std::int16_t>(-300, big);
    }
    body += bytesOf<std::uint16_t>(3, big) + std::string("\0\1\2", 3) + '\2' + bytesOf(1.0F, big) + bytesOf(2.0F, big);
    Input input = readInput(header + body, "a.ply");
    EXPECT_EQ(meshOf(input).vertices[2], (Point{0, 1, -300})) << big;
    EXPECT_EQ(meshOf(input).triangles, (std::vector<Triangle>{{0, 1, 2}})) << big;
  }
}

TEST(ReadPly, ReadsWindowsHeadersOfBinaryFiles) {
  std::string header =
      "ply\r\nformat binary_little_endian 1.0\r\nelement vertex 2\r\nproperty float x\r\nproperty float y\r\n"
      "property float z\r\nend_header\r\n";
  std::string body;
  for (float value : {1.F, 2.F, 3.F, 4.F, 5.F, 6.F}) body += bytesOf(value);
  EXPECT_EQ(cloudOf(readInput(header + body, "a.ply")).points[1], (Point{4, 5, 6}));
}

TEST(ReadPly, ReadsTriangleStripsAndPolygons) {
  std::string vertices = "element vertex 5\n" + xyz;
  std::string points = "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 2 0\n";
  Input strips =
      readInput(plyHeader("ascii", vertices + "element tristrips 1\nproperty list int int vertex_indices\n") + points +
                    "8 0 1 2 3 -1 2 3 4\n",
                "a.ply");
  EXPECT_EQ(meshOf(strips).triangles, (std::vector<Triangle>{{0, 1, 2}, {2, 1, 3}, {2, 3, 4}}));
  Input polygon = readInput(plyHeader("ascii", vertices + "element face 2\nproperty list uchar int vertex_indices\n") +
                                points + "4 0 1 3 2\n2 0 1\n",
                            "a.ply");
  EXPECT_EQ(meshOf(polygon).triangles.size(), 2U);
  ASSERT_EQ(polygon.notes.size(), 1U);
  EXPECT_NE(polygon.notes[0].find("fewer than three"), std::string::npos);
}

TEST(ReadPly, ReadsCloudsWithAndWithoutAFaceElement) {
  std::string vertices = "element vertex 2\n" + xyz;
  EXPECT_EQ(cloudOf(readInput(plyHeader("ascii", vertices) + "0 0 0\n1 2 3", "a.ply")).points.size(), 2U);
  std::string noFaces = vertices + "element face 0\nproperty list uchar int vertex_indices\n";
  EXPECT_EQ(cloudOf(readInput(plyHeader("ascii", noFaces) + "0 0 0\n1 2 3\n", "a.ply")).points.size(), 2U);
}

TEST(ReadPly, TellsOfLinesLongerThanTheHeaderSays) {
  Input input = readInput(plyHeader("ascii", asciiFaces) + "0 0 0 9\n1 0 0 9\n0 1 0 9\n3 0 1 2\n", "a.ply");
  EXPECT_EQ(meshOf(input).triangles.size(), 1U);
  ASSERT_EQ(input.notes.size(), 1U);
  EXPECT_NE(input.notes[0].find("3 lines"), std::string::npos);
}

TEST(ReadPly, NamesPlaceAndReason) {
  std::string head = plyHeader("ascii", asciiFaces);
  expectRefused("ply\nelement vertex 1\n", "a.ply", {"line 2", "within the header"});
  expectRefused("ply\nend_header\n", "a.ply", {"no format"});
  expectRefused("ply\nformat jpeg 1.0\n", "a.ply", {"line 2", "'jpeg'"});
  expectRefused("ply\nformat ascii 1.0\nproperty float x\n", "a.ply", {"line 3", "before any element"});
  expectRefused("ply\nformat ascii 1.0\nelement vertex 1\nproperty quad x\n", "a.ply", {"line 4", "'quad'"});
  expectRefused("ply\nformat ascii 1.0\nelement vertex -1\n", "a.ply", {"line 3", "-1"});
  expectRefused("ply\nformat ascii 1.0\nelement vertex 1\nproperty list float int x\n", "a.ply", {"line 4", "float"});
  expectRefused(plyHeader("ascii", "element vertex 1\nproperty float x\nproperty float y\n") + "0 0\n", "a.ply",
                {"'z'"});
  expectRefused(plyHeader("ascii", "element face 0\nproperty list uchar int vertex_indices\n"), "a.ply",
                {"no vertices"});
  expectRefused(head + "0 0 0\n1 0 0\n0 1 0\n3 0 1 3\n", "a.ply", {"line 14", "vertex 3 (from 0), there are 3"});
  expectRefused(head + "0 0 0\n1 0 0\n0 1 0\n3 0 1 -1\n", "a.ply", {"line 14", "vertex -1"});
  expectRefused(head + "0 0 0\n1 0 zero\n0 1 0\n3 0 1 2\n", "a.ply", {"line 12", "'zero'"});
  expectRefused(head + "0 0 0\n1 0 0\n0 1 0\n3 0 1\n", "a.ply", {"line 14", "a list of 3 values"});
  expectRefused(head + "0 0 0\n1 0 0\n0 1 0\n99999 0 1\n", "a.ply", {"99999"});
  for (const char* format : {"ascii", "binary_little_endian", "binary_big_endian"}) {
    std::string huge = "element vertex 1000000000000000000\n" + xyz;
    expectRefused(plyHeader(format, huge) + "0 0 0\n", "a.ply",
                  {"promises 1000000000000000000", "more than the file can hold"});
  }
  std::string list = plyHeader("binary_little_endian",
                               "element vertex 1\n" + xyz + "element face 1\nproperty list uint int vertex_indices\n");
  expectRefused(list + std::string(12, '\0') + "\xff\xff\xff\xff", "a.ply", {"byte", "4294967295 values"});
}

// The area is what tells a right cut from a wrong one.
TEST(TriangulatePolygon, CutsConcavePolygons) {
  // A comb with 20 teeth, standing in space; its area is 20 teeth of 0.5 x 1 and a back of 20 x 1.
  std::vector<Point> vertices{{0, 7, -1}, {20, 7, -1}};
  for (int tooth = 19; tooth >= 0; --tooth) {
    vertices.push_back({tooth + 1.0, 7, 0});
    vertices.push_back({tooth + 0.75, 7, 0});
    vertices.push_back({tooth + 0.75, 7, 1});
    vertices.push_back({tooth + 0.25, 7, 1});
    vertices.push_back({tooth + 0.25, 7, 0});
  }
  vertices.push_back({0, 7, 0});
  for (int direction = 0; direction < 2; ++direction) {
    std::vector<std::uint32_t> corners(vertices.size());
    for (std::size_t i = 0; i < corners.size(); ++i) {
      corners[i] = static_cast<std::uint32_t>(direction == 0 ? i : corners.size() - 1 - i);
    }
    Mesh mesh{vertices, {}, {}};
    ASSERT_TRUE(triangulatePolygon(mesh.vertices, corners, mesh.triangles));
    EXPECT_EQ(mesh.triangles.size(), corners.size() - 2);
    EXPECT_NEAR(area(mesh), 30, 1e-12);
    for (const Triangle& triangle : mesh.triangles) {
      double along = doubleAreaVector(mesh, triangle)[1];
      EXPECT_TRUE(direction == 0 ? along <= 0 : along >= 0);
    }
  }
}

TEST(TriangulatePolygon, RefusesOnlyHugeConcaveOnes) {
  auto polygon = [](std::size_t count, bool dent) {
    Mesh mesh;
    for (std::size_t i = 0; i < count; ++i) {
      double angle = 6.283185307179586 * static_cast<double>(i) / static_cast<double>(count);
      double radius = dent && i == 5 ? 0.5 : 1;
      mesh.vertices.push_back({radius * std::cos(angle), radius * std::sin(angle), 0});
    }
    std::vector<std::uint32_t> corners(count);
    for (std::size_t i = 0; i < count; ++i) corners[i] = static_cast<std::uint32_t>(i);
    return triangulatePolygon(mesh.vertices, corners, mesh.triangles);
  };
  EXPECT_TRUE(polygon(5000, false));
  EXPECT_TRUE(polygon(largestConcavePolygon, true));
  EXPECT_FALSE(polygon(largestConcavePolygon + 1, true));
}

TEST(ReadInput, BelievesTheContentRatherThanTheExtension) {
  std::string ply = writePly(boxMesh({0, 0, 0}, {1, 1, 1}));
  Input input = readInput(ply, "part.stl");
  EXPECT_EQ(input.format, Format::ply);
  ASSERT_EQ(input.notes.size(), 1U);
  EXPECT_NE(input.notes[0].find("in spite of its extension"), std::string::npos);
  EXPECT_EQ(readInput(writeStl(boxMesh({0, 0, 0}, {1, 1, 1})), "part.obj").format, Format::stl);
  EXPECT_EQ(readInput("solid\n" + facet, "noextension").format, Format::stl);
  EXPECT_EQ(readInput("OFF\n" + offBody, "a.txt").format, Format::off);
  EXPECT_EQ(readInput("0 0 0\n1 2 3\n", "FOLDER.ply/A.TXT").format, Format::xyz);
}

TEST(ReadInput, RefusesOtherKindsOfFilesByName) {
  expectRefused("ISO-10303-21;\n", "part.stl", {"'part.stl'", "STEP"});
  expectRefused("glTF....", "part.glb", {"glTF is written, not read"});
  expectRefused("hello", "part.doc", {"extension 'doc'"});
  expectRefused("hello", "part", {"neither"});
  EXPECT_THROW(readInputFile("/nowhere/part.stl"), Error);
}

}  // namespace
}  // namespace cadrecode::cloud
