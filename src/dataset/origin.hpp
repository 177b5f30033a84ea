// Of what a file in a cache was made. Stateless, any thread.
#pragma once

#include <string>
#include <string_view>

namespace cadrecode::dataset {

struct Origin {
  std::string source;  // SHA-256 of the program's or file's bytes
  std::string recipe;  // all that decides the file besides
  bool operator==(const Origin&) const = default;
};

std::string sha256(std::string_view bytes);

}  // namespace cadrecode::dataset
