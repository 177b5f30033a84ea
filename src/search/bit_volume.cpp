#include "search/bit_volume.hpp"

#include <bit>

namespace cadrecode::search {
namespace {

using Counter = void (*)(const std::uint64_t*, const std::uint64_t*, std::size_t, Overlap&);

// The same loop, compiled for processors that count the bits of eight words at once, and for all others.
#define CADRECODE_COUNT_LOOP                                                   \
  std::uint64_t candidate = 0, common = 0;                                     \
  for (std::size_t i = 0; i < words; ++i) {                                    \
    candidate += static_cast<std::uint64_t>(std::popcount(cells[i]));          \
    common += static_cast<std::uint64_t>(std::popcount(cells[i] & target[i])); \
  }                                                                            \
  sum.candidate += candidate;                                                  \
  sum.common += common;

void countPlain(const std::uint64_t* cells, const std::uint64_t* target, std::size_t words, Overlap& sum) {
  CADRECODE_COUNT_LOOP
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) void countWords(const std::uint64_t* cells, const std::uint64_t* target,
                                                  std::size_t words, Overlap& sum) {
  CADRECODE_COUNT_LOOP
}

__attribute__((target("avx512f,avx512vpopcntdq,prefer-vector-width=512"))) void countVectors(
    const std::uint64_t* cells, const std::uint64_t* target, std::size_t words, Overlap& sum){CADRECODE_COUNT_LOOP}
#endif
#undef CADRECODE_COUNT_LOOP

Counter chooseCounter() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq")) return countVectors;
  if (__builtin_cpu_supports("popcnt")) return countWords;
#endif
  return countPlain;
}

}  // namespace

void addCounts(const std::uint64_t* cells, const std::uint64_t* target, std::size_t words, Overlap& sum) {
  static const Counter counter = chooseCounter();
  counter(cells, target, words, sum);
}

BitVolume::BitVolume(const Grid& grid)
    : grid_(grid),
      layerWords_(static_cast<std::size_t>(grid.wordsPerLayer())),
      words_(layerWords_ * static_cast<std::size_t>(grid.cells)) {}

bool BitVolume::cell(int x, int y, int z) const {
  return (layer(z)[y * grid_.wordsPerRow() + (x >> 6)] >> (x & 63) & 1) != 0;
}

void BitVolume::set(int x, int y, int z) {
  layer(z)[y * grid_.wordsPerRow() + (x >> 6)] |= std::uint64_t{1} << (x & 63);
}

void BitVolume::add(const VoxelBody& body) {
  for (int z = body.firstLayer(); z < body.endLayer(); ++z) body.addLayer(z, layer(z));
}

std::uint64_t BitVolume::count() const {
  Overlap sum;
  addCounts(words_.data(), words_.data(), words_.size(), sum);
  return sum.candidate;
}

BitVolume volumeOf(const Program& program, const Grid& grid) {
  BitVolume volume(grid);
  for (const Body& body : program.bodies) volume.add(VoxelBody(program, body, grid));
  return volume;
}

Overlap overlap(const BitVolume& candidate, const BitVolume& target) {
  Overlap sum;
  addCounts(candidate.words().data(), target.words().data(), candidate.words().size(), sum);
  sum.target = target.count();
  return sum;
}

}  // namespace cadrecode::search
