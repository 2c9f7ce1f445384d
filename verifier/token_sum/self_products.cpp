#include "self_products.hpp"

#include "../parallel.hpp"

namespace verifier::token_sum {

SelfProducts make_self_products(const Tables& tables, std::size_t vocabulary, unsigned threads) {
  SelfProducts result{std::vector<Interval>(vocabulary), std::vector<Interval>(vocabulary)};
  for_each_index(vocabulary, threads, [&] {
    return [&, rows = tables.rows()](std::size_t i) {
      const auto a = static_cast<Token>(i);
      rows->push(a);
      result.log[i] = log(rows->row(a, a + 1, a, false).product);
      rows->pop();
    };
  });
  for (std::size_t y = 1; y < vocabulary; ++y) {
    result.log_below[y] = result.log_below[y - 1];
    add(result.log_below[y], result.log[y - 1]);
  }
  return result;
}

} // namespace verifier::token_sum
