/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What objects that work in a thread of their own share: the thread, and the way in
 * which it tells the main thread how it goes. */

#pragma once

#include <gio/gio.h>

/* Called where news are to be given out: in the main context, or by whoever asks. */
typedef void (*WenDeliveryFunc) (gpointer owner);

/* News from a thread: newer ones overwrite older ones, at most one delivery waits in
 * the main loop, at idle priority, so drawing goes first, and nobody waits for it. */
typedef struct
{
  GMutex           mutex;   /* of the owner's news too */
  GMainContext    *context; /* where to deliver; NULL: nowhere until the owner asks */
  WenDeliveryFunc  func;
  gboolean         is_queued;
} WenDelivery;

void wen_delivery_init      (WenDelivery     *self,
                             WenDeliveryFunc  func);
void wen_delivery_clear     (WenDelivery     *self);
void wen_delivery_lock      (WenDelivery     *self);
void wen_delivery_publish   (WenDelivery     *self,
                             GObject         *owner);
void wen_delivery_take      (WenDelivery     *self);
void wen_delivery_unlock    (WenDelivery     *self);

void wen_background_start   (const char      *name,
                             GThreadFunc      func,
                             gpointer         data);
