/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An ordered list of cleaning steps, run over one text after the other.
 *
 * DESIGN: a step tells which stretches of its text it replaces, and with what; all
 * else is copied in long runs.  Most texts hold nothing that most steps look for, and
 * are not copied at all then.  Where somebody asks from where a byte of the cleaned
 * text came, the same replacements, step by step, give the answer.  What the steps are
 * stands in wen-cleaning-steps.c. */

#include "config.h"

#include "wen-cleaner.h"

#include "wen-cleaning-entry.h"
#include "wen-cleaning-private.h"
#include "wen-i18n-private.h"

typedef struct
{
  const WenCleaningFunctions *functions;
  WenCleaningValues           values;
} Step;

struct _WenCleaner
{
  GObject  parent_instance;

  GArray  *steps; /* of Step, in the order in which they run; never changed */
};

G_DEFINE_QUARK (wen-cleaner-error-quark, wen_cleaner_error)
G_DEFINE_FINAL_TYPE (WenCleaner, wen_cleaner, G_TYPE_OBJECT)

static void
step_clear (gpointer data)
{
  Step *step = data;

  if (step->values.prepared != NULL && step->functions->release != NULL)
    step->functions->release (step->values.prepared);
  for (gsize i = 0; i < G_N_ELEMENTS (step->values.texts); i++)
    g_free (step->values.texts[i]);
}

static void
wen_cleaner_finalize (GObject *object)
{
  g_clear_pointer (&WEN_CLEANER (object)->steps, g_array_unref);

  G_OBJECT_CLASS (wen_cleaner_parent_class)->finalize (object);
}

static void
wen_cleaner_class_init (WenCleanerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_cleaner_finalize;
}

static void
wen_cleaner_init (WenCleaner *self)
{
  self->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  g_array_set_clear_func (self->steps, step_clear);
}

static char *
describe_allowed_values (const WenCleaningSetting *setting)
{
  g_autofree char *choices = NULL;

  switch (setting->kind)
    {
    case WEN_CLEANING_SETTING_YES_NO:
      return g_strdup (_ ("yes or no"));
    case WEN_CLEANING_SETTING_WHOLE_NUMBER:
      return g_strdup_printf (_ ("a whole number from %d to %u"), 0, setting->maximum);
    case WEN_CLEANING_SETTING_CHOICE:
      choices = g_strjoinv (", ", (char **) setting->choices);
      return g_strdup_printf (_ ("one of: %s"), choices);
    case WEN_CLEANING_SETTING_TEXT:
    case WEN_CLEANING_SETTING_LINES:
    default:
      return g_strdup (_ ("any text"));
    }
}

static gboolean
parse_value (const WenCleaningSetting *setting,
             const char               *value,
             gint64                   *number)
{
  guint64 whole;

  switch (setting->kind)
    {
    case WEN_CLEANING_SETTING_YES_NO:
      *number = g_str_equal (value, "yes");
      return *number || g_str_equal (value, "no");
    case WEN_CLEANING_SETTING_WHOLE_NUMBER:
      if (!g_ascii_string_to_unsigned (value, 10, 0, setting->maximum, &whole, NULL))
        return FALSE;
      *number = (gint64) whole;
      return TRUE;
    case WEN_CLEANING_SETTING_CHOICE:
      for (*number = 0; setting->choices[*number] != NULL; (*number)++)
        if (g_str_equal (setting->choices[*number], value))
          return TRUE;
      return FALSE;
    case WEN_CLEANING_SETTING_TEXT:
    case WEN_CLEANING_SETTING_LINES:
    default:
      return g_utf8_validate (value, -1, NULL);
    }
}

static gboolean
read_values (const WenCleaningStep *step,
             const char            *entry,
             WenCleaningValues     *values,
             GError               **error)
{
  for (gsize i = 0; i < step->n_settings; i++)
    {
      const WenCleaningSetting *setting = &step->settings[i];

      values->texts[i] = wen_cleaning_entry_dup_value (entry, setting->id);
      if (values->texts[i] == NULL)
        values->texts[i] = g_strdup (setting->default_value);
      if (!parse_value (setting, values->texts[i], &values->numbers[i]))
        {
          g_autofree char *allowed = describe_allowed_values (setting);

          /* Translators: a step, its setting, the value it was given, and what it takes instead. */
          g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_INVALID_VALUE,
                       _ ("The setting %s.%s of the cleaning cannot be “%s”: it takes %s."), step->id, setting->id,
                       values->texts[i], allowed);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
has_setting (const WenCleaningStep *step,
             const char            *id)
{
  for (gsize i = 0; i < step->n_settings; i++)
    if (g_str_equal (step->settings[i].id, id))
      return TRUE;
  return FALSE;
}

static gboolean
check_keys (const WenCleaningStep *step,
            const char            *entry,
            GError               **error)
{
  g_auto (GStrv) keys = wen_cleaning_entry_dup_keys (entry);

  if (keys == NULL)
    {
      g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_INVALID_VALUE,
                   _ ("The settings of the cleaning step “%s” cannot be read: write %s?setting=value, with %%26 for & "
                      "and %%2C for a comma."),
                   step->id, step->id);
      return FALSE;
    }
  for (gsize i = 0; keys[i] != NULL; i++)
    if (!has_setting (step, keys[i]))
      {
        g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_UNKNOWN_SETTING,
                     _ ("The cleaning step “%s” has no setting “%s”."), step->id, keys[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
add_step (WenCleaner *self,
          const char *entry,
          GError    **error)
{
  g_autofree char *id = wen_cleaning_entry_dup_step (entry);
  const WenCleaningStep *step = wen_cleaner_find_step (id);
  gsize n_steps;
  Step *added;

  if (step == NULL)
    {
      g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_UNKNOWN_STEP,
                   _ ("There is no cleaning step “%s”."), id);
      return FALSE;
    }
  if (!check_keys (step, entry, error))
    return FALSE;

  g_array_set_size (self->steps, self->steps->len + 1);
  added = &g_array_index (self->steps, Step, self->steps->len - 1);
  added->functions = wen_cleaning_get_functions ((gsize) (step - wen_cleaner_list_steps (&n_steps)));
  if (!read_values (step, entry, &added->values, error))
    return FALSE;
  if (added->functions->prepare != NULL)
    {
      added->values.prepared = added->functions->prepare (&added->values, error);
      return added->values.prepared != NULL;
    }
  return TRUE;
}

/**
 * wen_cleaner_new:
 * @entries: (array zero-terminated=1): the steps, in the order in which they are to
 *   run, as a recipe has them: `digits`, or with settings `digits?become=zero`
 * @error: return location for an error
 *
 * Makes a cleaner.
 *
 * It never changes, so any number of threads may use it.  Sets
 * `WEN_CLEANER_ERROR_UNKNOWN_STEP`, `WEN_CLEANER_ERROR_UNKNOWN_SETTING` or
 * `WEN_CLEANER_ERROR_INVALID_VALUE`, naming what is wrong.
 *
 * Returns: (transfer full) (nullable): a cleaner, or `NULL` with @error set
 */
WenCleaner *
wen_cleaner_new (const char *const *entries,
                 GError           **error)
{
  g_autoptr (WenCleaner) self = g_object_new (WEN_TYPE_CLEANER, NULL);

  g_return_val_if_fail (entries != NULL, NULL);

  for (gsize i = 0; entries[i] != NULL; i++)
    if (!add_step (self, entries[i], error))
      return NULL;
  return g_steal_pointer (&self);
}

/* The spans of the text after a step, of those before it. */
static GArray *
follow_edits (GArray      *spans,
              WenCleaning *cleaning)
{
  GArray *followed = g_array_sized_new (FALSE, FALSE, sizeof (WenTypedSpan), (guint) cleaning->out->len + 1);
  gsize kept = 0;

  for (guint i = 0; i < cleaning->edits->len; i++)
    {
      WenCleaningEdit edit = g_array_index (cleaning->edits, WenCleaningEdit, i);
      /* What replaces nothing stands at the place where it was put in. */
      WenTypedSpan span = g_array_index (spans, WenTypedSpan, edit.text_begin);

      span.end = edit.text_end > edit.text_begin ? g_array_index (spans, WenTypedSpan, edit.text_end - 1).end
                                                   : span.start;
      g_array_append_vals (followed, &g_array_index (spans, WenTypedSpan, kept), (guint) (edit.text_begin - kept));
      for (gsize k = edit.out_begin; k < edit.out_end; k++)
        g_array_append_val (followed, span);
      kept = edit.text_end;
    }
  g_array_append_vals (followed, &g_array_index (spans, WenTypedSpan, kept), spans->len - (guint) kept);
  return followed;
}

/* Takes the place of what it is given. */
static void
trace_step (GArray     **spans,
            WenCleaning *cleaning)
{
  GArray *followed = follow_edits (*spans, cleaning);

  g_array_unref (*spans);
  *spans = followed;
  g_array_set_size (cleaning->edits, 0);
}

/* Each byte from itself, and one more for the end. */
static GArray *
make_spans (gsize n_bytes)
{
  GArray *spans = g_array_sized_new (FALSE, FALSE, sizeof (WenTypedSpan), (guint) n_bytes + 1);

  for (gsize i = 0; i <= n_bytes; i++)
    {
      const WenTypedSpan span = { (guint32) i, (guint32) MIN (i + 1, n_bytes) };

      g_array_append_val (spans, span);
    }
  return spans;
}

static void
replace_unreadable (WenCleaning *cleaning)
{
  const char *p = cleaning->text;
  const char *bad;

  while (!g_utf8_validate_len (p, (gsize) (cleaning->end - p), &bad))
    {
      wen_cleaning_replace_character (cleaning, bad, bad + 1, 0xFFFD);
      p = bad + 1;
    }
}

/* Adds what stands behind the last replacement. */
static void
finish_text (WenCleaning *cleaning)
{
  g_string_append_len (cleaning->out, cleaning->kept, cleaning->end - cleaning->kept);
}

static char *
run_steps (WenCleaner         *self,
           const char         *text,
           WenCleaningOutcome *outcome,
           GArray            **spans)
{
  g_autoptr (GArray) edits = spans != NULL ? g_array_new (FALSE, FALSE, sizeof (WenCleaningEdit)) : NULL;
  g_autoptr (GString) current = NULL;
  g_autoptr (GString) spare = NULL;
  gsize length_bytes = strlen (text);

  *outcome = WEN_CLEANING_DONE;
  if (spans != NULL)
    *spans = make_spans (length_bytes);

  /* The step before all others makes valid UTF-8 of the text. */
  for (guint i = 0; i <= self->steps->len; i++)
    {
      WenCleaning cleaning = { .edits = edits };

      if (spare == NULL)
        spare = g_string_sized_new (length_bytes);
      g_string_truncate (spare, 0);
      cleaning.out = spare;
      cleaning.text = cleaning.kept = current != NULL ? current->str : text;
      cleaning.end = cleaning.text + (current != NULL ? current->len : length_bytes);

      if (i == 0)
        {
          replace_unreadable (&cleaning);
        }
      else
        {
          const Step *step = &g_array_index (self->steps, Step, i - 1);

          step->functions->clean (&cleaning, &step->values);
        }
      *outcome |= (cleaning.leaves_out ? WEN_CLEANING_LEFT_OUT : 0) | (cleaning.gave_up ? WEN_CLEANING_GAVE_UP : 0);
      if (cleaning.changed)
        {
          finish_text (&cleaning);
          if (spans != NULL)
            trace_step (spans, &cleaning);
          spare = g_steal_pointer (&current);
          current = cleaning.out;
        }
    }
  if (spans != NULL)
    g_array_set_size (*spans, (*spans)->len - 1);
  return current != NULL ? g_string_free (g_steal_pointer (&current), FALSE) : g_strndup (text, length_bytes);
}

/**
 * wen_cleaner_clean:
 * @self: a cleaner
 * @text: any text; bytes that are not UTF-8 become U+FFFD first
 *
 * Runs the steps over one text, each over what the one before it left.
 *
 * Any thread may call it.
 *
 * Returns: (transfer full): the cleaned text, which may be empty
 */
char *
wen_cleaner_clean (WenCleaner *self,
                   const char *text)
{
  WenCleaningOutcome outcome;

  g_return_val_if_fail (WEN_IS_CLEANER (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  return run_steps (self, text, &outcome, NULL);
}

/**
 * wen_cleaner_clean_row:
 * @self: a cleaner
 * @text: any text; bytes that are not UTF-8 become U+FFFD first
 * @outcome: (out): whether something is to be learned from it, and whether a pattern
 *   gave up
 *
 * Cleans the text of a row that may be learned from: as wen_cleaner_clean(), but says
 * more.
 *
 * Any thread may call it.
 *
 * Returns: (transfer full): the cleaned text, which may be empty
 */
char *
wen_cleaner_clean_row (WenCleaner         *self,
                       const char         *text,
                       WenCleaningOutcome *outcome)
{
  g_return_val_if_fail (WEN_IS_CLEANER (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (outcome != NULL, NULL);

  return run_steps (self, text, outcome, NULL);
}

/**
 * wen_cleaner_trace:
 * @self: a cleaner
 * @text: any text of less than 4 GB
 * @spans: (out) (transfer full) (element-type WenTypedSpan): for each byte of the
 *   cleaned text, the bytes of @text that it stands for
 *
 * Cleans a text as wen_cleaner_clean() does, and says where each byte of the result
 * comes from: what a token of the cleaned text covers in the text as typed.
 *
 * Any thread may call it.
 *
 * Returns: (transfer full): the cleaned text, which may be empty
 */
char *
wen_cleaner_trace (WenCleaner *self,
                   const char *text,
                   GArray    **spans)
{
  WenCleaningOutcome outcome;

  g_return_val_if_fail (WEN_IS_CLEANER (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (spans != NULL, NULL);

  return run_steps (self, text, &outcome, spans);
}
