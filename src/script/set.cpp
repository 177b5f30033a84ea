// Set: the table CPython 3.11 has, so that sets of numbers iterate in the same order.
#include "script/objects.hpp"
#include "script/runtime.hpp"

namespace cadrecode::script {

namespace {
constexpr std::size_t kMinimum = 8;
constexpr std::size_t kLinearProbes = 9;
constexpr int kPerturbShift = 5;
}  // namespace

Set::Set(bool frozen, Class* cls)
    : Object(kKind, cls      ? cls
                    : frozen ? types().frozenset
                             : types().set),
      table_(kMinimum),
      frozen_(frozen) {}

void Set::clear() { clearItems(); }

void Set::clearItems() {
  decltype(table_) old(kMinimum);
  old.swap(table_);
  used_ = fill_ = finger_ = 0;
}

std::int64_t Set::lookup(const Value& key, std::int64_t hash, std::size_t* freeSlot) {
again:
  bool passedDummy = false;
  const std::size_t mask = table_.size() - 1;
  auto perturb = static_cast<std::size_t>(hash);
  std::size_t i = static_cast<std::size_t>(hash) & mask;
  for (;;) {
    std::size_t at = i;
    std::size_t probes = i + kLinearProbes <= mask ? kLinearProbes : 0;
    do {
      const Entry& entry = table_[at];
      if (entry.key.isUnbound()) {
        if (freeSlot && !(passedDummy && !entry.dummy)) *freeSlot = at;
        if (!entry.dummy) return -1;
        passedDummy = true;
      } else if (entry.hash == hash) {
        if (entry.key.same(key)) return static_cast<std::int64_t>(at);
        const std::size_t size = table_.size();
        const Value held = entry.key;
        const bool same = equals(held, key);
        if (table_.size() != size || !table_[at].key.same(held)) goto again;
        if (same) return static_cast<std::int64_t>(at);
      }
      ++at;
    } while (probes-- > 0);
    perturb >>= kPerturbShift;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

void Set::insertClean(const Value& key, std::int64_t hash) {
  const std::size_t mask = table_.size() - 1;
  auto perturb = static_cast<std::size_t>(hash);
  std::size_t i = static_cast<std::size_t>(hash) & mask;
  for (;;) {
    std::size_t at = i;
    std::size_t probes = i + kLinearProbes <= mask ? kLinearProbes : 0;
    do {
      if (table_[at].key.isUnbound() && !table_[at].dummy) {
        table_[at] = {hash, key, false};
        return;
      }
      ++at;
    } while (probes-- > 0);
    perturb >>= kPerturbShift;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

void Set::resize(std::size_t minimum) {
  std::size_t size = kMinimum;
  while (size <= minimum) size *= 2;
  decltype(table_) old(size);
  old.swap(table_);
  fill_ = used_;
  for (const Entry& entry : old) {
    if (!entry.key.isUnbound()) insertClean(entry.key, entry.hash);
  }
}

bool Set::contains(const Value& key, std::int64_t hash) { return used_ > 0 && lookup(key, hash) >= 0; }
bool Set::contains(const Value& key) { return contains(key, hashOf(key)); }

void Set::add(const Value& key) { add(key, hashOf(key)); }
void Set::add(const Value& key, std::int64_t hash) {
  std::size_t at = 0;
  if (lookup(key, hash, &at) >= 0) return;
  Entry& entry = table_[at];
  const bool reused = entry.dummy;
  entry = {hash, key, false};
  ++used_;
  if (reused) return;
  ++fill_;
  if (fill_ * 5 >= (table_.size() - 1) * 3) resize(used_ > 50000 ? used_ * 2 : used_ * 4);
}

void Set::merge(const Set& other) {
  if (&other == this || other.used_ == 0) return;
  if ((fill_ + other.used_) * 5 >= (table_.size() - 1) * 3) resize((used_ + other.used_) * 2);
  if (fill_ == 0 && table_.size() == other.table_.size() && other.fill_ == other.used_) {
    table_ = other.table_;
    used_ = fill_ = other.used_;
    return;
  }
  const bool clean = fill_ == 0;
  const auto source = other.table_;
  for (const Entry& entry : source) {
    if (entry.key.isUnbound()) continue;
    if (clean) {
      insertClean(entry.key, entry.hash);
      ++fill_;
      ++used_;
    } else {
      add(entry.key, entry.hash);
    }
  }
}

bool Set::discard(const Value& key) {
  const std::int64_t at = lookup(key, hashOf(key));
  if (at < 0) return false;
  Entry removed{0, Value::unbound(), true};
  std::swap(removed, table_[static_cast<std::size_t>(at)]);
  --used_;
  return true;
}

Value Set::pop() {
  if (used_ == 0) return Value::unbound();
  std::size_t at = finger_ & (table_.size() - 1);
  while (table_[at].key.isUnbound()) at = (at + 1) & (table_.size() - 1);
  Entry removed{0, Value::unbound(), true};
  std::swap(removed, table_[at]);
  --used_;
  finger_ = at + 1;
  return removed.key;
}

std::vector<Value> Set::items() const {
  std::vector<Value> result;
  result.reserve(used_);
  for (const Entry& entry : table_) {
    if (!entry.key.isUnbound()) result.push_back(entry.key);
  }
  return result;
}

}  // namespace cadrecode::script
