// The members of a ZIP archive, stored or deflated, as NumPy writes them. Refers to the archive's bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cadrecode::cloud {

struct ZipMember {
  std::string name;
  std::uint16_t method = 0;  // 0 stored, 8 deflated
  std::uint16_t flags = 0;
  std::uint32_t checksum = 0;  // CRC-32 of the content
  std::uint64_t compressedSize = 0;
  std::uint64_t size = 0;
  std::uint64_t position = 0;  // of its local header, bytes
};

// The archive's directory, ZIP64 included. Error(input) when there is none.
std::vector<ZipMember> listZip(std::string_view bytes, const std::string& file);

// A member's content. Error(input) when it is damaged, encrypted, of another method, or larger than deflate can make of
// so few bytes.
std::string readZipMember(std::string_view bytes, const ZipMember& member, const std::string& file);

}  // namespace cadrecode::cloud
