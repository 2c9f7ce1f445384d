// Attention, as schema/FORMAT.md, section 5, defines it. A score depends on the tokens that its query and its key depend on, what is
// added on all tokens that the position sees.
#include "rules/any/network.hpp"

namespace verifier::rules::any {
namespace {

// [R x Hw] as [RH x w], a row for each head; and back, with the whole width.
template <class T>
T in_rows(const T& x, std::size_t width) {
  return in_rows_of(in_one_column(x), width);
}

// Over a list of two tensors at least, entry by entry. Each is less one number that the entry has in common with the others, which
// cancels.
std::vector<Share> softmax(const std::vector<Real>& scores) {
  const std::size_t m = scores.size();
  Real most = scores.front();
  for (std::size_t j = 1; j < m; ++j) most = larger(most, scores[j]);
  const Real shift = any_number_in(most);
  std::vector<Positive> e;
  for (const Real& score : scores) e.push_back(exp(score - shift));
  std::vector<Positive> first{e.front()}, last{e.back()}; // the sum of the first, and of the last, j + 1
  for (std::size_t j = 1; j + 1 < m; ++j)
    first.push_back(first.back() + e[j]), last.push_back(last.back() + e[m - 1 - j]);
  std::vector<Share> shares{share(e.front(), last.back())};
  for (std::size_t j = 1; j + 1 < m; ++j) shares.push_back(share(e[j], first[j - 1] + last[m - 2 - j]));
  shares.push_back(share(e.back(), first.back()));
  return shares;
}

// Of each head a column.
Value score(const Attention& a, const Value& query, const Value& key, Shared& shared) {
  const Positions on = query.on | key.on;
  const Real products = product(at(query, on, shared), at(key, on, shared));
  return {in_rows(sum(in_rows(products, products.columns() / a.heads)), a.heads), on};
}

// The values that a position sees, each as often as its share says; without a query all count alike.
Real mixed(const Attention& a, const Value* query, const Values& keys, const std::vector<const Value*>& values,
           Positions on, Shared& shared) {
  const std::size_t width = values.front()->x.columns();
  Kernel& k = values.front()->x.kernel();
  if (values.size() == 1) return at(*values.front(), on, shared);
  if (query == nullptr) { // all scores are the same
    Real sum = at(*values.front(), on, shared);
    for (std::size_t j = 1; j < values.size(); ++j) sum = sum + at(*values[j], on, shared);
    return spread(inverse(number(k, values.size())), sum.shape()) * sum;
  }
  const std::vector<Share> shares = any::shares(a, *query, keys, values.size(), on, shared);
  const std::size_t v = width / a.heads;
  const auto part = [&](std::size_t j) {
    return repeat_columns(in_one_column(shares[j]), v) * in_rows(at(*values[j], on, shared), v);
  };
  Real sum = part(0);
  for (std::size_t j = 1; j < values.size(); ++j) sum = sum + part(j);
  return in_rows(sum, width);
}

} // namespace

Projected projected(const Network& network, const Attention& a, const Values& x, Positions wanted) {
  const bool compares = a.query && x.size() > 1; // else no score matters
  Projected of;
  for (const auto& [j, state] : x) {
    const Real read = normed(a.before, state.x);
    of.values.emplace(j, Value{mapped(a.value, read), state.on});
    if (!compares) continue;
    Real placed = read;
    if (network.score_position)
      placed = read + repeat_rows(row(with(read.kernel(), *network.score_position), j), read.rows());
    of.keys.emplace(j, Value{mapped(*a.key, placed), state.on});
    if (!is_in(wanted, j)) continue;
    const Real query = mapped(*a.query, placed);
    of.queries.emplace(
        j, Value{a.factor ? spread(with(read.kernel(), *a.factor), query.shape()) * query : query, state.on});
  }
  return of;
}

std::vector<Share> shares(const Attention& a, const Value& query, const Values& keys, std::size_t seen, Positions on,
                          Shared& shared) {
  std::vector<Real> scores;
  for (std::size_t j = 0; j < seen; ++j) scores.push_back(at(score(a, query, keys.at(j), shared), on, shared));
  return softmax(scores);
}

Values attended(const Network& network, const Attention& a, const Values& x, Positions wanted, Shared& shared) {
  const auto [queries, keys, values] = projected(network, a, x, wanted);
  Values added;
  for (const auto& [i, state] : x) {
    if (!is_in(wanted, i)) continue;
    const bool compares = !queries.empty();
    std::vector<const Value*> seen;
    Positions on = compares ? state.on : 0;
    for (const auto& [j, value] : values)
      if (!a.causal || j <= i) seen.push_back(&value), on |= value.on;
    const Real sum = mixed(a, compares ? &queries.at(i) : nullptr, keys, seen, on, shared);
    added.emplace(i, Value{mapped(a.output, sum), on});
  }
  return added;
}

} // namespace verifier::rules::any
