/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-macros.h"

G_BEGIN_DECLS

#define WEN_TYPE_CLEANER (wen_cleaner_get_type ())

WEN_API
G_DECLARE_FINAL_TYPE (WenCleaner, wen_cleaner, WEN, CLEANER, GObject)

typedef struct _WenCleaningStep WenCleaningStep;

/**
 * WenCleaningStep:
 * @id: its name in a recipe: "html", "urls", "brackets", "width", "lower-case",
 *   "digits", "punctuation", "stop-words", "white-space"
 * @title: a short name for people, not yet translated
 * @explanation: what it does and when it helps, not yet translated
 *
 * One kind of cleaning.
 */
struct _WenCleaningStep
{
  const char *id;
  const char *title;
  const char *explanation;
};

#define WEN_CLEANER_ERROR (wen_cleaner_error_quark ())
WEN_API
GQuark                 wen_cleaner_error_quark  (void);

/**
 * WenCleanerError:
 * @WEN_CLEANER_ERROR_UNKNOWN_STEP: no step has that id
 */
typedef enum
{
  WEN_CLEANER_ERROR_UNKNOWN_STEP,
} WenCleanerError;

/* All steps, in the order in which they do best. */
WEN_API
const WenCleaningStep *wen_cleaner_list_steps   (gsize               *n_steps);
/* step_ids: (array zero-terminated=1): in the order in which they run.  Immutable afterwards, so it may be used from any thread. */
WEN_API
WenCleaner            *wen_cleaner_new          (const char * const  *step_ids,
                                                 GError             **error);
/* Never fails.  Bytes that are not UTF-8 become U+FFFD first. */
WEN_API
char                  *wen_cleaner_clean        (WenCleaner          *self,
                                                 const char          *text);

G_END_DECLS
