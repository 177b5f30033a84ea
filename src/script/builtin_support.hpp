// Small helpers for the files that define builtins and modules.
#pragma once

#include "script/iterators.hpp"
#include "script/machine.hpp"

namespace cadrecode::script {

// A builtin function with a signature (keyword arguments allowed).
void addFunction(Interpreter::Impl& impl, const char* signature, NativeBody body);
// A builtin function in the style of C.
void addPlain(Interpreter::Impl& impl, const char* name, int minimum, int maximum, PlainBody body);
// A builtin class.
Class* addClass(Interpreter::Impl& impl, const char* name, Class* base = nullptr, const char* module = "builtins");

// What the constructors of builtin classes say about wrong arguments.
void checkCount(const char* name, std::size_t count, std::size_t minimum, std::size_t maximum);
void checkNoKeywords(const char* name, const KeywordArguments& keywords);
// The value of a keyword argument, or unbound.
Value keyword(const KeywordArguments& keywords, std::string_view name);

std::int64_t floorToInteger(double value);
Value roundNumber(const Value& value, const Value& digits);
// In order, stable; `key` may be None. When a comparison throws, the values are left in some order.
void sortValues(std::vector<Value>& values, const Value& key, bool reverse);
// The values of an iterable as arguments of a dict: pairs, or a mapping.
void updateDictFrom(Dict& dict, const Value& source);
Value addValues(const Value& left, const Value& right);

inline Ref<Str> refStr(const Value& value) { return Ref<Str>(&value.to<Str>()); }

}  // namespace cadrecode::script
