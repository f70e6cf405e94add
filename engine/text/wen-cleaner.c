/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An ordered list of cleaning steps, run over one text after the other. */

#include "config.h"

#include "wen-cleaner.h"

#include <string.h>

#include "wen-cleaning-steps-private.h"
#include "wen-i18n-private.h"

struct _WenCleaner
{
  GObject          parent_instance;

  WenCleaningFunc *funcs;   /* [n_funcs], in the order in which they run; never changed */
  gsize            n_funcs;
};

G_DEFINE_QUARK (wen-cleaner-error-quark, wen_cleaner_error)
G_DEFINE_FINAL_TYPE (WenCleaner, wen_cleaner, G_TYPE_OBJECT)

/* In the order in which they do best: what hides text first, what evens it out
 * next, and white space, which the others leave behind, last. */
static const WenCleaningStep steps[] = {
  { "html", N_ ("HTML Tags"),
    N_ ("Takes out tags such as <br> and turns &amp; into &, as needed for texts from web pages.") },
  { "urls", N_ ("Web Addresses"),
    N_ ("Takes out links, which seldom say what a text is about.") },
  { "emails", N_ ("E-Mail Addresses"),
    N_ ("Takes out addresses such as li.na@example.com.") },
  { "mentions", N_ ("Names and Topics of Networks"),
    N_ ("Takes out @names and #topics#, which say who is spoken to rather than what is said.") },
  { "brackets", N_ ("Text in Square Brackets"),
    N_ ("Takes out what stands in [ ] or 【 】, often names of stickers, sources or tags.") },
  { "width", N_ ("Full to Half Width"),
    N_ ("Writes wide letters, digits and signs such as Ａ１！ as A1!, so that both count as the same.") },
  { "personal-data", N_ ("Personal Data"),
    N_ ("Writes *** for identity numbers, phone numbers, bank cards, e-mail and IP addresses, passports, licence "
        "plates and IBANs, so that the classifier never learns them.") },
  { "simplified", N_ ("Traditional to Simplified Chinese"),
    N_ ("Writes 說 as 说, so that both spellings count as the same.") },
  { "lower-case", N_ ("Lower Case"),
    N_ ("Writes capital letters small, so that “Good” and “good” count as the same.") },
  { "emoji", N_ ("Emoji"),
    N_ ("Takes out little pictures. Leave it off where mood matters: they tell a lot.") },
  { "repeats", N_ ("Repeated Characters"),
    N_ ("Leaves two of any character that stands three times or more in a row: 哈哈哈哈 becomes 哈哈. Digits stay.") },
  { "digits", N_ ("Digits"),
    N_ ("Takes out all digits. Leave it off where prices, dates or amounts matter.") },
  { "punctuation", N_ ("Punctuation and Symbols"),
    N_ ("Takes out commas, marks and emoji. Leave it off where tone matters: “!” and “?” tell a lot.") },
  { "stop-words", N_ ("Stop Words"),
    N_ ("Takes out very common words such as “the” or “的” where they stand as words.") },
  { "white-space", N_ ("White Space"),
    N_ ("Makes one space of any run of spaces, tabs, line ends and invisible signs.") },
};

/* In the order of the table above. */
static const WenCleaningFunc step_funcs[] = {
  wen_clean_html,       wen_clean_urls,        wen_clean_emails,     wen_clean_mentions,      wen_clean_brackets,
  wen_clean_width,      wen_clean_personal_data, wen_clean_simplified, wen_clean_lower_case,  wen_clean_emoji,
  wen_clean_repeats,    wen_clean_digits,      wen_clean_punctuation, wen_clean_stop_words,   wen_clean_white_space,
};

G_STATIC_ASSERT (G_N_ELEMENTS (steps) == G_N_ELEMENTS (step_funcs));

static WenCleaningFunc
find_step_func (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_equal (steps[i].id, id))
      return step_funcs[i];
  return NULL;
}

static void
wen_cleaner_finalize (GObject *object)
{
  g_clear_pointer (&WEN_CLEANER (object)->funcs, g_free);

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
}

/**
 * wen_cleaner_list_steps:
 * @n_steps: (out): length of the returned array
 *
 * Describes all cleaning steps, in the order in which they do best.
 *
 * Titles and explanations are English; dgettext ("wenlei", …) translates them.
 *
 * Returns: (array length=n_steps) (transfer none): the steps
 */
const WenCleaningStep *
wen_cleaner_list_steps (gsize *n_steps)
{
  *n_steps = G_N_ELEMENTS (steps);
  return steps;
}

/**
 * wen_cleaner_new:
 * @step_ids: (array zero-terminated=1): ids of the steps, in the order in which
 *   they are to run
 * @error: return location for an error
 *
 * Makes a cleaner.
 *
 * It never changes, so any number of threads may use it.  Sets
 * `WEN_CLEANER_ERROR_UNKNOWN_STEP`.
 *
 * Returns: (transfer full) (nullable): a cleaner, or `NULL` with @error set
 */
WenCleaner *
wen_cleaner_new (const char *const *step_ids,
                 GError           **error)
{
  g_autoptr (WenCleaner) self = g_object_new (WEN_TYPE_CLEANER, NULL);

  g_return_val_if_fail (step_ids != NULL, NULL);

  self->funcs = g_new (WenCleaningFunc, MAX (1, g_strv_length ((char **) step_ids)));
  for (gsize i = 0; step_ids[i] != NULL; i++)
    {
      WenCleaningFunc func = find_step_func (step_ids[i]);

      if (func == NULL)
        {
          g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_UNKNOWN_STEP,
                       _ ("There is no cleaning step “%s”."), step_ids[i]);
          return NULL;
        }
      self->funcs[self->n_funcs++] = func;
    }
  return g_steal_pointer (&self);
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
  g_autofree char *valid = NULL;
  g_autoptr (GString) spare = NULL;
  g_autoptr (GString) current = NULL;
  const char *end;

  g_return_val_if_fail (WEN_IS_CLEANER (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, &end))
    {
      valid = g_utf8_make_valid (text, -1);
      text = valid;
      end = text + strlen (text);
    }

  current = g_string_new_len (text, end - text);
  spare = g_string_sized_new (current->len);
  for (gsize i = 0; i < self->n_funcs; i++)
    {
      g_string_truncate (spare, 0);
      if (self->funcs[i] (current->str, current->len, spare))
        {
          GString *cleaned = spare;

          spare = current;
          current = cleaned;
        }
    }
  return g_string_free (g_steal_pointer (&current), FALSE);
}
