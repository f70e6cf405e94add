/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Random numbers: the known answers of Philox, and the properties that make them
 * usable. */

#include "config.h"

#include "wen-random-places-private.h"
#include "wen-random-private.h"

#include <math.h>

/* The first two words of the known answers that Salmon et al. publish with
 * Philox4x32-10; seed is their key, stream and counter are their counter. */
static void
test_known_answers (void)
{
  g_assert_cmphex (wen_random_u64 (0, 0, 0), ==, G_GUINT64_CONSTANT (0xe169c58d6627e8d5));
  g_assert_cmphex (wen_random_u64 (G_MAXUINT64, G_MAXUINT64, G_MAXUINT64), ==,
                   G_GUINT64_CONSTANT (0x41c83b0e408f276d));
  g_assert_cmphex (wen_random_u64 (G_GUINT64_CONSTANT (0x299f31d0a4093822),
                                   G_GUINT64_CONSTANT (0x0370734413198a2e),
                                   G_GUINT64_CONSTANT (0x85a308d3243f6a88)), ==,
                   G_GUINT64_CONSTANT (0x94fdccebd16cfe09));
}

static void
test_uniform (void)
{
  const guint n_numbers = 100000;
  guint       counts[10] = { 0 };
  double      sum = 0.0;
  double      squares = 0.0;
  double      chi_square = 0.0;

  for (guint i = 0; i < n_numbers; i++)
    {
      double x = wen_random_uniform (1, 2, i);

      g_assert_cmpfloat (x, >=, 0.0);
      g_assert_cmpfloat (x, <, 1.0);
      counts[(guint) (x * 10)]++;
      sum += x;
      squares += x * x;
    }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    chi_square += pow (counts[i] - n_numbers / 10.0, 2) / (n_numbers / 10.0);

  g_assert_cmpfloat_with_epsilon (sum / n_numbers, 0.5, 4 * sqrt (1.0 / 12 / n_numbers));
  g_assert_cmpfloat_with_epsilon (squares / n_numbers, 1.0 / 3, 4 * sqrt (4.0 / 45 / n_numbers));
  /* 9 degrees of freedom: above 28 once in a thousand times. */
  g_assert_cmpfloat (chi_square, <, 28);
}

static void
test_normal (void)
{
  const guint n_numbers = 100000;
  double      moments[4] = { 0.0 };
  guint       n_within_one = 0;

  for (guint i = 0; i < n_numbers; i++)
    {
      double x = wen_random_normal (1, 2, i);

      g_assert_true (isfinite (x));
      n_within_one += fabs (x) < 1.0;
      for (guint j = 0; j < 4; j++)
        moments[j] += pow (x, j + 1) / n_numbers;
    }

  g_assert_cmpfloat_with_epsilon (moments[0], 0.0, 4 * sqrt (1.0 / n_numbers));
  g_assert_cmpfloat_with_epsilon (moments[1], 1.0, 4 * sqrt (2.0 / n_numbers));
  g_assert_cmpfloat_with_epsilon (moments[2], 0.0, 4 * sqrt (15.0 / n_numbers));
  g_assert_cmpfloat_with_epsilon (moments[3], 3.0, 4 * sqrt (96.0 / n_numbers));
  g_assert_cmpfloat_with_epsilon (n_within_one / (double) n_numbers, 0.682689, 4 * sqrt (0.2166 / n_numbers));
}

/* Streams, seeds and neighbours know nothing of one another. */
static void
test_independent (void)
{
  double products[3] = { 0.0 };

  for (guint i = 0; i < 20000; i++)
    {
      double x = wen_random_normal (1, 1, i);

      products[0] += x * wen_random_normal (1, 1, i + 1) / 20000;
      products[1] += x * wen_random_normal (1, 2, i) / 20000;
      products[2] += x * wen_random_normal (2, 1, i) / 20000;
    }
  for (guint i = 0; i < G_N_ELEMENTS (products); i++)
    g_assert_cmpfloat_with_epsilon (products[i], 0.0, 4 / sqrt (20000));
}

static void
test_shuffle (void)
{
  guint   counts[24] = { 0 };
  double  chi_square = 0.0;
  guint32 none = 0;

  /* Every order of four is as likely as any other. */
  for (guint i = 0; i < 24000; i++)
    {
      guint32 values[4] = { 0, 1, 2, 3 };
      guint   seen = 0;
      guint   order = 0;

      wen_random_shuffle (values, 4, 1, i);
      for (guint j = 0; j < 4; j++)
        {
          guint n_smaller = 0;

          seen |= 1u << values[j];
          for (guint k = j + 1; k < 4; k++)
            n_smaller += values[k] < values[j];
          order = order * (4 - j) + n_smaller;
        }
      g_assert_cmpuint (seen, ==, 15);
      counts[order]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    chi_square += pow (counts[i] - 1000.0, 2) / 1000.0;
  /* 23 degrees of freedom: above 50 once in a thousand times. */
  g_assert_cmpfloat (chi_square, <, 50);

  wen_random_shuffle (&none, 0, 1, 1);
  wen_random_shuffle (&none, 1, 1, 1);
  g_assert_cmpuint (none, ==, 0);
}

/* A big one stays a permutation, and the same seed gives the same. */
static void
test_shuffle_large (void)
{
  const gsize          n_values = 50000;
  g_autofree guint32  *first = g_new (guint32, n_values);
  g_autofree guint32  *second = g_new (guint32, n_values);
  g_autofree gboolean *seen = g_new0 (gboolean, n_values);
  gsize                n_in_place = 0;

  for (gsize i = 0; i < n_values; i++)
    first[i] = second[i] = (guint32) i;
  wen_random_shuffle (first, n_values, 3, 4);
  wen_random_shuffle (second, n_values, 3, 4);
  g_assert_cmpmem (first, n_values * sizeof *first, second, n_values * sizeof *second);

  for (gsize i = 0; i < n_values; i++)
    {
      g_assert_cmpuint (first[i], <, n_values);
      g_assert_false (seen[first[i]]);
      seen[first[i]] = TRUE;
      n_in_place += first[i] == i;
    }
  g_assert_cmpuint (n_in_place, <, 10);
}

static void
test_below (void)
{
  const guint n_numbers = 70000;
  guint       counts[7] = { 0 };

  for (guint i = 0; i < n_numbers; i++)
    {
      guint32 x = wen_random_below (1, 2, i, G_N_ELEMENTS (counts));

      g_assert_cmpuint (x, <, G_N_ELEMENTS (counts));
      counts[x]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    g_assert_cmpfloat_with_epsilon (counts[i], n_numbers / 7.0, 4 * sqrt (n_numbers * 6 / 49.0));
  g_assert_cmpuint (wen_random_below (1, 2, 3, 1), ==, 0);
}

/* Each place comes with the same probability, whatever the one before it was. */
static void
test_places (void)
{
  const gsize     n_places = 100000;
  guint           n_found = 0;
  guint           n_pairs = 0;
  gsize           last = WEN_NO_PLACE;
  WenRandomPlaces places;

  wen_random_places_begin (&places, 1, 2, 0.3);
  for (; places.next < n_places; wen_random_places_advance (&places))
    {
      g_assert_true (last == WEN_NO_PLACE || places.next > last);
      n_found++;
      n_pairs += last != WEN_NO_PLACE && places.next == last + 1;
      last = places.next;
    }
  g_assert_cmpfloat_with_epsilon (n_found / (double) n_places, 0.3, 4 * sqrt (0.21 / n_places));
  g_assert_cmpfloat_with_epsilon (n_pairs / (double) n_places, 0.09, 4 * sqrt (0.09 / n_places));
}

static void
test_places_extremes (void)
{
  WenRandomPlaces places;

  wen_random_places_begin (&places, 1, 2, 0);
  g_assert_cmpuint (places.next, ==, WEN_NO_PLACE);
  wen_random_places_advance (&places);
  g_assert_cmpuint (places.next, ==, WEN_NO_PLACE);

  wen_random_places_begin (&places, 1, 2, 1);
  for (gsize i = 0; i < 100; i++, wen_random_places_advance (&places))
    g_assert_cmpuint (places.next, ==, i);

  wen_random_places_begin (&places, 1, 2, 1e-300);
  g_assert_cmpuint (places.next, ==, WEN_NO_PLACE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/core/random/known-answers", test_known_answers);
  g_test_add_func ("/wen/core/random/uniform", test_uniform);
  g_test_add_func ("/wen/core/random/normal", test_normal);
  g_test_add_func ("/wen/core/random/independent", test_independent);
  g_test_add_func ("/wen/core/random/below", test_below);
  g_test_add_func ("/wen/core/random/places", test_places);
  g_test_add_func ("/wen/core/random/places-extremes", test_places_extremes);
  g_test_add_func ("/wen/core/random/shuffle", test_shuffle);
  g_test_add_func ("/wen/core/random/shuffle-large", test_shuffle_large);

  return g_test_run ();
}
