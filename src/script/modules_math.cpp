// The module math.
#include <cerrno>
#include <cmath>

#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

Module& mathModule(Interpreter::Impl& impl) { return impl.owner.module("math"); }

[[noreturn]] void domain() { raise("ValueError", "math domain error"); }
[[noreturn]] void range() { raise("OverflowError", "math range error"); }

// A result that is not finite from arguments that are means an error.
double checked(double result, double argument, bool overflows) {
  if (std::isnan(result) && !std::isnan(argument)) domain();
  if (std::isinf(result) && std::isfinite(argument)) {
    if (overflows) range();
    domain();
  }
  return result;
}

template <double (*F)(double), bool kOverflows = false>
Value unary(const PlainArguments& a) {
  const double x = toReal(a[0]);
  return Value(checked(F(x), x, kOverflows));
}

double gammaOf(double x) {
  if (x == std::floor(x) && x <= 0) domain();
  if (x == std::floor(x) && x <= 23) {
    double result = 1;
    for (double i = 2; i < x; ++i) result *= i;
    return result;
  }
  return std::tgamma(x);
}
double sqrtOf(double x) {
  if (x < 0) domain();
  return std::sqrt(x);
}
double logOf(double x) {
  if (x <= 0) domain();
  return std::log(x);
}
double log2Of(double x) {
  if (x <= 0) domain();
  return std::log2(x);
}
double log10Of(double x) {
  if (x <= 0) domain();
  return std::log10(x);
}

enum class Rounding { floor, ceil, trunc };
Value rounded(const PlainArguments& a, Rounding way) {
  const Value& plain = plainValue(a[0]);
  if (plain.isIntegral()) return Value(plain.integer());
  if (!plain.isFloat()) {
    const Names& n = names();
    const Str& name = way == Rounding::floor ? *n.floor : way == Rounding::ceil ? *n.ceil : *n.trunc;
    const Value method = specialMethod(a[0], name);
    if (!method.isUnbound()) return call(method);
    if (way == Rounding::trunc) raise("TypeError", "type " + typeName(a[0]) + " doesn't define __trunc__ method");
  }
  const double x = toReal(a[0]);
  return Value(floorToInteger(way == Rounding::floor  ? std::floor(x)
                              : way == Rounding::ceil ? std::ceil(x)
                                                      : std::trunc(x)));
}

std::int64_t gcdOf(std::int64_t a, std::int64_t b) {
  while (b != 0) {
    const std::int64_t rest = b == -1 ? 0 : a % b;
    a = b;
    b = rest;
  }
  if (a == INT64_MIN) raise("OverflowError", "integer result does not fit in 64 bits");
  return a < 0 ? -a : a;
}

Value multiply(const Value& a, const Value& b) { return binary(BinaryOperator::multiply, a, b); }

Value hypot(const PlainArguments& a) {
  if (a.count == 2) return Value(std::hypot(toReal(a[0]), toReal(a[1])));
  double largest = 0;
  std::vector<double> parts;
  for (std::size_t i = 0; i < a.count; ++i) {
    parts.push_back(std::fabs(toReal(a[i])));
    if (std::isinf(parts.back())) return Value(INFINITY);
    largest = std::fmax(largest, parts.back());
  }
  if (largest == 0) return Value(0.0);
  long double sum = 0;
  for (const double part : parts) sum += static_cast<long double>(part / largest) * (part / largest);
  return Value(static_cast<double>(largest * std::sqrt(sum)));
}

// Shewchuk's exact sum.
Value fsum(const PlainArguments& a) {
  std::vector<double> partials;
  double special = 0;
  forEach(a[0], [&](const Value& item) {
    double x = toReal(item);
    if (!std::isfinite(x)) {
      special += x;
      return;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < partials.size(); ++i) {
      double y = partials[i];
      if (std::fabs(x) < std::fabs(y)) std::swap(x, y);
      const double high = x + y;
      const double low = y - (high - x);
      if (low != 0) partials[kept++] = low;
      x = high;
    }
    partials.resize(kept);
    partials.push_back(x);
  });
  if (special != 0 || std::isnan(special)) return Value(special);
  if (partials.empty()) return Value(0.0);
  std::size_t n = partials.size() - 1;
  double high = partials[n];
  double low = 0;
  while (n > 0) {
    const double x = high;
    const double y = partials[--n];
    high = x + y;
    low = y - (high - x);
    if (low != 0) break;
  }
  if (n > 0 && ((low < 0 && partials[n - 1] < 0) || (low > 0 && partials[n - 1] > 0))) {
    const double y = low * 2;
    const double x = high + y;
    if (y == x - high) high = x;
  }
  return Value(high);
}

Value power(const PlainArguments& a) {
  const double x = toReal(a[0]);
  const double y = toReal(a[1]);
  const double result = std::pow(x, y);
  if (std::isfinite(x) && std::isfinite(y)) {
    if (std::isnan(result) || (x == 0 && y < 0)) domain();
    if (std::isinf(result)) range();
  }
  return Value(result);
}

Value combinations(std::int64_t n, std::int64_t k) {
  if (n < 0) raise("ValueError", "n must be a non-negative integer");
  if (k < 0) raise("ValueError", "k must be a non-negative integer");
  if (k > n) return Value(0);
  if (k > n - k) k = n - k;
  __extension__ typedef __int128 Wide;
  Wide result = 1;
  for (std::int64_t i = 1; i <= k; ++i) {
    result = result * (n - k + i) / i;
    if (result > INT64_MAX) raise("OverflowError", "integer result does not fit in 64 bits");
  }
  return Value(static_cast<std::int64_t>(result));
}

void registerElementary(Module& m) {
  m.plain("sqrt", 1, 1, unary<sqrtOf>);
  m.plain("cbrt", 1, 1, unary<std::cbrt>);
  m.plain("exp", 1, 1, unary<std::exp, true>);
  m.plain("exp2", 1, 1, unary<std::exp2, true>);
  m.plain("expm1", 1, 1, unary<std::expm1, true>);
  m.plain("log2", 1, 1, unary<log2Of>);
  m.plain("log10", 1, 1, unary<log10Of>);
  m.plain("log1p", 1, 1, unary<std::log1p>);
  m.plain("sin", 1, 1, unary<std::sin>);
  m.plain("cos", 1, 1, unary<std::cos>);
  m.plain("tan", 1, 1, unary<std::tan>);
  m.plain("asin", 1, 1, unary<std::asin>);
  m.plain("acos", 1, 1, unary<std::acos>);
  m.plain("atan", 1, 1, unary<std::atan>);
  m.plain("sinh", 1, 1, unary<std::sinh, true>);
  m.plain("cosh", 1, 1, unary<std::cosh, true>);
  m.plain("tanh", 1, 1, unary<std::tanh>);
  m.plain("asinh", 1, 1, unary<std::asinh>);
  m.plain("acosh", 1, 1, unary<std::acosh>);
  m.plain("atanh", 1, 1, unary<std::atanh>);
  m.plain("gamma", 1, 1, unary<gammaOf, true>);
  m.plain("lgamma", 1, 1, unary<std::lgamma, true>);
  m.plain("erf", 1, 1, unary<std::erf>);
  m.plain("erfc", 1, 1, unary<std::erfc>);
  m.plain("fabs", 1, 1, unary<std::fabs>);
  m.plain("degrees", 1, 1, [](const PlainArguments& a) { return Value(toReal(a[0]) * (180.0 / M_PI)); });
  m.plain("radians", 1, 1, [](const PlainArguments& a) { return Value(toReal(a[0]) * (M_PI / 180.0)); });
  m.plain("atan2", 2, 2, [](const PlainArguments& a) { return Value(std::atan2(toReal(a[0]), toReal(a[1]))); });
  m.plain("copysign", 2, 2, [](const PlainArguments& a) { return Value(std::copysign(toReal(a[0]), toReal(a[1]))); });
  m.plain("nextafter", 2, 2, [](const PlainArguments& a) { return Value(std::nextafter(toReal(a[0]), toReal(a[1]))); });
  m.plain("pow", 2, 2, power);
  m.plain("hypot", 0, -1, hypot);
  m.plain("log", 0, -1, [](const PlainArguments& a) -> Value {
    if (a.count < 1 || a.count > 2) raise("TypeError", "math.log requires 1 to 2 arguments");
    const double x = logOf(toReal(a[0]));
    if (a.count == 1) return Value(x);
    const double base = logOf(toReal(a[1]));
    if (base == 0) raise("ZeroDivisionError", "float division by zero");
    return Value(x / base);
  });
  m.plain("fmod", 2, 2, [](const PlainArguments& a) -> Value {
    const double x = toReal(a[0]);
    const double y = toReal(a[1]);
    const double result = std::fmod(x, y);
    if (std::isnan(result) && !std::isnan(x) && !std::isnan(y)) domain();
    return Value(result);
  });
  m.plain("remainder", 2, 2, [](const PlainArguments& a) -> Value {
    const double x = toReal(a[0]);
    const double y = toReal(a[1]);
    const double result = std::remainder(x, y);
    if (std::isnan(result) && !std::isnan(x) && !std::isnan(y)) domain();
    return Value(result);
  });
  m.plain("ldexp", 2, 2, [](const PlainArguments& a) -> Value {
    const double x = toReal(a[0]);
    const double result = std::ldexp(x, static_cast<int>(toIndex(a[1])));
    if (std::isinf(result) && std::isfinite(x)) range();
    return Value(result);
  });
  m.plain("frexp", 1, 1, [](const PlainArguments& a) {
    int exponent = 0;
    const double mantissa = std::frexp(toReal(a[0]), &exponent);
    return makeTuple({Value(mantissa), Value(exponent)});
  });
  m.plain("modf", 1, 1, [](const PlainArguments& a) {
    double whole = 0;
    const double part = std::modf(toReal(a[0]), &whole);
    return makeTuple({Value(part), Value(whole)});
  });
}

}  // namespace

void registerMath(Interpreter::Impl& impl) {
  Module& m = mathModule(impl);
  registerElementary(m);
  m.plain("floor", 1, 1, [](const PlainArguments& a) { return rounded(a, Rounding::floor); });
  m.plain("ceil", 1, 1, [](const PlainArguments& a) { return rounded(a, Rounding::ceil); });
  m.plain("trunc", 1, 1, [](const PlainArguments& a) { return rounded(a, Rounding::trunc); });
  m.plain("isnan", 1, 1, [](const PlainArguments& a) { return Value(std::isnan(toReal(a[0]))); });
  m.plain("isinf", 1, 1, [](const PlainArguments& a) { return Value(std::isinf(toReal(a[0]))); });
  m.plain("isfinite", 1, 1, [](const PlainArguments& a) { return Value(std::isfinite(toReal(a[0]))); });
  m.plain("fsum", 1, 1, fsum);
  m.plain("gcd", 0, -1, [](const PlainArguments& a) {
    std::int64_t result = 0;
    for (std::size_t i = 0; i < a.count; ++i) result = gcdOf(result, toIndex(a[i]));
    return Value(result);
  });
  m.plain("lcm", 0, -1, [](const PlainArguments& a) {
    Value result(1);
    for (std::size_t i = 0; i < a.count; ++i) {
      const std::int64_t x = toIndex(a[i]);
      if (x == 0) return Value(0);
      result = multiply(Value(result.integer() / gcdOf(result.integer(), x)), Value(x < 0 ? -x : x));
    }
    return result;
  });
  m.plain("factorial", 1, 1, [](const PlainArguments& a) -> Value {
    const std::int64_t n = toIndex(a[0]);
    if (n < 0) raise("ValueError", "factorial() not defined for negative values");
    Value result(1);
    for (std::int64_t i = 2; i <= n; ++i) result = multiply(result, Value(i));
    return result;
  });
  m.plain("comb", 2, 2, [](const PlainArguments& a) { return combinations(toIndex(a[0]), toIndex(a[1])); });
  m.plain("perm", 1, 2, [](const PlainArguments& a) -> Value {
    const std::int64_t n = toIndex(a[0]);
    const std::int64_t k = a.has(1) && !a[1].isNone() ? toIndex(a[1]) : n;
    if (n < 0) raise("ValueError", "n must be a non-negative integer");
    if (k < 0) raise("ValueError", "k must be a non-negative integer");
    Value result(k > n ? 0 : 1);
    for (std::int64_t i = 0; i < k && k <= n; ++i) result = multiply(result, Value(n - i));
    return result;
  });
  m.plain("isqrt", 1, 1, [](const PlainArguments& a) -> Value {
    const std::int64_t n = toIndex(a[0]);
    if (n < 0) raise("ValueError", "isqrt() argument must be nonnegative");
    auto root = static_cast<std::int64_t>(std::sqrt(static_cast<long double>(n)));
    return Value(root);
  });
  m.plain("dist", 2, 2, [](const PlainArguments& a) -> Value {
    const std::vector<Value> p = listOf(a[0]);
    const std::vector<Value> q = listOf(a[1]);
    if (p.size() != q.size()) raise("ValueError", "both points must have the same number of dimensions");
    std::vector<Value> difference;
    for (std::size_t i = 0; i < p.size(); ++i) difference.push_back(Value(toReal(p[i]) - toReal(q[i])));
    return hypot(PlainArguments{difference.data(), difference.size()});
  });
  m.function("prod(iterable, /, *, start=1)", [](Arguments& a) -> Value {
    Value result = a[1];
    forEach(a[0], [&](const Value& item) { result = multiply(result, item); });
    return result;
  });
  m.function("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", [](Arguments& a) -> Value {
    const double x = a.real(0);
    const double y = a.real(1);
    if (a.real(2) < 0 || a.real(3) < 0) raise("ValueError", "tolerances must be non-negative");
    if (x == y) return Value(true);
    if (std::isinf(x) || std::isinf(y)) return Value(false);
    const double difference = std::fabs(x - y);
    return Value(difference <= a.real(2) * std::fmax(std::fabs(x), std::fabs(y)) || difference <= a.real(3));
  });
  for (const auto& entry : m.attributes().entries()) entry.value.object()->setClass(impl.types.builtinFunction);
  m.add("pi", Value(M_PI));
  m.add("e", Value(M_E));
  m.add("tau", Value(2 * M_PI));
  m.add("inf", Value(static_cast<double>(INFINITY)));
  m.add("nan", Value(std::nan("")));
}

}  // namespace cadrecode::script
