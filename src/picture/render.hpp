// Orthographic pictures of meshes: flat shading, a z-buffer, and dark lines where the surface bends or ends. Plain
// values, any thread.
#pragma once

#include "cloud/geometry.hpp"
#include "picture/image.hpp"

namespace cadrecode::picture {

// A square picture of `side` pixels in the isometric view from +x, -y, +z with z upward; the mesh fills most of it.
// An empty mesh gives the background alone.
Image render(const cloud::Mesh& mesh, std::size_t side);

}  // namespace cadrecode::picture
