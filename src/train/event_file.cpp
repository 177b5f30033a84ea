#include "train/event_file.hpp"

#include <array>
#include <bit>

namespace cadrecode::train {
namespace {

// Wire types of protocol buffers.
constexpr std::uint32_t varintType = 0, fixed64Type = 1, bytesType = 2, fixed32Type = 5;

template <typename Unsigned>
void putLittleEndian(std::string& out, Unsigned value) {
  for (std::size_t i = 0; i < sizeof(value); ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
}

void putVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7F) | 0x80));
  out.push_back(static_cast<char>(value));
}

void putTag(std::string& out, std::uint32_t field, std::uint32_t type) { putVarint(out, field << 3 | type); }

void putBytes(std::string& out, std::uint32_t field, std::string_view bytes) {
  putTag(out, field, bytesType);
  putVarint(out, bytes.size());
  out += bytes;
}

std::string eventOf(double seconds) {
  std::string event;
  putTag(event, 1, fixed64Type);  // wall_time
  putLittleEndian(event, std::bit_cast<std::uint64_t>(seconds));
  return event;
}

std::uint32_t maskedSum(std::string_view bytes) {
  const std::uint32_t sum = crc32c(bytes);
  return ((sum >> 15) | (sum << 17)) + 0xA282EAD8U;
}

std::string recordOf(const std::string& data) {
  std::string record;
  putLittleEndian(record, static_cast<std::uint64_t>(data.size()));
  putLittleEndian(record, maskedSum(record));
  record += data;
  putLittleEndian(record, maskedSum(data));
  return record;
}

constexpr std::array<std::uint32_t, 256> makeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78U : 0U);
    table[byte] = value;
  }
  return table;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto table = makeTable();
  std::uint32_t sum = 0xFFFFFFFFU;
  for (const char byte : bytes) sum = table[(sum ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (sum >> 8);
  return ~sum;
}

std::string eventFileStart(double seconds) {
  std::string event = eventOf(seconds);
  putBytes(event, 3, "brain.Event:2");  // file_version
  return recordOf(event);
}

std::string scalarEvent(double seconds, std::int64_t step, std::string_view tag, double value) {
  std::string item;
  putBytes(item, 1, tag);
  putTag(item, 2, fixed32Type);  // simple_value
  putLittleEndian(item, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  std::string summary;
  putBytes(summary, 1, item);
  std::string event = eventOf(seconds);
  putTag(event, 2, varintType);
  putVarint(event, static_cast<std::uint64_t>(step));
  putBytes(event, 5, summary);
  return recordOf(event);
}

}  // namespace cadrecode::train
