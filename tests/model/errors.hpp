// What a call complains about. Test support.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "core/error.hpp"

namespace cadrecode {

// The message of the Error(input) that `work` throws; "accepted" when it throws none.
inline std::string errorOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input) << error.what();
    return error.what();
  }
  return "accepted";
}

inline void expectNamed(const std::function<void()>& work, const std::string& expected) {
  const std::string message = errorOf(work);
  EXPECT_NE(message.find(expected), std::string::npos) << message;
}

}  // namespace cadrecode
