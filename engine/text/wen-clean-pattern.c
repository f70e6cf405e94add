/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cleaning step that finds and replaces what its user says. */

#include "config.h"

#include "wen-cleaning-private.h"

#include "wen-i18n-private.h"
#include "wen-pattern-private.h"

enum
{
  SETTING_FIND,
  SETTING_BECOME,
  SETTING_AS,
};

enum
{
  AS_TEXT,
  AS_PATTERN,
};

typedef struct
{
  WenPattern *pattern; /* NULL: there is nothing to find */
} Replacement;

void
wen_release_pattern (gpointer prepared)
{
  Replacement *replacement = prepared;

  g_clear_pointer (&replacement->pattern, wen_pattern_free);
  g_free (replacement);
}

gpointer
wen_prepare_pattern (const WenCleaningValues *values,
                     GError                 **error)
{
  gboolean is_pattern = values->numbers[SETTING_AS] == AS_PATTERN;
  const char *find = values->texts[SETTING_FIND];
  g_autofree char *escaped = g_regex_escape_string (find, -1);
  g_autoptr (WenPattern) pattern = NULL;
  g_autoptr (GError) wrong = NULL;
  Replacement *replacement;

  if (is_pattern && !g_regex_check_replacement (values->texts[SETTING_BECOME], NULL, &wrong))
    {
      g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_INVALID_VALUE,
                   _ ("“%s” cannot replace what is found: %s."), values->texts[SETTING_BECOME], wrong->message);
      return NULL;
    }
  if (find[0] != '\0')
    {
      pattern = wen_pattern_new (is_pattern ? find : escaped, error);
      if (pattern == NULL)
        return NULL;
    }
  replacement = g_new (Replacement, 1);
  replacement->pattern = g_steal_pointer (&pattern);
  return replacement;
}

typedef struct
{
  WenCleaning             *cleaning;
  const WenCleaningValues *values;
} Replacing;

static void
replace_match (gsize       begin,
               gsize       end,
               GMatchInfo *match,
               gpointer    user_data)
{
  Replacing *replacing = user_data;
  WenCleaning *cleaning = replacing->cleaning;
  const char *become = replacing->values->texts[SETTING_BECOME];
  g_autofree char *expanded = NULL;

  /* "\n" and the like mean something in an expression, and nothing in plain text. */
  if (replacing->values->numbers[SETTING_AS] == AS_PATTERN)
    become = expanded = g_match_info_expand_references (match, become, NULL);
  if (become != NULL && cleaning->text + begin >= cleaning->kept)
    wen_cleaning_replace (cleaning, cleaning->text + begin, cleaning->text + end, become, strlen (become));
}

void
wen_clean_pattern (WenCleaning             *cleaning,
                   const WenCleaningValues *values)
{
  Replacement *replacement = values->prepared;
  Replacing replacing = { cleaning, values };

  if (replacement->pattern != NULL)
    cleaning->gave_up = !wen_pattern_find (replacement->pattern, cleaning->text,
                                           (gsize) (cleaning->end - cleaning->text), replace_match, &replacing);
}
