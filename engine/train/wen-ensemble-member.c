/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One member of an ensemble while that is trained, and which members suit which rows. */

#include "config.h"

#include "wen-ensemble-member-private.h"

#include <string.h>

#include "wen-cleaning-entry.h"

/* As many texts tell what language a table is in. */
#define N_LANGUAGE_TEXTS 500
/* With more rows than this, one fold says enough. */
#define MOST_FOLDED_ROWS 60000

/* How long training takes, roughly, by how long naive Bayes takes. */
typedef struct
{
  const char *family;
  double      cost;
  gboolean    is_fast;
} FamilyCost;

static const FamilyCost families[] = {
  { "bayes", 1, TRUE },
  { "linear", 4, TRUE },
  { "average", 25, FALSE },
  { "transformer", 200, FALSE },
};

static const FamilyCost *
find_family (const char *family)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_str_equal (families[i].family, family))
      return &families[i];
  g_assert_not_reached ();
}

guint
wen_ensemble_count_used_folds (const WenRecipe *ensemble,
                               gsize            n_rows)
{
  return ensemble->n_folds > 1 && n_rows > MOST_FOLDED_ROWS ? 1 : ensemble->n_folds;
}

guint
wen_ensemble_count_trainings (const WenRecipe *ensemble,
                              const WenRecipe *member,
                              gsize            n_rows)
{
  gboolean is_trained_once_more = find_family (member->family)->is_fast && ensemble->n_folds > 1;

  if (ensemble->n_bags > 1)
    return ensemble->n_bags * ensemble->n_boosts;
  return (wen_ensemble_count_used_folds (ensemble, n_rows) + is_trained_once_more) * ensemble->n_boosts;
}

void
wen_ensemble_member_free (WenEnsembleMember *self)
{
  g_free (self->entry);
  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_clear_pointer (&self->classifiers, g_ptr_array_unref);
  g_clear_pointer (&self->weights, g_array_unref);
  g_free (self->unseen);
  g_free (self->n_unseen);
  g_free (self);
}

/* NULL with error set where the entry makes no sense. */
WenEnsembleMember *
wen_ensemble_member_new (const WenRecipe       *ensemble,
                         const char            *entry,
                         const WenEnsembleRows *rows,
                         GError               **error)
{
  WenRecipe *recipe = wen_recipe_new_member (ensemble, entry, error);
  WenEnsembleMember *self;

  if (recipe == NULL)
    return NULL;
  self = g_new0 (WenEnsembleMember, 1);
  self->entry = g_strdup (entry);
  self->recipe = recipe;
  self->preset = g_intern_string (recipe->preset);
  self->is_fast = find_family (recipe->family)->is_fast;
  self->cost = find_family (recipe->family)->cost;
  self->classifiers = g_ptr_array_new_with_free_func (g_object_unref);
  self->weights = g_array_new (FALSE, FALSE, sizeof (double));
  self->opinion = ensemble->n_boosts > 1 ? WEN_OPINION_VOTES : WEN_OPINION_MEAN;
  self->unseen = g_new0 (float, MAX (1, rows->n_rows * rows->n_labels));
  self->n_unseen = g_new0 (guint, MAX (1, rows->n_rows));
  return self;
}

/* Forgets the classifiers, not what they said. */
void
wen_ensemble_member_forget (WenEnsembleMember *self)
{
  g_ptr_array_set_size (self->classifiers, 0);
  g_array_set_size (self->weights, 0);
}

double
wen_ensemble_get_chinese_share (const WenEnsembleRows *rows)
{
  gsize n_characters = 0;
  gsize n_chinese = 0;

  for (gsize row = 0; row < MIN (rows->n_rows, N_LANGUAGE_TEXTS); row++)
    for (const char *c = wen_dataset_get_text (rows->dataset, row); *c != '\0'; c = g_utf8_next_char (c))
      {
        n_characters++;
        n_chinese += g_unichar_get_script (g_utf8_get_char (c)) == G_UNICODE_SCRIPT_HAN;
      }
  return (double) n_chinese / (double) MAX (1, n_characters);
}

char **
wen_ensemble_choose_members (const WenEnsembleRows *rows)
{
  /* Words of Chinese are two characters, most of them; of other languages it is letters
   * within words that say what is not in the vocabulary. */
  static const char *const of_chinese[] = {
    "bayes",
    "linear",
    "linear?model.longest_ngram=2",
    "linear?tokens.tokenizer=word&model.longest_ngram=2",
    "bayes?tokens.tokenizer=word&model.longest_ngram=2",
    "average",
    "average?tokens.tokenizer=word&model.longest_ngram=2",
    "small",
    NULL,
  };
  static const char *const of_others[] = {
    "bayes",
    "linear?model.longest_ngram=5",
    "linear?tokens.tokenizer=word&model.longest_ngram=2",
    "bayes?tokens.tokenizer=word&model.longest_ngram=2",
    "average",
    "average?tokens.tokenizer=word&model.longest_ngram=2",
    "average?model.head_size=128",
    "small",
    NULL,
  };

  return g_strdupv ((char **) (wen_ensemble_get_chinese_share (rows) > 0.3 ? of_chinese : of_others));
}
