// What this process sets once in OpenCASCADE before using it: no threads of its own, no chatter on standard output.
// Called by the functions of solid that need it; cheap after the first time.
#pragma once

namespace cadrecode::solid {

void prepareKernel();

}  // namespace cadrecode::solid
