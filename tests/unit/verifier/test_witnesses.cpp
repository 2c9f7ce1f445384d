// Witnesses from inside: what is refused when the certificate is read, before anything is computed, and in which order. The corpus has
// a file for every value out of range; tests/corpus/reject/witness-*.
#include "family.hpp"
#include "reason.hpp"
#include "token_sum/packed_reals.hpp"
#include "token_sum/witnesses.hpp"

#include <doctest/doctest.h>

using namespace verifier;
using namespace verifier::token_sum;

namespace {

Tensor tensor(const std::string& name, DType dtype, std::vector<std::uint64_t> shape, std::vector<std::uint8_t> bytes) {
  return {name, dtype, std::move(shape), std::move(bytes)};
}

const Tensor heads = tensor("heads", DType::uint16, {2, 1}, {0, 0, 1, 0}),
             sizes = tensor("head-sizes", DType::uint16, {1}, {1, 0}),
             blocks = tensor("blocks", DType::uint16, {1}, {0, 0}),
             repeated = tensor("heads", DType::uint16, {2, 2}, {0, 0, 0, 0, 1, 0, 0, 0}),
             beyond = tensor("blocks", DType::uint16, {1}, {2, 0});

// V = 2, n = 2, one step by `rule`.
Certificate with(const std::string& rule, std::vector<Tensor> witnesses) {
  Certificate certificate{};
  certificate.task = {2, 2};
  certificate.family = "token-sum";
  certificate.steps.push_back({0, rule, 0, 2, 0, 1, std::nullopt, {}});
  certificate.witnesses = std::move(witnesses);
  return certificate;
}

std::string reason_of(const Certificate& certificate) {
  try {
    require_witnesses(certificate);
  } catch (const Failure& failure) {
    return std::string(code(failure.reason));
  }
  return "none";
}

} // namespace

TEST_CASE("witnesses are checked as soon as a certificate is read") {
  CHECK(reason_of(with("head-tail@1", {sizes, heads})) == "none");
  CHECK(reason_of(with("head-tail@1", {sizes, repeated})) == "witness-value");
  CHECK(reason_of(with("block-jensen@1", {blocks})) == "none");
  CHECK(reason_of(with("block-jensen@1", {beyond})) == "witness-value");
  CHECK(reason_of(with("symmetry@1", {})) == "none");
  CHECK(reason_of(with("symmetry@1", {blocks})) == "witness-unused");
}

TEST_CASE("a witness that is missing is said to be missing before others are looked at") {
  CHECK(reason_of(with("head-tail@1", {repeated})) == "witness-missing");
  CHECK(reason_of(with("head-tail@1", {sizes})) == "witness-missing");
  CHECK(reason_of(with("head-tail@1", {sizes, repeated, tensor("token-multipliers", DType::float32, {9}, {})})) ==
        "witness-missing");
  CHECK(reason_of(with("head-tail@1", {sizes, repeated, tensor("label-multipliers", DType::float32, {9}, {})})) ==
        "witness-missing");
  CHECK(reason_of(with("block-jensen@1", {})) == "witness-missing");
  try {
    require_witnesses(with("head-tail@1", {}));
  } catch (const Failure& failure) {
    CHECK(failure.expected.starts_with("\"heads\": "));
  }
}

TEST_CASE("packed numbers come back as they were, and others are refused") {
  PackedReals packed(2);
  const auto value = [&](std::size_t i) {
    mpfr_t x; // a view
    packed.view(i, x);
    mpq_class q;
    mpfr_get_q(q.get_mpq_t(), x);
    return q;
  };
  Real x;
  for (const long exponent : {-1000000000L, -64L, 0L, 5L, 1000000L}) {
    mpfr_set_uj_2exp(x.get(), UINT64_MAX, exponent, MPFR_RNDD);
    packed.set(1, x);
    mpfr_t y;
    packed.view(1, y);
    CHECK(mpfr_equal_p(x.get(), y));
  }
  mpfr_set_zero(x.get(), +1);
  packed.set(1, x);
  CHECK(value(1) == 0);
  CHECK(value(0) == 0);

  Real negative, nan, infinite, wide(65), narrow(63), huge;
  mpfr_set_si(negative.get(), -1, MPFR_RNDD);
  mpfr_set_nan(nan.get());
  mpfr_set_inf(infinite.get(), +1);
  mpfr_set_ui(wide.get(), 1, MPFR_RNDD);
  mpfr_set_ui(narrow.get(), 1, MPFR_RNDD);
  for (const Real* wrong : {&negative, &nan, &infinite, &wide, &narrow})
    CHECK_THROWS_AS(packed.set(0, *wrong), Failure);
  start_rounding_on_this_thread();
  for (const std::int64_t exponent :
       {std::int64_t{INT32_MAX} + 1, std::int64_t{INT32_MIN}, std::int64_t{INT32_MIN} - 1}) {
    mpfr_set_ui_2exp(huge.get(), 1, exponent - 1, MPFR_RNDD); // MPFR's exponent of 2^(e-1) is e
    CHECK_THROWS_AS(packed.set(0, huge), Failure);
  }
  for (const std::int64_t exponent : {std::int64_t{INT32_MAX}, std::int64_t{INT32_MIN} + 1}) {
    mpfr_set_ui_2exp(huge.get(), 1, exponent - 1, MPFR_RNDD);
    packed.set(0, huge);
    mpfr_t y;
    packed.view(0, y);
    CHECK(mpfr_equal_p(huge.get(), y));
  }
}
