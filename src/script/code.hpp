// The instructions a script is compiled to, for a machine with a stack of values. Operators and their operands:
// every instruction has one integer argument; `top` is the value on top of the stack.
#pragma once

#include <array>

#include "script/native.hpp"

namespace cadrecode::script {

enum class Op : std::uint8_t {
  pop,
  duplicate,
  duplicateTwo,
  rotateTwo,
  rotateThree,
  rotateFour,
  loadConstant,
  loadLocal,
  storeLocal,
  deleteLocal,
  loadCell,
  storeCell,
  deleteCell,
  loadClosure,
  loadClassCell,
  loadName,
  storeName,
  deleteName,
  loadGlobal,
  storeGlobal,
  deleteGlobal,
  loadAttribute,
  storeAttribute,
  deleteAttribute,
  loadMethod,
  callMethod,
  call,
  callKeywords,
  callExtended,
  unary,
  binary,
  inPlace,
  compare,
  is,
  contains,
  getItem,
  setItem,
  deleteItem,
  buildSlice,
  buildTuple,
  buildList,
  buildSet,
  buildDict,
  buildString,
  listAppend,
  setAdd,
  dictSet,
  listExtend,
  setUpdate,
  dictUpdate,
  dictMerge,
  listToTuple,
  unpack,
  unpackExtended,
  getIterator,
  forIterate,
  jump,
  jumpIfFalse,
  jumpIfTrue,
  jumpIfFalseOrPop,
  jumpIfTrueOrPop,
  setupHandler,
  setupWith,
  popBlock,
  raise,
  reraise,
  matchException,
  popException,
  makeFunction,
  buildClass,
  returnValue,
  yieldValue,
  yieldFrom,
  importName,
  importFrom,
  importStar,
  formatValue,
  withEnter,
  withExit,
  withExceptStart,
  assertionError,
  setAnnotation,
  matchSequence,
  matchMapping,
  matchKeys,
  matchClass,
  matchRest,
  getLength,
  checkNoDuplicate
};

struct Instruction {
  Op op;
  std::int32_t argument;
};

struct Location {
  std::int32_t line;
  std::int32_t column;
};

// What makeFunction finds on the stack below the code.
enum FunctionFlags : int { kDefaults = 1, kKeywordDefaults = 2, kClosure = 4 };

// The compiled body of a module, function, class or comprehension.
class Code final : public Object {
 public:
  static constexpr Kind kKind = Kind::code;
  Code();
  void clear() override;

  std::string name;
  std::string qualifiedName;
  std::vector<Instruction> instructions;
  std::vector<Location> locations;  // of each instruction; columns are bytes from 0
  Values constants;
  std::vector<Ref<Str>> names;
  // Slots: parameters, other locals, then free variables. A captured variable's slot holds a Cell.
  std::vector<Ref<Str>> locals;
  std::vector<std::int32_t> cellSlots;  // own variables that are captured
  std::size_t freeStart = 0;            // the first slot of a free variable
  std::int32_t positional = 0;          // parameters that can be given by position, those before `/` included
  std::int32_t positionalOnly = 0;
  std::int32_t keywordOnly = 0;
  bool rest = false;
  bool keywords = false;
  bool generator = false;
  bool comprehension = false;
  bool module = false;
  bool simple = false;  // no keyword-only parameters, no *args, no **kwargs
  std::int32_t stackSize = 0;
};

// The height the stack of a Code can reach.
std::int32_t stackHeight(const Code& code);

}  // namespace cadrecode::script
