#include "kernels.hpp"

namespace kernels {

using namespace verifier::kernel;
using namespace verifier::rules;

namespace {

std::size_t entries(const Data& data) {
  return data.A->rows() * data.V;
}
std::size_t pairs_of_rows(const Data& data) { // terms
  return entries(data) * data.V;
}
void keep(Workload& w, const Tensor& x) {
  w.kept += x.rows();
}

// Of rows with all rows of a table: the loop of symmetry@1.
void dot_products(Workload& w, Data& data) {
  keep(w, dots(*data.A, data.rows, with(data.k, data.problem.A), data.firsts));
}
// Over the 16 outputs of a head.
void dot_products_of_heads(Workload& w, Data& data) {
  keep(w, dots(*data.A, data.rows, with(data.k, data.problem.A), data.firsts, data.heads));
}
// Which inputs are classified correctly.
void largest_sums_of_others(Workload& w, Data& data) {
  keep(w, largest_sums(*data.L, data.rows, with(data.k, data.problem.L), data.firsts,
                       std::vector<Index>(data.L->rows(), 0)));
}
// Exact to twice the precision of doubles.
void products_of_weights(Workload& w, Data& data) {
  keep(w, rounded(*data.embedding * *data.unembedding));
}
// Middles and radii: two products of doubles a term. The loop of networks.
void numbers_times_weights(Workload& w, Data& data) {
  keep(w, linear(*data.L, transposed(*data.unembedding)));
}
void totals(Workload& w, Data& data) {
  Total total;
  total.add(*data.L);
  w.kept += mpz_size(total.upper.get_mpz_t());
}
// The last labels of all, at most one batch of rows.
void symmetry_of_labels(Workload& w, Data& data) {
  const Result result = token_sum::symmetry(data.k, data.problem,
                                            {static_cast<Index>(data.V - data.A->rows()), static_cast<Index>(data.V)});
  w.kept += mpz_size(result.at_most.upper.get_mpz_t());
}
std::size_t terms_of_labels(const Data& data) {
  std::size_t inputs = 0;
  for (std::size_t y = data.V - data.A->rows(); y < data.V; ++y) inputs += y + 1;
  return inputs * data.V;
}

template <auto run, Data Workload::*data>
void on(Workload& w) {
  run(w, w.*data);
}
template <auto units, Data Workload::*data>
std::size_t of(const Workload& w) {
  return units(w.*data);
}
constexpr auto fast = &Workload::fast, reference = &Workload::reference;
constexpr auto exponentials = [](Workload& w, Data& data) { keep(w, exp(*data.L)); };
constexpr auto logarithms = [](Workload& w, Data& data) { keep(w, log(*data.A)); };
constexpr auto normal_shares = [](Workload& w, Data& data) { keep(w, normal_cdf(*data.L)); };
constexpr auto losses = [](Workload& w, Data& data) { keep(w, log_sum_exp(*data.L)); };
constexpr auto head_terms = [](const Data& data) { return data.heads.members.size(); };
constexpr auto layer_terms = [](const Data& data) { return entries(data) * data.unembedding->rows(); };
constexpr auto weight_terms = [](const Data& data) {
  return data.embedding->rows() * data.embedding->columns() * data.V;
};

constexpr Measured list[] = {
    {"product of weights", "term", of<weight_terms, fast>, on<products_of_weights, fast>},
    {"numbers times weights", "term", of<layer_terms, fast>, on<numbers_times_weights, fast>},
    {"exponential", "entry", of<entries, fast>, on<exponentials, fast>},
    {"logarithm", "entry", of<entries, fast>, on<logarithms, fast>},
    {"normal distribution", "entry", of<entries, fast>, on<normal_shares, fast>},
    {"log-sum-exp", "entry", of<entries, fast>, on<losses, fast>},
    {"dot product", "term", of<pairs_of_rows, fast>, on<dot_products, fast>},
    {"dot product of a head", "term", of<head_terms, fast>, on<dot_products_of_heads, fast>},
    {"largest sum", "term", of<pairs_of_rows, fast>, on<largest_sums_of_others, fast>},
    {"total", "entry", of<entries, fast>, on<totals, fast>},
    {"symmetry@1, loss and accuracy", "term", of<terms_of_labels, fast>, on<symmetry_of_labels, fast>},
    {"reference: product of weights", "term", of<weight_terms, reference>, on<products_of_weights, reference>},
    {"reference: numbers times weights", "term", of<layer_terms, reference>, on<numbers_times_weights, reference>},
    {"reference: exponential", "entry", of<entries, reference>, on<exponentials, reference>},
    {"reference: dot product", "term", of<pairs_of_rows, reference>, on<dot_products, reference>},
};

} // namespace

std::span<const Measured> all() {
  return list;
}

} // namespace kernels
