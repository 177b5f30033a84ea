// Turns what OpenCASCADE throws into an error a script's author can act on: which call, with which arguments, what the
// kernel said, and what to look at. The type names are OpenCASCADE's own, as CadQuery's Python users know them.
#pragma once

#include "script/interpreter.hpp"

namespace cadrecode::cadquery {

// Makes the kernel's exception types known to scripts ("except StdFail_NotDone", bases Standard_Failure, Exception)
// and installs the translator.
void registerKernelErrors(script::Interpreter& interpreter);

// What to look at when `call` ("Workplane.fillet") fails in the kernel with `type`; empty when there is no better hint
// than the message itself.
std::string kernelHint(const std::string& call, const std::string& type);

}  // namespace cadrecode::cadquery
