// The reader of each format; see cloud/read.hpp for what they have in common. `file` is the name for errors.
#pragma once

#include <string>
#include <string_view>

#include "cloud/read.hpp"

namespace cadrecode::cloud {

// ASCII or binary, one or several solids, which become one mesh. Vertices at equal positions are one.
Input readStl(std::string_view bytes, const std::string& file);
// Vertices, normals, faces with positive or relative indices; materials, texture and groups are passed over. Without
// faces and lines the vertices are a cloud.
Input readObj(std::string_view bytes, const std::string& file);
// ASCII and both binary orders, any properties in any order; a cloud when there are no faces or triangle strips.
Input readPly(std::string_view bytes, const std::string& file);
// OFF with colours (COFF), normals (NOFF), texture (STOFF) and their combinations; ASCII.
Input readOff(std::string_view bytes, const std::string& file);
// ASCII, binary, compressed. Points without a measurement (nan) are left out.
Input readPcd(std::string_view bytes, const std::string& file);
// Numbers in rows, parted by blanks, commas, semicolons or tabulators; a row of names may come first, or a count.
Input readXyz(std::string_view bytes, const std::string& file);
// NumPy's arrays of float32 or float64 in C or Fortran order: (N, 3), (N, 6) with normals, with leading ones.
Input readNpy(std::string_view bytes, const std::string& file);
// NumPy's archives, stored or deflated: the array points, xyz, pos, vertices, arr_0 or the only one; and "normals".
Input readNpz(std::string_view bytes, const std::string& file);

bool isBinaryStl(std::string_view bytes);
bool isAsciiStl(std::string_view bytes);

}  // namespace cadrecode::cloud
