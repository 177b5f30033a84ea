#include "solid/kernel.hpp"

#include <Message.hxx>
#include <Message_Messenger.hxx>
#include <Message_PrinterOStream.hxx>
#include <OSD_ThreadPool.hxx>

namespace cadrecode::solid {

void prepareKernel() {
  static const bool prepared = [] {
    // The validity check makes the kernel's pool even when it runs serially; the first call fixes the pool's size.
    OSD_ThreadPool::DefaultPool(1);
    // The STEP translators report on the standard output, which belongs to the program's data.
    Message::DefaultMessenger()->RemovePrinters(STANDARD_TYPE(Message_PrinterOStream));
    return true;
  }();
  static_cast<void>(prepared);
}

}  // namespace cadrecode::solid
