/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* answer: what was typed; NULL where the second way out was chosen */
typedef void (*WenAnswerFunc) (const char *answer,
                               gpointer    user_data);

typedef struct _WenQuestion WenQuestion;

/**
 * WenQuestion:
 * @heading: what is to be done
 * @body: (nullable): what that means
 * @value: what stands there at first
 * @suggestions: (array zero-terminated=1) (nullable): what may be chosen instead of typed
 * @is_long: whether the answer is a text of several lines
 * @accept: name of the button that takes the answer
 * @other: (nullable): name of a second, destructive way out
 *
 * What a person is asked.
 */
struct _WenQuestion
{
  const char         *heading;
  const char         *body;
  const char         *value;
  const char * const *suggestions;
  gboolean            is_long;
  const char         *accept;
  const char         *other;
};

void wen_edit_dialogs_ask     (GtkWidget         *parent,
                               const WenQuestion *question,
                               WenAnswerFunc      func,
                               gpointer           user_data,
                               GDestroyNotify     destroy);
/* func is called with NULL where the person agrees. */
void wen_edit_dialogs_confirm (GtkWidget         *parent,
                               const char        *heading,
                               const char        *body,
                               const char        *accept,
                               WenAnswerFunc      func,
                               gpointer           user_data,
                               GDestroyNotify     destroy);

G_END_DECLS
