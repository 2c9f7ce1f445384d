// head-tail@1: heads multiplied out, tails bounded by norms, and in total by one inner product a label.
//
// Theorem. For any heads, L(t) <= Z(t) <= U(t), where L sums over the union of the tokens' heads and U adds Hölder's
// bound on the rest. For any multipliers, with m(t) = v_y prod_i u_{t_i} and T_y = sum_t prod_i u_{t_i} Z(t),
//   sum loss <= v_y T_y + sum_t max_{L <= z <= U} (ln z - m z) + label terms,     sum loss >= sum_t ln L + label terms.
// Demands: witnesses within their ranges (checked when the certificate is read); their values are free.
// Proof, computation and operations: docs/rules/head-tail.md.
#include "sorted_rows.hpp"

#include "../head_tail_tables.hpp"

namespace verifier::token_sum {
namespace {

std::uint64_t binomial(std::uint64_t n, std::uint64_t k) {
  mpz_class result;
  mpz_bin_uiui(result.get_mpz_t(), n, k);
  return result.get_ui(); // at most the number of sorted inputs, which are elements of a witness
}

// x · 2^-40, rounded up.
void scale_allowance(Real& x) {
  mpfr_mul_2si(x.get(), x.get(), -40, MPFR_RNDU);
}

// The inputs of one label.
class Label {
public:
  Label(const Problem& problem, Rows& rows, Token y, Established& result, Meter& meter)
      : problem_(problem), tables_(*problem.head_tail), witness_(tables_.witness), rows_(rows), y_(y), result_(result),
        meter_(meter), label_norms_(problem.tables, tables_, y), rest_(witness_.sizes.size()) {
    mpfr_set_ui_2exp(nearly_one_.get(), 1, -40, MPFR_RNDU);
    mpfr_ui_sub(nearly_one_.get(), 1, nearly_one_.get(), MPFR_RNDD);
    for (Rest& rest : rest_) rest.in_head.assign(witness_.vocabulary, 0);
  }

  // n >= 3: the norms of the tails of all tokens up to y, charged for. Of the second side, which only n = 3 has, a row needs
  // those of t_2 alone: they are made when the row is.
  void make_norms() {
    const std::uint64_t n = problem_.task.context, V = witness_.vocabulary, tokens = std::uint64_t{y_} + 1;
    if (n == 2) return;
    meter_.operations.add += tables_.sides * V * tokens;
    meter_.operations.mul += tables_.sides * V * tokens;
    meter_.operations.sqrt += tables_.sides * witness_.inexact_levels() * witness_.group_count * tokens;
    meter_.checkpoint();
    norms_ = PackedReals(tokens * tables_.norms_of_token());
    for (Token a = 0; a <= y_; ++a) label_norms_.make(0, a, norms_, a * tables_.norms_of_token());
    row_norms_ = PackedReals(tables_.sides == 2 ? tables_.norms_of_token() : 0);
  }

  void close_row(const SortedRow& row) {
    const Token t_2 = row.t_2();
    const std::uint64_t first_input = index_of_row(row);
    charge_row(row, first_input);
    meter_.checkpoint();
    start_row(row);

    Interval product = exactly(1);
    Real linear;
    std::uint64_t correct = 0, undecided = 0;
    for (Token a = 0; a < t_2; ++a) {
      bound_input(a, witness_.level(first_input + a));
      multiply_nonnegative(product, factor_);
      mpfr_add(linear.get(), linear.get(), linear_.get(), MPFR_RNDD);
      correct += correct_;
      undecided += undecided_;
    }
    bound_input(t_2, witness_.level(first_input + t_2));
    // (prod factors)^(r+1) · factor, and (r+1) · linear + linear_
    Interval total = factor_;
    for (std::uint64_t i = 0; i <= row.run; ++i) multiply_nonnegative(total, product);
    Interval sum = log(total);
    mpfr_mul_ui(linear.get(), linear.get(), row.run + 1, MPFR_RNDD);
    mpfr_add(linear.get(), linear.get(), linear_.get(), MPFR_RNDD);
    mpfr_sub(sum.hi.get(), sum.hi.get(), linear.get(), MPFR_RNDU);
    multiply_any(sum, row.weight);
    add(sum_, sum);
    const mpz_class strict = row.weight * (row.run + 1);
    result_.correct += strict * correct + row.weight * correct_;
    result_.undecided += strict * undecided + row.weight * undecided_;
  }

  void finish() {
    Real total; // v_y T_y
    if (witness_.has_multipliers()) {
      mpfr_mul(total.get(), tables_.label_factors[y_].hi.get(), tables_.totals[y_].get(), MPFR_RNDU);
      mpfr_add(sum_.hi.get(), sum_.hi.get(), total.get(), MPFR_RNDU);
      meter_.operations.mul += 1;
      meter_.operations.add += 1;
    }
    add_label_term(problem_, y_, Ends::both, sum_, meter_);
    charge_sum_of_step(Ends::both, meter_);
    // Enclosures of Z(t), U(t), v_y T_y and of the label terms are narrower than 2^-40, relatively and for each factor
    // of an input, in every engine (docs/numerics.md, section 4): so far the rule's exact bounds can be away.
    const mpz_class inputs = problem_.task.context * number_of_inputs(problem_, {y_, std::uint64_t{y_} + 1});
    mpfr_add_z(total.get(), total.get(), inputs.get_mpz_t(), MPFR_RNDU);
    scale_allowance(total);
    result_.lower = result_.upper = sum_;
    mpfr_add(result_.lower.hi.get(), sum_.lo.get(), total.get(), MPFR_RNDU);
    mpfr_sub(result_.upper.lo.get(), sum_.hi.get(), total.get(), MPFR_RNDD);
  }

private:
  // What the tokens of a row have in common at one level.
  struct Rest {
    std::uint64_t row = 0;              // for which row this was made; rows count from 1
    std::vector<Column> columns;        // the union of their heads
    std::vector<std::uint64_t> in_head; // [V] the row in which an output was last in that union
    std::vector<Real> norms;            // by group: the product of the norms of t_2 .. t_(n-1); n = 2: of y
  };

  std::uint64_t index_of_row(const SortedRow& row) const {
    if (witness_.levels.empty()) return 0;
    std::uint64_t index = 0, i = problem_.task.context;
    for (const Token t : row.rest) {
      index += binomial(std::uint64_t{t} + i - 1, i);
      --i;
    }
    return index;
  }

  void charge_row(const SortedRow& row, std::uint64_t first_input) {
    const std::uint64_t n = problem_.task.context, inputs = std::uint64_t{row.t_2()} + 1, groups = witness_.group_count;
    std::vector<std::uint64_t> inputs_of_level(witness_.sizes.size());
    if (witness_.levels.empty())
      inputs_of_level[0] = inputs;
    else
      for (std::uint64_t i = 0; i < inputs; ++i) ++inputs_of_level[witness_.level(first_input + i)];
    Operations& operations = meter_.operations;
    for (std::size_t level = 0; level < inputs_of_level.size(); ++level) {
      const std::uint64_t count = inputs_of_level[level], terms = n * witness_.sizes[level];
      if (witness_.is_exact(level)) {
        charge_inputs(problem_, count, meter_);
        if (witness_.has_multipliers()) {
          operations.mul += 2 * count;
          operations.add += count;
        }
      } else {
        operations.mul += (2 * terms + groups * std::max<std::uint64_t>(1, n - 2)) * count;
        operations.add += (2 * terms + groups) * count;
        if (witness_.has_multipliers()) {
          operations.mul += 4 * count;
          operations.add += count;
          operations.compare += 2 * count;
        }
        if (problem_.correct) {
          operations.mul += count;
          operations.compare += count;
        }
      }
    }
    operations.mul += 2 * inputs + 2 * row.run; // into the products, and their power
    operations.log += 2;
    operations.mul += 2;
    operations.add += 2;
    if (witness_.has_multipliers()) {
      operations.mul += n;
      operations.add += 2;
      operations.div += 1;
    }
    if (problem_.correct) operations.mul += 1;
  }

  void start_row(const SortedRow& row) {
    ++row_;
    row_tokens_ = row.rest;
    if (problem_.task.context > 2 && tables_.sides == 2) label_norms_.make(1, row.t_2(), row_norms_, 0);
    if (!witness_.has_multipliers()) return;
    row_factor_ = tables_.label_factors[y_]; // f = v_y prod_{i>=2} u
    for (const Token t : row.rest) multiply_nonnegative(row_factor_, tables_.token_factors[t]);
    if (!mpfr_zero_p(row_factor_.lo.get())) set_reciprocal_from_above(row_reciprocal_, row_factor_);
  }

  Rest& rest_at(std::size_t level) {
    Rest& rest = rest_[level];
    if (rest.row == row_) return rest;
    rest.row = row_;
    rest.columns.clear();
    for (const Token t : row_tokens_)
      for (const Column k : witness_.head(t, level))
        if (std::exchange(rest.in_head[k], row_) != row_) rest.columns.push_back(k);
    rest.norms.resize(witness_.group_count);
    // n = 2: of y; else of t_(n-1), .., t_2
    const std::span<const Token> others = problem_.task.context == 2 ? row_tokens_ : row_tokens_.subspan(1);
    for (std::size_t group = 0; group < rest.norms.size(); ++group) {
      const std::size_t index = tables_.norm_index(level, group);
      mpfr_set(rest.norms[group].get(), norm_of_rest(others.front(), index), MPFR_RNDU); // exact
      for (const Token t : others.subspan(1))
        mpfr_mul(rest.norms[group].get(), rest.norms[group].get(), norm_of_rest(t, index), MPFR_RNDU);
    }
    return rest;
  }

  // Views, valid until the next one.
  mpfr_srcptr norm_of_first(Token a, std::size_t index) {
    (problem_.task.context == 2 ? tables_.norms[0] : norms_).view(a * tables_.norms_of_token() + index, norm_);
    return norm_;
  }
  mpfr_srcptr norm_of_rest(Token t, std::size_t index) {
    if (tables_.sides == 1) return norm_of_first(t, index);
    if (problem_.task.context == 2)
      tables_.norms[1].view(t * tables_.norms_of_token() + index, norm_);
    else
      row_norms_.view(index, norm_);
    return norm_;
  }

  // The input (a, rest): `factor_` and `linear_` so that  ln L - 0 >= ln factor_.lo  and
  // max (ln z - m z) <= ln factor_.hi - linear_; and whether it is classified correctly.
  void bound_input(Token a, std::size_t level) {
    correct_ = undecided_ = 0;
    if (witness_.is_exact(level)) {
      const Row row = rows_.row(a, a + 1, y_, problem_.correct);
      factor_ = row.product;
      correct_ = row.correct;
      undecided_ = row.undecided;
      if (witness_.has_multipliers()) {
        set_product(m_, row_factor_, tables_.token_factors[a]);
        mpfr_mul(linear_.get(), m_.lo.get(), factor_.lo.get(), MPFR_RNDD);
      }
      return;
    }
    Rest& rest = rest_at(level);
    const std::size_t shared = rest.columns.size();
    for (const Column k : witness_.head(a, level))
      if (rest.in_head[k] != row_) rest.columns.push_back(k);
    rows_.part(a, rest.columns, factor_); // L; its upper end becomes U
    rest.columns.resize(shared);
    for (std::size_t group = 0; group < rest.norms.size(); ++group) {
      mpfr_mul(term_.get(), norm_of_first(a, tables_.norm_index(level, group)), rest.norms[group].get(), MPFR_RNDU);
      mpfr_add(factor_.hi.get(), factor_.hi.get(), term_.get(), MPFR_RNDU);
    }
    if (problem_.correct) classify(a);
    if (witness_.has_multipliers()) use_multipliers(a);
  }

  // U < 2 · prod_i A[t_i,y]: the label has more than half of the probability.
  void classify(Token a) {
    const Column label = static_cast<Column>(y_);
    rows_.part(a, std::span(&label, 1), share_);
    mpfr_mul_2ui(share_.lo.get(), share_.lo.get(), 1, MPFR_RNDD);
    if (mpfr_less_p(factor_.hi.get(), share_.lo.get())) {
      correct_ = 1;
      return;
    }
    // Another engine's enclosures may decide what these leave open by no more than their width.
    mpfr_mul(term_.get(), factor_.hi.get(), nearly_one_.get(), MPFR_RNDD);
    if (mpfr_less_p(term_.get(), share_.lo.get())) undecided_ = 1;
  }

  // The maximum of ln z - m z over L <= z <= U, from L rounded down and U rounded up.
  void use_multipliers(Token a) {
    set_product(m_, row_factor_, tables_.token_factors[a]);
    mpfr_mul(linear_.get(), m_.lo.get(), factor_.lo.get(), MPFR_RNDD);
    if (mpfr_greaterequal_p(linear_.get(), one_.get())) {      // decreasing from L on: z* is L's lower end itself
      mpfr_set(factor_.hi.get(), factor_.lo.get(), MPFR_RNDU); // exact
      return;
    }
    mpfr_mul(term_.get(), m_.hi.get(), factor_.hi.get(), MPFR_RNDU);
    if (mpfr_lessequal_p(term_.get(), one_.get())) { // increasing up to U
      mpfr_mul(linear_.get(), m_.lo.get(), factor_.hi.get(), MPFR_RNDD);
      return;
    }
    // -ln m - 1 is the maximum over all z > 0; m > 0, since m U > 1.
    mpfr_mul(factor_.hi.get(), row_reciprocal_.get(), tables_.reciprocals[a].get(), MPFR_RNDU);
    mpfr_set_ui(linear_.get(), 1, MPFR_RNDD);
  }

  const Problem& problem_;
  const HeadTailTables& tables_;
  const HeadTailWitness& witness_;
  Rows& rows_;
  Token y_;
  Established& result_;
  Meter& meter_;

  Interval sum_; // of the label so far
  LabelNorms label_norms_;
  PackedReals norms_{0};     // n >= 3: of the first side [y+1 x K' x G]
  PackedReals row_norms_{0}; // n = 3, two sides: of the second side and t_2 [K' x G]
  mpfr_t norm_;              // a view: owns nothing
  std::vector<Rest> rest_;   // by level
  std::uint64_t row_ = 0;
  std::span<const Token> row_tokens_;
  Interval row_factor_;
  Real row_reciprocal_;

  Interval factor_, share_, m_;
  Real linear_, term_, nearly_one_;
  const Interval exact_one_ = exactly(1);
  const Real& one_ = exact_one_.lo;
  std::uint64_t correct_ = 0, undecided_ = 0;
};

} // namespace

Established head_tail(const Problem& problem, Rows& rows, Token y, Meter& meter) {
  Established result;
  Label label(problem, rows, y, result, meter);
  label.make_norms();
  for_each_sorted_row(problem, rows, y, meter, [&](const SortedRow& row) { label.close_row(row); });
  label.finish();
  return result;
}

} // namespace verifier::token_sum
