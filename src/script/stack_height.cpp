// How high the stack of a code can get: follows all paths once with the effect of each instruction.
#include <algorithm>

#include "script/code.hpp"

namespace cadrecode::script {

namespace {

int effect(const Instruction& instruction, bool jumping) {
  const int n = instruction.argument;
  switch (instruction.op) {
    case Op::pop:
    case Op::storeLocal:
    case Op::storeCell:
    case Op::storeName:
    case Op::storeGlobal:
    case Op::deleteAttribute:
    case Op::binary:
    case Op::inPlace:
    case Op::compare:
    case Op::is:
    case Op::contains:
    case Op::getItem:
    case Op::listAppend:
    case Op::setAdd:
    case Op::listExtend:
    case Op::setUpdate:
    case Op::dictUpdate:
    case Op::dictMerge:
    case Op::jumpIfFalse:
    case Op::jumpIfTrue:
    case Op::returnValue:
    case Op::reraise:
    case Op::importStar:
    case Op::withExit:
    case Op::setAnnotation:
    case Op::yieldFrom:
      return -1;
    case Op::duplicate:
    case Op::loadConstant:
    case Op::loadLocal:
    case Op::loadCell:
    case Op::loadClosure:
    case Op::loadClassCell:
    case Op::loadName:
    case Op::loadGlobal:
    case Op::loadMethod:
    case Op::importName:
    case Op::importFrom:
    case Op::withExceptStart:
    case Op::withEnter:
    case Op::matchSequence:
    case Op::matchMapping:
    case Op::matchKeys:
    case Op::getLength:
      return 1;
    case Op::duplicateTwo:
      return 2;
    case Op::storeAttribute:
    case Op::deleteItem:
    case Op::buildSlice:
    case Op::dictSet:
    case Op::callExtended:
    case Op::matchClass:
      return -2;
    case Op::setItem:
    case Op::buildClass:
      return -3;
    case Op::matchRest:
      return -1;
    case Op::callMethod:
      return -n - 1;
    case Op::call:
      return -n;
    case Op::callKeywords:
      return -n - 1;
    case Op::buildTuple:
    case Op::buildList:
    case Op::buildSet:
    case Op::buildString:
      return 1 - n;
    case Op::buildDict:
      return 1 - 2 * n;
    case Op::unpack:
      return n - 1;
    case Op::unpackExtended:
      return (n & 0xFFFF) + (n >> 16);
    case Op::forIterate:
      return jumping ? -1 : 1;
    case Op::jumpIfFalseOrPop:
    case Op::jumpIfTrueOrPop:
      return jumping ? 0 : -1;
    case Op::setupHandler:
      return jumping ? 1 : 0;
    case Op::setupWith:
      return 0;
    case Op::raise:
      return -n;
    case Op::makeFunction:
      return -((n & kDefaults ? 1 : 0) + (n & kKeywordDefaults ? 1 : 0) + (n & kClosure ? 1 : 0));
    case Op::formatValue:
      return (n & 256) != 0 ? -1 : 0;
    case Op::assertionError:
      return 1 - n;
    default:
      return 0;
  }
}

}  // namespace

std::int32_t stackHeight(const Code& code) {
  const std::size_t count = code.instructions.size();
  std::vector<int> heights(count, -1);
  std::vector<std::size_t> work{0};
  heights[0] = 0;
  int highest = 0;
  const auto reach = [&](std::size_t target, int height) {
    if (target < count && heights[target] < height) {
      heights[target] = height;
      work.push_back(target);
    }
  };
  while (!work.empty()) {
    std::size_t i = work.back();
    work.pop_back();
    for (;;) {
      const Instruction& instruction = code.instructions[i];
      int height = heights[i];
      switch (instruction.op) {
        case Op::jump:
        case Op::jumpIfFalse:
        case Op::jumpIfTrue:
        case Op::jumpIfFalseOrPop:
        case Op::jumpIfTrueOrPop:
        case Op::forIterate:
        case Op::setupHandler:
        case Op::setupWith:
          reach(static_cast<std::size_t>(instruction.argument), height + effect(instruction, true));
          highest = std::max(highest, height + effect(instruction, true));
          break;
        default:
          break;
      }
      // Some instructions hold one value more while they work.
      highest = std::max(highest, height + 2);
      height += effect(instruction, false);
      highest = std::max(highest, height);
      const Op op = instruction.op;
      if (op == Op::jump || op == Op::returnValue || op == Op::raise || op == Op::reraise) break;
      ++i;
      if (i >= count || heights[i] >= height) break;
      heights[i] = height;
    }
  }
  return highest + 3;
}

}  // namespace cadrecode::script
