// Reads a mesh or a cloud from a file of any known format. The format is what the extension says, unless the content
// plainly says otherwise. Everything read is checked (cloud/check.hpp); errors are Error(input) naming file, line or
// byte and reason. No header is believed before the bytes it promises are there. Stateless, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::cloud {

enum class Format { stl, obj, ply, off, pcd, xyz, npy, npz };

// "PLY".
std::string nameOf(Format format);

struct Input {
  std::variant<Mesh, Cloud> geometry;
  Format format;
  std::vector<std::string> notes;  // what a person should know: parts left out, an extension that lied
  bool isMesh() const { return std::holds_alternative<Mesh>(geometry); }
};

Input readInputFile(const std::string& path);
// `name`: the file's name, for its extension and for errors.
Input readInput(std::string_view bytes, const std::string& name);
// The format is taken as told.
Input readInput(std::string_view bytes, const std::string& name, Format format);

// By the extension: .stl .obj .ply .off .pcd .npy .npz, and .xyz .xyzn .csv .txt .asc .pts for tables of numbers.
std::optional<Format> formatOfExtension(const std::string& name);
// By the content, where that is certain.
std::optional<Format> formatOfContent(std::string_view bytes);

}  // namespace cadrecode::cloud
