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
#include "fixed_point.hpp"
#include "tables.hpp"

#include "../parallel.hpp"
#include "../reason.hpp"

#include <algorithm>
#include <bit>

namespace verifier::token_sum {
namespace {

constexpr long finest_grid = 48, coarsest_grid = 45; // F

// exp(-n · 2^-F) for n = 0, 1, .. below 2^62, rounded up: n is split into digits, and each digit has a table
// of MPFR values.
class ExponentialTable {
public:
  ExponentialTable(std::int64_t largest, long grid) {
    for (int low = 0; low == 0 || (low < 63 && (largest >> low) > 0); low += digit_bits) {
      const auto entries = static_cast<std::size_t>(std::min<std::int64_t>(largest >> low, digit_mask) + 1);
      std::vector<Real>& digit = digits_.emplace_back(entries);
      for (std::size_t i = 0; i < entries; ++i) {
        mpfr_set_si_2exp(digit[i].get(), -static_cast<long>(i), low - grid, MPFR_RNDU); // exact
        mpfr_exp(digit[i].get(), digit[i].get(), MPFR_RNDU);
      }
    }
  }
  // y >= exp(-n · 2^-F), and at most (1 + 2^-63)^roundings() times as large. y has 64 bits.
  void evaluate(std::int64_t n, Real& y) const {
    mpfr_set(y.get(), entry(0, n).get(), MPFR_RNDU); // exact
    for (std::size_t l = 1; l < digits_.size(); ++l) mpfr_mul(y.get(), y.get(), entry(l, n).get(), MPFR_RNDU);
  }
  unsigned long roundings() const { return static_cast<unsigned long>(2 * digits_.size() - 1); }

private:
  static constexpr int digit_bits = 11;
  static constexpr std::int64_t digit_mask = (1 << digit_bits) - 1;
  const Real& entry(std::size_t l, std::int64_t n) const {
    return digits_[l][static_cast<std::size_t>(n >> (digit_bits * static_cast<int>(l)) & digit_mask)];
  }
  std::vector<std::vector<Real>> digits_;
};

// ceil(m / 2^shift) for |m| < 2^126. The quotient is below 2^61 in absolute value, by the choice of the grid.
std::int64_t ceiling_of_quotient(Int128 m, long shift) {
  if (m == 0) return 0;
  if (shift > 126) return m > 0 ? 1 : 0;
  if (shift >= 0) return static_cast<std::int64_t>(-(-m >> shift));
  return static_cast<std::int64_t>(m) * (std::int64_t{1} << -shift);
}

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
  std::int64_t undecided_margin = 0; // at least n · slack: differences of n logits that are surely nonzero exceed it
  std::vector<Real> shrink; // [n], by the number r of tokens in `rest`: inner_product · shrink[r] <= Z(a, rest)

  const std::int64_t* logits_of(Token a) const { return logits.data() + std::size_t{a} * vocabulary; }
  PackedVector packed_row(Token a) const {
    return {std::span(packed).subspan(std::size_t{a} * vocabulary, vocabulary), lowest[a], depth};
  }

private:
  void set_logits(const FixedMatrix& p, const FixedMatrix& u, unsigned threads);
  void set_exponentials(unsigned threads);
  void set_ratios(std::uint64_t context, unsigned long roundings);

  long grid_ = 0;                     // F
  Real slack_;                        // 1 + 2e, rounded up
  std::vector<std::int64_t> largest_; // max_k q[a,k] [V]
  std::int64_t most_steps_ = 0;       // max of steps[a,k]
};

class ExactRows final : public Rows {
public:
  explicit ExactRows(const ExactTables& tables)
      : tables_(tables), ones_(tables.vocabulary, pack(std::uint64_t{1} << 47, 0)), zeros_(tables.vocabulary, 0) {}

  void push(Token a) override {
    const std::size_t V = tables_.vocabulary;
    tokens_.push_back(a);
    if (tokens_.size() == 1) {
      vectors_.push_back(tables_.packed_row(a));
    } else {
      if (products_.size() < tokens_.size()) products_.resize(tokens_.size(), std::vector<std::uint64_t>(V));
      vectors_.push_back(multiply(vectors_.back(), tables_.packed_row(a), products_[tokens_.size() - 1]));
    }
    summed_ = 0;
  }
  void pop() override {
    tokens_.pop_back();
    vectors_.pop_back();
    summed_ = 0;
  }

  Row row(Token first, Token last, Token label, bool count) override {
    Row result;
    mpfr_ptr product = result.product.hi.get();
    mpfr_set_ui(product, 1, MPFR_RNDU);
    for (Token a = first; a < last; ++a) {
      set(z_, inner_product(tables_.packed_row(a), rest(), bins_));
      mpfr_mul(product, product, z_.get(), MPFR_RNDU);
    }
    // Every factor is at most 1 / shrink times too large, this product's own roundings included.
    mpfr_pow_ui(z_.get(), tables_.shrink.at(tokens_.size()).get(), last - first, MPFR_RNDD);
    mpfr_mul(result.product.lo.get(), product, z_.get(), MPFR_RNDD);
    if (count) classify(first, last, label, result);
    return result;
  }

  void part(Token a, std::span<const Column> columns, Interval& part) override {
    set(part.hi, inner_product(tables_.packed_row(a), rest(), columns));
    mpfr_mul(part.lo.get(), part.hi.get(), tables_.shrink.at(tokens_.size()).get(), MPFR_RNDD);
  }

private:
  PackedVector rest() const { return tokens_.empty() ? PackedVector{ones_, 0, 0} : vectors_.back(); }

  // z >= the sum, which is made of a row of A and rest(), by at most one rounding.
  void set(Real& z, const PositiveSum& sum) {
    const long bias = static_cast<long>((tokens_.size() + 1) * tables_.depth) + 94;
    const long exponent = static_cast<long>(sum.position) - bias;
    mpfr_set_uj_2exp(z.get(), static_cast<std::uint64_t>(sum.significand >> 64), exponent + 64, MPFR_RNDU); // exact
    mpfr_set_uj_2exp(low_.get(), static_cast<std::uint64_t>(sum.significand), exponent, MPFR_RNDU);         // exact
    mpfr_add(z.get(), z.get(), low_.get(), MPFR_RNDU);
  }

  // An input is correct when sum_i q[t_i,y] - sum_i q[t_i,k] > n · slack for every k != y: then sum_i
  // M[t_i,y] > sum_i M[t_i,k].
  void classify(Token first, Token last, Token label, Row& result) {
    const std::size_t V = tables_.vocabulary;
    const std::int64_t* const rest = summed_logits();
    for (Token a = first; a < last; ++a) {
      const std::int64_t* const own = tables_.logits_of(a);
      std::int64_t rival = INT64_MIN;
      for (std::size_t k = 0; k < label; ++k) rival = std::max(rival, own[k] + rest[k]);
      for (std::size_t k = std::size_t{label} + 1; k < V; ++k) rival = std::max(rival, own[k] + rest[k]);
      const std::int64_t margin = V == 1 ? INT64_MAX : own[label] + rest[label] - rival;
      if (margin > tables_.undecided_margin)
        ++result.correct;
      else if (margin > -tables_.undecided_margin)
        ++result.undecided;
    }
  }

  // sum_i q[rest_i, k] [V]; at most 64 logits below 2^61 / n each.
  const std::int64_t* summed_logits() {
    if (tokens_.empty()) return zeros_.data();
    if (tokens_.size() == 1) return tables_.logits_of(tokens_.front());
    if (summed_ != tokens_.size()) {
      sum_.assign(tables_.vocabulary, 0);
      for (const Token token : tokens_)
        for (std::size_t k = 0; k < tables_.vocabulary; ++k) sum_[k] += tables_.logits_of(token)[k];
      summed_ = tokens_.size();
    }
    return sum_.data();
  }

  const ExactTables& tables_;
  std::vector<std::uint64_t> ones_; // the empty product: significand 2^47, bias 47
  std::vector<std::int64_t> zeros_, sum_;
  std::size_t summed_ = 0; // how many tokens sum_ was made of; 0 when stale
  std::vector<Token> tokens_;
  std::vector<PackedVector> vectors_;                // the product of the rows of the first 1, 2, .. tokens
  std::vector<std::vector<std::uint64_t>> products_; // storage of those of two tokens and more
  Bins bins_;
  Real z_, low_;
};

std::unique_ptr<ExactTables> ExactTables::make(const Weights& weights, std::uint64_t context, unsigned threads) {
  const std::size_t V = weights.vocabulary, d = weights.width;
  std::vector<Dyadic> transposed(V * d);
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t a = 0; a < V; ++a) transposed[a * d + i] = weights.embedding[i * V + a];
  const int bits = bits_for(d);
  const FixedMatrix e = to_fixed(transposed, V, d, bits), w = to_fixed(weights.linear, d, d, bits),
                    u = to_fixed(weights.unembedding, V, d, bits);
  const FixedMatrix p = multiply_transposed(e, w, bits, threads);

  // The finest grid on which the error is at most 1/2 and sums of n logits stay below 2^61.
  auto tables = std::make_unique<ExactTables>();
  const Real error = product_error(p, u);
  long grid = finest_grid;
  if (!mpfr_zero_p(error.get())) grid = std::min(grid, -static_cast<long>(mpfr_get_exp(error.get())) - 1);
  Real bound; // at least max |M|, and hence max |p.values · u.values|
  mpz_class largest_u = 0;
  for (const std::int64_t value : u.values)
    largest_u = std::max(largest_u, mpz_class(static_cast<long>(std::abs(value))));
  mpfr_mul_z(bound.get(), p.largest_row.get(), largest_u.get_mpz_t(), MPFR_RNDU);
  mpfr_mul_2si(bound.get(), bound.get(), -u.scale, MPFR_RNDU);
  mpfr_add(bound.get(), bound.get(), error.get(), MPFR_RNDU);
  if (!mpfr_zero_p(bound.get()))
    grid =
        std::min(grid, 60 - static_cast<long>(std::bit_width(context)) - static_cast<long>(mpfr_get_exp(bound.get())));
  if (grid < coarsest_grid) return nullptr;
  tables->vocabulary = V;
  tables->grid_ = grid;
  mpfr_mul_2si(tables->slack_.get(), error.get(), grid + 1, MPFR_RNDU);
  mpfr_add_ui(tables->slack_.get(), tables->slack_.get(), 1, MPFR_RNDU);

  tables->set_logits(p, u, threads);
  // exp(-x) = 2^(-x log2 e) with log2 e < 1.443, so no entry of A is below 2^-depth.
  const std::int64_t nats = (tables->most_steps_ >> grid) + 1;
  const std::int64_t depth = nats * 1443 / 1000 + 2;
  if (depth * static_cast<std::int64_t>(context) > largest_position) return nullptr;
  tables->depth = static_cast<std::uint32_t>(depth);
  tables->set_exponentials(threads);
  const ExponentialTable table(tables->most_steps_, grid);
  tables->set_ratios(context, table.roundings());
  return tables;
}

void ExactTables::set_logits(const FixedMatrix& p, const FixedMatrix& u, unsigned threads) {
  const long shift = p.scale + u.scale - grid_;
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

void ExactTables::set_exponentials(unsigned threads) {
  const ExponentialTable table(most_steps_, grid_);
  packed.resize(vocabulary * vocabulary);
  lowest.resize(vocabulary);
  for_each_index(vocabulary, threads, [&] {
    return [&, y = Real(), rounded = Real(significand_bits)](std::size_t a) mutable {
      const std::int64_t* const q = logits_of(static_cast<Token>(a));
      std::uint32_t low = depth;
      for (std::size_t k = 0; k < vocabulary; ++k) {
        table.evaluate(largest_[a] - q[k], y);
        mpfr_set(rounded.get(), y.get(), MPFR_RNDU);
        const long exponent = mpfr_get_exp(rounded.get()); // rounded in [2^(exponent-1), 2^exponent)
        const long position = exponent - 1 + static_cast<long>(depth);
        if (position < 0 || position > static_cast<long>(depth))
          fail(Reason::internal, "", "an exponential in (2^-depth, 1]", std::to_string(exponent));
        mpfr_mul_2si(rounded.get(), rounded.get(), significand_bits - exponent, MPFR_RNDU); // exact
        packed[a * vocabulary + k] = pack(mpfr_get_uj(rounded.get(), MPFR_RNDU), static_cast<std::uint32_t>(position));
        low = std::min(low, static_cast<std::uint32_t>(position));
      }
      lowest[a] = low;
    };
  });
}

void ExactTables::set_ratios(std::uint64_t context, unsigned long roundings) {
  Real margin;
  mpfr_mul_ui(margin.get(), slack_.get(), context, MPFR_RNDU);
  undecided_margin = mpfr_get_sj(margin.get(), MPFR_RNDU);

  // ratio >= packed / A: exp(slack · 2^-F), the table's roundings, and the rounding to 48 bits
  const auto one_plus = [](long exponent, unsigned long power) { // (1 + 2^exponent)^power, rounded up
    Real x;
    mpfr_set_ui_2exp(x.get(), 1, exponent, MPFR_RNDU);
    mpfr_add_ui(x.get(), x.get(), 1, MPFR_RNDU);
    mpfr_pow_ui(x.get(), x.get(), power, MPFR_RNDU);
    return x;
  };
  Real ratio;
  mpfr_mul_2si(ratio.get(), slack_.get(), -grid_, MPFR_RNDU);
  mpfr_exp(ratio.get(), ratio.get(), MPFR_RNDU);
  mpfr_mul(ratio.get(), ratio.get(), one_plus(-63, roundings).get(), MPFR_RNDU);
  mpfr_mul(ratio.get(), ratio.get(), one_plus(-47, 1).get(), MPFR_RNDU);
  for (unsigned long rest = 0; rest < context; ++rest) {
    Real factor; // of Z(a, rest): rest + 1 entries of A, rest - 1 products rounded to 48 bits, the inner
                 // product, one addition, one multiplication
    mpfr_pow_ui(factor.get(), ratio.get(), rest + 1, MPFR_RNDU);
    mpfr_mul(factor.get(), factor.get(), one_plus(-47, rest > 1 ? rest - 1 : 0).get(), MPFR_RNDU);
    mpfr_mul(factor.get(), factor.get(), one_plus(-63, 3).get(),
             MPFR_RNDU); // 2^-80 + 2 · 2^-63 and their products
    mpfr_ui_div(factor.get(), 1, factor.get(), MPFR_RNDD);
    shrink.push_back(factor);
  }
}

std::unique_ptr<Rows> ExactTables::rows() const {
  return std::make_unique<ExactRows>(*this);
}

Interval ExactTables::label_term(Token y, const mpz_class& c_1, const mpz_class& c_2) const {
  Int128 below = 0; // at most 2^14 numbers below 2^62
  for (Token a = 0; a < y; ++a) below += largest_[a] - logits_of(a)[y];
  mpz_class steps(static_cast<long>(below >> 62));
  steps <<= 62;
  steps += static_cast<long>(below & ((Int128{1} << 62) - 1));
  const mpz_class total = c_1 * steps + c_2 * static_cast<long>(largest_[y] - logits_of(y)[y]);
  const mpz_class entries = c_1 * y + c_2; // each lies between its steps and its steps + slack
  mpq_class grid = 1;
  mpq_div_2exp(grid.get_mpq_t(), grid.get_mpq_t(), static_cast<mp_bitcnt_t>(grid_));
  return enclose(total * grid, (total + entries * exact(slack_)) * grid);
}

} // namespace

std::unique_ptr<Tables> make_exact_tables(const Weights& weights, std::uint64_t context, unsigned threads) {
  return ExactTables::make(weights, context, threads);
}

} // namespace verifier::token_sum
