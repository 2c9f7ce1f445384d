// The normal distribution function of four doubles at once: the same bits on every machine.
//
// tests/kernel_proofs reads this file: it computes the table again in rational numbers, bounds what is cut from the series, and proves
// with Gappa what rounding adds, from the text of the function. docs/numerics.md, section 2.3, has the sum.
#pragma once

#include "lanes.hpp"

namespace verifier::kernel::doubles {

// 1 - Φ(i/2 + t) = sum over d of upper_tails[i][d] t^d, d = 0 .. 15, |t| <= 1/4: Taylor series, each coefficient the nearest double.
inline constexpr std::array<std::array<double, 16>, 17> upper_tails{{
    {0x1p-1, -0x1.9884533d43651p-2, 0, 0x1.1058377e2ceep-4, 0, -0x1.46d04297691dap-7, 0, 0x1.37403f6ba11p-10, 0,
     -0x1.e42b0d5216fc8p-14, 0, 0x1.3ce8fac15e2c4p-17, 0, -0x1.658a2177b2739p-21, 0, 0x1.62226a4aabe03p-25},
    {0x1.3bf143b9aa712p-2, -0x1.6883d022086acp-2, 0x1.6883d022086acp-4, 0x1.6883d022086acp-5, -0x1.4a78d41f3261ep-6,
     -0x1.2c6dd81c5c58fp-8, 0x1.929330f2cdaa7p-9, 0x1.5633f992e50b2p-12, -0x1.6e73b2b270e2cp-12, -0x1.9d2958fd8e1dbp-17,
     0x1.09c0a85d15403p-15, -0x1.d076fd31f0486p-22, -0x1.3fb48a84153cp-19, 0x1.063e3ddee3775p-23, 0x1.47e7d7a73f821p-23,
     -0x1.b2a0eacf90949p-27},
    {0x1.44ed0bb7cb20bp-3, -0x1.ef8e58e331737p-3, 0x1.ef8e58e331737p-4, 0, -0x1.4a5ee5eccba25p-6, 0x1.084beb23d61b7p-8,
     0x1.084beb23d61b7p-9, -0x1.92bcd405d88b6p-11, -0x1.f76c09074eae3p-14, 0x1.712d17b0067fcp-14, 0x1.f52f40bd51be8p-20,
     -0x1.eeacfa14a0798p-18, 0x1.fbb1876603037p-22, 0x1.03856a5333061p-21, -0x1.1a31ea5012b2dp-24,
     -0x1.b6d8d86873981p-26},
    {0x1.11a46d89647efp-4, -0x1.0940856d21e84p-3, 0x1.8de0c823b2dc7p-4, -0x1.ba1633b5e32ddp-6, -0x1.8de0c823b2dc7p-8,
     0x1.809d8e44a45dap-8, -0x1.58d3e0a778e13p-11, -0x1.2468a6976428ep-11, 0x1.6f1701cb9a5aap-13, 0x1.a44359394d5bcp-16,
     -0x1.4414c6207da22p-16, 0x1.39d8dd597eea6p-21, 0x1.7535ceecf0d5dp-20, -0x1.b105cf7dcd97ep-23,
     -0x1.2cecf861d09b1p-24, 0x1.4ed1d16cbe22ep-26},
    {0x1.74bcf82c9d86p-6, -0x1.ba4b436e83ad4p-5, 0x1.ba4b436e83ad4p-5, -0x1.ba4b436e83ad4p-6, 0x1.26dcd79f02738p-8,
     0x1.26dcd79f02738p-9, -0x1.61d5cf8b9c8aap-10, 0x1.ee3ef9450b6c5p-14, 0x1.e3035c54ee129p-14, -0x1.36c6a09dd6b2ap-15,
     -0x1.7b6bd175a681bp-19, 0x1.dbd1ce744e9b1p-19, -0x1.94794e8251786p-22, -0x1.9c5e5a9cc2e5cp-23,
     0x1.c0fcef79beea3p-25, 0x1.51f64177b8e0ep-28},
    {0x1.96f4e57e49ce4p-8, -0x1.1f2f0557f5256p-6, 0x1.66fac6adf26ecp-6, -0x1.f6924959ed017p-7, 0x1.84e501e71bf7fp-8,
     -0x1.5d68245e370fap-11, -0x1.0d3c150275d31p-11, 0x1.1380a9f39e38fp-12, -0x1.c66c2e4bf0db7p-16,
     -0x1.2e54c29ec170fp-16, 0x1.cfe7503c99ec8p-18, -0x1.9f39df2e72287p-24, -0x1.0e572af000dc1p-21,
     0x1.bd2fedb13a9a6p-24, 0x1.f8cbb605a4a81p-27, -0x1.309b362f436fcp-27},
    {0x1.61de1f985b5d7p-10, -0x1.227213fd77689p-8, 0x1.b3ab1dfc331cdp-8, -0x1.8342c551f48b6p-8, 0x1.b3ab1dfc331cdp-9,
     -0x1.227213fd77689p-10, 0x1.d0b6866258a74p-14, 0x1.6211296f807f7p-14, -0x1.6d21b2bafc837p-15,
     0x1.a6e9d50c4b42ep-18, 0x1.098cdf13a05f9p-19, -0x1.1b40edf2cd32cp-20, 0x1.e9419b0079b4cp-24, 0x1.9d536858273ffp-25,
     -0x1.322c9beda442ap-26, 0x1.41f52db8390ebp-31},
    {0x1.e7dbc92b77dd5p-13, -0x1.c9897d147e61fp-11, 0x1.90584d71ee95bp-10, -0x1.acf0e543367bdp-10,
     0x1.3499665d27e8cp-10, -0x1.2f5b4a87daba4p-11, 0x1.7aa8da51180fcp-13, -0x1.66fe7e1a4391bp-16,
     -0x1.4f02c7eae4fb8p-17, 0x1.902c3e4f21b52p-18, -0x1.4203130653784p-20, -0x1.c81dd774d905cp-24,
     0x1.05ad00c4dfd01p-23, -0x1.b2f60d177d764p-26, -0x1.d49588fb0021bp-30, 0x1.0e13d53edc04p-29},
    {0x1.09ad7954afff8p-15, -0x1.18a98e2c0b4b4p-13, 0x1.18a98e2c0b4b4p-12, -0x1.5ed3f1b70e1e2p-12,
     0x1.300d04afb6e6ep-12, -0x1.7d3ba5623a02p-13, 0x1.5a26739cb8989p-14, -0x1.ac1f156a31bc6p-16, 0x1.06d7adc7b94eap-18,
     0x1.8d61d8bd244efp-21, -0x1.59dcf467e7a17p-21, 0x1.750570593bb9cp-23, -0x1.3888dcfb671d5p-27,
     -0x1.44ae135f861ddp-27, 0x1.c57d533c222f7p-29, -0x1.4444cf75099ccp-32},
    {0x1.c80728dd3b03ap-19, -0x1.0c29a533d0bc5p-16, 0x1.2daed9da4ad3ep-15, -0x1.ae2d79031ed8cp-15,
     0x1.b1ab5929cb909p-15, -0x1.45c697b1f294cp-15, 0x1.7504bab2f9dacp-16, -0x1.4476c02fd9eacp-17,
     0x1.9a50473ff8b95p-19, -0x1.3be7d551f3cc9p-21, -0x1.ddaa2e444bcf7p-28, 0x1.b5f9a5d6ebc25p-25,
     -0x1.3f6f491442c7p-26, 0x1.86766b2b602b1p-29, 0x1.57e5cc675d92bp-32, -0x1.288a8e6f01561p-32},
    {0x1.33ca2f2133831p-22, -0x1.8f16964c8fd3fp-20, 0x1.f2dc3bdfb3c8fp-19, -0x1.8f16964c8fd3fp-18,
     0x1.c949e18d0f783p-18, -0x1.8d6ce49b2d186p-18, 0x1.0e374b192c0cdp-18, -0x1.2365d35458c36p-19,
     0x1.f0e174866f021p-21, -0x1.45726b53c486cp-22, 0x1.298e786a124aap-24, -0x1.cbe38d84a52e8p-28,
     -0x1.521bc1602e53fp-29, 0x1.85cbaf89a78f5p-30, -0x1.7a820dbc1d43ap-32, 0x1.da604ff5c9b49p-36},
    {0x1.463cfa9c7fce7p-26, -0x1.ce8ec39250975p-24, 0x1.3e02267497681p-22, -0x1.19deff2d291c3p-21,
     0x1.691270ff0be8dp-21, -0x1.62e609382d557p-21, 0x1.152e462f5b2bp-21, -0x1.5f11f230d9cdcp-22, 0x1.6bedfca5bb43ep-23,
     -0x1.34468f7eac9f6p-24, 0x1.a36976f629cdbp-26, -0x1.b3435bf75f029p-28, 0x1.219aafae87269p-30,
     0x1.eee5ec96cb8a6p-41, -0x1.330916c7cf9b9p-34, 0x1.c15c81386be83p-36},
    {0x1.0f30ef0092d48p-30, -0x1.a1880fbd087fcp-28, 0x1.39260bcdc65fdp-26, -0x1.3073362480dd3p-25,
     0x1.ae94503af0c3cp-25, -0x1.d7071827a7302p-25, 0x1.9d9dfc640f9e9p-25, -0x1.2a744944db023p-25, 0x1.670c933f8e4fp-26,
     -0x1.6aaaa7d668933p-27, 0x1.3389bcdf50948p-28, -0x1.b19c3c31004ecp-30, 0x1.ee727c2c87ab7p-32,
     -0x1.a79fcf48dfdd1p-34, 0x1.99325e3c40eebp-37, 0x1.70edea6e89e29p-40},
    {0x1.61404b2da0191p-35, -0x1.258556ae47e79p-32, 0x1.dcf8acdb34d85p-31, -0x1.f87d2cfb8b96p-30, 0x1.860602ade9e0ep-29,
     -0x1.d531a01c0592bp-29, 0x1.c84a4af61a0dbp-29, -0x1.6fd775980b56bp-29, 0x1.f3f7582b7a8e8p-30,
     -0x1.218fda972ba45p-30, 0x1.1f8c317886808p-31, -0x1.ea20682e4b3d4p-33, 0x1.64b2fd8c03df2p-34,
     -0x1.b4eaaca204af6p-36, 0x1.b31e6223076e1p-38, -0x1.41733c114530bp-40},
    {0x1.683c36759a444p-40, -0x1.41663f31db14bp-37, 0x1.1939774b9fb21p-35, -0x1.41663f31db14bp-34, 0x1.0d81bcfdce6p-33,
     -0x1.61345d72ca181p-33, 0x1.782342c1f264ap-33, -0x1.4e16ee7d6c9ebp-33, 0x1.f80e49e8ca24bp-34,
     -0x1.4714e07200fdbp-34, 0x1.704de320e323cp-35, -0x1.69b4bbb0c3abfp-36, 0x1.36620a8251e0bp-37,
     -0x1.d07a576cc5414p-39, 0x1.2cc268631b793p-40, -0x1.4b63f1c4f62acp-42},
    {0x1.1f68f3dbb818ap-45, -0x1.121483257ebap-42, 0x1.00f33af326ce6p-40, -0x1.3b7a46f47dde2p-39, 0x1.1d0dd565bf0dp-38,
     -0x1.93eb945fe1efap-38, 0x1.d2e4a1482758bp-38, -0x1.c42827542dbc7p-38, 0x1.75df6f04e6a97p-38,
     -0x1.0b99d8b13bc59p-38, 0x1.4eef67589f959p-39, -0x1.7126ba5f6d9dfp-40, 0x1.67f18f7794c89p-41,
     -0x1.37332f54ce659p-42, 0x1.dcff25007f7dep-44, -0x1.42e0eb6da91fbp-45},
    {0x1.669d2c90d55cep-51, -0x1.6c0df3a094834p-48, 0x1.6c0df3a094834p-46, -0x1.ddd24fc2c2ec5p-45,
     0x1.cea71046bcbc3p-44, -0x1.60342a07afadbp-43, 0x1.b6c2f2b032fd2p-43, -0x1.cb83411dc9ee3p-43,
     0x1.9c80a71d322e7p-43, -0x1.41fe7c6ff1dcdp-43, 0x1.b9db540ea1e19p-44, -0x1.0ca9117f4e278p-44,
     0x1.23441259f2966p-45, -0x1.1ab4813dab7ffp-46, 0x1.ec8c5e6e64e07p-48, -0x1.8160e7c4ed389p-49},
}};

// 1 - Φ(x), 0 <= x <= 8.
inline constexpr double upper_tail_error = 2 * u; // absolute
PROOFMARK_INLINE v4 upper_tail4(v4 x) {
  constexpr double magic = 0x1.8p52; // adding it rounds to an integer, which then stands in the low bits
  const v4 s = x * 2 + magic;
  const v4 t = x - (s - magic) * 0.5, t2 = t * t; // t is exact
  const v4 t3 = t2 * t, t4 = t2 * t2;
  const auto lane = [&](int i) PROOFMARK_LAMBDA {
    const double* const of = upper_tails[((u4)s)[i] & 31].data();
    const v4 a = load(of, 1, 4, 0), b = load(of + 4, 1, 4, 0), c = load(of + 8, 1, 4, 0), d = load(of + 12, 1, 4, 0);
    return sum_of_lanes((a + (b + (c + d * t4[i]) * t4[i]) * t4[i]) * v4{1, t[i], t2[i], t3[i]});
  };
  return v4{lane(0), lane(1), lane(2), lane(3)};
}

// Φ(x) is within the slack of this, its subtraction from 1 and the step to the slack's end included. Beyond 8 this is Φ(-8) or Φ(8).
inline constexpr double normal_cdf_slack = 4 * u;
static_assert(normal_cdf_slack >= upper_tail_error + 1.01 * u);
PROOFMARK_INLINE v4 normal_cdf4(v4 x) {
  const v4 tail = upper_tail4(min4(abs4(x), all(8)));
  return x < all(0) ? tail : 1 - tail;
}
PROOFMARK_INLINE v4 normal_cdf_down(v4 x) {
  return x < all(-8) ? all(0) : max4(normal_cdf4(x) - normal_cdf_slack, all(0));
}
PROOFMARK_INLINE v4 normal_cdf_up(v4 x) {
  return x > all(8) ? all(1) : min4(normal_cdf4(x) + normal_cdf_slack, all(1));
}

} // namespace verifier::kernel::doubles
