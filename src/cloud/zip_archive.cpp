#include "cloud/zip_archive.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "cloud/scalar.hpp"

namespace cadrecode::cloud {
namespace {

constexpr std::uint32_t noSize32 = 0xffffffff;
constexpr std::size_t endRecordSize = 22;

std::uint64_t uint64At(const char* bytes) {
  return static_cast<std::uint64_t>(readInteger(bytes, Scalar::uint64, false));
}

struct Directory {
  std::uint64_t position;
  std::uint64_t count;
};

// The record at the archive's end, behind which only a comment may stand.
Directory findDirectory(std::string_view bytes, const std::string& file) {
  std::size_t place = bytes.rfind(std::string_view("PK\5\6", 4));
  if (place == bytes.npos || bytes.size() - place < endRecordSize)
    failInput(file, "the archive's directory is missing");
  ByteReader end(bytes, file, place + 10);
  Directory directory{};
  directory.count = end.takeUint16("the archive's directory");
  end.take(4, "the archive's directory");
  directory.position = end.takeUint32("the archive's directory");
  constexpr std::size_t locatorSize = 20;
  if (place >= locatorSize && bytes.substr(place - locatorSize, 4) == std::string_view("PK\6\7", 4)) {
    std::uint64_t large = uint64At(bytes.data() + place - locatorSize + 8);
    constexpr std::size_t largeSize = 56;
    if (large > bytes.size() || bytes.size() - large < largeSize ||
        bytes.substr(large, 4) != std::string_view("PK\6\6", 4)) {
      failInput(file, "the archive's ZIP64 directory is missing");
    }
    directory.count = uint64At(bytes.data() + large + 32);
    directory.position = uint64At(bytes.data() + large + 48);
  }
  if (directory.position > bytes.size()) failInput(file, "the archive's directory lies behind its end");
  return directory;
}

// Sizes and positions that do not fit 32 bits stand in an extra field, in this order, only those that are needed.
void readLargeSizes(std::string_view extra, const std::string& file, ZipMember& member) {
  ByteReader reader(extra, file);
  while (reader.remaining() >= 4) {
    std::uint16_t id = reader.takeUint16("an extra field");
    std::uint16_t size = reader.takeUint16("an extra field");
    if (size > reader.remaining()) return;
    ByteReader field(std::string_view(reader.take(size, "an extra field"), size), file);
    if (id != 1) continue;
    for (std::uint64_t* value : {&member.size, &member.compressedSize, &member.position}) {
      if (*value == noSize32) *value = uint64At(field.take(8, "a ZIP64 field"));
    }
  }
}

std::string inflate(std::string_view compressed, std::uint64_t size, const std::string& file) {
  // Deflate's best case is 1032 to 1: a larger claim is refused before memory is taken for it.
  if (size / 1032 > compressed.size()) failInput(file, fmt::format("{} bytes cannot hold {}", compressed.size(), size));
  std::string result(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) failInput(file, "zlib does not start");
  constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in 32 bits
  std::size_t taken = 0;
  std::size_t made = 0;
  int status = Z_OK;
  while (status == Z_OK) {
    std::size_t input = std::min(most, compressed.size() - taken);
    std::size_t output = std::min(most, result.size() - made);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data() + taken));
    stream.avail_in = static_cast<uInt>(input);
    stream.next_out = reinterpret_cast<Bytef*>(result.data() + made);
    stream.avail_out = static_cast<uInt>(output);
    status = ::inflate(&stream, Z_NO_FLUSH);
    taken += input - stream.avail_in;
    made += output - stream.avail_out;
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END || made != size) failInput(file, "the compressed data are damaged");
  return result;
}

}  // namespace

std::vector<ZipMember> listZip(std::string_view bytes, const std::string& file) {
  Directory directory = findDirectory(bytes, file);
  ByteReader reader(bytes, file, directory.position);
  constexpr std::size_t entrySize = 46;
  if (directory.count > reader.remaining() / entrySize) reader.fail("the archive's directory is cut off");
  std::vector<ZipMember> members;
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    const char* signature = reader.take(4, "an entry of the directory");
    if (std::string_view(signature, 4) != std::string_view("PK\1\2", 4))
      reader.fail("the archive's directory is damaged");
    ZipMember member;
    reader.take(4, "an entry of the directory");
    member.flags = reader.takeUint16("an entry of the directory");
    member.method = reader.takeUint16("an entry of the directory");
    reader.take(4, "an entry of the directory");
    member.checksum = reader.takeUint32("an entry of the directory");
    member.compressedSize = reader.takeUint32("an entry of the directory");
    member.size = reader.takeUint32("an entry of the directory");
    std::size_t nameSize = reader.takeUint16("an entry of the directory");
    std::size_t extraSize = reader.takeUint16("an entry of the directory");
    std::size_t commentSize = reader.takeUint16("an entry of the directory");
    reader.take(8, "an entry of the directory");
    member.position = reader.takeUint32("an entry of the directory");
    member.name = std::string(reader.take(nameSize, "a name"), nameSize);
    readLargeSizes({reader.take(extraSize, "an extra field"), extraSize}, file, member);
    reader.take(commentSize, "a comment");
    members.push_back(std::move(member));
  }
  return members;
}

std::string readZipMember(std::string_view bytes, const ZipMember& member, const std::string& file) {
  if (member.position > bytes.size()) failInput(file, "it lies behind the archive's end");
  ByteReader reader(bytes, file, member.position);
  if (std::string_view(reader.take(4, "a header"), 4) != std::string_view("PK\3\4", 4))
    reader.fail("its header is damaged");
  if ((member.flags & 1U) != 0) reader.fail("it is encrypted");
  reader.take(22, "a header");
  std::size_t nameSize = reader.takeUint16("a header");
  std::size_t extraSize = reader.takeUint16("a header");
  reader.take(nameSize + extraSize, "a header");
  if (member.compressedSize > reader.remaining()) reader.fail("its data are cut off");
  std::string_view data(reader.take(member.compressedSize, "its data"), member.compressedSize);
  std::string content;
  if (member.method == 8) {
    content = inflate(data, member.size, file);
  } else if (member.method == 0 && member.size == member.compressedSize) {
    content = data;
  } else {
    reader.fail(fmt::format("method {} of compression is not read", member.method));
  }
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION  // else no mutation gets past here
  uLong checksum = crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
  if (checksum != member.checksum) failInput(file, "its checksum is wrong");
#endif
  return content;
}

}  // namespace cadrecode::cloud
