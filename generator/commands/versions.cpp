#include "commands/versions.hpp"

#include "commit.hpp"
#include "support/version.hpp"

#include <Eigen/Core>
#include <boost/version.hpp>
#include <fmt/format.h>
#include <gmp.h>
#include <mpfi.h>
#include <mpfr.h>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>

namespace proofmark {

std::string versions() {
  return fmt::format("proofmark {} (commit {}, Boost {}.{}.{}, Eigen {}.{}.{}, fmt {}.{}.{}, GMP {}, MPFI {}, MPFR {}, "
                     "nlohmann/json {}.{}.{}, OpenSSL {})",
                     version, commit, BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100,
                     EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION, FMT_VERSION / 10000,
                     FMT_VERSION / 100 % 100, FMT_VERSION % 100, gmp_version, mpfi_get_version(), mpfr_get_version(),
                     NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH,
                     OpenSSL_version(OPENSSL_VERSION_STRING));
}

} // namespace proofmark
