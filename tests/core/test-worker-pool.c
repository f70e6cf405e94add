/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every worker is called once a round, from a thread of its own, and a round is
 * over when the last has finished. */

#include "config.h"

#include "wen-worker-pool-private.h"

#define N_WORKERS_MAX 8

typedef struct
{
  guint    n_calls[N_WORKERS_MAX];
  GThread *threads[N_WORKERS_MAX];
  gulong   delay_us; /* of the last worker */
  guint    n_workers;
} Round;

static void
count_call (guint    worker,
            gpointer data)
{
  Round *round = data;

  if (worker == round->n_workers - 1 && round->delay_us > 0)
    g_usleep (round->delay_us);
  round->n_calls[worker]++;
  round->threads[worker] = g_thread_self ();
}

static void
test_rounds (void)
{
  for (guint n_workers = 1; n_workers <= N_WORKERS_MAX; n_workers++)
    {
      g_autoptr(WenWorkerPool) pool = wen_worker_pool_new (n_workers);
      Round                    round = { .n_workers = n_workers };

      g_assert_cmpuint (wen_worker_pool_get_n_workers (pool), ==, n_workers);
      for (guint i = 1; i <= 500; i++)
        {
          wen_worker_pool_run (pool, count_call, &round);
          for (guint j = 0; j < n_workers; j++)
            g_assert_cmpuint (round.n_calls[j], ==, i);
        }
      g_assert_true (round.threads[0] == g_thread_self ());
      for (guint i = 0; i < n_workers; i++)
        for (guint j = 0; j < i; j++)
          g_assert_true (round.threads[i] != round.threads[j]);
    }
}

/* Waits long enough for everyone to have gone to sleep. */
static void
test_slow_worker (void)
{
  g_autoptr(WenWorkerPool) pool = wen_worker_pool_new (3);
  Round                    round = { .n_workers = 3, .delay_us = 20000 };

  for (guint i = 1; i <= 5; i++)
    {
      wen_worker_pool_run (pool, count_call, &round);
      g_assert_cmpuint (round.n_calls[2], ==, i);
      g_usleep (20000);
    }
}

static void
test_never_run (void)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr(WenWorkerPool) pool = wen_worker_pool_new (4);

      g_assert_nonnull (pool);
    }
}

static void
test_default_size (void)
{
  g_autoptr(WenWorkerPool) pool = wen_worker_pool_new (0);

  g_assert_cmpuint (wen_worker_pool_get_n_workers (pool), ==, g_get_num_processors ());
}

/* Parts follow one another and are the whole, however few things there are; each thing of
 * unequal size is in the part in which it begins. */
static void
test_parts (void)
{
  static const guint32 begins[] = { 0, 1, 2, 50, 51, 90, 100 };
  const gsize n_things = G_N_ELEMENTS (begins) - 1;

  for (guint n_workers = 1; n_workers <= 9; n_workers++)
    {
      g_assert_cmpuint (wen_worker_part_begin (0, n_workers, 100), ==, 0);
      g_assert_cmpuint (wen_worker_part_begin (n_workers, n_workers, 100), ==, 100);
      g_assert_cmpuint (wen_worker_first_thing (0, n_workers, begins, n_things), ==, 0);
      g_assert_cmpuint (wen_worker_first_thing (n_workers, n_workers, begins, n_things), ==, n_things);
      g_assert_cmpuint (wen_worker_first_thing (n_workers / 2, n_workers, begins, 0), ==, 0);
      for (guint worker = 0; worker < n_workers; worker++)
        for (gsize i = 0; i < n_things; i++)
          {
            gboolean begins_there = begins[i] >= wen_worker_part_begin (worker, n_workers, 100)
                                    && begins[i] < wen_worker_part_begin (worker + 1, n_workers, 100);
            gboolean is_there = i >= wen_worker_first_thing (worker, n_workers, begins, n_things)
                                && i < wen_worker_first_thing (worker + 1, n_workers, begins, n_things);

            g_assert_cmpint (is_there, ==, begins_there);
          }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/core/worker-pool/rounds", test_rounds);
  g_test_add_func ("/wen/core/worker-pool/slow-worker", test_slow_worker);
  g_test_add_func ("/wen/core/worker-pool/never-run", test_never_run);
  g_test_add_func ("/wen/core/worker-pool/default-size", test_default_size);
  g_test_add_func ("/wen/core/worker-pool/parts", test_parts);

  return g_test_run ();
}
