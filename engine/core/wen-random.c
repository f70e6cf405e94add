/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Random numbers that need no state: the Philox generator, which scrambles a
 * counter under a key until no test for randomness finds the counter again.
 *
 * Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3",
 * Philox4x32 with 10 rounds.
 */

#include "config.h"

#include "wen-random-private.h"

#include <math.h>

#define PHILOX_ROUNDS 10

static inline void
philox_round (guint32 counter[4],
              guint32 key_0,
              guint32 key_1)
{
  guint64 product_0 = (guint64) 0xD2511F53u * counter[0];
  guint64 product_1 = (guint64) 0xCD9E8D57u * counter[2];

  counter[0] = (guint32) (product_1 >> 32) ^ counter[1] ^ key_0;
  counter[1] = (guint32) product_1;
  counter[2] = (guint32) (product_0 >> 32) ^ counter[3] ^ key_1;
  counter[3] = (guint32) product_0;
}

/* The seed is the key; stream and counter together are the 128-bit counter. */
static void
philox (guint64 seed,
        guint64 stream,
        guint64 counter,
        guint32 result[4])
{
  guint32 key_0 = (guint32) seed;
  guint32 key_1 = (guint32) (seed >> 32);

  result[0] = (guint32) counter;
  result[1] = (guint32) (counter >> 32);
  result[2] = (guint32) stream;
  result[3] = (guint32) (stream >> 32);

  for (guint i = 0; i < PHILOX_ROUNDS; i++)
    {
      philox_round (result, key_0, key_1);
      key_0 += 0x9E3779B9u;
      key_1 += 0xBB67AE85u;
    }
}

/* 53 bits, all that a double in [0, 1) can hold evenly. */
static inline double
unit_interval (guint32 high,
               guint32 low)
{
  return (double) ((((guint64) high << 32) | low) >> 11) * 0x1p-53;
}

/* floor (bits * n / 2^64), without a type of 128 bits; n below 2^32. */
static inline gsize
scale_down (guint64 bits,
            gsize   n)
{
  guint64 high = (bits >> 32) * n;
  guint64 low = (bits & G_MAXUINT32) * n;

  return (gsize) ((high + (low >> 32)) >> 32);
}

/*< private >
 * wen_random_u64:
 * @seed: what a person chose
 * @stream: what the numbers are for, so that uses do not repeat one another
 * @counter: which number of the stream
 *
 * Computes 64 random bits.
 *
 * A pure function: any thread may ask for any number in any order.
 *
 * Returns: the bits
 */
guint64
wen_random_u64 (guint64 seed,
                guint64 stream,
                guint64 counter)
{
  guint32 bits[4];

  philox (seed, stream, counter, bits);
  return ((guint64) bits[1] << 32) | bits[0];
}

/*< private >
 * wen_random_uniform:
 * @seed: what a person chose
 * @stream: what the numbers are for
 * @counter: which number of the stream
 *
 * Computes an evenly distributed number.
 *
 * Returns: a number from 0 up to, but never, 1
 */
double
wen_random_uniform (guint64 seed,
                    guint64 stream,
                    guint64 counter)
{
  guint32 bits[4];

  philox (seed, stream, counter, bits);
  return unit_interval (bits[1], bits[0]);
}

/*< private >
 * wen_random_below:
 * @seed: what a person chose
 * @stream: what the numbers are for
 * @counter: which number of the stream
 * @n: how many whole numbers there are to choose from, at least 1
 *
 * Chooses one of the whole numbers below @n, each as likely as any other.
 *
 * Returns: a number from 0 up to, but never, @n
 */
guint32
wen_random_below (guint64 seed,
                  guint64 stream,
                  guint64 counter,
                  guint32 n)
{
  return (guint32) scale_down (wen_random_u64 (seed, stream, counter), n);
}

/*< private >
 * wen_random_normal:
 * @seed: what a person chose
 * @stream: what the numbers are for
 * @counter: which number of the stream
 *
 * Computes a normally distributed number.
 *
 * Source: Box and Muller 1958; both uniform numbers come from one counter.
 *
 * Returns: a number of mean 0 and standard deviation 1
 */
double
wen_random_normal (guint64 seed,
                   guint64 stream,
                   guint64 counter)
{
  guint32 bits[4];
  double  radius;

  philox (seed, stream, counter, bits);
  /* 1 - u lies in (0, 1], where the logarithm is finite. */
  radius = sqrt (-2.0 * log (1.0 - unit_interval (bits[1], bits[0])));
  return radius * cos (2.0 * G_PI * unit_interval (bits[3], bits[2]));
}

/*< private >
 * wen_random_shuffle:
 * @values: (array length=n_values) (inout): the values
 * @n_values: how many
 * @seed: what a person chose
 * @stream: what the order is for
 *
 * Puts values into a random order, each order being as likely as any other.
 *
 * Source: Knuth, volume 2, algorithm 3.4.2P; the index is the high half of a
 * product, whose bias is below n_values / 2^64.
 */
void
wen_random_shuffle (guint32 *values,
                    gsize    n_values,
                    guint64  seed,
                    guint64  stream)
{
  for (gsize i = n_values; i > 1; i--)
    {
      guint64 bits = wen_random_u64 (seed, stream, i);
      gsize   other = scale_down (bits, i);
      guint32 value = values[i - 1];

      values[i - 1] = values[other];
      values[other] = value;
    }
}
