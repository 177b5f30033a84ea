#include "core/random.hpp"

#include <bit>
#include <cmath>

namespace cadrecode {
namespace {

// One step of SplitMix64 (Steele, Lea, Flood): spreads a counter over all 64 bits.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

__extension__ using Wide = unsigned __int128;

// Natural logarithm of a positive normal number, by operations that IEEE 754 rounds exactly: std::log differs in its
// last bit between C libraries. Relative error below 1e-15.
double exactLog(double value) {
  int exponent = 0;
  double mantissa = std::frexp(value, &exponent);
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  double ratio = (mantissa - 1) / (mantissa + 1);
  double square = ratio * ratio;
  double sum = 0;
  for (int term = 21; term > 0; term -= 2) sum = sum * square + 1.0 / term;
  return 2 * ratio * sum + exponent * 0.69314718055994531;
}

}  // namespace

Random::Random(std::uint64_t seed) : key_(seed) {
  std::uint64_t value = seed;
  for (std::uint64_t& word : state_) {
    word = mix(value);
    value += 0x9e3779b97f4a7c15U;
  }
}

Random Random::split(std::uint64_t key) const { return Random(mix(key_ ^ mix(key + 0x6a09e667f3bcc909U))); }

Random Random::split(std::string_view name) const {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  return split(hash);
}

std::uint64_t Random::bits() {
  std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t count) {
  // Lemire's multiplication; the few low products that would favour some results are drawn again.
  Wide product = static_cast<Wide>(bits()) * count;
  if (static_cast<std::uint64_t>(product) < count) {
    std::uint64_t threshold = (0 - count) % count;
    while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<Wide>(bits()) * count;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Random::normal() {
  for (;;) {
    double u = uniform(-1, 1);
    double v = uniform(-1, 1);
    double square = u * u + v * v;
    if (square < 1 && square > 0) return u * std::sqrt(-2 * exactLog(square) / square);
  }
}

}  // namespace cadrecode
