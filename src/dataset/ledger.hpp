// The record of a run over many items: one line of JSON an item, appended when the item is done, so that a run ended at
// any point leaves only whole lines and perhaps one broken at the end, which is passed over. Owns its file and the
// right to write it; one thread.
#pragma once

#include <map>
#include <string>

namespace cadrecode::dataset {

struct LedgerEntry {
  std::string status;  // "ok" or a failure's name
  std::string source, recipe;
  std::string reason;  // of a failure
};

class Ledger {
 public:
  // Reads what is there. Error(failure) when another process holds this ledger.
  explicit Ledger(std::string path);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  const LedgerEntry* find(const std::string& id) const;
  // Error(resources) or Error(failure) when it cannot be written.
  void record(const std::string& id, LedgerEntry entry);
  // Keeps the entries of `ids` only and writes them sorted, whole or not at all.
  template <class Ids>
  void finish(const Ids& ids) {
    std::map<std::string, LedgerEntry> kept;
    for (const auto& id : ids) {
      if (const LedgerEntry* entry = find(id)) kept[id] = *entry;
    }
    entries_ = std::move(kept);
    rewrite();
  }
  const std::map<std::string, LedgerEntry>& entries() const { return entries_; }

 private:
  void rewrite();

  std::string path_;
  std::map<std::string, LedgerEntry> entries_;
  int lock_ = -1;
  int file_ = -1;
};

}  // namespace cadrecode::dataset
