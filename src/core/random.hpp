// Random numbers that are the same on every machine: one seed gives one sequence, and split() gives independent
// sequences by name, so that the order of work and the number of workers never change a result. Value type; one thread
// an object. The standard library's distributions are not used: their results differ between implementations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace cadrecode {

class Random {
 public:
  explicit Random(std::uint64_t seed);

  // A generator of its own for a part of the work. It depends on the seed and on the keys that lead to it, not on the
  // numbers drawn so far.
  Random split(std::uint64_t key) const;
  Random split(std::string_view name) const;

  // 64 random bits (xoshiro256++ by Blackman and Vigna).
  std::uint64_t bits();
  // Uniform in [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  // Uniform in [0, count) without bias; count > 0.
  std::uint64_t below(std::uint64_t count);
  // True with the given probability.
  bool chance(double probability) { return uniform() < probability; }
  // Normal with mean 0 and deviation 1 (Marsaglia's polar method).
  double normal();

  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[below(left)]);
  }

  // What the standard library asks of a generator.
  using result_type = std::uint64_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<std::uint64_t>::max(); }
  result_type operator()() { return bits(); }

 private:
  std::uint64_t key_;
  std::uint64_t state_[4];
};

}  // namespace cadrecode
