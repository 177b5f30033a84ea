// A file of lines that grows while a run goes on. A run ended at any point leaves whole lines and perhaps a broken last
// one, which is cut off when the file is opened again. Owns the right to write the file; one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cadrecode {

class AppendLog {
 public:
  // Makes the file where there is none. Error(failure) when another process writes it or it cannot be opened.
  explicit AppendLog(const std::string& path);
  ~AppendLog();
  AppendLog(const AppendLog&) = delete;
  AppendLog& operator=(const AppendLog&) = delete;

  // The lines that were there when it was opened.
  const std::vector<std::string>& lines() const { return lines_; }
  // `line` without its end. Error(resources) for a full disk, Error(failure) otherwise.
  void append(std::string_view line);

 private:
  std::string path_;
  int file_;
  std::vector<std::string> lines_;
};

}  // namespace cadrecode
