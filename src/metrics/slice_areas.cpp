#include "metrics/slice_areas.hpp"

#include <algorithm>

namespace cadrecode::metrics {
namespace {

double heightAt(const OutlinePiece& piece, double x) {
  const double share = (x - piece.x1) / (piece.x2 - piece.x1);
  return piece.y1 + share * (piece.y2 - piece.y1);
}

}  // namespace

// Strips between neighbouring ends of pieces; where pieces cross within one, it is cut at the crossings.
Areas SliceAreas::of(std::vector<OutlinePiece>& pieces) {
  Areas areas;
  std::sort(pieces.begin(), pieces.end(), [](const OutlinePiece& p, const OutlinePiece& q) { return p.x1 < q.x1; });
  events_.clear();
  for (const OutlinePiece& piece : pieces) {
    events_.push_back(piece.x1);
    events_.push_back(piece.x2);
  }
  std::sort(events_.begin(), events_.end());
  events_.erase(std::unique(events_.begin(), events_.end()), events_.end());
  open_.clear();
  std::size_t next = 0;
  for (std::size_t i = 0; i + 1 < events_.size(); ++i) {
    const double left = events_[i], right = events_[i + 1];
    std::erase_if(open_, [&](const OutlinePiece* piece) { return piece->x2 <= left; });
    for (; next < pieces.size() && pieces[next].x1 <= left; ++next) open_.push_back(&pieces[next]);
    if (!open_.empty()) addStrip(left, right, areas);
  }
  return areas;
}

void SliceAreas::addStrip(double left, double right, Areas& areas) {
  active_.clear();
  const double middle = (left + right) / 2;
  for (const OutlinePiece* piece : open_) {
    active_.push_back({heightAt(*piece, left), heightAt(*piece, right), heightAt(*piece, middle), piece});
  }
  std::sort(active_.begin(), active_.end(), [](const Active& p, const Active& q) { return p.middle < q.middle; });
  bool ordered = true;
  for (std::size_t i = 0; i + 1 < active_.size() && ordered; ++i) {
    ordered = active_[i].left <= active_[i + 1].left && active_[i].right <= active_[i + 1].right;
  }
  if (ordered) return addSorted(left, right, areas);

  crossings_.assign({left, right});
  for (std::size_t i = 0; i < active_.size(); ++i) {
    for (std::size_t j = i + 1; j < active_.size(); ++j) {
      const double before = active_[i].left - active_[j].left, after = active_[i].right - active_[j].right;
      if ((before < 0 && after > 0) || (before > 0 && after < 0)) {
        crossings_.push_back(left + before / (before - after) * (right - left));
      }
    }
  }
  std::sort(crossings_.begin(), crossings_.end());
  for (std::size_t i = 0; i + 1 < crossings_.size(); ++i) {
    const double begin = crossings_[i], end = crossings_[i + 1];
    if (!(end > begin)) continue;
    for (Active& active : active_) active.middle = heightAt(*active.piece, (begin + end) / 2);
    std::sort(active_.begin(), active_.end(), [](const Active& p, const Active& q) { return p.middle < q.middle; });
    addSorted(begin, end, areas);
  }
}

// The pieces don't cross here: lengths in the middle times the width are the areas.
void SliceAreas::addSorted(double left, double right, Areas& areas) {
  int winding[2] = {0, 0};
  double a = 0, b = 0, both = 0;
  for (std::size_t i = 0; i + 1 < active_.size(); ++i) {
    winding[active_[i].piece->mesh] += active_[i].piece->step;
    const double height = active_[i + 1].middle - active_[i].middle;
    if (winding[0] != 0) a += height;
    if (winding[1] != 0) b += height;
    if (winding[0] != 0 && winding[1] != 0) both += height;
  }
  areas.a += a * (right - left);
  areas.b += b * (right - left);
  areas.both += both * (right - left);
}

}  // namespace cadrecode::metrics
