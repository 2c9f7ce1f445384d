// Weights of the reference engine: exactly. Sums and products of stored numbers are integers times a power of two, which an array has
// in common.
#pragma once

#include "../engine.hpp"

namespace verifier::kernel::exactly {

Made stored_weights(Shape shape, std::span<const double> x);
Made rows_of_weights(const View& x, Indices at);
Made sum_of_weights(const View& x, const View& y);
Made difference_of_weights(const View& x, const View& y);
Made product_of_weights(const View& x, const View& y);
Made shifted_weights(const View& x, const View& by); // less a number that the row of `by` encloses
Made rounded_weights(const View& x);                 // as enclosures

} // namespace verifier::kernel::exactly
