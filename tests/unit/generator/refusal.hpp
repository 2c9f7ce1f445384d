// Catches the Error of a call, for tests that look at its exit code, message and hint.
#pragma once

#include "support/error.hpp"

#include <optional>

template <class Call>
std::optional<proofmark::Error> refusal(Call&& call) {
  try {
    call();
  } catch (const proofmark::Error& error) {
    return error;
  }
  return std::nullopt;
}
