// A boundary representation as arrays for a network, after UV-Net (Jayaraman et al. 2021): every face sampled on a grid
// over its parameters, every edge along its curve, and the faces an edge joins. A plain value that knows nothing of
// OpenCASCADE; lengths in the units of its frame.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/frame.hpp"

namespace cadrecode::brep {

struct GridSizes {
  std::size_t face = 10;  // points along each of a face's parameters
  std::size_t edge = 10;  // points along an edge
  bool operator==(const GridSizes&) const = default;
};
inline constexpr std::size_t smallestGrid = 2;
inline constexpr std::size_t largestGrid = 64;

using Vector = std::array<float, 3>;

struct Graph {
  GridSizes sizes;
  cloud::Frame frame;  // from these numbers to the part

  // Of every face grid x grid items, the second parameter running fastest. Ends of the parameters are included.
  std::vector<Vector> facePoints;
  std::vector<Vector> faceNormals;     // unit, away from the material
  std::vector<std::uint8_t> faceMask;  // 1: the point lies on the face; 0: it is trimmed away there
  std::vector<float> faceAreas;        // one a face

  // Of every edge its points in the curve's own direction, both ends included.
  std::vector<Vector> edgePoints;
  std::vector<Vector> edgeTangents;  // unit, or zero where the curve stands still
  // Twice the same face for a seam and for an edge that bounds one face only; an edge of three faces is there once for
  // every two of them.
  std::vector<std::array<std::int32_t, 2>> edgeFaces;

  std::size_t faces() const { return faceAreas.size(); }
  std::size_t edges() const { return edgeFaces.size(); }
  bool operator==(const Graph&) const;
};

// The same part in another frame.
Graph inFrame(Graph graph, const cloud::Frame& frame);

// The rule for parts of more than `most` faces: the largest by area stay (of equal ones the first), in their order, and
// of the edges those between two that stay.
Graph largestFaces(Graph graph, std::size_t most);

// As the bytes of a safetensors file: face_points, face_normals, face_mask, face_areas, edge_points, edge_tangents,
// edge_faces, and the frame among `notes` in its metadata.
std::string toBytes(const Graph& graph, std::map<std::string, std::string> notes = {});
// The same back. Error(input) naming `name` for anything malformed: sizes that do not fit, numbers that are not finite,
// an edge of a face that is not there.
Graph parseGraph(std::string_view bytes, const std::string& name);
// What the metadata notes under a key; empty when it does not, or when the bytes are no such file.
std::string noteOf(std::string_view bytes, const std::string& key);

}  // namespace cadrecode::brep
