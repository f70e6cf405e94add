/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

#include "wen-macros.h"

G_BEGIN_DECLS

#define WEN_TYPE_CLEANER (wen_cleaner_get_type ())

WEN_API
G_DECLARE_FINAL_TYPE (WenCleaner, wen_cleaner, WEN, CLEANER, GObject)

/**
 * WenCleaningSettingKind:
 * @WEN_CLEANING_SETTING_YES_NO: "yes" or "no"
 * @WEN_CLEANING_SETTING_WHOLE_NUMBER: a whole number
 * @WEN_CLEANING_SETTING_CHOICE: one of some words
 * @WEN_CLEANING_SETTING_TEXT: any text
 * @WEN_CLEANING_SETTING_LINES: any text; each of its lines counts by itself
 *
 * What values a setting of a cleaning step takes.
 */
typedef enum
{
  WEN_CLEANING_SETTING_YES_NO,
  WEN_CLEANING_SETTING_WHOLE_NUMBER,
  WEN_CLEANING_SETTING_CHOICE,
  WEN_CLEANING_SETTING_TEXT,
  WEN_CLEANING_SETTING_LINES,
} WenCleaningSettingKind;

typedef struct _WenCleaningSetting WenCleaningSetting;

/**
 * WenCleaningSetting:
 * @id: its name in a recipe, such as "become"
 * @title: a short name for people, not yet translated
 * @explanation: (nullable): what else there is to know, not yet translated
 * @kind: what values it takes
 * @default_value: its value where a recipe says nothing
 * @maximum: the greatest value of a whole number, whose least is 0
 * @choices: (array zero-terminated=1) (nullable): the values of a choice
 * @choice_titles: (array zero-terminated=1) (nullable): their names for people, not
 *   yet translated
 *
 * One setting of a cleaning step.
 */
struct _WenCleaningSetting
{
  const char             *id;
  const char             *title;
  const char             *explanation;
  WenCleaningSettingKind  kind;
  const char             *default_value;
  guint                   maximum;
  const char * const     *choices;
  const char * const     *choice_titles;
};

typedef struct _WenCleaningStep WenCleaningStep;

/**
 * WenCleaningStep:
 * @id: its name in a recipe, such as "digits"
 * @title: a short name for people, not yet translated
 * @explanation: what it does and when it helps, not yet translated
 * @settings: (array length=n_settings) (nullable): its settings
 * @n_settings: how many there are
 *
 * One kind of cleaning.
 */
struct _WenCleaningStep
{
  const char               *id;
  const char               *title;
  const char               *explanation;
  const WenCleaningSetting *settings;
  gsize                     n_settings;
};

#define WEN_CLEANER_ERROR (wen_cleaner_error_quark ())
WEN_API
GQuark                 wen_cleaner_error_quark  (void);

/**
 * WenCleanerError:
 * @WEN_CLEANER_ERROR_UNKNOWN_STEP: no step has that id
 * @WEN_CLEANER_ERROR_UNKNOWN_SETTING: the step has no setting of that id
 * @WEN_CLEANER_ERROR_INVALID_VALUE: the setting does not take that value
 */
typedef enum
{
  WEN_CLEANER_ERROR_UNKNOWN_STEP,
  WEN_CLEANER_ERROR_UNKNOWN_SETTING,
  WEN_CLEANER_ERROR_INVALID_VALUE,
} WenCleanerError;

/**
 * WenCleaningOutcome:
 * @WEN_CLEANING_DONE: nothing special
 * @WEN_CLEANING_LEFT_OUT: nothing is to be learned from a row with this text
 * @WEN_CLEANING_GAVE_UP: a pattern of the user's took too long, and was left
 *
 * What else there is to say about a cleaned text.
 */
typedef enum /*< flags >*/
{
  WEN_CLEANING_DONE = 0,
  WEN_CLEANING_LEFT_OUT = 1 << 0,
  WEN_CLEANING_GAVE_UP = 1 << 1,
} WenCleaningOutcome;

typedef struct _WenTypedSpan WenTypedSpan;

/**
 * WenTypedSpan:
 * @start: first byte in the text as typed
 * @end: byte after the last one
 *
 * Where a byte of a cleaned text comes from.
 */
struct _WenTypedSpan
{
  guint32 start;
  guint32 end;
};

/* All steps, in the order in which they do best. */
WEN_API
const WenCleaningStep *wen_cleaner_list_steps   (gsize               *n_steps);
WEN_API
const WenCleaningStep *wen_cleaner_find_step    (const char          *id);
/* entries: (array zero-terminated=1): of a recipe.  Immutable afterwards, so it may be used from any thread. */
WEN_API
WenCleaner            *wen_cleaner_new          (const char * const  *entries,
                                                 GError             **error);
/* Never fails.  Bytes that are not UTF-8 become U+FFFD first. */
WEN_API
char                  *wen_cleaner_clean        (WenCleaner          *self,
                                                 const char          *text);
WEN_API
char                  *wen_cleaner_clean_row    (WenCleaner          *self,
                                                 const char          *text,
                                                 WenCleaningOutcome  *outcome);
/* spans: (out) (element-type WenTypedSpan): one for each byte of what is returned. */
WEN_API
char                  *wen_cleaner_trace        (WenCleaner          *self,
                                                 const char          *text,
                                                 GArray             **spans);

G_END_DECLS
