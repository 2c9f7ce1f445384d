// The mean loss of a max-of-2 model over all inputs, enclosed by Arb's balls from the exact weights: another library's arithmetic, another
// matrix product, a rigorous answer to compare the verifier's with. No accuracy, no certificate.
//
//   arb_mean_loss MODEL.safetensors BITS THREADS      float32 tensors, context 2
//
// prints  lower MANTISSA EXPONENT  and  upper MANTISSA EXPONENT , the ends as exact binary numbers. Symbols as in docs/rules/symmetry.md:
// M = E W U, s_a about the largest entry of a row, D[a,k] = s_a - M[a,k], A = exp(-D), Z = A Aᵀ, and with loss(a,b) = ln Z_ab + D[a,y] + D[b,y]
//   V² · mean = sum_b ( 2 ln prod_{a<b} Z_ab + 2 sum_{a<b} D[a,b] + 2 b D[b,b] + ln Z_bb + 2 D[b,b] ).
#include <nlohmann/json.hpp>

#include <arb_mat.h>
#include <flint/flint.h>

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace {

class Matrix {
public:
  Matrix(slong rows, slong columns) { arb_mat_init(m_, rows, columns); }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  ~Matrix() { arb_mat_clear(m_); }
  arb_mat_struct* get() { return m_; }
  arb_ptr at(slong i, slong j) { return arb_mat_entry(m_, i, j); }

private:
  arb_mat_t m_;
};

class Ball {
public:
  Ball() { arb_init(x_); }
  Ball(const Ball&) = delete;
  Ball& operator=(const Ball&) = delete;
  ~Ball() { arb_clear(x_); }
  arb_ptr get() { return x_; }

private:
  arb_t x_;
};

struct Model {
  nlohmann::json header;
  std::string data;

  explicit Model(const char* path) {
    std::ifstream file(path, std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    std::uint64_t length = 0;
    if (all.size() < 8) throw std::runtime_error("cannot read a model");
    std::memcpy(&length, all.data(), 8);
    if (length > all.size() - 8) throw std::runtime_error("the model's header is cut short");
    header = nlohmann::json::parse(all.substr(8, length));
    data = all.substr(8 + length);
  }
  slong dimension(const char* name, int i) const { return header.at(name).at("shape").at(static_cast<std::size_t>(i)); }

  // out = the transpose of a tensor [rows x columns], exactly.
  void read_transposed(const char* name, Matrix& out) const {
    const auto& entry = header.at(name);
    const slong rows = dimension(name, 0), columns = dimension(name, 1);
    if (rows != arb_mat_ncols(out.get()) || columns != arb_mat_nrows(out.get()))
      throw std::runtime_error(std::string("a shape that does not fit: ") + name);
    const std::size_t begin = entry.at("data_offsets").at(0);
    if (entry.at("dtype") != "F32" || begin + static_cast<std::size_t>(rows * columns) * 4 > data.size())
      throw std::runtime_error(std::string("not a whole float32 tensor: ") + name);
    for (slong i = 0; i < rows; ++i) {
      for (slong j = 0; j < columns; ++j) {
        float value;
        std::memcpy(&value, data.data() + begin + static_cast<std::size_t>(i * columns + j) * 4, 4);
        arb_set_d(out.at(j, i), value); // exact
      }
    }
  }
};

// D and A of every token, in place of M and in `a`.
void shift_and_exponentiate(Matrix& m, Matrix& a, slong V, slong bits) {
  Ball shift;
  for (slong t = 0; t < V; ++t) {
    slong largest = 0;
    for (slong k = 1; k < V; ++k)
      if (arf_cmp(arb_midref(m.at(t, k)), arb_midref(m.at(t, largest))) > 0) largest = k;
    arb_get_mid_arb(shift.get(), m.at(t, largest)); // any number serves as a shift; this one is exact
    for (slong k = 0; k < V; ++k) {
      arb_sub(m.at(t, k), shift.get(), m.at(t, k), bits);
      arb_neg(a.at(t, k), m.at(t, k));
      arb_exp(a.at(t, k), a.at(t, k), bits);
    }
  }
}

void sum_of_losses(Ball& sum, Matrix& d, Matrix& z, slong V, slong bits) {
  Ball product, below, term;
  for (slong b = 0; b < V; ++b) {
    arb_one(product.get());
    arb_zero(below.get());
    for (slong a = 0; a < b; ++a) {
      arb_mul(product.get(), product.get(), z.at(a, b), bits);
      arb_add(below.get(), below.get(), d.at(a, b), bits);
    }
    arb_log(term.get(), product.get(), bits);
    arb_add(term.get(), term.get(), below.get(), bits);
    arb_addmul_si(term.get(), d.at(b, b), b + 1, bits);
    arb_mul_2exp_si(term.get(), term.get(), 1);
    arb_add(sum.get(), sum.get(), term.get(), bits);
    arb_log(term.get(), z.at(b, b), bits);
    arb_add(sum.get(), sum.get(), term.get(), bits);
  }
}

void print_end(const char* name, Ball& x, void (*end)(arf_t, const arb_t, slong)) {
  arf_t number;
  fmpz_t mantissa, exponent;
  arf_init(number);
  fmpz_init(mantissa);
  fmpz_init(exponent);
  end(number, x.get(), 128);
  arf_get_fmpz_2exp(mantissa, exponent, number);
  std::printf("%s ", name);
  fmpz_print(mantissa);
  std::printf(" ");
  fmpz_print(exponent);
  std::printf("\n");
  fmpz_clear(mantissa);
  fmpz_clear(exponent);
  arf_clear(number);
}

int number(const char* text, int lowest, int highest) {
  int value = 0;
  const char* const end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, value);
  if (error != std::errc{} || stop != end || value < lowest || value > highest)
    throw std::runtime_error(std::string("not a number in range: ") + text);
  return value;
}

void run(const char* path, slong bits, int threads) {
  static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");
  flint_set_num_threads(threads);
  const Model model(path);
  const slong V = model.dimension("unembedding.weight", 0), d = model.dimension("linear.weight", 0);
  Matrix m(V, V), z(V, V);
  {
    Matrix e(V, d), w(d, d), u(d, V), p(V, d);
    model.read_transposed("embedding.weight", e);
    model.read_transposed("linear.weight", w);
    model.read_transposed("unembedding.weight", u);
    arb_mat_mul(p.get(), e.get(), w.get(), bits);
    arb_mat_mul(m.get(), p.get(), u.get(), bits);
  }
  {
    Matrix a(V, V), transposed(V, V);
    shift_and_exponentiate(m, a, V, bits);
    arb_mat_transpose(transposed.get(), a.get());
    arb_mat_mul(z.get(), a.get(), transposed.get(), bits);
  }
  Ball mean;
  sum_of_losses(mean, m, z, V, bits);
  arb_div_si(mean.get(), mean.get(), V, bits);
  arb_div_si(mean.get(), mean.get(), V, bits);
  print_end("lower", mean, arb_get_lbound_arf);
  print_end("upper", mean, arb_get_ubound_arf);
}

} // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("usage: arb_mean_loss MODEL.safetensors BITS THREADS");
  run(argv[1], number(argv[2], 2, 4096), number(argv[3], 1, 256));
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 65;
}
