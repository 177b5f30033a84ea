// Arrays: elementwise operators with broadcasting, indexing, text.
#include "script/arrays.hpp"

#include <cmath>

#include "script/builtin_support.hpp"

namespace cadrecode::script {

Array::Array(Type elements, std::vector<std::size_t> dimensions)
    : Object(kKind, types().array), type(elements), shape(std::move(dimensions)) {
  std::size_t count = 1;
  for (const std::size_t n : shape) {
    if (n != 0 && count > SIZE_MAX / 64 / n) raise("ValueError", "array is too big");
    count *= n;
  }
  heap().check(count * sizeof(double));
  countSteps(count / 8);
  data.resize(count);
}

Value arrayElement(Array::Type type, double value) {
  switch (type) {
    case Array::Type::boolean:
      return Value(value != 0);
    case Array::Type::integer:
      return Value(static_cast<std::int64_t>(value));
    default:
      return Value(value);
  }
}

namespace {

using Shape = std::vector<std::size_t>;

// Shape and elements of nested sequences.
void gather(const Value& value, std::size_t depth, Shape& shape, std::vector<double>& data, Array::Type& type) {
  const RecursionGuard guard;
  if (value.isNumber() || plainValue(value).isNumber()) {
    if (depth != shape.size())
      raise("ValueError", "setting an array element with a sequence. The requested array has an inhomogeneous shape.");
    const Value& plain = plainValue(value);
    const Array::Type mine = plain.isBool()  ? Array::Type::boolean
                             : plain.isInt() ? Array::Type::integer
                                             : Array::Type::real;
    if (static_cast<int>(mine) > static_cast<int>(type)) type = mine;
    data.push_back(plain.number());
    return;
  }
  if (const Array* array = value.as<Array>()) {
    if (static_cast<int>(array->type) > static_cast<int>(type)) type = array->type;
    for (std::size_t i = 0; i < array->shape.size(); ++i) {
      if (depth + i >= shape.size() && data.empty()) shape.push_back(array->shape[i]);
    }
    data.insert(data.end(), array->data.begin(), array->data.end());
    return;
  }
  if (!isIterable(value) || isStr(value))
    raise("TypeError", "unsupported element of an array: '" + typeName(value) + "'");
  const std::vector<Value> items = listOf(value);
  if (depth == shape.size() && data.empty()) {
    shape.push_back(items.size());
  } else if (depth >= shape.size() || shape[depth] != items.size()) {
    raise("ValueError", "setting an array element with a sequence. The requested array has an inhomogeneous shape.");
  }
  for (const Value& item : items) gather(item, depth + 1, shape, data, type);
}

std::string shapeText(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? "," : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

Shape broadcastShape(const Shape& a, const Shape& b) {
  Shape result(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::size_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::size_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) {
      raise("ValueError",
            "operands could not be broadcast together with shapes " + shapeText(a) + " " + shapeText(b) + " ");
    }
    result[result.size() - 1 - i] = x == 1 ? y : x;
  }
  return result;
}

// The element of `from` that belongs to the element `index` of a result of shape `to`.
std::size_t broadcastIndex(std::size_t index, const Shape& to, const Shape& from) {
  std::size_t result = 0;
  std::size_t stride = 1;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t extent = to[to.size() - 1 - i];
    const std::size_t mine = from[from.size() - 1 - i];
    if (mine != 1) result += index % extent * stride;
    index /= extent;
    stride *= mine;
  }
  return result;
}

template <class F>
Ref<Array> elementwise(const Array& a, const Array& b, Array::Type type, F operation) {
  auto result = make<Array>(type, broadcastShape(a.shape, b.shape));
  const bool same = a.shape == b.shape;
  for (std::size_t i = 0; i < result->size(); ++i) {
    const std::size_t x = same ? i : broadcastIndex(i, result->shape, a.shape);
    const std::size_t y = same ? i : broadcastIndex(i, result->shape, b.shape);
    result->data[i] = operation(a.data[x], b.data[y]);
  }
  return result;
}

Value scalarOrArray(Ref<Array> array) {
  if (array->shape.empty()) return arrayElement(array->type, array->data[0]);
  return Value(std::move(array));
}

std::string elementText(double value, Array::Type type, int decimals) {
  if (type == Array::Type::boolean) return value != 0 ? "True" : "False";
  if (type == Array::Type::integer) return std::to_string(static_cast<std::int64_t>(value));
  if (!std::isfinite(value)) return formatReal(value);
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

}  // namespace

Ref<Array> toArray(const Value& value) {
  if (Array* array = value.as<Array>()) return Ref<Array>(array);
  Shape shape;
  std::vector<double> data;
  Array::Type type = Array::Type::boolean;
  gather(value, 0, shape, data, type);
  if (data.empty()) type = Array::Type::real;
  auto array = make<Array>(type, shape);
  if (array->size() != data.size()) {
    raise("ValueError", "setting an array element with a sequence. The requested array has an inhomogeneous shape.");
  }
  std::copy(data.begin(), data.end(), array->data.begin());
  return array;
}

bool arrayTruth(const Value& value) {
  const Array& array = value.to<Array>();
  if (array.size() > 1) {
    raise("ValueError", "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
  }
  return array.size() == 1 && array.data[0] != 0;
}

Value arrayCompare(CompareOperator op, const Value& left, const Value& right) {
  const bool comparable = (left.isNumber() || left.is(Kind::array) || left.is(Kind::list) || left.is(Kind::tuple)) &&
                          (right.isNumber() || right.is(Kind::array) || right.is(Kind::list) || right.is(Kind::tuple));
  if (!comparable) return Value(op == CompareOperator::notEqual);
  const auto a = toArray(left);
  const auto b = toArray(right);
  return scalarOrArray(elementwise(*a, *b, Array::Type::boolean, [op](double x, double y) -> double {
    switch (op) {
      case CompareOperator::less:
        return x < y;
      case CompareOperator::lessEqual:
        return x <= y;
      case CompareOperator::equal:
        return x == y;
      case CompareOperator::notEqual:
        return x != y;
      case CompareOperator::greater:
        return x > y;
      default:
        return x >= y;
    }
  }));
}

namespace {

Ref<Array> matrixProduct(const Array& a, const Array& b) {
  const auto mismatch = [] { raise("ValueError", "matmul: Input operand 1 has a mismatch in its core dimension 0"); };
  if (a.shape.empty() || b.shape.empty() || a.shape.size() > 2 || b.shape.size() > 2) {
    throwUnsupported("products of arrays of these shapes");
  }
  const std::size_t rows = a.shape.size() == 2 ? a.shape[0] : 1;
  const std::size_t inner = a.shape.back();
  const std::size_t columns = b.shape.size() == 2 ? b.shape[1] : 1;
  if (b.shape[0] != inner) mismatch();
  Shape shape;
  if (a.shape.size() == 2) shape.push_back(rows);
  if (b.shape.size() == 2) shape.push_back(columns);
  auto result = make<Array>(std::max(a.type, b.type), shape);
  countSteps(rows * columns * inner / 8);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < columns; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < inner; ++j) sum += a.data[i * inner + j] * b.data[j * columns + k];
      result->data[i * columns + k] = sum;
    }
  }
  return result;
}

double apply(BinaryOperator op, double x, double y, bool integers) {
  switch (op) {
    case BinaryOperator::add:
      return x + y;
    case BinaryOperator::subtract:
      return x - y;
    case BinaryOperator::multiply:
      return x * y;
    case BinaryOperator::divide:
      return x / y;
    case BinaryOperator::floorDivide:
      return integers && y == 0 ? 0 : y == 0 ? std::floor(x / y) : realFloorDivide(x, y);
    case BinaryOperator::modulo:
      return integers && y == 0 ? 0 : y == 0 ? std::nan("") : realModulo(x, y);
    case BinaryOperator::power:
      return std::pow(x, y);
    case BinaryOperator::bitAnd:
      return static_cast<double>(static_cast<std::int64_t>(x) & static_cast<std::int64_t>(y));
    case BinaryOperator::bitOr:
      return static_cast<double>(static_cast<std::int64_t>(x) | static_cast<std::int64_t>(y));
    case BinaryOperator::bitXor:
      return static_cast<double>(static_cast<std::int64_t>(x) ^ static_cast<std::int64_t>(y));
    default:
      throwUnsupported("this operator on arrays");
  }
}

}  // namespace

Value arrayBinary(BinaryOperator op, const Value& left, const Value& right, bool inPlace) {
  const auto fits = [](const Value& v) {
    return v.isNumber() || v.is(Kind::array) || v.is(Kind::list) || v.is(Kind::tuple);
  };
  if (!fits(left) || !fits(right)) {
    raise("TypeError",
          "unsupported operand type(s) for an array operation: '" + typeName(left) + "' and '" + typeName(right) + "'");
  }
  const auto a = toArray(left);
  const auto b = toArray(right);
  if (op == BinaryOperator::matrixMultiply) return scalarOrArray(matrixProduct(*a, *b));
  Array::Type type = std::max(a->type, b->type);
  const bool integers = type != Array::Type::real;
  if (op == BinaryOperator::divide) type = Array::Type::real;
  const bool bits = op == BinaryOperator::bitAnd || op == BinaryOperator::bitOr || op == BinaryOperator::bitXor;
  if (type == Array::Type::boolean && !bits) type = Array::Type::integer;
  if (bits && !integers) raise("TypeError", "ufunc 'bitwise' not supported for the input types");
  if (op == BinaryOperator::power && integers) {
    for (const double exponent : b->data) {
      if (exponent < 0) raise("ValueError", "Integers to negative integer powers are not allowed.");
    }
  }
  auto result = elementwise(*a, *b, type, [op, integers](double x, double y) { return apply(op, x, y, integers); });
  if (inPlace && left.is(Kind::array) && result->shape == a->shape) {
    if (type == Array::Type::real && a->type != Array::Type::real) {
      raise("UFuncTypeError",
            "Cannot cast ufunc output from dtype('float64') to dtype('int64') with casting rule 'same_kind'");
    }
    a->data = result->data;
    return left;
  }
  return scalarOrArray(result);
}

Value arrayInvert(const Value& value) {
  const Array& array = value.to<Array>();
  if (array.type == Array::Type::real) raise("TypeError", "ufunc 'invert' not supported for the input types");
  auto result = make<Array>(array.type, array.shape);
  for (std::size_t i = 0; i < array.size(); ++i) {
    result->data[i] = array.type == Array::Type::boolean ? (array.data[i] == 0 ? 1.0 : 0.0) : -array.data[i] - 1;
  }
  return Value(std::move(result));
}

namespace {

// The elements an index selects, by their places, and the shape they make.
struct Selection {
  std::vector<std::size_t> places;
  Shape shape;
};

Selection select(const Array& array, const Value& key) {
  Values parts;
  if (const Tuple* tuple = key.as<Tuple>()) {
    parts = tuple->items;
  } else {
    parts.push_back(key);
  }
  Selection selection{{0}, {}};
  std::size_t axis = 0;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const Value& part = parts[p];
    if (part.isNone()) {
      selection.shape.push_back(1);
      continue;
    }
    if (part.same(machine().ellipsis)) {
      std::size_t rest = 0;
      for (std::size_t q = p + 1; q < parts.size(); ++q) rest += parts[q].isNone() ? 0 : 1;
      Values full;
      for (std::size_t k = axis; k + rest < array.shape.size(); ++k)
        full.push_back(Value(make<Slice>(Value(), Value(), Value())));
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(p));
      parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(p), full.begin(), full.end());
      --p;
      continue;
    }
    if (axis >= array.shape.size()) {
      raise("IndexError", "too many indices for array: array is " + std::to_string(array.shape.size()) +
                              "-dimensional, but " + std::to_string(parts.size()) + " were indexed");
    }
    const std::size_t extent = array.shape[axis];
    std::vector<std::size_t> chosen;
    if (const Slice* slice = part.as<Slice>()) {
      const SliceIndices at = sliceIndices(*slice, static_cast<std::int64_t>(extent));
      for (std::int64_t i = 0; i < at.count; ++i) chosen.push_back(static_cast<std::size_t>(at.start + i * at.step));
      selection.shape.push_back(chosen.size());
    } else if (part.is(Kind::array) || part.is(Kind::list)) {
      const auto indices = toArray(part);
      if (indices->type == Array::Type::boolean) {
        if (indices->size() != extent) {
          raise("IndexError", "boolean index did not match indexed array along dimension " + std::to_string(axis));
        }
        for (std::size_t i = 0; i < extent; ++i) {
          if (indices->data[i] != 0) chosen.push_back(i);
        }
      } else {
        for (const double index : indices->data) {
          const auto i = static_cast<std::int64_t>(index) + (index < 0 ? static_cast<std::int64_t>(extent) : 0);
          if (i < 0 || i >= static_cast<std::int64_t>(extent))
            raise("IndexError", "index " + formatReal(index) + " is out of bounds");
          chosen.push_back(static_cast<std::size_t>(i));
        }
      }
      selection.shape.push_back(chosen.size());
    } else {
      if (!plainValue(part).isIntegral()) {
        raise("IndexError",
              "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are "
              "valid indices");
      }
      const std::int64_t given = toIndex(part);
      const std::int64_t index = given < 0 ? given + static_cast<std::int64_t>(extent) : given;
      if (index < 0 || index >= static_cast<std::int64_t>(extent)) {
        raise("IndexError", "index " + std::to_string(given) + " is out of bounds for axis " + std::to_string(axis) +
                                " with size " + std::to_string(extent));
      }
      chosen.push_back(static_cast<std::size_t>(index));
    }
    Heap::current().check(selection.places.size() * chosen.size() * sizeof(std::size_t));
    std::vector<std::size_t> places;
    for (const std::size_t place : selection.places) {
      for (const std::size_t i : chosen) places.push_back(place * extent + i);
    }
    selection.places.swap(places);
    ++axis;
  }
  std::size_t block = 1;
  for (; axis < array.shape.size(); ++axis) {
    selection.shape.push_back(array.shape[axis]);
    block *= array.shape[axis];
  }
  if (block != 1 || selection.places.empty()) {
    std::vector<std::size_t> places;
    for (const std::size_t place : selection.places) {
      for (std::size_t i = 0; i < block; ++i) places.push_back(place * block + i);
    }
    selection.places.swap(places);
  }
  return selection;
}

}  // namespace

Value arrayGetItem(const Value& value, const Value& key) {
  const Array& array = value.to<Array>();
  const Selection selection = select(array, key);
  if (selection.shape.empty()) return arrayElement(array.type, array.data[selection.places[0]]);
  auto result = make<Array>(array.type, selection.shape);
  for (std::size_t i = 0; i < selection.places.size(); ++i) result->data[i] = array.data[selection.places[i]];
  return Value(std::move(result));
}

void arraySetItem(const Value& value, const Value& key, const Value& item) {
  Array& array = value.to<Array>();
  const Selection selection = select(array, key);
  const auto source = toArray(item);
  if (source->size() == 0 && !selection.places.empty()) raise("ValueError", "could not broadcast input array");
  const Shape shape = broadcastShape(selection.shape, source->shape);
  if (shape != selection.shape && source->size() != 1) {
    raise("ValueError", "could not broadcast input array from shape " + shapeText(source->shape) + " into shape " +
                            shapeText(selection.shape));
  }
  for (std::size_t i = 0; i < selection.places.size(); ++i) {
    double number = source->data[source->size() == 1 ? 0 : broadcastIndex(i, selection.shape, source->shape)];
    if (array.type == Array::Type::integer) number = std::trunc(number);
    if (array.type == Array::Type::boolean) number = number != 0;
    array.data[selection.places[i]] = number;
  }
}

Value arrayIterator(const Value& array) {
  if (array.to<Array>().shape.empty()) raise("TypeError", "iteration over a 0-d array");
  return makeIterator("ndarray_iterator", Values{array, Value(0)}, [](Values& held, Value& item) -> bool {
    if (held[1].integer() >= static_cast<std::int64_t>(held[0].to<Array>().shape[0])) return false;
    item = arrayGetItem(held[0], held[1]);
    held[1] = Value(held[1].integer() + 1);
    return true;
  });
}

std::string arrayText(const Array& array, bool asRepr) {
  // All numbers with as many decimals as the one that needs most (at most 8), and as wide as the widest.
  int decimals = 0;
  for (const double value : array.data) {
    if (array.type != Array::Type::real || !std::isfinite(value)) continue;
    char buffer[400];
    std::snprintf(buffer, sizeof buffer, "%.8f", value);
    std::string text = buffer;
    while (text.back() == '0') text.pop_back();
    decimals = std::max(decimals, static_cast<int>(text.size() - text.find('.') - 1));
  }
  std::size_t width = 0;
  std::vector<std::string> texts;
  for (const double value : array.data) {
    std::string text = elementText(value, array.type, decimals);
    if (array.type == Array::Type::real && std::isfinite(value)) {
      if (decimals == 0)
        text += ".";
      else
        for (std::size_t i = text.size(); text[i - 1] == '0'; --i) text[i - 1] = ' ';
    }
    width = std::max(width, text.size());
    texts.push_back(text);
  }
  std::string out;
  std::size_t next = 0;
  const std::string indent = asRepr ? "       " : " ";
  const std::function<void(std::size_t)> write = [&](std::size_t axis) {
    if (axis == array.shape.size()) {
      const std::string& text = texts[next++];
      out += std::string(width - text.size(), ' ') + text;
      return;
    }
    out += "[";
    for (std::size_t i = 0; i < array.shape[axis]; ++i) {
      if (i > 0) {
        out += asRepr ? "," : "";
        if (axis + 1 == array.shape.size()) {
          out += " ";
        } else {
          out += std::string(array.shape.size() - axis - 1, '\n') + std::string(axis, ' ') + indent;
        }
      }
      write(axis + 1);
    }
    out += "]";
  };
  write(0);
  return asRepr ? "array(" + out + ")" : out;
}

}  // namespace cadrecode::script
