#include <fmt/format.h>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "cloud/npy_array.hpp"
#include "cloud/zip_archive.hpp"

namespace cadrecode::cloud {
namespace {

const ZipMember* find(const std::vector<ZipMember>& members, const std::string& name) {
  for (const ZipMember& member : members) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

const ZipMember& choosePoints(const std::vector<ZipMember>& members, const std::string& file) {
  for (const char* name : {"points.npy", "xyz.npy", "pos.npy", "vertices.npy", "arr_0.npy"}) {
    if (const ZipMember* member = find(members, name)) return *member;
  }
  if (members.size() == 1) return members.front();
  failInput(file, fmt::format("none of its {} arrays is named points, xyz, pos, vertices or arr_0", members.size()));
}

NpyRows readRows(std::string_view bytes, const ZipMember& member, const std::string& file) {
  std::string place = fmt::format("{}:{}", file, quoted(member.name));
  std::string content = readZipMember(bytes, member, place);
  return rowsOf(parseNpy(content, place), place);
}

}  // namespace

Input readNpz(std::string_view bytes, const std::string& file) {
  std::vector<ZipMember> members = listZip(bytes, file);
  if (members.empty()) failInput(file, "the archive holds no arrays");
  NpyRows rows = readRows(bytes, choosePoints(members, file), file);
  Cloud cloud{std::move(rows.first), std::move(rows.second)};
  if (const ZipMember* normals = find(members, "normals.npy"); normals && cloud.normals.empty()) {
    cloud.normals = readRows(bytes, *normals, file).first;
  }
  checkCloud(cloud, file);
  return {std::move(cloud), Format::npz, {}};
}

}  // namespace cadrecode::cloud
