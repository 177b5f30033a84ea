// OpenCASCADE's reference counts without locked instructions while the process has one thread. Its handles count on
// every copy, and the locked additions alone cost about a sixth of a run. These definitions take the place of the ones
// in libTKernel for the whole program (the dynamic linker looks in the executable first); with a second thread they
// are atomic again.
#include <sys/single_threaded.h>

#include <Standard_Transient.hxx>

namespace {

int addTo(volatile int* count, int step) {
  if (__libc_single_threaded) {
    const int next = *count + step;
    *count = next;
    return next;
  }
  return __atomic_add_fetch(count, step, __ATOMIC_ACQ_REL);
}

}  // namespace

void Standard_Transient::IncrementRefCounter() const { addTo(&myRefCount_, 1); }
Standard_Integer Standard_Transient::DecrementRefCounter() const { return addTo(&myRefCount_, -1); }
