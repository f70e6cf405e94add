/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A row that was given a wrong label, as an item of a list.  Its text stays in the
 * project until it is looked at. */

#include "config.h"

#include "wen-mistake.h"

struct _WenMistake
{
  GObject         parent_instance;

  WenEvaluatedRow row;
};

G_DEFINE_FINAL_TYPE (WenMistake, wen_mistake, G_TYPE_OBJECT)

static void
wen_mistake_class_init (WenMistakeClass *klass)
{
}

static void
wen_mistake_init (WenMistake *self)
{
}

WenMistake *
wen_mistake_new (const WenEvaluatedRow *row)
{
  WenMistake *self = g_object_new (WEN_TYPE_MISTAKE, NULL);

  self->row = *row;
  return self;
}

const WenEvaluatedRow *
wen_mistake_get_row (WenMistake *self)
{
  return &self->row;
}
