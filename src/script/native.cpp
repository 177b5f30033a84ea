// Native functions: signatures, and the binding of arguments to them as CPython does it.
#include "script/native.hpp"

#include "script/ast.hpp"
#include "script/machine.hpp"
#include "script/parser.hpp"

namespace cadrecode::script {

struct Signature {
  struct Parameter {
    Ref<Str> name;
    ParameterKind kind;
    Value defaultValue;  // unbound: none
  };
  std::vector<Parameter> parameters;  // in the order written
  std::vector<std::size_t> positional;
  std::ptrdiff_t rest = -1;
  std::ptrdiff_t keywords = -1;
};

namespace {

// Defaults are literals.
Value literal(const Node* node) {
  switch (node->kind) {
    case NodeKind::constant:
      return *node->value;
    case NodeKind::tuple: {
      Values items;
      for (const Node* item : node->list) items.push_back(literal(item));
      return makeTuple(std::move(items));
    }
    case NodeKind::list: {
      Values items;
      for (const Node* item : node->list) items.push_back(literal(item));
      return makeList(std::move(items));
    }
    case NodeKind::unary:
      return negative(literal(node->a));
    case NodeKind::dict:
      return Value(make<Dict>());
    default:
      throw std::logic_error("a default of a native signature must be a literal");
  }
}

std::unique_ptr<Signature> parseSignature(const std::string& text) {
  const PermanentScope scope;
  const std::string source = "def " + text + ": pass\n";
  const auto ast = parseScript(source);
  auto signature = std::make_unique<Signature>();
  for (const Parameter& parameter : ast->body[0]->parameters) {
    const Value name = makeStr(parameter.name);
    const Value value = parameter.defaultValue ? literal(parameter.defaultValue) : Value::unbound();
    const auto index = static_cast<std::ptrdiff_t>(signature->parameters.size());
    if (parameter.kind == ParameterKind::rest) signature->rest = index;
    if (parameter.kind == ParameterKind::keywords) signature->keywords = index;
    if (parameter.kind == ParameterKind::positionalOnly || parameter.kind == ParameterKind::ordinary) {
      signature->positional.push_back(static_cast<std::size_t>(index));
    }
    signature->parameters.push_back({Ref<Str>(&name.to<Str>()), parameter.kind, value});
  }
  return signature;
}

std::string plural(std::size_t count) { return count == 1 ? "" : "s"; }

[[noreturn]] void throwTooMany(const std::string& name, const Signature& signature, const std::vector<Value>& values,
                               std::size_t count, bool builtin) {
  const std::size_t most = signature.positional.size();
  if (builtin) {
    raise("TypeError", name + "() takes at most " + std::to_string(most) + " argument" + plural(most) + " (" + std::to_string(count) + " given)");
  }
  std::size_t least = most;
  for (const std::size_t index : signature.positional) {
    if (!signature.parameters[index].defaultValue.isUnbound()) --least;
  }
  std::size_t keywordOnly = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (signature.parameters[i].kind == ParameterKind::keywordOnly && !values[i].isUnbound()) ++keywordOnly;
  }
  std::string message = name + "() takes ";
  bool many = most != 1;
  if (least != most) {
    message += "from " + std::to_string(least) + " to " + std::to_string(most);
    many = true;
  } else {
    message += std::to_string(most);
  }
  message += std::string(" positional argument") + (many ? "s" : "") + " but " + std::to_string(count);
  if (keywordOnly > 0) {
    message += " positional argument" + plural(count) + " (and " + std::to_string(keywordOnly) +
               " keyword-only argument" + plural(keywordOnly) + ")";
  }
  message += count == 1 && keywordOnly == 0 ? " was given" : " were given";
  raise("TypeError", message);
}

void throwMissing(const std::string& name, const Signature& signature, const std::vector<Value>& values,
                  bool keywordOnly, bool builtin) {
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Signature::Parameter& parameter = signature.parameters[i];
    const bool isKeyword = parameter.kind == ParameterKind::keywordOnly;
    if (parameter.kind == ParameterKind::rest || parameter.kind == ParameterKind::keywords) continue;
    if (isKeyword == keywordOnly && values[i].isUnbound() && parameter.defaultValue.isUnbound()) {
      if (builtin) {
        raise("TypeError", name + "() missing required argument '" + parameter.name->text() + "' (pos " + std::to_string(i + 1) + ")");
      }
      missing.push_back(parameter.name->text());
    }
  }
  if (missing.empty()) return;
  raise("TypeError", name + "() missing " + std::to_string(missing.size()) + " required " +
                         (keywordOnly ? "keyword-only" : "positional") + " argument" + plural(missing.size()) + ": " +
                         joinQuoted(missing));
}

std::vector<Value> bindArguments(const std::string& name, const Signature& signature, const Value* arguments,
                                 std::size_t count, const KeywordArguments& keywords, bool builtin, std::uint64_t& given) {
  std::vector<Value> values(signature.parameters.size(), Value::unbound());
  const std::size_t places = signature.positional.size();
  for (std::size_t i = 0; i < count && i < places; ++i) values[signature.positional[i]] = arguments[i];
  if (signature.rest >= 0) {
    Values extra;
    for (std::size_t i = places; i < count; ++i) extra.push_back(arguments[i]);
    values[static_cast<std::size_t>(signature.rest)] = makeTuple(std::move(extra));
  }
  Ref<Dict> more;
  if (signature.keywords >= 0) {
    more = make<Dict>();
    values[static_cast<std::size_t>(signature.keywords)] = Value(more);
  }
  for (const auto& [key, value] : keywords) {
    const std::string& text = textOf(key);
    std::size_t found = SIZE_MAX;
    for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
      const Signature::Parameter& parameter = signature.parameters[i];
      if (parameter.kind != ParameterKind::ordinary && parameter.kind != ParameterKind::keywordOnly) continue;
      if (parameter.name->text() == text) found = i;
    }
    if (found == SIZE_MAX) {
      if (!more) {
        raise("TypeError", builtin ? "'" + text + "' is an invalid keyword argument for " + name + "()"
                                   : name + "() got an unexpected keyword argument '" + text + "'");
      }
      more->set(key, value);
      continue;
    }
    if (!values[found].isUnbound()) raise("TypeError", name + "() got multiple values for argument '" + text + "'");
    values[found] = value;
  }
  if (count > places && signature.rest < 0) throwTooMany(name, signature, values, count, builtin);
  given = 0;
  bool missing = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].isUnbound()) {
      if (i < 64) given |= std::uint64_t{1} << i;
      continue;
    }
    values[i] = signature.parameters[i].defaultValue;
    missing = missing || values[i].isUnbound();
  }
  if (missing) {
    throwMissing(name, signature, values, false, builtin);
    throwMissing(name, signature, values, true, builtin);
  }
  return values;
}

}  // namespace

const Value& Arguments::operator[](std::string_view name) const {
  const Signature& signature = function_.signature();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (signature.parameters[i].name->text() == name) return values_[i];
  }
  throw std::logic_error("no parameter " + std::string(name) + " in " + function_.qualifiedName());
}

NativeFunction::NativeFunction(std::string signature, std::string qualifier, Role role, NativeBody body)
    : Object(kKind, types().function),
      name_(signature.substr(0, signature.find('('))),
      qualifier_(std::move(qualifier)),
      text_(std::move(signature)),
      body_(std::move(body)),
      role_(role) {}

NativeFunction::NativeFunction(std::string name, std::string qualifier, Role role, int minimum, int maximum,
                               PlainBody body)
    : Object(kKind, types().builtinFunction),
      name_(std::move(name)),
      qualifier_(std::move(qualifier)),
      plain_(body),
      minimum_(minimum),
      maximum_(maximum),
      role_(role) {}

NativeFunction::~NativeFunction() = default;
void NativeFunction::clear() { body_ = nullptr; }

std::string NativeFunction::qualifiedName() const { return qualifier_.empty() ? name_ : qualifier_ + "." + name_; }

const Signature& NativeFunction::signature() const {
  if (!signature_) signature_ = parseSignature(text_);
  return *signature_;
}

Value NativeFunction::invoke(const Value* arguments, std::size_t count, const KeywordArguments& keywords,
                             Class* cls) const {
  Interpreter::Impl& impl = machine();
  if (plain_) {
    const std::size_t self = role_ == Role::method || role_ == Role::classMethod ? 1 : 0;
    const std::size_t given = count - self;
    if (!keywords.empty()) raise("TypeError", qualifiedName() + "() takes no keyword arguments");
    const auto least = static_cast<std::size_t>(minimum_);
    const std::size_t most = maximum_ < 0 ? SIZE_MAX : static_cast<std::size_t>(maximum_);
    if (given < least || given > most) {
      if (most == 0)
        raise("TypeError", qualifiedName() + "() takes no arguments (" + std::to_string(given) + " given)");
      if (least == 1 && most == 1) {
        raise("TypeError", qualifiedName() + "() takes exactly one argument (" + std::to_string(given) + " given)");
      }
      const std::size_t bound = given < least ? least : most;
      const char* word = least == most ? "" : given < least ? "at least " : "at most ";
      raise("TypeError", name_ + " expected " + word + std::to_string(bound) + " argument" + plural(bound) + ", got " +
                             std::to_string(given));
    }
    impl.addSteps(4);
    return plain_(PlainArguments{arguments, count});
  }
  if (!body_) raise("RuntimeError", "a function of a run that is over");
  std::uint64_t given = 0;
  std::vector<Value> values = bindArguments(qualifiedName(), signature(), arguments, count, keywords,
                                            Object::cls() == types().builtinFunction, given);
  Arguments bound(*this, std::move(values), given, cls);
  impl.addSteps(10);
  try {
    return body_(bound);
  } catch (const Error&) {
    throw;
  } catch (const Raised&) {
    throw;
  } catch (...) {
    if (!impl.translator) throw;
    throw impl.translator(std::current_exception(), qualifiedName(), &bound);
  }
}

void throwWrongNative(const Value& value) {
  if (const Native* native = value.as<Native>(); native && !native->payload) {
    raise("RuntimeError", "'" + typeName(value) + "' object was not initialised: call super().__init__()");
  }
  raise("TypeError", "unexpected type '" + typeName(value) + "'");
}

}  // namespace cadrecode::script
