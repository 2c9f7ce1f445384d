#include "kernels.hpp"

namespace kernels {

using namespace verifier;
using namespace verifier::token_sum;

namespace {

std::size_t vocabulary(const Workload& w) {
  return w.sizes.vocabulary;
}

// P' U' for one token: V inner products of d integers, exact in 128 bits.
void logits(Workload& w) {
  for (std::size_t k = 0; k < w.sizes.vocabulary; ++k)
    w.word += static_cast<std::uint64_t>(inner_product(w.embedding.row(0), w.unembedding.row(k), w.sizes.width) >> 64);
}

// exp from tables of MPFR values, rounded up, to a word of 48 bits.
void exponentials(Workload& w) {
  for (const std::int64_t n : w.steps) {
    w.exponentials.evaluate(n, w.real);
    w.word += word_from_above(w.real, 65535, w.rounded);
  }
}

// What the tables save: MPFR's own exponential of the same arguments.
void mpfr_exponentials(Workload& w) {
  for (const std::int64_t n : w.steps) {
    mpfr_set_si_2exp(w.real.get(), -n, -45, MPFR_RNDU);
    mpfr_exp(w.real.get(), w.real.get(), MPFR_RNDU);
  }
}

void exact_product(Workload& w) {
  w.word += inner_product(w.left_row, w.right_row, w.bins).position;
}

// Over the 16 columns of a head.
void exact_part(Workload& w) {
  w.word += inner_product(w.left_row, w.right_row, w.head).position;
}

// Of two rows, entry by entry: what a third token costs.
void packed_product(Workload& w) {
  w.word += multiply(w.left_row, w.right_row, w.out).lowest;
}

// Inner products into the product of a row, instead of a logarithm each.
void row_product(Workload& w) {
  mpfr_set_ui(w.interval.hi.get(), 1, MPFR_RNDU);
  for (const PositiveSum& sum : w.sums) {
    round_up(w.real, sum, 94);
    mpfr_mul(w.interval.hi.get(), w.interval.hi.get(), w.real.get(), MPFR_RNDU);
  }
}

// A whole row of symmetry@1: inner products and the row's product.
void exact_row(Workload& w) {
  w.interval = w.exact_rows->row(0, static_cast<Token>(w.sizes.vocabulary), 0, false).product;
}

// The same, and which inputs are classified correctly.
void exact_row_counted(Workload& w) {
  w.word += w.exact_rows->row(0, static_cast<Token>(w.sizes.vocabulary), 0, true).correct;
}

// Both ends, every operation an MPFR call.
void reference_product(Workload& w) {
  w.reference_rows->part(1, w.columns, w.interval);
}

// Both ends of a row's logarithm.
void logarithm(Workload& w) {
  w.word += static_cast<std::uint64_t>(mpfr_get_exp(log(w.product).hi.get()));
}

std::size_t squared(const Workload& w) {
  return w.sizes.vocabulary * w.sizes.vocabulary;
}

constexpr Kernel list[] = {
    {"logit product", "term", [](const Workload& w) { return w.sizes.vocabulary * w.sizes.width; }, logits},
    {"exponential from tables", "entry", vocabulary, exponentials},
    {"exponential by MPFR", "entry", vocabulary, mpfr_exponentials},
    {"exact product", "term", vocabulary, exact_product},
    {"exact product of a head", "term", [](const Workload& w) { return w.head.size(); }, exact_part},
    {"product of two rows", "entry", vocabulary, packed_product},
    {"row product", "input", vocabulary, row_product},
    {"row of the exact engine", "term", squared, exact_row},
    {"row of the exact engine, counted", "term", squared, exact_row_counted},
    {"reference product", "term", [](const Workload& w) { return w.columns.size(); }, reference_product},
    {"logarithm", "row", [](const Workload&) { return std::size_t{1}; }, logarithm},
};

} // namespace

std::span<const Kernel> all() {
  return list;
}

} // namespace kernels
