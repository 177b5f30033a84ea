// Shapes, byte makers and checks that the tests of cloud share.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "cloud/geometry.hpp"
#include "cloud/read.hpp"
#include "core/error.hpp"

namespace cadrecode::cloud::testing {

// The box from `low` to `high`, its six faces outward.
inline Mesh boxMesh(const Point& low, const Point& high) {
  Mesh mesh;
  for (int corner = 0; corner < 8; ++corner) {
    mesh.vertices.push_back(
        {corner & 1 ? high[0] : low[0], corner & 2 ? high[1] : low[1], corner & 4 ? high[2] : low[2]});
  }
  mesh.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                    {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return mesh;
}

// The bytes of a number, least or most significant first.
template <typename T>
std::string bytesOf(T value, bool bigEndian = false) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bigEndian ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
}

inline const Mesh& meshOf(const Input& input) { return std::get<Mesh>(input.geometry); }
inline const Cloud& cloudOf(const Input& input) { return std::get<Cloud>(input.geometry); }

// The work must end in an Error(input) whose message holds all the parts.
inline void expectRefusal(const std::function<void()>& work, const std::vector<std::string>& parts) {
  try {
    work();
    ADD_FAILURE() << "not refused; expected an error with '" << parts.back() << "'";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input) << error.what();
    for (const std::string& part : parts) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
          << "'" << part << "' is not in: " << error.what();
    }
  }
}

inline void expectRefused(const std::string& bytes, const std::string& name, const std::vector<std::string>& parts) {
  expectRefusal([&] { readInput(bytes, name); }, parts);
}

}  // namespace cadrecode::cloud::testing
