// Meshes and clouds as the bytes of a file; core/files.hpp writes them whole or not at all. Stateless, any thread.
// Error(input) for what a format cannot hold.
#pragma once

#include <string>
#include <vector>

#include "cloud/farthest_points.hpp"
#include "cloud/geometry.hpp"

namespace cadrecode::cloud {

std::string writeStl(const Mesh& mesh);  // binary, float32
// Text, 17 digits where they are needed: numbers are read back as they were.
std::string writeObj(const Mesh& mesh);
std::string writeObj(const Cloud& cloud);
// Binary, little-endian; float32 where that holds every number exactly, else float64. Each comment is a line of the
// header.
std::string writePly(const Mesh& mesh, const std::vector<std::string>& comments = {});
std::string writePly(const Cloud& cloud, const std::vector<std::string>& comments = {});
// float32 of shape (N, 3), or (N, 6) with normals behind the points.
std::string writeNpy(const std::vector<PointF>& points, const std::vector<PointF>& normals = {});
std::string writeNpy(const Cloud& cloud);
// glTF 2.0 in one binary file. Millimetres with z upward become glTF's metres with y upward by the node's transform.
std::string writeGlb(const Mesh& mesh);
std::string writeGlb(const Cloud& cloud);

// By the extension .stl, .obj, .ply, .npy or .glb; Error(usage) for another or one that does not hold meshes or clouds.
std::string writeAs(const Mesh& mesh, const std::string& name);
std::string writeAs(const Cloud& cloud, const std::string& name);

}  // namespace cadrecode::cloud
