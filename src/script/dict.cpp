// Dict: entries in order of insertion and an index of open addressing over them.
#include "script/objects.hpp"
#include "script/runtime.hpp"

namespace cadrecode::script {

namespace {
constexpr std::int32_t kEmpty = -1;
constexpr std::int32_t kDeleted = -2;

// Keys that compare without running script code.
bool plainKeysEqual(const Value& a, const Value& b, bool& decided) {
  decided = true;
  if (a.same(b)) return true;
  if (a.isObject() != b.isObject()) {
    decided = a.tag() != Value::Tag::object && b.tag() != Value::Tag::object;
    if (!decided) decided = isStr(a.isObject() ? a : b);
    return false;
  }
  if (!a.isObject()) return equals(a, b);
  if (isStr(a) && isStr(b)) return textOf(a) == textOf(b);
  decided = false;
  return false;
}
}  // namespace

Dict::Dict(Class* cls) : Object(kKind, cls ? cls : types().dict) {}

void Dict::clear() {
  clearItems();
  factory = Value::unbound();
  attributes.reset();
}

void Dict::clearItems() {
  decltype(entries_) old;
  old.swap(entries_);
  index_.clear();
  used_ = 0;
  ++version_;
}

void Dict::rebuild(std::size_t capacity) {
  std::size_t size = 8;
  while (size * 2 < capacity * 3) size *= 2;
  decltype(entries_) kept;
  kept.reserve(used_ + used_ / 2 + 4);
  for (Entry& entry : entries_) {
    if (!entry.key.isUnbound()) kept.push_back(std::move(entry));
  }
  entries_.swap(kept);
  index_.assign(size, kEmpty);
  const std::size_t mask = size - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = static_cast<std::uint64_t>(entries_[i].hash) * 0x9E3779B97F4A7C15ull >> 20 & mask;
    while (index_[slot] != kEmpty) slot = (slot + 1) & mask;
    index_[slot] = static_cast<std::int32_t>(i);
  }
}

// The index of the entry, or -1.
std::int64_t Dict::lookup(const Value& key, std::int64_t hash) {
  if (index_.empty()) return -1;
again:
  const std::size_t mask = index_.size() - 1;
  std::size_t slot = static_cast<std::uint64_t>(hash) * 0x9E3779B97F4A7C15ull >> 20 & mask;
  for (;; slot = (slot + 1) & mask) {
    const std::int32_t at = index_[slot];
    if (at == kEmpty) return -1;
    if (at == kDeleted) continue;
    const Entry& entry = entries_[static_cast<std::size_t>(at)];
    if (entry.hash != hash) continue;
    bool decided = false;
    if (plainKeysEqual(entry.key, key, decided)) return at;
    if (decided) continue;
    const std::uint64_t before = version_;
    const Value held = entry.key;
    const bool same = equals(held, key);
    if (version_ != before) {
      if (index_.empty()) return -1;
      goto again;
    }
    if (same) return at;
  }
}

Value* Dict::find(const Value& key, std::int64_t hash) {
  const std::int64_t at = lookup(key, hash);
  return at < 0 ? nullptr : &entries_[static_cast<std::size_t>(at)].value;
}
Value* Dict::find(const Value& key) {
  const std::int64_t hash = hashOf(key);
  return find(key, hash);
}

Value* Dict::find(const Str& key) {
  if (index_.empty()) return nullptr;
  const auto hash = static_cast<std::int64_t>(key.hash());
  const std::size_t mask = index_.size() - 1;
  std::size_t slot = static_cast<std::uint64_t>(hash) * 0x9E3779B97F4A7C15ull >> 20 & mask;
  for (;; slot = (slot + 1) & mask) {
    const std::int32_t at = index_[slot];
    if (at == kEmpty) return nullptr;
    if (at == kDeleted) continue;
    Entry& entry = entries_[static_cast<std::size_t>(at)];
    if (entry.hash != hash || !entry.key.isObject()) continue;
    if (entry.key.object() == &key || (isStr(entry.key) && textOf(entry.key) == key.text())) return &entry.value;
  }
}
Value* Dict::find(std::string_view key) {
  if (index_.empty()) return nullptr;
  const Value text = makeStr(key);
  return find(text.to<Str>());
}

void Dict::insertNew(const Value& key, std::int64_t hash, Value value) {
  if (entries_.size() >= INT32_MAX - 1) raise("OverflowError", "dict is too big");
  if ((entries_.size() + 1) * 3 > index_.size() * 2) rebuild((used_ + 1) * 2);
  const std::size_t mask = index_.size() - 1;
  std::size_t slot = static_cast<std::uint64_t>(hash) * 0x9E3779B97F4A7C15ull >> 20 & mask;
  while (index_[slot] >= 0) slot = (slot + 1) & mask;
  entries_.push_back({hash, key, std::move(value)});
  index_[slot] = static_cast<std::int32_t>(entries_.size() - 1);
  ++used_;
  ++version_;
}

void Dict::set(const Value& key, std::int64_t hash, Value value) {
  const std::int64_t at = lookup(key, hash);
  if (at >= 0) {
    entries_[static_cast<std::size_t>(at)].value.swap(value);
  } else {
    insertNew(key, hash, std::move(value));
  }
}
void Dict::set(const Value& key, Value value) { set(key, hashOf(key), std::move(value)); }
void Dict::set(std::string_view key, Value value) { set(makeStr(key), std::move(value)); }

void Dict::eraseAt(std::size_t at) {
  const std::size_t mask = index_.size() - 1;
  std::size_t slot = static_cast<std::uint64_t>(entries_[at].hash) * 0x9E3779B97F4A7C15ull >> 20 & mask;
  while (index_[slot] != static_cast<std::int32_t>(at)) slot = (slot + 1) & mask;
  index_[slot] = kDeleted;
  Entry removed{0, Value::unbound(), Value()};
  std::swap(removed, entries_[at]);
  --used_;
  ++version_;
  if (used_ == 0) {
    entries_.clear();
    index_.assign(index_.size(), kEmpty);
  }
}

bool Dict::erase(const Value& key) {
  const std::int64_t at = lookup(key, hashOf(key));
  if (at < 0) return false;
  eraseAt(static_cast<std::size_t>(at));
  return true;
}

}  // namespace cadrecode::script
