// Makes NumPy's files and archives by hand.
#pragma once

#include <zlib.h>

#include <string>
#include <utility>
#include <vector>

#include "cloud/support.hpp"

namespace cadrecode::cloud::testing {

inline std::string npy(const std::string& type, const std::string& order, const std::string& shape,
                       const std::string& data, int version = 1) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  std::string bytes = std::string("\x93NUMPY") + static_cast<char>(version) + '\0';
  bytes += version == 1 ? bytesOf(static_cast<std::uint16_t>(header.size()))
                        : bytesOf(static_cast<std::uint32_t>(header.size()));
  return bytes + header + data;
}

inline std::string deflated(const std::string& content) {
  std::string result(content.size() + 100, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  ::deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

// `large`: sizes in ZIP64's extra fields, as NumPy writes them when it streams.
inline std::string zip(const std::vector<std::pair<std::string, std::string>>& files, bool deflate,
                       bool large = false) {
  std::string bytes;
  std::string directory;
  for (const auto& [name, content] : files) {
    std::string data = deflate ? deflated(content) : content;
    auto checksum = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
    std::string extra;
    if (large) {
      extra = bytesOf<std::uint16_t>(1) + bytesOf<std::uint16_t>(16) + bytesOf<std::uint64_t>(content.size()) +
              bytesOf<std::uint64_t>(data.size());
    }
    auto sizes = [&](std::size_t size) { return bytesOf(large ? 0xffffffffU : static_cast<std::uint32_t>(size)); };
    std::string common = bytesOf<std::uint16_t>(20) + bytesOf<std::uint16_t>(0) +
                         bytesOf<std::uint16_t>(deflate ? 8 : 0) + std::string(4, '\0') + bytesOf(checksum) +
                         sizes(data.size()) + sizes(content.size()) + bytesOf(static_cast<std::uint16_t>(name.size())) +
                         bytesOf(static_cast<std::uint16_t>(extra.size()));
    directory += std::string("PK\1\2", 4) + bytesOf<std::uint16_t>(20) + common + std::string(10, '\0') +
                 bytesOf(static_cast<std::uint32_t>(bytes.size())) + name + extra;
    bytes += std::string("PK\3\4", 4) + common + name + extra + data;
  }
  auto position = static_cast<std::uint32_t>(bytes.size());
  auto count = static_cast<std::uint16_t>(files.size());
  return bytes + directory + std::string("PK\5\6", 4) + std::string(4, '\0') + bytesOf(count) + bytesOf(count) +
         bytesOf(static_cast<std::uint32_t>(directory.size())) + bytesOf(position) + bytesOf<std::uint16_t>(0);
}

}  // namespace cadrecode::cloud::testing
