/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What kernels need so that the compiler can turn their plain loops into vector
 * instructions: variants chosen at run time, and functions without a call. */

#pragma once

#include <glib.h>

/* Before a kernel: it is compiled for plain x86-64, for AVX2 and for AVX-512,
 * and the loader picks one.  The choice runs before a sanitizer is set up, so
 * sanitized builds have the plain variant only, as have other processors and
 * other compilers. */
#if defined (__x86_64__) && defined (__GLIBC__) && defined (__GNUC__) && !defined (__clang__) \
    && !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__)
#define WEN_VARIANTS __attribute__ ((target_clones ("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define WEN_VARIANTS
#endif

/* Before a function that a kernel's loop calls: it must become part of each variant. */
#define WEN_INLINE static inline __attribute__ ((always_inline))

/* Before a loop whose rounds may be done side by side. */
#define WEN_SIDE_BY_SIDE _Pragma ("omp simd")

/* e^x.  For x in [-87, 88] the relative error is below 2e-7; below that range the
 * result is 0, above it that of 88; NaN stays NaN.
 *
 * x = k ln 2 + r with |r| <= ln 2 / 2.  Adding 1.5 * 2^23 rounds to the nearest
 * whole k, which then stands in the low bits and goes from there into the exponent
 * of a power of 2, without a conversion that NaN could upset.
 * Source: the polynomial is that of Cephes (Moshier 1989), expf. */
WEN_INLINE float
wen_exp (float x)
{
  const float rounder = 12582912.0f;
  float       clamped = x > 88.0f ? 88.0f : (x < -87.0f ? -87.0f : x);
  union
  {
    guint32 bits;
    float   value;
  } shifted, power;
  float k;
  float r;
  float p = 1.9875691500e-4f;

  shifted.value = clamped * 1.44269504088896341f + rounder;
  power.bits = (shifted.bits + 127u) << 23;
  k = shifted.value - rounder;
  r = (clamped - k * 0.693359375f) - k * -2.12194440e-4f;

  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;

  return x < -87.0f ? 0.0f : p * power.value;
}
