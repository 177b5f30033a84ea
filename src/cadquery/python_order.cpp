#include "cadquery/python_order.hpp"

#include <bit>
#include <cmath>

namespace cadrecode::cadquery {

namespace {

// The hash of a finite float: its value modulo the prime 2**61 - 1.
std::uint64_t hashOf(double value) {
  if (std::isinf(value)) return static_cast<std::uint64_t>(value > 0 ? 314159 : -314159);
  if (std::isnan(value)) return 0;
  constexpr int bits = 61;
  constexpr std::uint64_t prime = (1ull << bits) - 1;
  int exponent = 0;
  double mantissa = std::abs(std::frexp(value, &exponent));
  std::uint64_t hash = 0;
  while (mantissa != 0) {
    hash = (hash << 28 & prime) | hash >> (bits - 28);
    mantissa *= 268435456.0;  // 2**28
    exponent -= 28;
    const auto digit = static_cast<std::uint64_t>(mantissa);
    mantissa -= static_cast<double>(digit);
    hash += digit;
    if (hash >= prime) hash -= prime;
  }
  exponent = exponent >= 0 ? exponent % bits : bits - 1 - (-1 - exponent) % bits;
  hash = (hash << exponent & prime) | hash >> (bits - exponent);
  if (std::signbit(value)) hash = -hash;
  return hash == ~0ull ? ~0ull - 1 : hash;
}

// The hash of a tuple of two.
std::uint64_t hashOf(double x, double y) {
  constexpr std::uint64_t prime1 = 11400714785074694791ull, prime2 = 14029467366897019727ull,
                          prime5 = 2870177450012600261ull;
  std::uint64_t hash = prime5;
  for (const double item : {x, y}) hash = std::rotl(hash + hashOf(item) * prime2, 31) * prime1;
  hash += 2 ^ (prime5 ^ 3527539ull);
  return hash == ~0ull ? 1546275796ull : hash;
}

}  // namespace

// Where the entry is or should go: short runs of linear probing, then jumps steered by the hash's upper bits.
PythonSetOrder::Entry* PythonSetOrder::slot(const Entry& entry) {
  constexpr std::size_t run = 9;
  const std::size_t mask = table_.size() - 1;
  std::uint64_t perturb = entry.hash;
  for (std::size_t i = entry.hash & mask;;) {
    const std::size_t last = i + run <= mask ? i + run : i;
    for (std::size_t j = i; j <= last; ++j) {
      Entry& found = table_[j];
      if (!found.used || (found.hash == entry.hash && found.x == entry.x && found.y == entry.y)) return &found;
    }
    perturb >>= 5;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

void PythonSetOrder::add(double x, double y) {
  const Entry entry{true, hashOf(x, y), x, y};
  Entry* place = slot(entry);
  if (place->used) return;
  *place = entry;
  ++size_;
  if (size_ * 5 >= (table_.size() - 1) * 3) grow();
}

void PythonSetOrder::grow() {
  const std::size_t wanted = size_ > 50000 ? size_ * 2 : size_ * 4;
  std::size_t size = 8;
  while (size <= wanted) size *= 2;
  std::vector<Entry> old(size);
  old.swap(table_);
  for (const Entry& entry : old) {
    if (entry.used) *slot(entry) = entry;
  }
}

std::vector<std::pair<double, double>> PythonSetOrder::items() const {
  std::vector<std::pair<double, double>> result;
  for (const Entry& entry : table_) {
    if (entry.used) result.emplace_back(entry.x, entry.y);
  }
  return result;
}

}  // namespace cadrecode::cadquery
