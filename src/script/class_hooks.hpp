// What enum, namedtuple and dataclasses do when a class of theirs is made.
#pragma once

#include "script/runtime.hpp"

namespace cadrecode::script {

// Turns the plain attributes of a class derived from Enum into its members.
void finishEnum(Class& cls);
// Color(2)
Value enumByValue(Class& cls, const Value* arguments, std::size_t count);
// class P(NamedTuple): x: int; y: int = 0
Value makeNamedTupleClass(const std::string& name, Dict& attributes);

}  // namespace cadrecode::script
