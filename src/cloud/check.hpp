// The checks that every mesh and cloud passes before anything is done with it, whoever made it. Stateless, any thread.
#pragma once

#include <string>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::cloud {

// Error(input) naming `file` for numbers that are not finite or too large, indices out of range, no triangles, normals
// of another count than vertices, or no area at all. Triangles without area are removed and counted in `notes`.
void checkMesh(Mesh& mesh, const std::string& file, std::vector<std::string>& notes);

// The same for points: finite, some, and not all in one place.
void checkCloud(const Cloud& cloud, const std::string& file);

// Makes vertices at equal positions one. Normals are dropped, since such a vertex may have had several.
void mergeEqualVertices(Mesh& mesh);

}  // namespace cadrecode::cloud
