// The exact engine: logits in fixed point with a proved error, exponentials as products of table entries
// rounded up by MPFR, inner products as exact integers. Everything is computed from above; the lower ends
// follow from proved ratios. docs/numerics.md, section 3.
//
//   F                      logits are known on the grid 2^-F
//   q[a,k]                 q - 1 - e <= M[a,k] · 2^F <= q + e, with one error e <= 1/2 for the whole table
//   s_a                    (max_k q[a,k] + e) · 2^-F: any shift is sound, this one makes the next line short
//   steps[a,k]             max_k q[a,k] - q[a,k] >= 0, so that  steps <= D[a,k] · 2^F <= steps + slack,
//                          slack = 1 + 2e
//   A[a,k]                 A[a,k] <= packed[a,k] <= A[a,k] · ratio
#include "exact_product.hpp"
#include "exact_widths.hpp"
#include "exponentials.hpp"
#include "fixed_point.hpp"
#include "tables.hpp"

#include "../number.hpp"
#include "../parallel.hpp"

#include <algorithm>

namespace verifier::token_sum {
namespace {

class ExactTables final : public Tables {
public:
  // Null when the grid would be too coarse or the positions too many.
  static std::unique_ptr<ExactTables> make(const Weights&, std::uint64_t context, unsigned threads);

  std::unique_ptr<Rows> rows() const override;
  Interval label_term(Token y, const mpz_class& c_1, const mpz_class& c_2) const override;
  std::string_view engine() const override { return "exact"; }
  void entry_from_above(Token a, std::size_t k, Real& x) const override {
    const std::uint64_t word = packed[std::size_t{a} * vocabulary + k];
    mpfr_set_uj_2exp(x.get(), significand(word), static_cast<long>(position(word)) - static_cast<long>(depth) - 47,
                     MPFR_RNDU); // exact
  }

  std::size_t vocabulary = 0;        // V
  std::uint32_t depth = 0;           // positions of a row of A are 0 .. depth; its largest entry, 1, stands at depth
  std::vector<std::int64_t> logits;  // q [V x V]
  std::vector<std::uint64_t> packed; // A rounded up [V x V]; bias depth + 47
  std::vector<std::uint32_t> lowest; // position in each row of A [V]
  std::int64_t margin = 0;           // sums of n logits that differ by more on the grid surely differ
  std::vector<Real> shrink; // [n], by the number r of tokens in `rest`: inner_product · shrink[r] <= Z(a, rest)

  const std::int64_t* logits_of(Token a) const { return logits.data() + std::size_t{a} * vocabulary; }
  PackedVector packed_row(Token a) const {
    return {std::span(packed).subspan(std::size_t{a} * vocabulary, vocabulary), lowest[a], depth};
  }

private:
  void set_logits(const FixedMatrix& p, const FixedMatrix& u, unsigned threads);
  void set_words(const ExponentialTable&, unsigned threads);

  LogitGrid grid_;
  std::vector<std::int64_t> largest_; // max_k q[a,k] [V]
  std::int64_t most_steps_ = 0;       // max of steps[a,k]
};

class ExactRows final : public Rows {
public:
  explicit ExactRows(const ExactTables& tables) : tables_(tables), rests_(tables.shrink.size()) {
    const std::size_t V = tables.vocabulary;
    for (Rest& rest : rests_)
      rest = {.words = std::vector<std::uint64_t>(V), .product = {}, .logits = std::vector<std::int64_t>(V)};
    std::ranges::fill(rests_.front().words, pack(std::uint64_t{1} << 47, 0)); // 1, with bias 47
    rests_.front().product = {rests_.front().words, 0, 0};
  }

  void push(Token a) override {
    const Rest& before = rests_[size_];
    Rest& rest = rests_.at(++size_);
    rest.product = multiply(before.product, tables_.packed_row(a), rest.words); // by 1: exact
    const std::int64_t* const own = tables_.logits_of(a);
    for (std::size_t k = 0; k < rest.logits.size(); ++k) rest.logits[k] = before.logits[k] + own[k];
  }
  void pop() override { --size_; }

  Row row(Token first, Token last, Token label, bool count) override {
    Row result;
    mpfr_ptr product = result.product.hi.get();
    mpfr_set_ui(product, 1, MPFR_RNDU); // exact
    for (Token a = first; a < last; ++a) {
      round_up(z_, inner_product(tables_.packed_row(a), rest().product, bins_), bias());
      mpfr_mul(product, product, z_.get(), MPFR_RNDU);
    }
    mpfr_pow_ui(z_.get(), tables_.shrink[size_].get(), last - first, MPFR_RNDD);
    mpfr_mul(result.product.lo.get(), product, z_.get(), MPFR_RNDD);
    if (count) classify(first, last, label, result);
    return result;
  }

  void part(Token a, std::span<const Column> columns, Interval& part) override {
    round_up(part.hi, inner_product(tables_.packed_row(a), rest().product, columns), bias());
    mpfr_mul(part.lo.get(), part.hi.get(), tables_.shrink[size_].get(), MPFR_RNDD);
  }

private:
  // The tokens pushed so far; n >= 1 of them at most, since one is left for the row.
  struct Rest {
    std::vector<std::uint64_t> words;
    PackedVector product;             // of their rows of A, in `words`; bias size · depth + 47
    std::vector<std::int64_t> logits; // sum of their rows of q; at most 63 logits below 2^60 / n each
  };
  const Rest& rest() const { return rests_[size_]; }
  // Of an inner product of a row of A and the rest.
  std::int64_t bias() const { return static_cast<std::int64_t>((size_ + 1) * tables_.depth) + 94; }

  // An input is correct when sum_i q[t_i,y] - sum_i q[t_i,k] > n · slack for every k != y: then sum_i
  // M[t_i,y] > sum_i M[t_i,k].
  void classify(Token first, Token last, Token label, Row& result) {
    const std::size_t V = tables_.vocabulary;
    const std::vector<std::int64_t>& others = rest().logits;
    for (Token a = first; a < last; ++a) {
      const std::int64_t* const own = tables_.logits_of(a);
      std::int64_t rival = INT64_MIN;
      for (std::size_t k = 0; k < label; ++k) rival = std::max(rival, own[k] + others[k]);
      for (std::size_t k = std::size_t{label} + 1; k < V; ++k) rival = std::max(rival, own[k] + others[k]);
      const std::int64_t margin = V == 1 ? INT64_MAX : own[label] + others[label] - rival;
      if (margin > tables_.margin)
        ++result.correct;
      else if (margin > -tables_.margin)
        ++result.undecided;
    }
  }

  const ExactTables& tables_;
  std::vector<Rest> rests_; // by number of tokens, 0 to n - 1
  std::size_t size_ = 0;
  Bins bins_;
  Real z_;
};

std::unique_ptr<ExactTables> ExactTables::make(const Weights& weights, std::uint64_t context, unsigned threads) {
  const std::size_t V = weights.vocabulary, d = weights.width;
  const int bits = bits_for(d);
  const auto transposed_embedding = [&] {
    std::vector<Dyadic> transposed(V * d);
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t a = 0; a < V; ++a) transposed[a * d + i] = weights.embedding[i * V + a];
    return transposed;
  };
  const FixedMatrix e = to_fixed(transposed_embedding(), V, d, bits), w = to_fixed(weights.linear, d, d, bits),
                    u = to_fixed(weights.unembedding, V, d, bits);
  const FixedMatrix p = multiply_transposed(e, w, bits, threads);

  const auto grid = choose_grid(product_error(p, u), largest_product(p, u), context);
  if (!grid) return nullptr;
  auto tables = std::make_unique<ExactTables>();
  tables->vocabulary = V;
  tables->grid_ = *grid;
  tables->set_logits(p, u, threads);
  const auto depth = choose_depth(tables->most_steps_, *grid, context);
  if (!depth) return nullptr;
  tables->depth = *depth;
  const ExponentialTable exponentials(tables->most_steps_, grid->places);
  tables->set_words(exponentials, threads);
  tables->shrink = shrink_factors(ratio_of_words(*grid, exponentials.roundings()), context);
  tables->margin = undecided_margin(*grid, context);
  return tables;
}

void ExactTables::set_logits(const FixedMatrix& p, const FixedMatrix& u, unsigned threads) {
  const long shift = p.scale + u.scale - grid_.places;
  logits.resize(vocabulary * vocabulary);
  largest_.resize(vocabulary);
  std::vector<std::int64_t> smallest(vocabulary);
  for_each_index(vocabulary, threads, [&] {
    return [&](std::size_t a) {
      std::int64_t* const q = logits.data() + a * vocabulary;
      for (std::size_t k = 0; k < vocabulary; ++k) {
        const Int128 m = inner_product(p.row(a), u.row(k), p.columns); // |m| < 2^126
        q[k] = ceiling_of_quotient(m, shift);
      }
      const auto [low, high] = std::minmax_element(q, q + vocabulary);
      smallest[a] = *low;
      largest_[a] = *high;
    };
  });
  for (std::size_t a = 0; a < vocabulary; ++a) most_steps_ = std::max(most_steps_, largest_[a] - smallest[a]);
}

void ExactTables::set_words(const ExponentialTable& exponentials, unsigned threads) {
  packed.resize(vocabulary * vocabulary);
  lowest.resize(vocabulary);
  for_each_index(vocabulary, threads, [&] {
    return [&, y = Real(), rounded = Real(significand_bits)](std::size_t a) mutable {
      const std::int64_t* const q = logits_of(static_cast<Token>(a));
      std::uint64_t least = UINT64_MAX; // the position is the upper part of a word
      for (std::size_t k = 0; k < vocabulary; ++k) {
        exponentials.evaluate(largest_[a] - q[k], y);
        const std::uint64_t word = word_from_above(y, depth, rounded);
        packed[a * vocabulary + k] = word;
        least = std::min(least, word);
      }
      lowest[a] = position(least);
    };
  });
}

std::unique_ptr<Rows> ExactTables::rows() const {
  return std::make_unique<ExactRows>(*this);
}

Interval ExactTables::label_term(Token y, const mpz_class& c_1, const mpz_class& c_2) const {
  Int128 below = 0; // at most 2^14 numbers below 2^62
  for (Token a = 0; a < y; ++a) below += largest_[a] - logits_of(a)[y];
  const mpz_class total = c_1 * integer(below) + c_2 * integer(largest_[y] - logits_of(y)[y]);
  const mpz_class entries = c_1 * y + c_2; // each lies between its steps and its steps + slack
  const mpq_class unit = times_power_of_two(1, -grid_.places);
  return enclose(total * unit, (total + entries * grid_.slack) * unit);
}

} // namespace

std::unique_ptr<Tables> make_exact_tables(const Weights& weights, std::uint64_t context, unsigned threads) {
  return ExactTables::make(weights, context, threads);
}

} // namespace verifier::token_sum
