#include <fmt/format.h>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "cloud/mesh_builder.hpp"
#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

class ObjReader {
 public:
  ObjReader(std::string_view bytes, const std::string& file)
      : text_(bytes, file), file_(file), builder_(file, PlaceKind::line) {}

  Input read() {
    while (text_.nextFilledLine('#')) {
      std::string_view keyword = text_.word();
      if (keyword == "v") {
        readPoint(builder_.vertices, "a coordinate");
      } else if (keyword == "vn") {
        readPoint(normals_, "a coordinate of a normal");
      } else if (keyword == "f" || keyword == "fo") {
        readFace();
      } else if (keyword == "l" || keyword == "curv" || keyword == "surf") {
        ++lines_;
      }
    }
    return finish();
  }

 private:
  void readPoint(std::vector<Point>& points, const char* what) {
    Point point;
    for (double& value : point) value = text_.toNumber(nextWord(), what);
    points.push_back(point);
  }

  // A backslash at its end continues a line.
  std::string_view nextWord() {
    std::string_view word = text_.word();
    while (word == "\\" && text_.nextLine()) word = text_.word();
    return word;
  }

  void readFace() {
    std::size_t place = text_.lineNumber();
    std::size_t corners = 0;
    for (std::string_view word = nextWord(); !word.empty(); word = nextWord()) {
      bool continues = word.size() > 1 && word.back() == '\\';
      if (continues) word.remove_suffix(1);
      readCorner(word);
      ++corners;
      if (continues && !text_.nextLine()) break;
    }
    if (corners < 3) text_.fail(fmt::format("a face with {} corners", corners));
    builder_.endPolygon(place);
  }

  // "vertex", "vertex/texture", "vertex//normal" or "vertex/texture/normal".
  void readCorner(std::string_view word) {
    std::int64_t index = text_.toInteger(word.substr(0, word.find('/')), "a corner of a face");
    if (index == 0) text_.fail("a face names vertex 0; the first one is 1");
    auto count = static_cast<std::int64_t>(builder_.vertices.size());
    if (index < 0 && index < -count) {
      text_.fail(fmt::format("a face names vertex {} where {} are known", index, count));
    }
    builder_.addCorner(index > 0 ? index - 1 : count + index);
  }

  Input finish() {
    Input input{Cloud{}, Format::obj, {}};
    if (builder_.hasPolygons()) {
      input.geometry = builder_.finish(input.notes);
      return input;
    }
    if (builder_.vertices.empty()) failInput(file_, "it holds no vertices");
    if (lines_ > 0) failInput(file_, fmt::format("it holds no faces, only {} lines or curves", lines_));
    Cloud& cloud = std::get<Cloud>(input.geometry);
    cloud.points = std::move(builder_.vertices);
    if (normals_.size() == cloud.points.size()) cloud.normals = std::move(normals_);
    checkCloud(cloud, file_);
    return input;
  }

  TextScanner text_;
  std::string file_;
  MeshBuilder builder_;
  std::vector<Point> normals_;
  std::size_t lines_ = 0;
};

}  // namespace

Input readObj(std::string_view bytes, const std::string& file) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  return ObjReader(bytes, file).read();
}

}  // namespace cadrecode::cloud
