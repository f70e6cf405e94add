/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A fixed set of threads that all run one function and wait for one another.
 *
 * DESIGN.  A training step is cut into a few short parallel parts, each some
 * milliseconds long or less, so handing over the work must cost microseconds.
 * A round is announced by raising `round`; a worker that has just finished the
 * last one looks at it in a loop for a moment before it sleeps on a condition
 * variable, because the next round usually follows at once.  The caller waits
 * for the others in the same way.  The looking is bounded, so an idle pool costs
 * nothing.
 *
 * `func` and `data` are written before `round` is raised and read after it was
 * seen raised; both are sequentially consistent atomics, which orders them.
 */

#include "config.h"

#include "wen-worker-pool-private.h"

/* How often a waiting thread looks before it sleeps: about 50 µs. */
#define N_LOOKS 2000

typedef struct
{
  WenWorkerPool *pool;
  GThread       *thread;
  guint          worker;
} WenWorker;

struct _WenWorkerPool
{
  guint         n_workers;
  WenWorker    *workers;      /* [n_workers]; the first has no thread */

  /* shared (lock `mutex` to sleep and to wake, atomic to look) */
  GMutex        mutex;
  GCond         round_began;
  GCond         round_ended;
  gint          round;        /* goes up by one with each round */
  gint          n_running;    /* workers that have not finished this round */
  gint          ends;         /* the next round is the last and does nothing */

  /* of the round */
  WenWorkerFunc func;
  gpointer      data;
};

static inline void
relax (void)
{
#if defined (__x86_64__) || defined (__i386__)
  __builtin_ia32_pause ();
#elif defined (__aarch64__)
  __asm__ volatile ("yield");
#endif
}

static void
wait_for_round (WenWorkerPool *self,
                gint           last_round)
{
  for (guint i = 0; i < N_LOOKS; i++)
    {
      if (g_atomic_int_get (&self->round) != last_round)
        return;
      relax ();
    }

  g_mutex_lock (&self->mutex);
  while (g_atomic_int_get (&self->round) == last_round)
    g_cond_wait (&self->round_began, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static void
wait_for_others (WenWorkerPool *self)
{
  for (guint i = 0; i < N_LOOKS; i++)
    {
      if (g_atomic_int_get (&self->n_running) == 0)
        return;
      relax ();
    }

  g_mutex_lock (&self->mutex);
  while (g_atomic_int_get (&self->n_running) != 0)
    g_cond_wait (&self->round_ended, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static void
begin_round (WenWorkerPool *self)
{
  g_atomic_int_set (&self->n_running, (gint) self->n_workers - 1);
  g_mutex_lock (&self->mutex);
  g_atomic_int_inc (&self->round);
  g_cond_broadcast (&self->round_began);
  g_mutex_unlock (&self->mutex);
}

static gpointer
worker_main (gpointer data)
{
  WenWorker     *worker = data;
  WenWorkerPool *self = worker->pool;
  gint           round = 0;

  for (;;)
    {
      wait_for_round (self, round);
      round++;
      if (g_atomic_int_get (&self->ends))
        return NULL;

      self->func (worker->worker, self->data);

      if (g_atomic_int_dec_and_test (&self->n_running))
        {
          g_mutex_lock (&self->mutex);
          g_cond_signal (&self->round_ended);
          g_mutex_unlock (&self->mutex);
        }
    }
}

/*< private >
 * wen_worker_pool_new:
 * @n_workers: how many workers, the caller of wen_worker_pool_run() being one
 *   of them; 0 for one a core that this process may use
 *
 * Makes a pool and starts its threads.
 *
 * When the system refuses a thread the pool has fewer workers than asked for:
 * see wen_worker_pool_get_n_workers().
 *
 * Returns: (transfer full): a pool, free with wen_worker_pool_free()
 */
WenWorkerPool *
wen_worker_pool_new (guint n_workers)
{
  WenWorkerPool *self = g_new0 (WenWorkerPool, 1);

  if (n_workers == 0)
    n_workers = MAX (1, g_get_num_processors ());

  g_mutex_init (&self->mutex);
  g_cond_init (&self->round_began);
  g_cond_init (&self->round_ended);
  self->workers = g_new0 (WenWorker, n_workers);
  self->n_workers = 1;

  for (guint i = 1; i < n_workers; i++)
    {
      g_autofree char   *name = g_strdup_printf ("wen-worker-%u", i);
      g_autoptr(GError)  error = NULL;
      WenWorker         *worker = &self->workers[i];

      worker->pool = self;
      worker->worker = i;
      worker->thread = g_thread_try_new (name, worker_main, worker, &error);
      if (worker->thread == NULL)
        {
          g_debug ("The pool goes on with %u of %u workers: %s", i, n_workers, error->message);
          break;
        }
      self->n_workers++;
    }

  return self;
}

/*< private >
 * wen_worker_pool_free:
 * @self: (transfer full): a pool that is not running
 *
 * Ends the threads and frees the pool.
 */
void
wen_worker_pool_free (WenWorkerPool *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_int_set (&self->ends, TRUE);
  begin_round (self);
  for (guint i = 1; i < self->n_workers; i++)
    g_thread_join (self->workers[i].thread);

  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->round_began);
  g_cond_clear (&self->round_ended);
  g_free (self->workers);
  g_free (self);
}

/*< private >
 * wen_worker_pool_get_n_workers:
 * @self: a pool
 *
 * Gets how many workers the pool has, the caller of wen_worker_pool_run()
 * included.
 *
 * Returns: at least 1
 */
guint
wen_worker_pool_get_n_workers (WenWorkerPool *self)
{
  g_return_val_if_fail (self != NULL, 1);

  return self->n_workers;
}

/*< private >
 * wen_worker_pool_run:
 * @self: a pool
 * @func: (scope call): what every worker does
 * @data: (closure func): passed to @func
 *
 * Calls a function once for each worker, in parallel, and returns when all are
 * done.
 *
 * The calling thread is worker 0.  What the function wrote can be read
 * afterwards without locks.  Allocates nothing.  One thread at a time may run a
 * pool, and the function must not run the same pool again.
 */
void
wen_worker_pool_run (WenWorkerPool *self,
                     WenWorkerFunc  func,
                     gpointer       data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  if (self->n_workers > 1)
    {
      self->func = func;
      self->data = data;
      begin_round (self);
    }

  func (0, data);

  if (self->n_workers > 1)
    wait_for_others (self);
}
