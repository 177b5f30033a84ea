// TensorBoard's event files, as far as numbers over steps need them: records of protocol buffers (tensorflow.Event)
// with masked CRC-32C sums. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cadrecode::train {

// The first record. `seconds`: since 1970.
std::string eventFileStart(double seconds);

// A record with one value.
std::string scalarEvent(double seconds, std::int64_t step, std::string_view tag, double value);

// Castagnoli's sum, bit-reflected, as iSCSI has it.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace cadrecode::train
