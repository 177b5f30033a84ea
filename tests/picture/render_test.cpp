#include "picture/render.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <utility>

#include "picture/smooth_patches.hpp"

namespace cadrecode::picture {
namespace {

cloud::Mesh cube() {
  cloud::Mesh mesh;
  for (int i = 0; i < 8; ++i) mesh.vertices.push_back({double(i & 1), double((i >> 1) & 1), double(i >> 2)});
  mesh.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                    {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return mesh;
}

TEST(Render, ACubeFillsTheMiddleAndShowsThreeFaces) {
  const Image image = render(cube(), 80);
  const Color white{255, 255, 255};
  EXPECT_EQ(image.at(0, 0), white);
  EXPECT_EQ(image.at(79, 79), white);
  EXPECT_NE(image.at(40, 20), white);
  EXPECT_NE(image.at(20, 50), image.at(62, 50));  // two sides in different light
  EXPECT_NE(image.at(40, 20), image.at(62, 50));  // the top
  EXPECT_EQ(render(cloud::Mesh{}, 10).at(5, 5), white);
  EXPECT_EQ(render(cloud::Cloud{}, 10).at(5, 5), white);
}

TEST(Render, TheEdgesOfACubeAreDarkAndItsDiagonalsAreNot) {
  const Image image = render(cube(), 120);
  // A row through both sides, without the outline: the edge between them is darker than either, and nothing else is.
  const std::uint8_t left = image.at(30, 75)[0], right = image.at(90, 75)[0];
  int dark = 0;
  for (std::size_t x = 20; x < 100; ++x) dark += image.at(x, 75)[0] < std::min(left, right) - 15 ? 1 : 0;
  EXPECT_GE(dark, 1);
  EXPECT_LE(dark, 2);
}

TEST(Render, TurnedTrianglesLookTheSame) {
  cloud::Mesh turned = cube();
  for (auto& triangle : turned.triangles) std::swap(triangle[0], triangle[1]);
  EXPECT_EQ(render(cube(), 50).pixels, render(turned, 50).pixels);
}

TEST(Render, ACloudShowsItsPoints) {
  const Image image = render(cloud::Cloud{{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, {}}, 60);
  EXPECT_GT(std::count_if(image.pixels.begin(), image.pixels.end(), [](const Color& c) { return c[0] < 200; }), 2);
}

TEST(SmoothPatches, ACubeHasSixWithTheFacesNormals) {
  const cloud::Mesh mesh = cube();
  const SmoothPatches patches = smoothPatches(mesh, 0.5);
  EXPECT_EQ(patches.count, 6U);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const cloud::Point area = cloud::doubleAreaVector(mesh, mesh.triangles[t]);
    for (const cloud::Point& normal : patches.normals[t]) EXPECT_NEAR(cloud::dot(normal, area), 1, 1e-12);
  }
  const SmoothPatches one = smoothPatches(mesh, 2);
  EXPECT_EQ(one.count, 1U);
  for (const auto& corners : one.normals) {
    for (const cloud::Point& normal : corners) EXPECT_NEAR(cloud::length(normal), 1, 1e-12);
  }
}

TEST(Sheet, PutsImagesRowByRow) {
  const std::vector<Image> images{Image(2, 3, {1, 1, 1}), Image(2, 3, {2, 2, 2}), Image(2, 3, {3, 3, 3})};
  const Image whole = sheet(images, 2);
  EXPECT_EQ(whole.width, 4U);
  EXPECT_EQ(whole.height, 6U);
  EXPECT_EQ(whole.at(3, 2)[0], 2);
  EXPECT_EQ(whole.at(1, 3)[0], 3);
  EXPECT_EQ(whole.at(3, 5)[0], 255);
  EXPECT_EQ(sheet(images, 0).width, 4U);
}

// The pixels of an RGB or palette PNG without filters, read back by another way than they were written.
TEST(Png, HoldsThePixels) {
  Image image(5, 3, {9, 8, 7});
  image.at(4, 2) = {1, 2, 3};
  const std::string png = encodePng(image);
  EXPECT_EQ(png.substr(1, 3), "PNG");
  auto number = [&](std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(png[at + i]);
    return value;
  };
  std::string colors, data;
  for (std::size_t at = 8; at < png.size();) {
    const std::size_t size = number(at);
    const std::string kind = png.substr(at + 4, 4), body = png.substr(at + 8, size);
    if (kind == "PLTE") colors = body;
    if (kind == "IDAT") data += body;
    EXPECT_EQ(number(at + 8 + size),
              ::crc32(0, reinterpret_cast<const Bytef*>(png.data() + at + 4), static_cast<uInt>(size + 4)));
    at += 12 + size;
  }
  std::string rows(3 * 6, '\0');
  uLongf length = rows.size();
  ASSERT_EQ(::uncompress(reinterpret_cast<Bytef*>(rows.data()), &length, reinterpret_cast<const Bytef*>(data.data()),
                         data.size()),
            Z_OK);
  ASSERT_EQ(length, rows.size());
  auto pixel = [&](std::size_t x, std::size_t y) {
    return colors.substr(3 * static_cast<unsigned char>(rows[y * 6 + 1 + x]), 3);
  };
  EXPECT_EQ(pixel(4, 2), "\1\2\3");
  EXPECT_EQ(pixel(0, 0), "\x9\x8\x7");
}

}  // namespace
}  // namespace cadrecode::picture
