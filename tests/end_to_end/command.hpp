// Runs the built program as a user would, with input, and gives what it printed, its exit code and how long it took.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cadrecode::end_to_end {

struct Answer {
  int exitCode = -1;  // 128 + n after signal n
  std::string out, err;
  double seconds = 0;

  nlohmann::json object() const { return nlohmann::json::parse(out); }
  std::vector<nlohmann::json> lines() const;
};

// `cadrecode <arguments>`, in the source folder, with `input` on standard input.
Answer run(const std::vector<std::string>& arguments, const std::string& input = {});
// A line for a shell in the source folder, in which `cadrecode` is the built program.
Answer shell(const std::string& line);
// One script through `exec - --json` with more options; its object.
nlohmann::json execute(const std::string& script, const std::vector<std::string>& options = {});

// A folder that is gone at the end of the test.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path(const std::string& name = {}) const;
  std::string put(const std::string& name, const std::string& text) const;  // its path
  std::vector<std::string> names() const;                                   // of the files in it and below, sorted

 private:
  std::filesystem::path path_;
};

std::string readAll(const std::string& path);
// {"id", "script"} lines.
std::string jsonLines(const std::vector<std::pair<std::string, std::string>>& scripts);

}  // namespace cadrecode::end_to_end
