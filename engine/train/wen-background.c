/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A thread that works while the window is used, and its way to tell how it goes.
 *
 * DESIGN: the thread writes its news under the lock of a WenDelivery and publishes
 * them; the first one after a delivery attaches an idle source to the main context.
 * The delivery takes whatever is newest by then.  Nothing the thread does waits for
 * the main loop. */

#include "config.h"

#include "wen-background-private.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

/* Such a thread is a little less urgent than the window. */
#define NICENESS 5

typedef struct
{
  GThreadFunc func;
  gpointer    data;
} Start;

typedef struct
{
  WenDelivery *delivery; /* part of the owner */
  GObject     *owner;
} Source;

void
wen_delivery_init (WenDelivery     *self,
                   WenDeliveryFunc  func)
{
  g_mutex_init (&self->mutex);
  self->context = NULL;
  self->func = func;
  self->is_queued = FALSE;
}

void
wen_delivery_clear (WenDelivery *self)
{
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->mutex);
}

void
wen_delivery_lock (WenDelivery *self)
{
  g_mutex_lock (&self->mutex);
}

void
wen_delivery_unlock (WenDelivery *self)
{
  g_mutex_unlock (&self->mutex);
}

/* Locks for taking the news, which makes room for the next delivery. */
void
wen_delivery_take (WenDelivery *self)
{
  g_mutex_lock (&self->mutex);
  self->is_queued = FALSE;
}

static void
source_free (gpointer data)
{
  Source *source = data;

  g_object_unref (source->owner);
  g_free (source);
}

/* Main loop.  The owner may have delivered everything before. */
static gboolean
deliver_cb (gpointer data)
{
  Source *source = data;
  gboolean is_awaited;

  g_mutex_lock (&source->delivery->mutex);
  is_awaited = source->delivery->is_queued;
  g_mutex_unlock (&source->delivery->mutex);

  if (is_awaited)
    source->delivery->func (source->owner);
  return G_SOURCE_REMOVE;
}

/* Unlocks after news were written.  owner: the object that self is a part of. */
void
wen_delivery_publish (WenDelivery *self,
                      GObject     *owner)
{
  gboolean queue_delivery = self->context != NULL && !self->is_queued;

  self->is_queued |= queue_delivery;
  g_mutex_unlock (&self->mutex);

  if (queue_delivery)
    {
      g_autoptr (GSource) source = g_idle_source_new ();
      Source *data = g_new (Source, 1);

      *data = (Source) { .delivery = self, .owner = g_object_ref (owner) };
      g_source_set_callback (source, deliver_cb, data, source_free);
      g_source_attach (source, self->context);
    }
}

static gpointer
run_in_thread (gpointer data)
{
  g_autofree Start *start = data;

  /* Gives way to the window where both want the same core.  Threads that this one
   * starts inherit it. */
#ifdef __linux__
  if (setpriority (PRIO_PROCESS, (id_t) gettid (), NICENESS) != 0)
    g_debug ("The thread keeps its priority");
#endif
  return start->func (start->data);
}

void
wen_background_start (const char  *name,
                      GThreadFunc  func,
                      gpointer     data)
{
  Start *start = g_new (Start, 1);

  *start = (Start) { func, data };
  g_thread_unref (g_thread_new (name, run_in_thread, start));
}
