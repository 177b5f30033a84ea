// Sketches of the dialect as bit images: a bit is set where the cell's centre is inside. Outlines are filled by the
// even-odd rule, row by row. Values; const functions are safe in any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "search/dialect_program.hpp"
#include "search/grid.hpp"

namespace cadrecode::search {

// `cells` rows of `cells` bits; the lowest coordinate is bit 0 of a row's first word.
class BitImage {
 public:
  BitImage() = default;
  explicit BitImage(const Grid& grid)
      : wordsPerRow_(grid.wordsPerRow()), words_(static_cast<std::size_t>(grid.wordsPerLayer())) {}
  int rows() const { return static_cast<int>(words_.size()) / std::max(wordsPerRow_, 1); }
  int wordsPerRow() const { return wordsPerRow_; }
  std::uint64_t* row(int r) {
    return words_.data() + static_cast<std::size_t>(r) * static_cast<std::size_t>(wordsPerRow_);
  }
  const std::uint64_t* row(int r) const {
    return words_.data() + static_cast<std::size_t>(r) * static_cast<std::size_t>(wordsPerRow_);
  }
  const std::vector<std::uint64_t>& words() const { return words_; }
  void clear() { std::fill(words_.begin(), words_.end(), 0); }
  void add(const BitImage& other);
  void subtract(const BitImage& other);
  bool empty() const;

 private:
  int wordsPerRow_ = 0;
  std::vector<std::uint64_t> words_;
};

// How local coordinates of a sketch lie in the image: bits along local x and rows along local y, or the other way
// round where `swapped`; `offset` is added to the local coordinates.
struct ImageFrame {
  bool swapped = false;
  Vector2 offset;
};

// Draw a filled shape into `image`, which the caller has cleared where it matters. An arc through three points of a
// line is drawn as that line.
void drawLoop(const Loop& loop, const Vector2& at, const ImageFrame& frame, const Grid& grid, BitImage& image);
void drawCircle(const Vector2& center, double radius, const ImageFrame& frame, const Grid& grid, BitImage& image);
void drawRect(const Vector2& center, double width, double height, const ImageFrame& frame, const Grid& grid,
              BitImage& image);

// All regions of a sketch in their order.
BitImage drawSketch(const std::vector<Region>& regions, const ImageFrame& frame, const Grid& grid);

}  // namespace cadrecode::search
