// The loop that executes instructions.
#include "script/machine.hpp"

#include "script/machine_steps.hpp"

namespace cadrecode::script {

Value Interpreter::Impl::execute(Frame* start) {
  start->entry = true;
  start->back = frame;
  Frame* const outside = frame;
  frame = start;
  for (;;) {
    Frame* current = frame;
    try {
      for (;;) {
        const Instruction instruction = *current->next++;
        if (--stepsLeft < 0) failSteps();
        const std::int32_t n = instruction.argument;
        switch (instruction.op) {
          case Op::pop: {
            const Value gone = pop(current);
            (void)gone;
            break;
          }
          case Op::duplicate:
            push(current, current->top[-1]);
            break;
          case Op::duplicateTwo:
            current->top[0] = current->top[-2];
            current->top[1] = current->top[-1];
            current->top += 2;
            break;
          case Op::rotateTwo:
            current->top[-1].swap(current->top[-2]);
            break;
          case Op::rotateThree:
            current->top[-1].swap(current->top[-2]);
            current->top[-2].swap(current->top[-3]);
            break;
          case Op::rotateFour:
            current->top[-1].swap(current->top[-2]);
            current->top[-2].swap(current->top[-3]);
            current->top[-3].swap(current->top[-4]);
            break;
          case Op::loadConstant:
            push(current, current->code->constants[static_cast<std::size_t>(n)]);
            break;
          case Op::loadLocal:
            if (current->slots[n].isUnbound()) throwUnbound(*current->code, n);
            push(current, current->slots[n]);
            break;
          case Op::storeLocal:
            current->slots[n] = pop(current);
            break;
          case Op::deleteLocal:
            if (current->slots[n].isUnbound()) throwUnbound(*current->code, n);
            current->slots[n] = Value::unbound();
            break;
          case Op::loadCell: {
            const Value& value = current->slots[n].to<Cell>().value;
            if (value.isUnbound()) throwUnbound(*current->code, n);
            push(current, value);
            break;
          }
          case Op::storeCell:
            current->slots[n].to<Cell>().value = pop(current);
            break;
          case Op::deleteCell:
            if (current->slots[n].to<Cell>().value.isUnbound()) throwUnbound(*current->code, n);
            current->slots[n].to<Cell>().value = Value::unbound();
            break;
          case Op::loadClosure:
            push(current, current->slots[n]);
            break;
          case Op::loadClassCell: {
            Value* own = current->locals->find(*current->code->locals[static_cast<std::size_t>(n)]);
            const Value& value = own ? *own : current->slots[n].to<Cell>().value;
            if (value.isUnbound()) throwUnbound(*current->code, n);
            push(current, value);
            break;
          }
          case Op::loadName:
            push(current, loadName(*this, current, *current->code->names[static_cast<std::size_t>(n)]));
            break;
          case Op::storeName: {
            const Value name(current->code->names[static_cast<std::size_t>(n)]);
            current->locals->set(name, static_cast<std::int64_t>(name.to<Str>().hash()), pop(current));
            break;
          }
          case Op::deleteName: {
            const Ref<Str>& name = current->code->names[static_cast<std::size_t>(n)];
            if (!current->locals->erase(Value(name))) throwName(*name);
            break;
          }
          case Op::loadGlobal:
            push(current, loadGlobal(*this, current, *current->code->names[static_cast<std::size_t>(n)]));
            break;
          case Op::storeGlobal: {
            const Value name(current->code->names[static_cast<std::size_t>(n)]);
            current->globals->set(name, static_cast<std::int64_t>(name.to<Str>().hash()), pop(current));
            break;
          }
          case Op::deleteGlobal: {
            const Ref<Str>& name = current->code->names[static_cast<std::size_t>(n)];
            if (!current->globals->erase(Value(name))) throwName(*name);
            break;
          }
          case Op::loadAttribute: {
            const Str& name = *current->code->names[static_cast<std::size_t>(n)];
            if (isDunder(name.text())) checkAttributeName(current->top[-1], name);
            Value value = findAttribute(current->top[-1], name);
            if (value.isUnbound()) value = getAttribute(current->top[-1], name.text());
            current->top[-1] = std::move(value);
            break;
          }
          case Op::storeAttribute: {
            const Str& name = *current->code->names[static_cast<std::size_t>(n)];
            if (isDunder(name.text())) checkAttributeName(current->top[-1], name);
            setAttribute(current->top[-1], name, current->top[-2]);
            dropTo(current, current->top - 2);
            break;
          }
          case Op::deleteAttribute: {
            const Str& name = *current->code->names[static_cast<std::size_t>(n)];
            if (isDunder(name.text())) checkAttributeName(current->top[-1], name);
            deleteAttribute(current->top[-1], name);
            dropTo(current, current->top - 1);
            break;
          }
          case Op::loadMethod:
            loadMethod(current, *current->code->names[static_cast<std::size_t>(n)]);
            break;
          case Op::callMethod:
          case Op::call: {
            // Script functions run in this loop; all others are called.
            Value* first = current->top - n;
            bool withSelf = false;
            Value* base = first - 1;
            if (instruction.op == Op::callMethod) {
              base = first - 2;
              withSelf = !first[-1].isUnbound();
            }
            Value* arguments = withSelf ? first - 1 : first;
            const auto count = static_cast<std::size_t>(n) + (withSelf ? 1 : 0);
            if (Function* function = base->as<Function>(); function && !function->code->generator) {
              enter();
              Frame* inner = nullptr;
              try {
                inner = bind(*function, arguments, count, {});
              } catch (...) {
                leave();
                throw;
              }
              dropTo(current, base);
              inner->entry = false;
              inner->back = current;
              current = frame = inner;
              break;
            }
            Value result = callArray(*base, arguments, count, {});
            dropTo(current, base);
            push(current, std::move(result));
            break;
          }
          case Op::callKeywords:
            push(current, callWithKeywords(current, n));
            break;
          case Op::callExtended:
            push(current, callExtended(current));
            break;
          case Op::unary: {
            Value& value = current->top[-1];
            switch (static_cast<int>(n)) {
              case 0:
                value = positive(value);
                break;
              case 1:
                value = negative(value);
                break;
              case 2:
                value = invert(value);
                break;
              default:
                value = Value(!truth(value));
            }
            break;
          }
          case Op::binary:
          case Op::inPlace: {
            Value& left = current->top[-2];
            const Value& right = current->top[-1];
            const auto op = static_cast<BinaryOperator>(n);
            if (quickBinary(op, left, right)) {
              --current->top;
              break;
            }
            Value result = script::binary(op, left, right, instruction.op == Op::inPlace);
            dropTo(current, current->top - 1);
            current->top[-1] = std::move(result);
            break;
          }
          case Op::compare: {
            Value& left = current->top[-2];
            const Value& right = current->top[-1];
            const auto op = static_cast<CompareOperator>(n);
            if (left.isInt() && right.isInt()) {
              left = Value(compareIntegers(op, left.integer(), right.integer()));
              --current->top;
              break;
            }
            Value result = script::compare(op, left, right);
            dropTo(current, current->top - 1);
            current->top[-1] = std::move(result);
            break;
          }
          case Op::is: {
            const bool same = current->top[-2].same(current->top[-1]);
            dropTo(current, current->top - 1);
            current->top[-1] = Value(same != (n == 1));
            break;
          }
          case Op::contains: {
            const bool inside = script::contains(current->top[-1], current->top[-2]);
            dropTo(current, current->top - 1);
            current->top[-1] = Value(inside != (n == 1));
            break;
          }
          case Op::getItem: {
            Value result = script::getItem(current->top[-2], current->top[-1]);
            dropTo(current, current->top - 1);
            current->top[-1] = std::move(result);
            break;
          }
          case Op::setItem:
            script::setItem(current->top[-2], current->top[-1], current->top[-3]);
            dropTo(current, current->top - 3);
            break;
          case Op::deleteItem:
            script::deleteItem(current->top[-2], current->top[-1]);
            dropTo(current, current->top - 2);
            break;
          case Op::buildSlice: {
            auto slice = make<Slice>(current->top[-3], current->top[-2], current->top[-1]);
            dropTo(current, current->top - 3);
            push(current, Value(std::move(slice)));
            break;
          }
          case Op::buildTuple:
          case Op::buildList: {
            Values items;
            items.reserve(static_cast<std::size_t>(n));
            for (Value* item = current->top - n; item < current->top; ++item) items.push_back(std::move(*item));
            current->top -= n;
            push(current, instruction.op == Op::buildTuple ? makeTuple(std::move(items)) : makeList(std::move(items)));
            break;
          }
          case Op::buildSet: {
            auto set = make<Set>();
            for (Value* item = current->top - n; item < current->top; ++item) set->add(*item);
            dropTo(current, current->top - n);
            push(current, Value(std::move(set)));
            break;
          }
          case Op::buildDict: {
            auto dict = make<Dict>();
            for (Value* item = current->top - 2 * n; item < current->top; item += 2) dict->set(item[0], item[1]);
            dropTo(current, current->top - 2 * n);
            push(current, Value(std::move(dict)));
            break;
          }
          case Op::buildString:
            push(current, buildString(current, n));
            break;
          case Op::listAppend: {
            Value item = pop(current);
            current->top[-n].to<List>().items.push_back(std::move(item));
            break;
          }
          case Op::setAdd: {
            const Value item = pop(current);
            current->top[-n].to<Set>().add(item);
            break;
          }
          case Op::dictSet:
            current->top[-n - 2].to<Dict>().set(current->top[-2], current->top[-1]);
            dropTo(current, current->top - 2);
            break;
          case Op::listExtend:
            extendList(current, n);
            break;
          case Op::setUpdate: {
            const Value added = pop(current);
            if (!isIterable(added)) raise("TypeError", "'" + typeName(added) + "' object is not iterable");
            Set& set = current->top[-n].to<Set>();
            if (const Set* other = added.as<Set>()) {
              set.merge(*other);
              break;
            }
            forEach(added, [&](const Value& item) { set.add(item); });
            break;
          }
          case Op::dictUpdate: {
            const Value added = pop(current);
            updateDict(current->top[-n].to<Dict>(), added);
            break;
          }
          case Op::dictMerge:
            mergeKeywords(current);
            break;
          case Op::listToTuple: {
            const Value list = pop(current);
            push(current, makeTuple(std::move(list.to<List>().items)));
            break;
          }
          case Op::unpack: {
            const Value value = pop(current);
            unpackValue(value, current->top, n);
            current->top += n;
            break;
          }
          case Op::unpackExtended: {
            const Value value = pop(current);
            const std::int32_t before = n & 0xFFFF;
            const std::int32_t after = n >> 16;
            unpackStarred(value, current->top, before, after);
            current->top += before + 1 + after;
            break;
          }
          case Op::getIterator:
            current->top[-1] = iterate(current->top[-1]);
            break;
          case Op::forIterate: {
            Value item;
            if (script::next(current->top[-1], item)) {
              push(current, std::move(item));
            } else {
              dropTo(current, current->top - 1);
              current->next = current->code->instructions.data() + n;
            }
            break;
          }
          case Op::jump:
            current->next = current->code->instructions.data() + n;
            break;
          case Op::jumpIfFalse:
          case Op::jumpIfTrue: {
            Value& value = current->top[-1];
            const bool yes = value.isBool() ? value.boolean() : truth(value);
            dropTo(current, current->top - 1);
            if (yes == (instruction.op == Op::jumpIfTrue)) current->next = current->code->instructions.data() + n;
            break;
          }
          case Op::jumpIfFalseOrPop:
          case Op::jumpIfTrueOrPop: {
            const bool yes = truth(current->top[-1]);
            if (yes == (instruction.op == Op::jumpIfTrueOrPop)) {
              current->next = current->code->instructions.data() + n;
            } else {
              dropTo(current, current->top - 1);
            }
            break;
          }
          case Op::setupHandler:
          case Op::setupWith: {
            const auto height =
                static_cast<std::int32_t>(current->top - current->stack) - (instruction.op == Op::setupWith ? 1 : 0);
            current->blocks.push_back({n, height, static_cast<std::int32_t>(current->handled.size())});
            break;
          }
          case Op::popBlock:
            current->blocks.pop_back();
            break;
          case Op::raise: {
            if (n == 0) {
              Value active;
              for (Frame* f = current; f && active.isNone(); f = f->back) {
                if (!f->handled.empty()) active = f->handled.back();
              }
              if (active.isNone()) script::raise("RuntimeError", "No active exception to reraise");
              throw Raised{active};
            }
            Value cause = Value::unbound();
            if (n == 2) {
              cause = pop(current);
              if (!cause.isNone()) {
                const bool good = cause.is(Kind::exception) ||
                                  (cause.is(Kind::type) && cause.to<Class>().derivesFrom(types.baseException));
                if (!good) script::raise("TypeError", "exception causes must derive from BaseException");
                cause = raisedValue(cause);
              }
            }
            const Value exception = raisedValue(pop(current));
            if (!cause.isUnbound()) exception.to<Exception>().cause = cause;
            throw Raised{exception};
          }
          case Op::reraise: {
            const Value exception = pop(current);
            throw Raised{exception};
          }
          case Op::matchException: {
            const Value pattern = pop(current);
            push(current, Value(matchesException(current->top[-1], pattern)));
            break;
          }
          case Op::popException:
            current->handled.pop_back();
            break;
          case Op::makeFunction:
            push(current, script::makeFunction(current, n));
            break;
          case Op::buildClass:
            push(current, script::buildClass(*this, current));
            break;
          case Op::returnValue: {
            Value result = pop(current);
            Frame* const back = current->back;
            const bool entry = current->entry;
            if (current->generator) {
              current->generator->returned = std::move(result);
              frame = outside;
              return Value::unbound();
            }
            dropFrame(current);
            frame = back;
            if (entry) return result;
            leave();
            current = back;
            push(current, std::move(result));
            break;
          }
          case Op::yieldValue: {
            Value result = pop(current);
            frame = outside;
            return result;
          }
          case Op::yieldFrom: {
            // Stack: the iterator, the value sent.
            const Value sent = pop(current);
            const Value iterator = current->top[-1];
            Value item;
            bool more = false;
            Value returned;
            if (Generator* inner = iterator.as<Generator>()) {
              more = resume(*inner, sent, item);
              if (!more) returned = inner->returned;
            } else {
              more = script::next(iterator, item);
            }
            if (!more) {
              current->top[-1] = returned;
              break;
            }
            --current->next;  // comes back here with the next value sent on the stack
            frame = outside;
            return item;
          }
          case Op::importName:
            push(current, importModule(current->code->names[static_cast<std::size_t>(n)]->text()));
            break;
          case Op::importFrom: {
            const Str& name = *current->code->names[static_cast<std::size_t>(n)];
            const Module& module = current->top[-1].to<Module>();
            Value value = findAttribute(current->top[-1], name);
            if (value.isUnbound()) {
              const auto found = modules.find(module.name() + "." + name.text());
              if (found == modules.end()) {
                script::raise("ImportError", "cannot import name '" + name.text() + "' from '" + module.name() +
                                                 "' (unknown location)");
              }
              value = Value(found->second);
            }
            push(current, std::move(value));
            break;
          }
          case Op::importStar: {
            const Value module = pop(current);
            script::importStar(module, *current->locals);
            break;
          }
          case Op::formatValue: {
            const Value spec = (n & 256) != 0 ? pop(current) : Value();
            current->top[-1] = formatField(current->top[-1], spec, n & 255);
            break;
          }
          case Op::withEnter:
            script::withEnter(current);
            break;
          case Op::withExit: {
            const Value exit = pop(current);
            const Value nothing[3];
            callArray(exit, nothing, 3, {});
            break;
          }
          case Op::withExceptStart: {
            const Value exception = current->top[-1];
            const Value arguments[3] = {Value(exception.object()->cls()), exception, Value()};
            push(current, callArray(current->top[-2], arguments, 3, {}));
            break;
          }
          case Op::assertionError: {
            Values arguments;
            if (n == 1) arguments.push_back(pop(current));
            push(current, makeException(types.assertionError, std::move(arguments)));
            break;
          }
          case Op::setAnnotation: {
            Value* notes = current->locals->find(*names.annotations);
            if (!notes) {
              current->locals->set(Value(names.annotations), Value(make<Dict>()));
              notes = current->locals->find(*names.annotations);
            }
            notes->to<Dict>().set(Value(current->code->names[static_cast<std::size_t>(n)]), pop(current));
            break;
          }
          case Op::matchSequence: {
            const Value& subject = current->top[-1];
            push(current, Value(subject.is(Kind::list) || subject.is(Kind::tuple) || subject.is(Kind::range)));
            break;
          }
          case Op::matchMapping:
            push(current, Value(current->top[-1].is(Kind::dict)));
            break;
          case Op::matchKeys: {
            const Value key = pop(current);
            Value* found = current->top[-1].to<Dict>().find(key);
            push(current, found ? *found : Value());
            push(current, Value(found != nullptr));
            break;
          }
          case Op::matchRest: {
            const Value keys = pop(current);
            auto rest = make<Dict>();
            for (const auto& entry : current->top[-1].to<Dict>().entries()) {
              if (!entry.key.isUnbound() && !script::contains(keys, entry.key))
                rest->set(entry.key, entry.hash, entry.value);
            }
            current->top[-1] = Value(std::move(rest));
            break;
          }
          case Op::matchClass: {
            const Value keys = pop(current);
            const Value cls = pop(current);
            current->top[-1] = matchClassPattern(current->top[-1], cls, keys.to<Tuple>(), static_cast<std::size_t>(n));
            break;
          }
          case Op::getLength:
            push(current, Value(script::length(current->top[-1])));
            break;
          case Op::checkNoDuplicate:
            break;
        }
      }
    } catch (...) {
      Value exception;
      try {
        exception = currentException();
      } catch (...) {
        // Nothing a script can catch: all frames of this call end.
        if (stopLine == 0) {
          const auto at = static_cast<std::size_t>(frame->next - frame->code->instructions.data());
          const Location location = frame->code->locations[at > 0 ? at - 1 : 0];
          stopLine = location.line;
          stopColumn = location.column + 1;
        }
        while (frame != outside) {
          Frame* const back = frame->back;
          const bool entry = frame->entry;
          Frame* gone = frame;
          frame = entry ? outside : back;
          if (!entry) leave();
          if (!gone->generator) dropFrame(gone);
        }
        throw;
      }
      if (!handle(frame, exception, outside)) throw Raised{exception};
    }
  }
}

}  // namespace cadrecode::script
