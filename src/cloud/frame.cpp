#include "cloud/frame.hpp"

#include "core/error.hpp"

namespace cadrecode::cloud {

Frame Frame::centred(const Box& box, double side) {
  double longest = box.longestSide();
  if (!(longest > 0)) throw Error(ErrorCode::input, "ValueError", "what has no extent cannot be scaled");
  return {box.center(), longest / side};
}

}  // namespace cadrecode::cloud
