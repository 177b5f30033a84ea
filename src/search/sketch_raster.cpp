#include "search/sketch_raster.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace cadrecode::search {
namespace {

// In the image: `along` a row, `across` the rows.
struct ImagePoint {
  double along, across;
};

ImagePoint place(const Vector2& p, const Vector2& at, const ImageFrame& frame) {
  const Vector2 moved{p.x + at.x + frame.offset.x, p.y + at.y + frame.offset.y};
  return frame.swapped ? ImagePoint{moved.y, moved.x} : ImagePoint{moved.x, moved.y};
}

// Marks where a row crosses an outline. fill() then sets all bits with an odd number of marks at or below them.
class OutlineMarks {
 public:
  OutlineMarks(const Grid& grid, BitImage& image) : grid_(grid), image_(image) {}

  void line(const ImagePoint& a, const ImagePoint& b) {
    const double slope = (b.along - a.along) / (b.across - a.across);
    rows(a.across, b.across, [&](double across) { return a.along + (across - a.across) * slope; });
  }

  void arc(const ImagePoint& a, const ImagePoint& m, const ImagePoint& b) {
    // The circle through three points, relative to the first.
    const double mx = m.along - a.along, my = m.across - a.across, bx = b.along - a.along, by = b.across - a.across;
    const double turn = mx * by - my * bx;
    if (std::abs(turn) < 1e-9) {
      line(a, b);
      return;
    }
    const double m2 = mx * mx + my * my, b2 = bx * bx + by * by;
    const double dx = (m2 * by - b2 * my) / (2 * turn), dy = (b2 * mx - m2 * bx) / (2 * turn);
    const double cx = a.along + dx, cy = a.across + dy, radius2 = dx * dx + dy * dy, radius = std::sqrt(radius2);
    constexpr double kTurn = 2 * std::numbers::pi;
    const double from = std::atan2(-dy, -dx);
    double to = std::atan2(b.across - cy, b.along - cx);
    if (turn > 0) {
      while (to <= from) to += kTurn;
    } else {
      while (to >= from) to -= kTurn;
    }
    // Pieces on which the angle does not pass the circle's lowest or highest point.
    const auto piece = [&](double fromAngle, double toAngle, double fromAcross, double toAcross) {
      const double side = std::cos((fromAngle + toAngle) / 2) >= 0 ? 1 : -1;
      rows(fromAcross, toAcross, [&](double across) {
        return cx + side * std::sqrt(std::max(0.0, radius2 - (across - cy) * (across - cy)));
      });
    };
    const double step = turn > 0 ? std::numbers::pi : -std::numbers::pi;
    double next = turn > 0 ? std::numbers::pi / 2 + std::numbers::pi * std::ceil(from / std::numbers::pi - 0.5)
                           : std::numbers::pi / 2 + std::numbers::pi * std::floor(from / std::numbers::pi - 0.5);
    double angle = from, across = a.across;
    while (turn > 0 ? next < to : next > to) {
      const double extreme = std::sin(next) > 0 ? cy + radius : cy - radius;
      piece(angle, next, across, extreme);
      angle = next;
      across = extreme;
      next += step;
    }
    piece(angle, to, across, b.across);
  }

  void fill() {
    const int words = image_.wordsPerRow();
    for (int r = firstRow_; r < endRow_; ++r) {
      std::uint64_t* row = image_.row(r);
      std::uint64_t carry = 0;
      for (int w = 0; w < words; ++w) {
        std::uint64_t bits = row[w];
        for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
        bits ^= carry;
        carry = ~((bits >> 63) - 1);
        row[w] = bits;
      }
    }
  }

 private:
  template <class Along>
  void rows(double a, double b, Along along) {
    const int first = grid_.firstAbove(std::min(a, b)), end = grid_.firstAbove(std::max(a, b));
    if (first >= end) return;
    firstRow_ = std::min(firstRow_, first);
    endRow_ = std::max(endRow_, end);
    for (int r = first; r < end; ++r) {
      const int cell = grid_.firstAbove(along(grid_.center(r)));
      if (cell < grid_.cells) image_.row(r)[cell >> 6] ^= std::uint64_t{1} << (cell & 63);
    }
  }

  const Grid& grid_;
  BitImage& image_;
  int firstRow_ = 1 << 30, endRow_ = 0;
};

// Sets the bits [first, end) of a row.
void setSpan(std::uint64_t* row, int first, int end) {
  if (first >= end) return;
  const int firstWord = first >> 6, lastWord = (end - 1) >> 6;
  const std::uint64_t head = ~std::uint64_t{0} << (first & 63), tail = ~std::uint64_t{0} >> (63 - ((end - 1) & 63));
  if (firstWord == lastWord) {
    row[firstWord] |= head & tail;
    return;
  }
  row[firstWord] |= head;
  for (int w = firstWord + 1; w < lastWord; ++w) row[w] = ~std::uint64_t{0};
  row[lastWord] |= tail;
}

}  // namespace

void BitImage::add(const BitImage& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

void BitImage::subtract(const BitImage& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
}

bool BitImage::empty() const {
  std::uint64_t any = 0;
  for (const std::uint64_t word : words_) any |= word;
  return any == 0;
}

void drawLoop(const Loop& loop, const Vector2& at, const ImageFrame& frame, const Grid& grid, BitImage& image) {
  OutlineMarks marks(grid, image);
  const ImagePoint start = place(loop.start, at, frame);
  ImagePoint from = start;
  for (const Edge& edge : loop.edges) {
    const ImagePoint to = place(edge.end, at, frame);
    if (edge.arc) {
      marks.arc(from, place(edge.middle, at, frame), to);
    } else {
      marks.line(from, to);
    }
    from = to;
  }
  marks.line(from, start);
  marks.fill();
}

void drawCircle(const Vector2& center, double radius, const ImageFrame& frame, const Grid& grid, BitImage& image) {
  const ImagePoint c = place(center, {}, frame);
  const int end = grid.firstAbove(c.across + radius);
  for (int r = grid.firstAbove(c.across - radius); r < end; ++r) {
    const double across = grid.center(r) - c.across;
    const double reach = std::sqrt(std::max(0.0, radius * radius - across * across));
    setSpan(image.row(r), grid.firstAbove(c.along - reach), grid.firstAbove(c.along + reach));
  }
}

void drawRect(const Vector2& center, double width, double height, const ImageFrame& frame, const Grid& grid,
              BitImage& image) {
  const ImagePoint c = place(center, {}, frame);
  if (frame.swapped) std::swap(width, height);
  const int first = grid.firstAbove(c.along - width / 2), last = grid.firstAbove(c.along + width / 2);
  const int end = grid.firstAbove(c.across + height / 2);
  for (int r = grid.firstAbove(c.across - height / 2); r < end; ++r) setSpan(image.row(r), first, last);
}

BitImage drawSketch(const std::vector<Region>& regions, const ImageFrame& frame, const Grid& grid) {
  BitImage image(grid), one(grid);
  Vector2 at;
  for (const Region& region : regions) {
    if (region.place == Region::Place::reset) at = {};
    if (region.place == Region::Place::push) at = region.at;
    one.clear();
    switch (region.kind) {
      case Region::Kind::loop:
      case Region::Kind::face:
        drawLoop(region.loop, at, frame, grid, one);
        break;
      case Region::Kind::circle:
        drawCircle(at, region.width, frame, grid, one);
        break;
      case Region::Kind::rect:
        drawRect(at, region.width, region.height, frame, grid, one);
        break;
    }
    if (region.subtract) {
      image.subtract(one);
    } else {
      image.add(one);
    }
  }
  return image;
}

}  // namespace cadrecode::search
