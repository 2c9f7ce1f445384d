// Catches the Error of a call, for tests that look at its exit code, message and hint.
#pragma once

#include "support/error.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

template <class Call>
std::optional<proofmark::Error> refusal(Call&& call) {
  try {
    call();
  } catch (const proofmark::Error& error) {
    return error;
  }
  return std::nullopt;
}

// That it is refused with a message that says so.
template <class Call>
void check_refused(Call&& call, const std::string& part) {
  const auto error = refusal(call);
  CAPTURE(part);
  REQUIRE(error);
  CAPTURE(error->what());
  CHECK(std::string(error->what()).find(part) != std::string::npos);
}
