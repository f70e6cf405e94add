/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Learning rates, compared with ones worked out by hand. */

#include "config.h"

#include "wen-schedule-private.h"

static void
check (WenDecay      decay,
       double        warmup_share,
       const double *expected,
       guint64       n_steps)
{
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);

  recipe->learning_rate = 8;
  recipe->warmup_share = warmup_share;
  recipe->decay = decay;
  for (guint64 step = 1; step <= n_steps; step++)
    g_assert_cmpfloat_with_epsilon (wen_schedule_get_learning_rate (recipe, step, n_steps), expected[step - 1],
                                    1e-9);
}

static void
test_linear (void)
{
  const double expected[] = { 4, 8, 8, 7, 6, 5, 4, 3, 2, 1 };

  check (WEN_DECAY_LINEAR, 0.2, expected, 10);
}

static void
test_without_warmup (void)
{
  const double expected[] = { 8, 6, 4, 2 };

  check (WEN_DECAY_LINEAR, 0, expected, 4);
}

static void
test_cosine (void)
{
  /* 8 * (1 + cos x) / 2 at 0, 45, 90 and 135 degrees */
  const double expected[] = { 8, 6.828427124746190, 4, 1.171572875253810 };

  check (WEN_DECAY_COSINE, 0, expected, 4);
}

static void
test_none (void)
{
  const double expected[] = { 2, 4, 6, 8, 8, 8, 8, 8 };

  check (WEN_DECAY_NONE, 0.5, expected, 8);
}

/* One step in all is no warm-up: it learns at the full rate. */
static void
test_one_step (void)
{
  const double expected[] = { 8 };

  check (WEN_DECAY_LINEAR, 0.9, expected, 1);
  check (WEN_DECAY_COSINE, 0.9, expected, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/model/schedule/linear", test_linear);
  g_test_add_func ("/wen/model/schedule/without-warm-up", test_without_warmup);
  g_test_add_func ("/wen/model/schedule/cosine", test_cosine);
  g_test_add_func ("/wen/model/schedule/none", test_none);
  g_test_add_func ("/wen/model/schedule/one-step", test_one_step);

  return g_test_run ();
}
