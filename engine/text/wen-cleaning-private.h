/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the cleaning steps share: the text that a step works on, and its settings. */

#pragma once

#include <string.h>

#include "wen-cleaner.h"

/* What a step put in place of a stretch of its text. */
typedef struct
{
  gsize text_begin;
  gsize text_end;
  gsize out_begin;
  gsize out_end;
} WenCleaningEdit;

/* One step at work on one text. */
typedef struct
{
  const char *text;       /* valid UTF-8, ends with a NUL byte at end */
  const char *end;

  const char *kept;       /* out has what became of the text before it */
  GString    *out;
  GArray     *edits;      /* of WenCleaningEdit; NULL where nobody asks for them */

  gboolean    changed;
  gboolean    leaves_out; /* nothing is to be learned from this row */
  gboolean    gave_up;    /* a pattern took too long */
} WenCleaning;

/* Puts a replacement in place of the text from begin to end, which lie behind all that
 * was replaced before.  What no step replaces stays. */
static inline void
wen_cleaning_replace (WenCleaning *self,
                      const char  *begin,
                      const char  *end,
                      const char  *replacement,
                      gsize        n_bytes)
{
  g_string_append_len (self->out, self->kept, begin - self->kept);
  if (self->edits != NULL)
    {
      const WenCleaningEdit edit = {
        .text_begin = (gsize) (begin - self->text),
        .text_end = (gsize) (end - self->text),
        .out_begin = self->out->len,
        .out_end = self->out->len + n_bytes,
      };

      g_array_append_val (self->edits, edit);
    }
  g_string_append_len (self->out, replacement, (gssize) n_bytes);
  self->kept = end;
  self->changed = TRUE;
}

static inline void
wen_cleaning_remove (WenCleaning *self,
                     const char  *begin,
                     const char  *end)
{
  wen_cleaning_replace (self, begin, end, "", 0);
}

static inline void
wen_cleaning_replace_character (WenCleaning *self,
                                const char  *begin,
                                const char  *end,
                                gunichar     character)
{
  char bytes[6];

  wen_cleaning_replace (self, begin, end, bytes, (gsize) g_unichar_to_utf8 (character, bytes));
}

#define WEN_CLEANING_MAXIMUM_SETTINGS 10

/* The settings of a step, in the order of its description. */
typedef struct
{
  gint64   numbers[WEN_CLEANING_MAXIMUM_SETTINGS]; /* a whole number, yes (1) or no, or the index of a choice */
  char    *texts[WEN_CLEANING_MAXIMUM_SETTINGS];   /* as they were given */
  gpointer prepared;                               /* what the step made of them */
} WenCleaningValues;

/* How a step does what its description says. */
typedef struct
{
  void     (*clean)   (WenCleaning             *cleaning,
                       const WenCleaningValues *values);
  gpointer (*prepare) (const WenCleaningValues *values,
                       GError                 **error); /* NULL: there is nothing to prepare */
  void     (*release) (gpointer                 prepared);
} WenCleaningFunctions;

/* In the order of wen_cleaner_list_steps(). */
const WenCleaningFunctions *wen_cleaning_get_functions (gsize step);

void     wen_clean_html               (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_urls               (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_emails             (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_mentions           (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_brackets           (WenCleaning *cleaning, const WenCleaningValues *values);
gpointer wen_prepare_brackets         (const WenCleaningValues *values, GError **error);
void     wen_clean_width              (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_personal_data      (WenCleaning *cleaning, const WenCleaningValues *values);
gpointer wen_prepare_personal_data    (const WenCleaningValues *values, GError **error);
void     wen_release_personal_data    (gpointer prepared);
void     wen_clean_chinese            (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_lower_case         (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_emoji              (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_repeats            (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_digits             (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_punctuation        (WenCleaning *cleaning, const WenCleaningValues *values);
void     wen_clean_stop_words         (WenCleaning *cleaning, const WenCleaningValues *values);
gpointer wen_prepare_stop_words       (const WenCleaningValues *values, GError **error);
void     wen_clean_pattern            (WenCleaning *cleaning, const WenCleaningValues *values);
gpointer wen_prepare_pattern          (const WenCleaningValues *values, GError **error);
void     wen_release_pattern          (gpointer prepared);
void     wen_clean_length             (WenCleaning *cleaning, const WenCleaningValues *values);
gpointer wen_prepare_length           (const WenCleaningValues *values, GError **error);
void     wen_clean_white_space        (WenCleaning *cleaning, const WenCleaningValues *values);
