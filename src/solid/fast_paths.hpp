// A switch for the quicker ways to the kernel's results, so that tests can compare them with the kernel itself.
// Process-wide, on by default; not meant to be changed while an operation runs.
#pragma once

namespace cadrecode::solid {

bool fastPaths();
void setFastPaths(bool on);

}  // namespace cadrecode::solid
