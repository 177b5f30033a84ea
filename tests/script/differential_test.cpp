// Random programs in this interpreter and in CPython: the same output, the same exceptions at the same lines.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "program_generator.hpp"
#include "script/interpreter.hpp"

namespace cadrecode::script {
namespace {

bool pythonIsHere() {
  return std::system("python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' > /dev/null 2>&1") == 0;
}
bool pythonIs311() {
  return std::system("python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' > /dev/null 2>&1") == 0;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string::npos) return parts;
    start = end + 1;
  }
}

struct Outcome {
  std::string output, type, message;
  int line = 0;
};

// Programs that need ints of more than 64 bits, complex numbers or too much time cannot agree.
bool comparable(const RunResult& result) {
  return result.output.find("64 bits") == std::string::npos &&
         result.error.message.find("64 bits") == std::string::npos && result.status != Status::unsupported &&
         result.status != Status::limit;
}

std::vector<Outcome> runInPython(const std::vector<std::string>& programs) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("script_differential_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  {
    std::ofstream file(folder / "programs");
    for (std::size_t i = 0; i < programs.size(); ++i) file << (i > 0 ? "\x01" : "") << programs[i];
  }
  const std::string command = std::string("python3 ") + CADRECODE_SOURCE_DIR + "/tests/script/reference.py " +
                              (folder / "programs").string() + " " + (folder / "results").string() + " 2> /dev/null";
  std::vector<Outcome> outcomes;
  if (std::system(command.c_str()) == 0) {
    std::ifstream file(folder / "results");
    std::stringstream text;
    text << file.rdbuf();
    for (const std::string& part : split(text.str(), '\x01')) {
      const std::vector<std::string> fields = split(part, '\x02');
      if (fields.size() == 4) outcomes.push_back({fields[0], fields[1], fields[2], std::atoi(fields[3].c_str())});
    }
  }
  std::filesystem::remove_all(folder);
  return outcomes;
}

TEST(Differential, RandomProgramsDoWhatTheyDoInCPython) {
  if (!pythonIsHere()) GTEST_SKIP() << "python3 (3.10 or newer) is not here to compare with";
  const char* given = std::getenv("CADRECODE_SCRIPT_SEED");
  const char* amount = std::getenv("CADRECODE_SCRIPT_PROGRAMS");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t count = amount ? std::strtoull(amount, nullptr, 10) : 2000;
  RecordProperty("seed", static_cast<int>(seed));
  std::cout << "seed " << seed << ", " << count << " programs" << std::endl;

  Interpreter interpreter;
  std::vector<std::string> programs;
  std::vector<Outcome> ours;
  Limits limits;
  limits.steps = 2'000'000;
  limits.heapBytes = 128u << 20;
  for (std::uint64_t i = 0; programs.size() < count && i < 2 * count; ++i) {
    const std::string program = randomProgram(seed * 1'000'003 + i);
    const RunResult result = interpreter.run(program, limits);
    if (!comparable(result)) continue;
    programs.push_back(program);
    ours.push_back({result.output, result.error.type, result.error.message, result.error.line});
  }
  ASSERT_GE(programs.size(), count * 3 / 4);
  const std::vector<Outcome> theirs = runInPython(programs);
  ASSERT_EQ(theirs.size(), programs.size());
  // Texts of messages differ between versions of Python; 3.11 is the one that counts.
  const bool exact = pythonIs311();
  int wrong = 0;
  for (std::size_t i = 0; i < programs.size() && wrong < 5; ++i) {
    const bool same = exact ? ours[i].output == theirs[i].output && ours[i].message == theirs[i].message &&
                                  ours[i].line == theirs[i].line
                            : true;
    if (same && ours[i].type == theirs[i].type) continue;
    ++wrong;
    ADD_FAILURE() << "program:\n"
                  << programs[i] << "\nours:   " << ours[i].output << ours[i].type << ": " << ours[i].message
                  << " line " << ours[i].line << "\nCPython: " << theirs[i].output << theirs[i].type << ": "
                  << theirs[i].message << " line " << theirs[i].line;
  }
}

}  // namespace
}  // namespace cadrecode::script
