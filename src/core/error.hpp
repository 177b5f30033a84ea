// The one exception type of the project. An Error says what kind of failure it is (for exit codes), what type of
// exception it stands for (Python's or OpenCASCADE's name, where there is one), and in words what went wrong.
// Value type, no ownership, safe to copy between threads.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace cadrecode {

// How a command ends because of an error; the numbers are the exit codes of the command line.
enum class ErrorCode : int {
  failure = 1,       // the work could not be done
  usage = 2,         // wrong options
  input = 3,         // missing or malformed input
  items = 4,         // some items of a bulk run failed
  resources = 5,     // out of memory, disk or processes
  limit = 124,       // a limit was reached
  interrupted = 130  // stopped by the user, state saved
};

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, std::string type, const std::string& message)
      : std::runtime_error(message), code_(code), type_(std::move(type)) {}
  // A failure named after a Python or OpenCASCADE exception type: "ValueError", "StdFail_NotDone".
  Error(std::string type, const std::string& message) : Error(ErrorCode::failure, std::move(type), message) {}

  ErrorCode code() const { return code_; }
  const std::string& type() const { return type_; }

 private:
  ErrorCode code_;
  std::string type_;
};

[[noreturn]] inline void throwValueError(const std::string& message) { throw Error("ValueError", message); }
[[noreturn]] inline void throwTypeError(const std::string& message) { throw Error("TypeError", message); }
[[noreturn]] inline void throwRuntimeError(const std::string& message) { throw Error("RuntimeError", message); }

}  // namespace cadrecode
