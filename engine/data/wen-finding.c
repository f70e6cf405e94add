/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One thing that was found in a dataset: what, how much, where, and what mends it. */

#include "config.h"

#include "wen-finding-private.h"

#include "wen-i18n-private.h"

struct _WenFinding
{
  GObject        parent_instance;

  WenFindingKind kind;
  char          *sentence;
  double         value;
  GArray        *rows; /* of guint */
  WenMend        mend;
};

G_DEFINE_FINAL_TYPE (WenFinding, wen_finding, G_TYPE_OBJECT)

static void
wen_finding_finalize (GObject *object)
{
  WenFinding *self = WEN_FINDING (object);

  g_clear_pointer (&self->sentence, g_free);
  g_clear_pointer (&self->rows, g_array_unref);

  G_OBJECT_CLASS (wen_finding_parent_class)->finalize (object);
}

static void
wen_finding_class_init (WenFindingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_finding_finalize;
}

static void
wen_finding_init (WenFinding *self)
{
}

/* Takes the sentence and the rows, which may be NULL: none. */
WenFinding *
wen_finding_new (WenFindingKind  kind,
                 char           *sentence,
                 double          value,
                 GArray         *rows,
                 WenMend         mend)
{
  WenFinding *self = g_object_new (WEN_TYPE_FINDING, NULL);

  self->kind = kind;
  self->sentence = sentence;
  self->value = value;
  self->rows = rows != NULL ? rows : g_array_new (FALSE, FALSE, sizeof (guint));
  self->mend = mend;
  return self;
}

/**
 * wen_finding_get_kind:
 * @self: a finding
 *
 * Gets what it is about.
 *
 * Returns: a kind
 */
WenFindingKind
wen_finding_get_kind (WenFinding *self)
{
  g_return_val_if_fail (WEN_IS_FINDING (self), WEN_FINDING_LABEL_COUNTS);

  return self->kind;
}

/**
 * wen_finding_get_name:
 * @self: a finding
 *
 * Gets what it is about as a word for programs.
 *
 * Returns: (transfer none): a word, never translated
 */
const char *
wen_finding_get_name (WenFinding *self)
{
  static const char *const names[] = {
    [WEN_FINDING_LABEL_COUNTS] = "label-counts",
    [WEN_FINDING_LABEL_ENTROPY] = "label-entropy",
    [WEN_FINDING_RARE_LABELS] = "rare-labels",
    [WEN_FINDING_TELLING_TOKEN] = "telling-token",
    [WEN_FINDING_EMPTY_TEXTS] = "empty-texts",
    [WEN_FINDING_MISSING_LABELS] = "missing-labels",
    [WEN_FINDING_LONG_TEXTS] = "long-texts",
    [WEN_FINDING_EQUAL_TEXTS] = "equal-texts",
    [WEN_FINDING_NEAR_TEXTS] = "near-texts",
    [WEN_FINDING_CONFLICTING_LABELS] = "conflicting-labels",
    [WEN_FINDING_LANGUAGES] = "languages",
    [WEN_FINDING_SPLITS] = "splits",
    [WEN_FINDING_LEAKED_TEXTS] = "leaked-texts",
  };

  g_return_val_if_fail (WEN_IS_FINDING (self), NULL);

  return names[self->kind];
}

/**
 * wen_finding_get_sentence:
 * @self: a finding
 *
 * Gets what was found, for people.
 *
 * Returns: (transfer none): a translated sentence
 */
const char *
wen_finding_get_sentence (WenFinding *self)
{
  g_return_val_if_fail (WEN_IS_FINDING (self), NULL);

  return self->sentence;
}

/**
 * wen_finding_get_value:
 * @self: a finding
 *
 * Gets how much was found.  `WenFindingKind` tells what is counted.
 *
 * Returns: a number
 */
double
wen_finding_get_value (WenFinding *self)
{
  g_return_val_if_fail (WEN_IS_FINDING (self), 0);

  return self->value;
}

/**
 * wen_finding_get_rows:
 * @self: a finding
 * @n_rows: (out): length of the returned array
 *
 * Gets the rows that it was found in.
 *
 * Returns: (array length=n_rows) (transfer none): ascending indexes of rows in the
 *   dataset; none where it is about the whole
 */
const guint *
wen_finding_get_rows (WenFinding *self,
                      gsize      *n_rows)
{
  g_return_val_if_fail (WEN_IS_FINDING (self), NULL);
  g_return_val_if_fail (n_rows != NULL, NULL);

  *n_rows = self->rows->len;
  return (const guint *) self->rows->data;
}

/**
 * wen_finding_get_mend:
 * @self: a finding
 *
 * Gets what would put it right.
 *
 * Returns: a way
 */
WenMend
wen_finding_get_mend (WenFinding *self)
{
  g_return_val_if_fail (WEN_IS_FINDING (self), WEN_MEND_NOTHING);

  return self->mend;
}

/**
 * wen_finding_get_mend_sentence:
 * @self: a finding
 *
 * Gets what to do about it, for people.
 *
 * Returns: (transfer none) (nullable): a translated sentence, or `NULL` where there
 *   is nothing to do
 */
const char *
wen_finding_get_mend_sentence (WenFinding *self)
{
  g_return_val_if_fail (WEN_IS_FINDING (self), NULL);

  switch (self->mend)
    {
    case WEN_MEND_REMOVE_ROWS:
      return _ ("Remove these rows.");
    case WEN_MEND_LABEL_ROWS:
      return _ ("Look at these rows and choose their labels.");
    case WEN_MEND_MERGE_LABELS:
      return _ ("Merge these labels into others, or add rows to them.");
    case WEN_MEND_SPLIT_AGAIN:
      return _ ("Split the rows again, with copies on one side.");
    case WEN_MEND_NOTHING:
    default:
      return NULL;
    }
}
