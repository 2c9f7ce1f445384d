#include "sorted_rows.hpp"

namespace verifier::token_sum {
namespace {

mpz_class factorial(std::uint64_t n) {
  mpz_class result;
  mpz_fac_ui(result.get_mpz_t(), n);
  return result;
}

class Walk {
public:
  Walk(const Problem& problem, Rows& rows, Meter& meter, const std::function<void(const SortedRow&)>& close)
      : problem_(problem), rows_(rows), meter_(meter), close_(close) {}

  // The tokens t_n, t_(n-1), .., t_i are chosen, not increasing; t_i = smallest, and the last `run` of them
  // equal it. `others` is the product of the factorials of the multiplicities of the larger tokens.
  void from(std::uint64_t i, Token smallest, std::uint64_t run, const mpz_class& others) {
    rows_.push(smallest);
    tokens_.push_back(smallest);
    if (i == 2) {
      // exact: a multinomial coefficient
      close_({tokens_, run, factorial(problem_.task.context) / (factorial(run + 1) * others)});
    } else {
      for (Token a = 0; a <= smallest; ++a) {
        charge_extension(problem_, meter_);
        if (a == smallest)
          from(i - 1, a, run + 1, others);
        else
          from(i - 1, a, 1, others * factorial(run));
      }
    }
    tokens_.pop_back();
    rows_.pop();
  }

private:
  const Problem& problem_;
  Rows& rows_;
  Meter& meter_;
  const std::function<void(const SortedRow&)>& close_;
  std::vector<Token> tokens_;
};

} // namespace

void for_each_sorted_row(const Problem& problem, Rows& rows, Token y, Meter& meter,
                         const std::function<void(const SortedRow&)>& close) {
  Walk(problem, rows, meter, close).from(problem.task.context, y, 1, 1);
}

} // namespace verifier::token_sum
