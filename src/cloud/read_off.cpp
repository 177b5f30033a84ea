#include <fmt/format.h>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "cloud/mesh_builder.hpp"
#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

// What the keyword says of a vertex line: x y z, then perhaps a normal, then colours and texture.
bool readKeyword(TextScanner& text) {
  std::string_view word = text.word();
  std::size_t end = word.find("OFF");
  if (end == word.npos) text.fail("the keyword OFF is missing");
  std::string_view prefix = word.substr(0, end);
  bool normals = false;
  for (char letter : prefix) {
    if (letter == 'n' || letter == '4') text.fail("only three dimensions are read, this is " + quoted(word));
    if (letter != 'S' && letter != 'T' && letter != 'C' && letter != 'N')
      text.fail("not a kind of OFF: " + quoted(word));
    normals = normals || letter == 'N';
  }
  // Some writers leave no blank or line end between the keyword and the counts: "OFF8 6 0".
  std::string_view glued = word.substr(end + 3);
  if (!glued.empty() && (glued.front() < '0' || glued.front() > '9')) text.fail("not a kind of OFF: " + quoted(word));
  return normals;
}

std::size_t readCount(TextScanner& text, std::string_view word, const char* what) {
  std::int64_t count = text.toInteger(word, what);
  // A vertex or face takes at least a line of two bytes.
  if (count < 0 || static_cast<std::uint64_t>(count) > text.remaining()) {
    text.fail(fmt::format("{} is {}, more than the file can hold", what, count));
  }
  return static_cast<std::size_t>(count);
}

}  // namespace

Input readOff(std::string_view bytes, const std::string& file) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  TextScanner text(bytes, file);
  if (!text.nextFilledLine('#')) failInput(file, "it is empty");
  std::string_view line = text.rest();
  bool hasNormals = readKeyword(text);
  // A count glued to the keyword is in the word that was taken.
  std::string_view keyword = line.substr(0, line.size() - text.rest().size());
  std::string_view first = keyword.substr(keyword.find("OFF") + 3);
  if (first.empty()) first = text.word();
  if (lowerCase(first) == "binary") text.fail("binary OFF is not read");
  if (first.empty()) {
    if (!text.nextFilledLine('#')) text.fail("the file ends before the counts");
    first = text.word();
  }
  std::size_t vertices = readCount(text, first, "the count of vertices");
  std::size_t faces = readCount(text, text.word(), "the count of faces");

  MeshBuilder builder(file, PlaceKind::line);
  builder.vertices.reserve(vertices);
  for (std::size_t i = 0; i < vertices; ++i) {
    if (!text.nextFilledLine('#')) text.fail(fmt::format("the file ends after {} of {} vertices", i, vertices));
    Point point;
    for (double& value : point) value = text.number("a coordinate");
    builder.vertices.push_back(point);
    if (!hasNormals) continue;
    for (double& value : point) value = text.number("a coordinate of a normal");
    builder.normals.push_back(point);
  }
  for (std::size_t i = 0; i < faces; ++i) {
    if (!text.nextFilledLine('#')) text.fail(fmt::format("the file ends after {} of {} faces", i, faces));
    std::size_t corners = readCount(text, text.word(), "the count of corners");
    for (std::size_t corner = 0; corner < corners; ++corner) {
      builder.addCorner(text.toInteger(text.word(), "a corner of a face"));
    }
    builder.endPolygon(text.lineNumber());
  }
  Input input{Cloud{}, Format::off, {}};
  if (faces > 0) {
    input.geometry = builder.finish(input.notes);
  } else {
    Cloud& cloud = std::get<Cloud>(input.geometry);
    cloud.points = std::move(builder.vertices);
    cloud.normals = std::move(builder.normals);
    checkCloud(cloud, file);
  }
  return input;
}

}  // namespace cadrecode::cloud
