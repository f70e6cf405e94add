/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Carries the progress of work in another thread to the main loop.
 *
 * DESIGN: newest wins.  The working thread overwrites one number under a lock and
 * never waits; at most one delivery is queued, at idle priority, so that drawing
 * goes first however fast reports come. */

#include "config.h"

#include "wen-progress-relay.h"

/**
 * WenProgressRelay:
 *
 * The signal "progress" comes in the main context the relay was made in.
 */
struct _WenProgressRelay
{
  GObject parent_instance;

  /* owned */
  GMainContext *context;

  /* shared (lock `mutex`) */
  GMutex   mutex;
  double   fraction;
  gboolean delivery_queued;
};

enum
{
  SIGNAL_PROGRESS,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenProgressRelay, wen_progress_relay, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static gboolean
deliver_progress_cb (gpointer user_data)
{
  WenProgressRelay *self = user_data;

  g_mutex_lock (&self->mutex);
  self->delivery_queued = FALSE;
  g_mutex_unlock (&self->mutex);

  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);

  return G_SOURCE_REMOVE;
}

static void
wen_progress_relay_finalize (GObject *object)
{
  WenProgressRelay *self = WEN_PROGRESS_RELAY (object);

  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (wen_progress_relay_parent_class)->finalize (object);
}

static void
wen_progress_relay_class_init (WenProgressRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = wen_progress_relay_finalize;

  signals[SIGNAL_PROGRESS] =
    g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wen_progress_relay_init (WenProgressRelay *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->fraction = -1.0;
  g_mutex_init (&self->mutex);
}

/**
 * wen_progress_relay_new:
 *
 * Makes a relay to the main context of the calling thread.
 *
 * Returns: (transfer full): a relay
 */
WenProgressRelay *
wen_progress_relay_new (void)
{
  return g_object_new (WEN_TYPE_PROGRESS_RELAY, NULL);
}

/**
 * wen_progress_relay_report:
 * @fraction: from 0 to 1, or -1 when not known
 * @relay: a #WenProgressRelay
 *
 * A #WenProgressFunc: takes the newest fraction from any thread.
 */
void
wen_progress_relay_report (double   fraction,
                           gpointer relay)
{
  WenProgressRelay *self = relay;
  gboolean queue_delivery;

  g_return_if_fail (WEN_IS_PROGRESS_RELAY (self));

  g_mutex_lock (&self->mutex);
  self->fraction = fraction;
  queue_delivery = !self->delivery_queued;
  self->delivery_queued = TRUE;
  g_mutex_unlock (&self->mutex);

  if (queue_delivery)
    {
      g_autoptr(GSource) source = g_idle_source_new ();

      g_source_set_callback (source, deliver_progress_cb, g_object_ref (self), g_object_unref);
      g_source_attach (source, self->context);
    }
}

/**
 * wen_progress_relay_get_fraction:
 * @self: a relay
 *
 * Gets the newest fraction.
 *
 * Returns: from 0 to 1, or -1 when not known
 */
double
wen_progress_relay_get_fraction (WenProgressRelay *self)
{
  double fraction;

  g_return_val_if_fail (WEN_IS_PROGRESS_RELAY (self), -1.0);

  g_mutex_lock (&self->mutex);
  fraction = self->fraction;
  g_mutex_unlock (&self->mutex);

  return fraction;
}
