// How this process deals with memory that is free again.
#pragma once

namespace cadrecode::model::network {

// From now on large arrays come from memory that the process has had before, instead of being mapped, filled with zeros
// page by page and given back each time: in training and decoding equal arrays come and go in every step. The process
// keeps the most it ever needed. Harmless to call again; does nothing where the C library has no such choice.
void keepFreedMemory();

}  // namespace cadrecode::model::network
