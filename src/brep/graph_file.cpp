#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>

#include "brep/graph.hpp"
#include "cloud/input_error.hpp"
#include "core/error.hpp"
#include "model/safetensors.hpp"

namespace cadrecode::brep {
namespace {

using model::ElementType;
using model::TensorView;
using model::toString;

template <typename Item>
TensorView viewOf(const char* name, ElementType type, model::Shape shape, const std::vector<Item>& items) {
  // Views of files are writable memory by type; nobody writes to these.
  auto* data = reinterpret_cast<std::byte*>(const_cast<Item*>(items.data()));
  return {name, type, std::move(shape), {data, items.size() * sizeof(Item)}};
}

// The arrays of a file by name, each of which must have the shape that is asked for.
class Arrays {
 public:
  explicit Arrays(std::span<const TensorView> tensors) : tensors_(tensors) {}

  const TensorView& find(const char* name) const {
    for (const TensorView& tensor : tensors_) {
      if (tensor.name == name) return tensor;
    }
    throw Error(ErrorCode::input, "ValueError", std::string("array ") + name + " is missing");
  }
  template <typename Item>
  void read(const char* name, ElementType type, const model::Shape& shape, std::vector<Item>& items) const {
    const TensorView& tensor = find(name);
    if (tensor.type != type || tensor.shape != shape) {
      throw Error(ErrorCode::input, "ValueError",
                  std::string("array ") + name + " is " + std::string(nameOf(tensor.type)) + toString(tensor.shape) +
                      ", not " + std::string(nameOf(type)) + toString(shape));
    }
    items.resize(tensor.bytes.size() / sizeof(Item));
    if (!items.empty()) std::memcpy(items.data(), tensor.bytes.data(), tensor.bytes.size());
    if (!isFinite(tensor)) {
      throw Error(ErrorCode::input, "ValueError", std::string("array ") + name + " has numbers that are not finite");
    }
  }

 private:
  std::span<const TensorView> tensors_;
};

std::size_t gridOf(const TensorView& tensor, std::size_t dimensions) {
  if (tensor.shape.size() != dimensions || tensor.shape[1] < static_cast<std::int64_t>(smallestGrid) ||
      tensor.shape[1] > static_cast<std::int64_t>(largestGrid)) {
    throw Error(ErrorCode::input, "ValueError", "array " + tensor.name + " has shape " + toString(tensor.shape));
  }
  return static_cast<std::size_t>(tensor.shape[1]);
}

cloud::Frame frameFrom(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  cloud::Frame frame;
  try {
    frame = {json.at("origin").get<cloud::Point>(), json.at("unit").get<double>()};
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input, "ValueError", std::string("its frame: ") + error.what());
  }
  if (!(frame.unit > 0) || !std::isfinite(frame.unit)) throw Error(ErrorCode::input, "ValueError", "its frame's unit");
  return frame;
}

// Views need memory they might write to.
std::span<std::byte> bytesOf(std::string_view text) {
  return {reinterpret_cast<std::byte*>(const_cast<char*>(text.data())), text.size()};
}

Graph parse(std::string_view bytes) {
  const model::SafetensorsContents contents = model::parseSafetensors(bytesOf(bytes));
  const Arrays arrays(contents.tensors);
  Graph graph;
  const auto note = contents.metadata.find("frame");
  if (note == contents.metadata.end()) throw Error(ErrorCode::input, "ValueError", "it has no frame");
  graph.frame = frameFrom(note->second);
  const TensorView& points = arrays.find("face_points");
  const TensorView& curves = arrays.find("edge_points");
  graph.sizes = {gridOf(points, 4), gridOf(curves, 3)};
  const std::int64_t faces = points.shape[0], edges = curves.shape[0];
  const auto grid = static_cast<std::int64_t>(graph.sizes.face), along = static_cast<std::int64_t>(graph.sizes.edge);
  arrays.read("face_points", ElementType::f32, {faces, grid, grid, 3}, graph.facePoints);
  arrays.read("face_normals", ElementType::f32, {faces, grid, grid, 3}, graph.faceNormals);
  arrays.read("face_mask", ElementType::u8, {faces, grid, grid}, graph.faceMask);
  arrays.read("face_areas", ElementType::f32, {faces}, graph.faceAreas);
  arrays.read("edge_points", ElementType::f32, {edges, along, 3}, graph.edgePoints);
  arrays.read("edge_tangents", ElementType::f32, {edges, along, 3}, graph.edgeTangents);
  arrays.read("edge_faces", ElementType::i32, {edges, 2}, graph.edgeFaces);
  if (faces == 0) throw Error(ErrorCode::input, "ValueError", "it has no faces");
  for (const auto& pair : graph.edgeFaces) {
    for (const std::int32_t face : pair) {
      if (face < 0 || face >= faces) throw Error(ErrorCode::input, "ValueError", "an edge of a face that is not there");
    }
  }
  return graph;
}

}  // namespace

std::string toBytes(const Graph& graph, std::map<std::string, std::string> notes) {
  const auto faces = static_cast<std::int64_t>(graph.faces()), edges = static_cast<std::int64_t>(graph.edges());
  const auto grid = static_cast<std::int64_t>(graph.sizes.face), along = static_cast<std::int64_t>(graph.sizes.edge);
  const TensorView views[] = {
      viewOf("face_points", ElementType::f32, {faces, grid, grid, 3}, graph.facePoints),
      viewOf("face_normals", ElementType::f32, {faces, grid, grid, 3}, graph.faceNormals),
      viewOf("face_areas", ElementType::f32, {faces}, graph.faceAreas),
      viewOf("edge_points", ElementType::f32, {edges, along, 3}, graph.edgePoints),
      viewOf("edge_tangents", ElementType::f32, {edges, along, 3}, graph.edgeTangents),
      viewOf("edge_faces", ElementType::i32, {edges, 2}, graph.edgeFaces),
      viewOf("face_mask", ElementType::u8, {faces, grid, grid}, graph.faceMask),
  };
  const nlohmann::ordered_json frame = {{"origin", graph.frame.origin}, {"unit", graph.frame.unit}};
  notes["frame"] = frame.dump();
  std::string bytes = model::safetensorsHeader(views, notes);
  for (const TensorView& view : views) {
    bytes.append(reinterpret_cast<const char*>(view.bytes.data()), view.bytes.size());
  }
  return bytes;
}

Graph parseGraph(std::string_view bytes, const std::string& name) {
  try {
    return parse(bytes);
  } catch (const Error& error) {
    cloud::failInput(name, error.what());
  }
}

std::string noteOf(std::string_view bytes, const std::string& key) {
  try {
    const model::SafetensorsContents contents = model::parseSafetensors(bytesOf(bytes));
    const auto note = contents.metadata.find(key);
    return note == contents.metadata.end() ? "" : note->second;
  } catch (const Error&) {
    return "";
  }
}

}  // namespace cadrecode::brep
