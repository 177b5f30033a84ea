// The module numpy: what CAD scripts use of it. Results that are single numbers are plain floats and ints.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "script/arrays.hpp"
#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

using Shape = std::vector<std::size_t>;
using Type = Array::Type;

Value result(Ref<Array> array) {
  if (array->shape.empty()) return arrayElement(array->type, array->data[0]);
  return Value(std::move(array));
}

Type typeFrom(const Value& dtype, Type standard) {
  if (dtype.isNone()) return standard;
  if (const Class* cls = dtype.as<Class>()) {
    return cls == types().integer ? Type::integer : cls == types().boolean ? Type::boolean : Type::real;
  }
  const std::string name = isStr(dtype)                ? textOf(dtype)
                           : dtype.is(Kind::singleton) ? dtype.to<Singleton>().text
                                                       : "float";
  return name.rfind("int", 0) == 0 || name.rfind("uint", 0) == 0 ? Type::integer
         : name.rfind("bool", 0) == 0                            ? Type::boolean
                                                                 : Type::real;
}

void convert(Array& array, Type type) {
  if (type == Type::integer) {
    for (double& x : array.data) x = std::trunc(x);
  } else if (type == Type::boolean) {
    for (double& x : array.data) x = x != 0;
  }
  array.type = type;
}

Ref<Array> copyOf(const Array& array) {
  auto copy = make<Array>(array.type, array.shape);
  copy->data = array.data;
  return copy;
}

Shape shapeFrom(const Value& value) {
  Shape shape;
  const auto add = [&](const Value& item) {
    const std::int64_t n = toIndex(item);
    if (n < 0) raise("ValueError", "negative dimensions are not allowed");
    shape.push_back(static_cast<std::size_t>(n));
  };
  if (value.is(Kind::tuple) || value.is(Kind::list)) {
    for (const Value& item : listOf(value)) add(item);
  } else {
    add(value);
  }
  return shape;
}

template <class F>
Value mapped(const Value& value, F function, Type type = Type::real) {
  const auto source = toArray(value);
  auto made = make<Array>(type, source->shape);
  for (std::size_t i = 0; i < source->size(); ++i) made->data[i] = function(source->data[i]);
  return result(made);
}

template <class F>
Value paired(const Value& a, const Value& b, F function) {
  // The sum takes care of shapes; then every element is computed anew.
  const auto x = toArray(a);
  const auto y = toArray(b);
  const Value zeroX = arrayBinary(BinaryOperator::multiply, Value(y), Value(0), false);
  const Value zeroY = arrayBinary(BinaryOperator::multiply, Value(x), Value(0), false);
  const auto left = toArray(arrayBinary(BinaryOperator::add, Value(x), zeroX, false));
  const auto right = toArray(arrayBinary(BinaryOperator::add, Value(y), zeroY, false));
  auto made = make<Array>(Type::real, left->shape);
  for (std::size_t i = 0; i < made->size(); ++i) made->data[i] = function(left->data[i], right->data[i]);
  return result(made);
}

void addElementwise(Module& m, const char* name, double (*function)(double)) {
  m.function(std::string(name) + "(x)", [function](Arguments& a) { return mapped(a[0], function); });
}

// Applies a function to all elements, or along one axis.
Value reduced(const Value& value, const Value& axis, Type type,
              const std::function<double(const std::vector<double>&)>& function) {
  const auto array = toArray(value);
  if (axis.isNone()) {
    return arrayElement(type, function(std::vector<double>(array->data.begin(), array->data.end())));
  }
  std::int64_t k = toIndex(axis);
  const auto rank = static_cast<std::int64_t>(array->shape.size());
  if (k < 0) k += rank;
  if (k < 0 || k >= rank)
    raise("AxisError",
          "axis " + std::to_string(toIndex(axis)) + " is out of bounds for array of dimension " + std::to_string(rank));
  Shape shape = array->shape;
  const std::size_t extent = shape[static_cast<std::size_t>(k)];
  shape.erase(shape.begin() + k);
  std::size_t inner = 1;
  for (auto i = static_cast<std::size_t>(k) + 1; i < array->shape.size(); ++i) inner *= array->shape[i];
  auto made = make<Array>(type, shape);
  for (std::size_t i = 0; i < made->size(); ++i) {
    std::vector<double> line;
    for (std::size_t j = 0; j < extent; ++j)
      line.push_back(array->data[i / inner * extent * inner + j * inner + i % inner]);
    made->data[i] = function(line);
  }
  return result(made);
}

double sumOf(const std::vector<double>& line) { return std::accumulate(line.begin(), line.end(), 0.0); }
double meanOf(const std::vector<double>& line) {
  return line.empty() ? std::nan("") : sumOf(line) / static_cast<double>(line.size());
}
double normOf(const std::vector<double>& line) {
  double sum = 0;
  for (const double x : line) sum += x * x;
  return std::sqrt(sum);
}
double deviationOf(const std::vector<double>& line) {
  const double mean = meanOf(line);
  double sum = 0;
  for (const double x : line) sum += (x - mean) * (x - mean);
  return std::sqrt(sum / static_cast<double>(line.size()));
}
double extremeOf(const std::vector<double>& line, bool largest) {
  if (line.empty())
    raise("ValueError", std::string("zero-size array to reduction operation ") + (largest ? "maximum" : "minimum") +
                            " which has no identity");
  return largest ? *std::max_element(line.begin(), line.end()) : *std::min_element(line.begin(), line.end());
}

Type integerOr(const Value& value) {
  const Type type = toArray(value)->type;
  return type == Type::boolean ? Type::integer : type;
}

Value sumAlong(const Value& value, const Value& axis) { return reduced(value, axis, integerOr(value), sumOf); }
Value productAlong(const Value& value, const Value& axis) {
  return reduced(value, axis, integerOr(value), [](const std::vector<double>& line) {
    return std::accumulate(line.begin(), line.end(), 1.0, std::multiplies<>());
  });
}
Value extremeAlong(const Value& value, const Value& axis, bool largest) {
  return reduced(value, axis, toArray(value)->type,
                 [largest](const std::vector<double>& line) { return extremeOf(line, largest); });
}
Value truthAlong(const Value& value, const Value& axis, bool all) {
  return reduced(value, axis, Type::boolean, [all](const std::vector<double>& line) -> double {
    for (const double x : line) {
      if ((x != 0) != all) return !all;
    }
    return all;
  });
}
Value positionOf(const Value& value, bool largest) {
  return reduced(value, Value(), Type::integer, [largest](const std::vector<double>& line) {
    if (line.empty()) raise("ValueError", "attempt to get the position of an extreme of an empty sequence");
    const auto at = largest ? std::max_element(line.begin(), line.end()) : std::min_element(line.begin(), line.end());
    return static_cast<double>(at - line.begin());
  });
}

Value reshaped(const Array& array, Shape shape, std::int64_t unknown) {
  if (unknown >= 0) {
    std::size_t known = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) known *= static_cast<std::int64_t>(i) == unknown ? 1 : shape[i];
    shape[static_cast<std::size_t>(unknown)] = known == 0 ? 0 : array.size() / known;
  }
  std::size_t count = 1;
  for (const std::size_t n : shape) count *= n;
  if (count != array.size())
    raise("ValueError", "cannot reshape array of size " + std::to_string(array.size()) + " into the shape asked");
  auto made = copyOf(array);
  made->shape = std::move(shape);
  return Value(std::move(made));
}
Value reshape(const Array& array, const std::vector<Value>& sizes) {
  Shape shape;
  std::int64_t unknown = -1;
  for (const Value& size : sizes) {
    const std::int64_t n = toIndex(size);
    if (n < 0) unknown = static_cast<std::int64_t>(shape.size());
    shape.push_back(n < 0 ? 0 : static_cast<std::size_t>(n));
  }
  return reshaped(array, shape, unknown);
}

Value transposed(const Array& array) {
  if (array.shape.size() < 2) return Value(copyOf(array));
  if (array.shape.size() > 2) throwUnsupported("transposing arrays of more than two dimensions");
  auto made = make<Array>(array.type, Shape{array.shape[1], array.shape[0]});
  for (std::size_t i = 0; i < array.shape[0]; ++i) {
    for (std::size_t k = 0; k < array.shape[1]; ++k)
      made->data[k * array.shape[0] + i] = array.data[i * array.shape[1] + k];
  }
  return Value(std::move(made));
}

Value nested(const Array& array, std::size_t axis, std::size_t& next) {
  if (axis == array.shape.size()) return arrayElement(array.type, array.data[next++]);
  Values items;
  for (std::size_t i = 0; i < array.shape[axis]; ++i) items.push_back(nested(array, axis + 1, next));
  return makeList(std::move(items));
}

Value concatenated(const Value& parts, std::int64_t axis) {
  std::vector<Ref<Array>> arrays;
  for (const Value& item : listOf(parts)) arrays.push_back(toArray(item));
  if (arrays.empty()) raise("ValueError", "need at least one array to concatenate");
  Shape shape = arrays[0]->shape;
  if (axis < 0) axis += static_cast<std::int64_t>(shape.size());
  const auto k = static_cast<std::size_t>(axis);
  if (k >= shape.size()) raise("ValueError", "zero-dimensional arrays cannot be concatenated");
  Type type = arrays[0]->type;
  std::size_t total = 0;
  for (const auto& array : arrays) {
    Shape other = array->shape;
    if (other.size() != shape.size())
      raise("ValueError", "all the input array dimensions except for the concatenation axis must match exactly");
    total += other[k];
    other[k] = shape[k];
    if (other != shape)
      raise("ValueError", "all the input array dimensions except for the concatenation axis must match exactly");
    type = std::max(type, array->type);
  }
  shape[k] = total;
  auto made = make<Array>(type, shape);
  std::size_t outer = 1;
  for (std::size_t i = 0; i < k; ++i) outer *= shape[i];
  std::size_t at = 0;
  for (std::size_t o = 0; o < outer; ++o) {
    for (const auto& array : arrays) {
      const std::size_t block = array->size() / outer;
      for (std::size_t i = 0; i < block; ++i) made->data[at++] = array->data[o * block + i];
    }
  }
  return Value(std::move(made));
}

Value cross(const Value& a, const Value& b) {
  const auto x = toArray(a);
  const auto y = toArray(b);
  if (x->shape.size() != 1 || y->shape.size() != 1) throwUnsupported("numpy.cross of arrays that are no vectors");
  if (x->size() == 2 && y->size() == 2) return Value(x->data[0] * y->data[1] - x->data[1] * y->data[0]);
  if (x->size() != 3 || y->size() != 3) {
    raise("ValueError", "incompatible dimensions for cross product\n(dimension must be 2 or 3)");
  }
  auto made = make<Array>(std::max(x->type, y->type), Shape{3});
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t j = (i + 1) % 3;
    const std::size_t k = (i + 2) % 3;
    made->data[i] = x->data[j] * y->data[k] - x->data[k] * y->data[j];
  }
  return Value(std::move(made));
}

void registerMethods(Interpreter::Impl& impl) {
  Class& c = *impl.types.array;
  const auto self = [](const Value& v) -> Array& { return v.to<Array>(); };
  c.property("shape", [self](const Value& v) {
    Values sizes;
    for (const std::size_t n : self(v).shape) sizes.push_back(Value(n));
    return makeTuple(std::move(sizes));
  });
  c.property("size", [self](const Value& v) { return Value(self(v).size()); });
  c.property("ndim", [self](const Value& v) { return Value(self(v).shape.size()); });
  c.property("T", [self](const Value& v) { return transposed(self(v)); });
  c.property("dtype", [self](const Value& v) {
    const Type type = self(v).type;
    return makeStr(type == Type::real ? "float64" : type == Type::integer ? "int64" : "bool");
  });
  c.method("tolist(self)", [self](Arguments& a) {
    std::size_t next = 0;
    return nested(self(a[0]), 0, next);
  });
  c.method("copy(self)", [self](Arguments& a) { return Value(copyOf(self(a[0]))); });
  c.method("flatten(self)", [self](Arguments& a) { return reshaped(self(a[0]), {self(a[0]).size()}, -1); });
  c.method("ravel(self)", [self](Arguments& a) { return reshaped(self(a[0]), {self(a[0]).size()}, -1); });
  c.method("reshape(self, *shape)", [self](Arguments& a) {
    const Values& given = a[1].to<Tuple>().items;
    return reshape(self(a[0]), given.size() == 1 && !given[0].isNumber()
                                   ? listOf(given[0])
                                   : std::vector<Value>(given.begin(), given.end()));
  });
  c.method("astype(self, dtype)", [self](Arguments& a) {
    auto made = copyOf(self(a[0]));
    convert(*made, typeFrom(a[1], Type::real));
    return Value(made);
  });
  c.method("sum(self, axis=None)", [](Arguments& a) { return sumAlong(a[0], a[1]); });
  c.method("prod(self, axis=None)", [](Arguments& a) { return productAlong(a[0], a[1]); });
  c.method("mean(self, axis=None)", [](Arguments& a) { return reduced(a[0], a[1], Type::real, meanOf); });
  c.method("std(self, axis=None)", [](Arguments& a) { return reduced(a[0], a[1], Type::real, deviationOf); });
  c.method("min(self, axis=None)", [](Arguments& a) { return extremeAlong(a[0], a[1], false); });
  c.method("max(self, axis=None)", [](Arguments& a) { return extremeAlong(a[0], a[1], true); });
  c.method("any(self, axis=None)", [](Arguments& a) { return truthAlong(a[0], a[1], false); });
  c.method("all(self, axis=None)", [](Arguments& a) { return truthAlong(a[0], a[1], true); });
  c.method("argmax(self)", [](Arguments& a) { return positionOf(a[0], true); });
  c.method("argmin(self)", [](Arguments& a) { return positionOf(a[0], false); });
  c.method("dot(self, other)",
           [](Arguments& a) { return arrayBinary(BinaryOperator::matrixMultiply, a[0], a[1], false); });
  c.method("transpose(self)", [self](Arguments& a) { return transposed(self(a[0])); });
  c.method("item(self)", [self](Arguments& a) -> Value {
    if (self(a[0]).size() != 1) raise("ValueError", "can only convert an array of size 1 to a Python scalar");
    return arrayElement(self(a[0]).type, self(a[0]).data[0]);
  });
}

void registerCreation(Module& m) {
  m.function("array(object, dtype=None)", [](Arguments& a) {
    auto made = copyOf(*toArray(a[0]));
    if (!a[1].isNone()) convert(*made, typeFrom(a[1], Type::real));
    return Value(made);
  });
  m.function("asarray(object, dtype=None)", [](Arguments& a) {
    auto made = toArray(a[0]);
    if (!a[1].isNone()) {
      made = copyOf(*made);
      convert(*made, typeFrom(a[1], Type::real));
    }
    return Value(made);
  });
  const auto filled = [&m](const char* name, double value) {
    m.function(std::string(name) + "(shape, dtype=None)", [value](Arguments& a) {
      auto made = make<Array>(typeFrom(a[1], Type::real), shapeFrom(a[0]));
      std::fill(made->data.begin(), made->data.end(), value);
      return Value(made);
    });
    m.function(std::string(name) + "_like(a)", [value](Arguments& a) {
      auto made = copyOf(*toArray(a[0]));
      std::fill(made->data.begin(), made->data.end(), value);
      return Value(made);
    });
  };
  filled("zeros", 0);
  filled("ones", 1);
  filled("empty", 0);
  m.function("full(shape, fill_value, dtype=None)", [](Arguments& a) {
    auto made = make<Array>(typeFrom(a[2], toArray(a[1])->type), shapeFrom(a[0]));
    std::fill(made->data.begin(), made->data.end(), a.real(1));
    return Value(made);
  });
  const NativeBody identity = [](Arguments& a) {
    const std::size_t n = shapeFrom(a[0])[0];
    auto made = make<Array>(Type::real, Shape{n, n});
    for (std::size_t i = 0; i < n; ++i) made->data[i * n + i] = 1;
    return Value(made);
  };
  m.function("eye(N)", identity);
  m.function("identity(n)", identity);
  m.function("linspace(start, stop, num=50, endpoint=True, retstep=False)", [](Arguments& a) {
    const double start = a.real(0);
    const double stop = a.real(1);
    const Shape shape = shapeFrom(a[2]);
    const bool endpoint = a.boolean(3);
    auto made = make<Array>(Type::real, shape);
    const double intervals = static_cast<double>(shape[0]) - (endpoint ? 1 : 0);
    const double step = intervals > 0 ? (stop - start) / intervals : std::nan("");
    for (std::size_t i = 0; i < made->size(); ++i) {
      made->data[i] = intervals > 0 ? static_cast<double>(i) * step + start : start;
    }
    if (endpoint && made->size() > 1) made->data.back() = stop;
    return a.boolean(4) ? makeTuple({Value(made), Value(step)}) : Value(made);
  });
  m.function("arange(start, stop=None, step=1, dtype=None)", [](Arguments& a) -> Value {
    const Value from = a[1].isNone() ? Value(0) : a[0];
    const Value to = a[1].isNone() ? a[0] : a[1];
    const bool integers = from.isIntegral() && to.isIntegral() && a[2].isIntegral();
    const double start = toReal(from);
    const double step = a.real(2);
    if (step == 0) raise("ZeroDivisionError", "division by zero");
    const double count = std::ceil((toReal(to) - start) / step);
    if (std::isnan(count) || count > 1e9) raise("ValueError", "Maximum allowed size exceeded");
    auto made = make<Array>(typeFrom(a[3], integers ? Type::integer : Type::real),
                            Shape{count > 0 ? static_cast<std::size_t>(count) : 0});
    const double delta = (start + step) - start;
    for (std::size_t i = 0; i < made->size(); ++i) made->data[i] = start + static_cast<double>(i) * delta;
    return Value(made);
  });
}

void registerElementwise(Module& m) {
  struct Entry {
    const char* name;
    double (*function)(double);
  };
  const Entry entries[] = {{"sin", std::sin},
                           {"cos", std::cos},
                           {"tan", std::tan},
                           {"arcsin", std::asin},
                           {"arccos", std::acos},
                           {"arctan", std::atan},
                           {"sinh", std::sinh},
                           {"cosh", std::cosh},
                           {"tanh", std::tanh},
                           {"sqrt", std::sqrt},
                           {"cbrt", std::cbrt},
                           {"exp", std::exp},
                           {"log", std::log},
                           {"log2", std::log2},
                           {"log10", std::log10},
                           {"floor", std::floor},
                           {"ceil", std::ceil},
                           {"trunc", std::trunc},
                           {"deg2rad", [](double x) { return x * (M_PI / 180); }},
                           {"radians", [](double x) { return x * (M_PI / 180); }},
                           {"rad2deg", [](double x) { return x * (180 / M_PI); }},
                           {"degrees", [](double x) { return x * (180 / M_PI); }}};
  for (const Entry& entry : entries) addElementwise(m, entry.name, entry.function);
  const auto keepType = [&m](const char* name, double (*function)(double)) {
    m.function(std::string(name) + "(x)",
               [function](Arguments& a) { return mapped(a[0], function, toArray(a[0])->type); });
  };
  keepType("abs", std::fabs);
  keepType("absolute", std::fabs);
  keepType("square", [](double x) { return x * x; });
  keepType("sign", [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; });
  m.function("isnan(x)", [](Arguments& a) {
    return mapped(
        a[0], [](double x) -> double { return std::isnan(x); }, Type::boolean);
  });
  m.function("round(a, decimals=0)", [](Arguments& a) {
    const Value digits = a[1];
    return mapped(
        a[0], [&](double x) { return toReal(roundNumber(Value(x), digits)); }, toArray(a[0])->type);
  });
  m.function("arctan2(x1, x2)",
             [](Arguments& a) { return paired(a[0], a[1], [](double x, double y) { return std::atan2(x, y); }); });
  m.function("hypot(x1, x2)",
             [](Arguments& a) { return paired(a[0], a[1], [](double x, double y) { return std::hypot(x, y); }); });
  m.function("maximum(x1, x2)",
             [](Arguments& a) { return paired(a[0], a[1], [](double x, double y) { return std::max(x, y); }); });
  m.function("minimum(x1, x2)",
             [](Arguments& a) { return paired(a[0], a[1], [](double x, double y) { return std::min(x, y); }); });
  m.function("power(x1, x2)", [](Arguments& a) { return arrayBinary(BinaryOperator::power, a[0], a[1], false); });
  m.function("mod(x1, x2)", [](Arguments& a) { return arrayBinary(BinaryOperator::modulo, a[0], a[1], false); });
  m.function("add(x1, x2)", [](Arguments& a) { return arrayBinary(BinaryOperator::add, a[0], a[1], false); });
  m.function("subtract(x1, x2)", [](Arguments& a) { return arrayBinary(BinaryOperator::subtract, a[0], a[1], false); });
  m.function("multiply(x1, x2)", [](Arguments& a) { return arrayBinary(BinaryOperator::multiply, a[0], a[1], false); });
  m.function("divide(x1, x2)", [](Arguments& a) { return arrayBinary(BinaryOperator::divide, a[0], a[1], false); });
  m.function("clip(a, a_min, a_max)", [](Arguments& a) {
    const double low = a[1].isNone() ? -INFINITY : a.real(1);
    const double high = a[2].isNone() ? INFINITY : a.real(2);
    return mapped(
        a[0], [=](double x) { return std::min(std::max(x, low), high); }, toArray(a[0])->type);
  });
}

}  // namespace

void registerNumpy(Interpreter::Impl& impl) {
  Module& m = impl.owner.module("numpy");
  registerMethods(impl);
  registerCreation(m);
  registerElementwise(m);
  m.function("sum(a, axis=None)", [](Arguments& a) { return sumAlong(a[0], a[1]); });
  m.function("prod(a, axis=None)", [](Arguments& a) { return productAlong(a[0], a[1]); });
  m.function("mean(a, axis=None)", [](Arguments& a) { return reduced(a[0], a[1], Type::real, meanOf); });
  m.function("std(a, axis=None)", [](Arguments& a) { return reduced(a[0], a[1], Type::real, deviationOf); });
  for (const char* name : {"min", "amin"})
    m.function(std::string(name) + "(a, axis=None)", [](Arguments& a) { return extremeAlong(a[0], a[1], false); });
  for (const char* name : {"max", "amax"})
    m.function(std::string(name) + "(a, axis=None)", [](Arguments& a) { return extremeAlong(a[0], a[1], true); });
  m.function("any(a, axis=None)", [](Arguments& a) { return truthAlong(a[0], a[1], false); });
  m.function("all(a, axis=None)", [](Arguments& a) { return truthAlong(a[0], a[1], true); });
  m.function("argmax(a)", [](Arguments& a) { return positionOf(a[0], true); });
  m.function("argmin(a)", [](Arguments& a) { return positionOf(a[0], false); });
  m.function("dot(a, b)", [](Arguments& a) {
    return arrayBinary(a[0].isNumber() || a[1].isNumber() ? BinaryOperator::multiply : BinaryOperator::matrixMultiply,
                       a[0], a[1], false);
  });
  m.function("matmul(a, b)",
             [](Arguments& a) { return arrayBinary(BinaryOperator::matrixMultiply, a[0], a[1], false); });
  m.function("cross(a, b)", [](Arguments& a) { return cross(a[0], a[1]); });
  m.function("transpose(a)", [](Arguments& a) { return transposed(*toArray(a[0])); });
  m.function("reshape(a, shape)", [](Arguments& a) {
    return reshape(*toArray(a[0]), a[1].isNumber() ? std::vector<Value>{a[1]} : listOf(a[1]));
  });
  m.function("concatenate(arrays, axis=0)", [](Arguments& a) { return concatenated(a[0], a.integer(1)); });
  m.function("append(arr, values)", [](Arguments& a) {
    const auto x = toArray(a[0]);
    const auto y = toArray(a[1]);
    return concatenated(makeTuple({reshaped(*x, {x->size()}, -1), reshaped(*y, {y->size()}, -1)}), 0);
  });
  m.function("vstack(tup)", [](Arguments& a) {
    Values rows;
    for (const Value& item : listOf(a[0])) {
      const auto array = toArray(item);
      rows.push_back(array->shape.size() == 1 ? reshaped(*array, {1, array->size()}, -1) : Value(array));
    }
    return concatenated(makeTuple(std::move(rows)), 0);
  });
  m.function("hstack(tup)", [](Arguments& a) {
    const std::vector<Value> parts = listOf(a[0]);
    const bool flat = !parts.empty() && toArray(parts[0])->shape.size() < 2;
    return concatenated(makeTuple(parts), flat ? 0 : 1);
  });
  m.function("column_stack(tup)", [](Arguments& a) {
    Values columns;
    for (const Value& item : listOf(a[0])) {
      const auto array = toArray(item);
      columns.push_back(array->shape.size() == 1 ? reshaped(*array, {array->size(), 1}, -1) : Value(array));
    }
    return concatenated(makeTuple(std::move(columns)), 1);
  });
  m.function("cumsum(a)", [](Arguments& a) {
    auto made = copyOf(*toArray(a[0]));
    made->shape = {made->size()};
    std::partial_sum(made->data.begin(), made->data.end(), made->data.begin());
    return Value(made);
  });
  m.function("diff(a)", [](Arguments& a) {
    const auto source = toArray(a[0]);
    auto made = make<Array>(source->type, Shape{source->size() > 0 ? source->size() - 1 : 0});
    for (std::size_t i = 0; i < made->size(); ++i) made->data[i] = source->data[i + 1] - source->data[i];
    return Value(made);
  });
  m.function("sort(a)", [](Arguments& a) {
    auto made = copyOf(*toArray(a[0]));
    if (made->shape.size() > 1) throwUnsupported("numpy.sort of arrays of more than one dimension");
    std::sort(made->data.begin(), made->data.end());
    return Value(made);
  });
  m.function("isclose(a, b, rtol=1e-05, atol=1e-08)", [](Arguments& a) {
    const double relative = a.real(2);
    const double absolute = a.real(3);
    const Value close = paired(a[0], a[1], [=](double x, double y) -> double {
      return std::fabs(x - y) <= absolute + relative * std::fabs(y);
    });
    if (close.isNumber()) return Value(truth(close));
    convert(close.to<Array>(), Type::boolean);
    return close;
  });
  m.function("allclose(a, b, rtol=1e-05, atol=1e-08)", [](Arguments& a) {
    const double relative = a.real(2);
    const double absolute = a.real(3);
    const Value close = paired(a[0], a[1], [=](double x, double y) -> double {
      return std::fabs(x - y) <= absolute + relative * std::fabs(y);
    });
    return Value(truth(truthAlong(close, Value(), true)));
  });
  m.function("array_equal(a1, a2)", [](Arguments& a) {
    const auto x = toArray(a[0]);
    const auto y = toArray(a[1]);
    return Value(x->shape == y->shape && std::equal(x->data.begin(), x->data.end(), y->data.begin()));
  });
  Module& linear = impl.owner.module("numpy.linalg");
  linear.function("norm(x, ord=None, axis=None)", [](Arguments& a) { return reduced(a[0], a[2], Type::real, normOf); });
  m.add("pi", Value(M_PI));
  m.add("e", Value(M_E));
  m.add("inf", Value(static_cast<double>(INFINITY)));
  m.add("nan", Value(std::nan("")));
  m.add("newaxis", Value());
  m.add("ndarray", Value(impl.types.array));
  m.add("float64", Value(impl.types.real));
  m.add("float32", Value(impl.types.real));
  m.add("int64", Value(impl.types.integer));
  m.add("int32", Value(impl.types.integer));
  m.add("bool_", Value(impl.types.boolean));
}

}  // namespace cadrecode::script
