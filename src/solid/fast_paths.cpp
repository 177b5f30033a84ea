#include "solid/fast_paths.hpp"

namespace cadrecode::solid {
namespace {
bool enabled = true;
}

bool fastPaths() { return enabled; }
void setFastPaths(bool on) { enabled = on; }

}  // namespace cadrecode::solid
