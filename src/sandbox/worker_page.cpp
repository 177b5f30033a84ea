#include "sandbox/worker_page.hpp"

#include <sys/mman.h>

#include <new>

#include "core/error.hpp"

namespace cadrecode::sandbox {

void WorkerPage::reset() {
  outOfMemory = 0;
  forbiddenCall = 0;
  signal = 0;
  stackOverflow = 0;
  positionKnown = 0;
  position = 0;
}

SharedPages::SharedPages(std::size_t count) : bytes_(count * sizeof(WorkerPage)) {
  void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw Error(ErrorCode::resources, "MemoryError", "cannot map memory to share with workers");
  pages_ = static_cast<WorkerPage*>(memory);
  for (std::size_t i = 0; i < count; ++i) new (&pages_[i]) WorkerPage{};
}

SharedPages::~SharedPages() { ::munmap(pages_, bytes_); }

}  // namespace cadrecode::sandbox
