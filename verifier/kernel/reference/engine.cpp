// The reference engine: two MPFR numbers an entry, directed rounding, loops as simple as they come; weights are exact. This folder
// defines what is accepted; the fast engine only has to agree with it.
#include "number.hpp"
#include "weights.hpp"

#include <algorithm>
#include <array>

namespace verifier::kernel {
namespace exactly {
namespace {

// In steps of 2^-60. A certificate declares ends below 2^16384, and larger integers would take memory that nothing has accounted
// for.
void steps(Integer& r, const Number& x, mpfr_rnd_t direction) {
  if (x.sign() != 0 && mpfr_get_exp(x) > 16384) throw OutOfRange();
  Number shifted;
  mpfr_mul_2si(shifted, x, step_bits, direction); // exact, but for underflow
  mpfr_get_z(r.get_mpz_t(), shifted, direction);
}

class Reference final : public Engine {
public:
  Made exact(Shape shape, std::span<const double> x) const override {
    return map(shape, [&](auto i, auto j, Interval& r) {
      mpfr_set_d(r.lo, x[i * shape.columns + j], MPFR_RNDD), mpfr_set_d(r.hi, x[i * shape.columns + j], MPFR_RNDU);
    });
  }
  Made ratio(std::uint64_t x, std::uint64_t y) const override {
    return map({1, 1}, [&, divisor = Number()](auto, auto, Interval& r) mutable {
      mpfr_set_uj(divisor, y, MPFR_RNDD), mpfr_set_uj(r.lo, x, MPFR_RNDD); // exact: 64 of 128 bits
      mpfr_div(r.hi, r.lo, divisor, MPFR_RNDU), mpfr_div(r.lo, r.lo, divisor, MPFR_RNDD);
    });
  }
  Made pi() const override {
    return map({1, 1}, [](auto, auto, Interval& r) { mpfr_const_pi(r.lo, MPFR_RNDD), mpfr_const_pi(r.hi, MPFR_RNDU); });
  }
  Made binary(Binary op, const View& x, const View& y, Sign) const override {
    constexpr std::array by_op = {add, subtract, multiply, product, larger, smaller, share, near};
    const auto f = by_op.at(static_cast<std::size_t>(op));
    return map(x.shape, [&](auto i, auto j, Interval& r) { f(r, at(x, i, j), at(y, i, j)); });
  }
  Made unary(Unary op, const View& x) const override {
    constexpr std::array by_op = {exactly::exp, exactly::log, inverse,    positive_part,
                                  upper_end,    square,       normal_cdf, absolute};
    const auto f = by_op.at(static_cast<std::size_t>(op));
    return map(x.shape, [&](auto i, auto j, Interval& r) { f(r, at(x, i, j)); });
  }
  Made moved(Side side, const View& x, const View& y, const View& share) const override {
    return map(x.shape, [&](auto i, auto j, Interval& r) {
      const Interval &a = at(x, i, j), &b = at(y, i, j), &s = at(share, i, j);
      const bool up = side == Side::larger;
      move(r.lo, a.lo, b.lo, up ? s.lo : s.hi, up, MPFR_RNDD);
      move(r.hi, a.hi, b.hi, up ? s.hi : s.lo, up, MPFR_RNDU);
    });
  }
  Made root(const View& x, unsigned p) const override {
    return map(x.shape, [&](auto i, auto j, Interval& r) {
      mpfr_rootn_ui(r.lo, at(x, i, j).lo, p, MPFR_RNDD), mpfr_rootn_ui(r.hi, at(x, i, j).hi, p, MPFR_RNDU);
    });
  }
  Made exchanged(const View& sum, const View& term, const View& other) const override {
    return map(sum.shape,
               [&](auto i, auto j, Interval& r) { exchange(r, at(sum, i, j), at(term, i, j), at(other, i, j)); });
  }
  Made plus_rows_at(const View& x, Indices x_rows, const View& y, Indices y_rows, Sign) const override {
    return map({x_rows.size(), x.shape.columns},
               [&](auto i, auto j, Interval& r) { add(r, at(x, x_rows[i], j), at(y, y_rows[i], j)); });
  }
  Made minus_column(const View& x, Indices columns, std::size_t own) const override {
    return map({x.shape.rows, columns.size()}, [&](auto i, auto j, Interval& r) {
      if (columns[j] != own) subtract(r, at(x, i, columns[j]), at(x, i, own));
    });
  }
  Made minus_entries(const View& x, const View& of_own, Indices own) const override {
    return map(x.shape, [&](auto i, auto j, Interval& r) {
      if (j != own[i]) subtract(r, at(x, i, j), at(of_own, i, 0));
    });
  }
  Made fold(Fold op, const View& x, Sign) const override {
    return map({x.shape.rows, 1}, [&](auto i, auto, Interval& r) {
      Interval e;
      for (std::size_t j = 0; j < x.shape.columns; ++j) {
        const Interval& a = at(x, i, j);
        if (op == Fold::log_sum_exp || op == Fold::log_one_plus_sum_exp)
          exactly::exp(e, a), add(r, r, e);
        else if (j == 0)
          r = a;
        else if (op == Fold::sum)
          add(r, r, a);
        else
          op == Fold::largest ? larger(r, r, a) : smaller(r, r, a);
      }
      if (op == Fold::log_sum_exp) e = r, exactly::log(r, e);
      if (op == Fold::log_one_plus_sum_exp) mpfr_log1p(r.lo, r.lo, MPFR_RNDD), mpfr_log1p(r.hi, r.hi, MPFR_RNDU);
    });
  }
  Made scan(Scan op, const View& x) const override {
    const std::size_t C = x.shape.columns;
    std::vector<Interval> before(C), after(C); // of a row, of column j: the largest of 0 .. j, of j .. C-1
    return map(x.shape, [&](auto i, auto j, Interval& r) {
      for (std::size_t k = 0; j == 0 && k < C; ++k) {
        before[k] = at(x, i, k), after[C - 1 - k] = at(x, i, C - 1 - k);
        if (k > 0)
          larger(before[k], before[k], before[k - 1]), larger(after[C - 1 - k], after[C - 1 - k], after[C - k]);
      }
      if (op == Scan::largest_so_far) {
        r = before[j];
      } else {
        r = j > 0 ? before[j - 1] : after[1];
        if (j > 0 && j + 1 < C) larger(r, r, after[j + 1]);
      }
    });
  }
  Made largest_without(const View& x, Indices without) const override {
    return map({x.shape.rows, 1}, [&](auto i, auto, Interval& r) {
      const std::size_t first = without[i] == 0 ? 1 : 0;
      r = at(x, i, first);
      for (std::size_t j = first + 1; j < x.shape.columns; ++j)
        if (j != without[i]) larger(r, r, at(x, i, j));
    });
  }
  Made rows_at(const View& x, Indices rows) const override {
    return map({rows.size(), x.shape.columns}, [&](auto i, auto j, Interval& r) { r = at(x, rows[i], j); });
  }
  Made columns_at(const View& x, Indices columns) const override {
    return map({x.shape.rows, columns.size()}, [&](auto i, auto j, Interval& r) { r = at(x, i, columns[j]); });
  }
  Made entries_at(const View& x, Indices rows, Indices columns) const override {
    return map({rows.size(), 1}, [&](auto i, auto, Interval& r) { r = at(x, rows[i], columns[i]); });
  }
  Made join(const View& x, const View& y) const override {
    const std::size_t left = x.shape.columns;
    return map({x.shape.rows, left + y.shape.columns},
               [&](auto i, auto j, Interval& r) { r = j < left ? at(x, i, j) : at(y, i, j - left); });
  }
  Made replaced(const View& x, Indices rows, Indices columns, const View& by) const override {
    const Made r = map(x.shape, [&](auto i, auto j, Interval& entry) { entry = at(x, i, j); });
    for (std::size_t i = 0; i < rows.size(); ++i)
      static_cast<Intervals&>(*r).x[rows[i] * x.shape.columns + columns[i]] = at(by, i, 0);
    return r;
  }
  Made dots(const View& x, Indices x_rows, const View& y, Indices y_rows) const override {
    return map({x_rows.size(), 1}, [&, p = Interval()](auto i, auto, Interval& r) mutable {
      for (std::size_t k = 0; k < x.shape.columns; ++k)
        multiply(p, at(x, x_rows[i], k), at(y, y_rows[i], k)), add(r, r, p);
    });
  }
  Made dots(const View& x, Indices x_rows, const View& y, Indices y_rows, const Lists& lists) const override {
    return map({x_rows.size(), 1}, [&, p = Interval()](auto i, auto, Interval& r) mutable {
      for (const Index k : lists[i]) multiply(p, at(x, x_rows[i], k), at(y, y_rows[i], k)), add(r, r, p);
    });
  }
  Made largest_sums(const View& x, Indices x_rows, const View& y, Indices y_rows, Indices without) const override {
    return map({x_rows.size(), 1}, [&, s = Interval()](auto i, auto, Interval& r) mutable {
      const std::size_t left_out = without[x_rows[i]], first = left_out == 0 ? 1 : 0;
      for (std::size_t k = first; k < x.shape.columns; ++k) {
        if (k == left_out) continue;
        add(s, at(x, x_rows[i], k), at(y, y_rows[i], k));
        k == first ? void(r = s) : larger(r, r, s);
      }
    });
  }
  Made sums_before(const View& x) const override {
    std::vector<Interval> sums(x.shape.columns);
    return map({x.shape.rows + 1, x.shape.columns}, [&](auto i, auto j, Interval& r) {
      if (i > 0) add(sums[j], sums[j], at(x, i - 1, j));
      r = sums[j];
    });
  }
  Made sums_by_label(const View& x, Indices labels, std::size_t count, Sign) const override {
    const std::size_t C = x.shape.columns;
    const Made sums = map({count, C}, [](auto, auto, Interval&) {});
    each(x, [&, place = std::size_t{0}](const Interval& a) mutable {
      Interval& r = static_cast<Intervals&>(*sums).x[labels[place / C] * C + place % C];
      add(r, r, a), ++place;
    });
    return sums;
  }
  Made hulls_by_label(const View& x, Indices labels, std::size_t count) const override {
    const std::size_t C = x.shape.columns;
    const Made hulls = map({count, C}, [](auto, auto, Interval&) {});
    std::vector<bool> occurs(count);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      Interval* const of_label = static_cast<Intervals&>(*hulls).x.data() + labels[i] * C;
      for (std::size_t j = 0; j < C; ++j)
        occurs[labels[i]] ? hull(of_label[j], at(x, i, j)) : void(of_label[j] = at(x, i, j));
      occurs[labels[i]] = true;
    }
    return hulls;
  }
  Made sums_of_any(const View& b) const override {
    const std::size_t n = b.shape.columns;
    std::vector<Number> lo(n), hi(n);
    Interval sum;
    return map({b.shape.rows, n + 1}, [&](auto i, auto k, Interval& r) {
      if (k == 0) {
        for (std::size_t j = 0; j < n; ++j) lo[j] = at(b, i, j).lo, hi[j] = at(b, i, j).hi;
        std::sort(lo.begin(), lo.end()), std::sort(hi.begin(), hi.end());
        sum = Interval();
      } else {
        add(sum, sum, {lo[k - 1], hi[n - k]});
      }
      r = sum;
    });
  }
  std::vector<bool> certainly(Certain what, const View& x) const override {
    std::vector<bool> r;
    each(x, [&](const Interval& a) { r.push_back(what == Certain::negative ? a.hi.sign() < 0 : a.lo.sign() >= 0); });
    return r;
  }
  std::vector<Ends> totals(const View& x, Indices kind, std::size_t kinds) const override {
    std::vector<Ends> e(kinds);
    std::size_t i = 0;
    each(x, [&, s = Integer()](const Interval& a) mutable {
      Ends& of = e[kind.empty() ? 0 : kind[i++]];
      steps(s, a.lo, MPFR_RNDD), of.lower += s;
      steps(s, a.hi, MPFR_RNDU), of.upper += s;
    });
    return e;
  }
  Ends least(const View& x) const override {
    Interval least = at(x, 0, 0);
    each(x, [&](const Interval& a) { smaller(least, least, a); });
    Ends e;
    steps(e.lower, least.lo, MPFR_RNDD), steps(e.upper, least.hi, MPFR_RNDU);
    return e;
  }
  Made weights(Shape shape, std::span<const double> x) const override { return stored_weights(shape, x); }
  Made weights_rows_at(const View& x, Indices at) const override { return rows_of_weights(x, at); }
  Made weights_add(const View& x, const View& y) const override { return sum_of_weights(x, y); }
  Made weights_subtract(const View& x, const View& y) const override { return difference_of_weights(x, y); }
  Made weights_product(const View& x, const View& y) const override { return product_of_weights(x, y); }
  Made weights_shifted(const View& x, const View& by) const override { return shifted_weights(x, by); }
  Made weights_rounded(const View& x) const override { return rounded_weights(x); }
  Made linear(const View& x, const View& w) const override {
    const View weights{rounded_weights(w), w.shape, 0, w.shape.columns, 1};
    return map({x.shape.rows, w.shape.columns}, [&, p = Interval()](auto i, auto j, Interval& r) mutable {
      for (std::size_t k = 0; k < w.shape.rows; ++k) product(p, at(x, i, k), at(weights, k, j)), add(r, r, p);
    });
  }
  Made linear_at(const View& x, const View& w, const Lists& lists) const override {
    const View weights{rounded_weights(w), w.shape, 0, w.shape.columns, 1};
    return map({x.shape.rows, w.shape.columns}, [&, p = Interval()](auto i, auto j, Interval& r) mutable {
      for (const Index k : lists[j]) product(p, at(x, i, k), at(weights, k, j)), add(r, r, p);
    });
  }
  Made linear_entries(const View& x, Indices rows, const View& w, Indices columns) const override {
    const View weights{rounded_weights(w), w.shape, 0, w.shape.columns, 1};
    return map({rows.size(), 1}, [&, p = Interval()](auto i, auto, Interval& r) mutable {
      for (std::size_t k = 0; k < w.shape.rows; ++k)
        product(p, at(x, rows[i], k), at(weights, k, columns[i])), add(r, r, p);
    });
  }
  Made sum_of_multiples(Shape shape, std::span<const Multiple> terms) const override {
    return map(shape, [&, p = Interval()](auto i, auto j, Interval& r) mutable {
      for (const auto& [times, table, rows] : terms)
        multiply(p, at(times.view(), i, 0), at(table.view(), rows[i], j)), add(r, r, p);
    });
  }
  Made table(Shape shape, Sign) const override { return std::make_shared<Intervals>(shape.size()); }
  void fill(Numbers& table, std::size_t row, const View& band) const override {
    Interval* to = static_cast<Intervals&>(table).x.data() + row * band.shape.columns;
    each(band, [&](const Interval& a) { *to++ = a; });
  }

private:
  // x + a max(0, y - x), or x + a min(0, y - x)
  static void move(Number& r, const Number& x, const Number& y, const Number& a, bool up, mpfr_rnd_t direction) {
    mpfr_sub(r, y, x, direction);
    if (up ? r.sign() < 0 : r.sign() > 0) mpfr_set_zero(r, 1);
    mpfr_mul(r, r, a, direction);
    mpfr_add(r, x, r, direction);
  }
  template <class F>
  static void each(const View& x, F f) { // entry, row by row
    for (std::size_t i = 0; i < x.shape.rows; ++i)
      for (std::size_t j = 0; j < x.shape.columns; ++j) f(at(x, i, j));
  }
};

} // namespace
} // namespace exactly

const Engine& reference() {
  static const exactly::Reference engine;
  return engine;
}

} // namespace verifier::kernel
