// The volume that points of a surface enclose, also where parts of the surface are missing. Stateless, any thread.
#pragma once

#include <vector>

#include "cloud/geometry.hpp"
#include "search/bit_volume.hpp"

namespace cadrecode::search {

// Cells within two of a point lie on the side that the planes of the nearest points say. From others one looks along
// the axes, both ways: points seen from behind say that it is inside, from the front that it is outside; the majority
// decides, and where nothing is seen, outside. `normals` point outwards, one a point.
BitVolume enclosedBy(const std::vector<cloud::Point>& points, const std::vector<cloud::Point>& normals,
                     const Grid& grid);

// The same of points without normals, from those normals among several attempts that agree best with their volume:
// small faces suit noise, large ones what is seen from one side. `normals` become the best.
BitVolume enclosedBy(const std::vector<cloud::Point>& points, const Grid& grid, std::vector<cloud::Point>& normals);

// Every cell cut into eight.
BitVolume finer(const BitVolume& volume);

}  // namespace cadrecode::search
