// Orthographic pictures of meshes and clouds on white: smooth shading, hidden surfaces by a z-buffer, and dark lines
// along sharp edges and outlines. Plain values, any thread.
#pragma once

#include "cloud/geometry.hpp"
#include "picture/image.hpp"

namespace cadrecode::picture {

// A square picture of `side` pixels seen from +x, -y, +z with z upward; the shape fills most of it. Inside and outside
// look alike, so that turned triangles do not show. Without a triangle or point: the background alone.
Image render(const cloud::Mesh& mesh, std::size_t side);
// The same in colours of the mesh's vertices, without lines along edges.
Image render(const cloud::Mesh& mesh, const std::vector<Color>& colors, std::size_t side);
// Points as dots, the nearer ones in front and darker.
Image render(const cloud::Cloud& cloud, std::size_t side);

}  // namespace cadrecode::picture
