#include "command.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cadrecode::end_to_end {
namespace {

namespace fs = std::filesystem;

std::string drain(int descriptor) {
  std::string text;
  char buffer[65536];
  for (ssize_t count; (count = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(descriptor);
  return text;
}

Answer spawn(const std::string& program, const std::vector<std::string>& arguments, const std::string& input) {
  int in[2], out[2], err[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipes");
  }
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  pid_t child = ::fork();
  if (child == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::dup2(err[1], 2);
    if (::chdir(CADRECODE_SOURCE_DIR) != 0) ::_exit(126);
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
  }
  for (int end : {in[0], out[1], err[1]}) ::close(end);
  Answer answer;
  std::thread writer([&] {
    std::size_t sent = 0;
    while (sent < input.size()) {
      ssize_t count = ::write(in[1], input.data() + sent, input.size() - sent);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
    ::close(in[1]);
  });
  std::thread errors([&] { answer.err = drain(err[0]); });
  answer.out = drain(out[0]);
  errors.join();
  writer.join();
  int status = 0;
  ::waitpid(child, &status, 0);
  answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  answer.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return answer;
}

}  // namespace

std::vector<nlohmann::json> Answer::lines() const {
  std::vector<nlohmann::json> rows;
  std::istringstream stream(out);
  for (std::string line; std::getline(stream, line);) rows.push_back(nlohmann::json::parse(line));
  return rows;
}

Answer run(const std::vector<std::string>& arguments, const std::string& input) {
  return spawn(CADRECODE_BINARY, arguments, input);
}

Answer shell(const std::string& line) {
  const std::string folder = fs::path(CADRECODE_BINARY).parent_path().string();
  return spawn("/bin/bash", {"-c", "PATH='" + folder + "':$PATH; " + line}, {});
}

nlohmann::json execute(const std::string& script, const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {"exec", "-", "--json"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run(arguments, script).object();
}

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "cadrecode_test_XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::string Folder::path(const std::string& name) const {
  return name.empty() ? path_.string() : (path_ / name).string();
}

std::string Folder::put(const std::string& name, const std::string& text) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << text;
  return path(name);
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    if (entry.is_regular_file()) found.push_back(entry.path().lexically_relative(path_).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string readAll(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string jsonLines(const std::vector<std::pair<std::string, std::string>>& scripts) {
  std::string text;
  for (const auto& [id, script] : scripts) {
    text +=
        nlohmann::json{{"id", id}, {"script", script}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    text += '\n';
  }
  return text;
}

}  // namespace cadrecode::end_to_end
