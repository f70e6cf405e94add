/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What there is to know about a dataset before it is learned from.
 *
 * Each check looks at all rows and adds at most one finding, in the order in which
 * a person wants to read them: the labels, the texts, copies, languages, splits. */

#include "config.h"

#include "wen-health.h"

#include <math.h>
#include <string.h>

#include "wen-dataset-private.h"
#include "wen-duplicates-private.h"
#include "wen-finding-private.h"
#include "wen-i18n-private.h"
#include "wen-token-gain-private.h"

/* With fewer rows than this, a label can hardly be learned. */
#define FEW_ROWS 10
/* A token that tells this share of the labels' entropy gives them away. */
#define TELLING_SHARE 0.5
/* Far more text than others: so many bytes, and so many times the median. */
#define LONG_TEXT_BYTES 3000
#define LONG_TEXT_MEDIANS 10
/* Shares of rows below which another language is said to be in between. */
#define LEAST_LETTERS 2
#define LEAST_KANA_SHARE 0.1

struct _WenHealth
{
  GObject    parent_instance;

  GPtrArray *findings; /* of WenFinding */
  GPtrArray *tokens;   /* of WenTokenGain */
};

G_DEFINE_FINAL_TYPE (WenHealth, wen_health, G_TYPE_OBJECT)

static void
wen_health_finalize (GObject *object)
{
  WenHealth *self = WEN_HEALTH (object);

  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->tokens, g_ptr_array_unref);

  G_OBJECT_CLASS (wen_health_parent_class)->finalize (object);
}

static void
wen_health_class_init (WenHealthClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_health_finalize;
}

static void
wen_health_init (WenHealth *self)
{
  self->findings = g_ptr_array_new_with_free_func (g_object_unref);
}

/* Takes the sentence and the rows, which may be NULL. */
static void
add (WenHealth      *self,
     WenFindingKind  kind,
     char           *sentence,
     double          value,
     GArray         *rows,
     WenMend         mend)
{
  g_ptr_array_add (self->findings, wen_finding_new (kind, sentence, value, rows, mend));
}

static GArray *
new_rows (void)
{
  return g_array_new (FALSE, FALSE, sizeof (guint));
}

/* Adds a finding about rows, if there are any. */
static void
add_rows (WenHealth      *self,
          WenFindingKind  kind,
          char           *sentence,
          GArray         *rows,
          WenMend         mend)
{
  if (rows->len > 0)
    {
      add (self, kind, sentence, rows->len, rows, mend);
    }
  else
    {
      g_free (sentence);
      g_array_unref (rows);
    }
}

static gsize
count_label_rows (WenDataset *dataset,
                  guint       label)
{
  gsize n_rows = 0;

  for (guint split = 0; split < WEN_N_SPLITS; split++)
    n_rows += wen_dataset_count_label (dataset, label, (WenSplit) split);
  return n_rows;
}

static void
check_labels (WenHealth    *self,
              WenDataset   *dataset,
              GCancellable *cancellable)
{
  guint n_labels = wen_dataset_get_n_labels (dataset);
  g_autofree gsize *counts = g_new0 (gsize, MAX (1, n_labels));
  g_autofree gboolean *is_rare = g_new0 (gboolean, MAX (1, n_labels));
  g_autoptr (GString) rare = g_string_new (NULL);
  guint largest = 0;
  guint smallest = 0;
  guint n_rare = 0;
  double entropy;

  if (n_labels == 0)
    return;
  for (guint label = 0; label < n_labels; label++)
    {
      counts[label] = count_label_rows (dataset, label);
      if (counts[label] > counts[largest])
        largest = label;
      if (counts[label] < counts[smallest])
        smallest = label;
      if (counts[label] < FEW_ROWS)
        {
          is_rare[label] = TRUE;
          if (n_rare++ < 5)
            g_string_append_printf (rare, _ ("%s“%s”"), rare->len > 0 ? _ (", ") : "",
                                    wen_dataset_get_label_name (dataset, label));
        }
    }

  add (self, WEN_FINDING_LABEL_COUNTS,
       g_strdup_printf (wen_ngettext ("There is %u label; most rows have “%s” (%zu), fewest have “%s” (%zu).",
                                      "There are %u labels; most rows have “%s” (%zu), fewest have “%s” (%zu).",
                                      n_labels),
                        n_labels, wen_dataset_get_label_name (dataset, largest), counts[largest],
                        wen_dataset_get_label_name (dataset, smallest), counts[smallest]),
       n_labels, NULL, WEN_MEND_NOTHING);

  entropy = wen_token_gain_entropy (counts, n_labels);
  add (self, WEN_FINDING_LABEL_ENTROPY,
       g_strdup_printf (_ ("The entropy of the labels is %.2f nats, of %.2f nats if all had the same number of rows."),
                        entropy, log (n_labels)),
       entropy, NULL, WEN_MEND_NOTHING);

  if (n_rare > 0)
    {
      GArray *rows = new_rows ();

      for (guint row = 0; row < wen_dataset_get_n_rows (dataset); row++)
        {
          guint label = wen_dataset_get_label (dataset, row);

          if (label != WEN_NO_LABEL && is_rare[label])
            g_array_append_val (rows, row);
        }
      if (n_rare > 5)
        g_string_append (rare, " …");
      add (self, WEN_FINDING_RARE_LABELS,
           g_strdup_printf (wen_ngettext ("%u label has fewer than %u rows and can hardly be learned: %s.",
                                          "%u labels have fewer than %u rows and can hardly be learned: %s.", n_rare),
                            n_rare, (guint) FEW_ROWS, rare->str),
           n_rare, rows, WEN_MEND_MERGE_LABELS);
    }
}

static void
check_tokens (WenHealth    *self,
              WenDataset   *dataset,
              GCancellable *cancellable)
{
  const WenTokenGain *best;
  double entropy;

  self->tokens = wen_token_gain_measure (dataset, &entropy);
  if (self->tokens->len == 0)
    return;
  best = g_ptr_array_index (self->tokens, 0);
  if (entropy > 0 && best->gain >= TELLING_SHARE * entropy)
    add (self, WEN_FINDING_TELLING_TOKEN,
         g_strdup_printf (_ ("“%s” alone tells %.2f of the %.2f nats of the labels: look whether the texts give "
                             "their labels away."),
                          best->token, best->gain, entropy),
         best->gain, NULL, WEN_MEND_NOTHING);
}

static int
compare_lengths (gconstpointer a,
                 gconstpointer b)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;

  return (left > right) - (left < right);
}

static void
check_texts (WenHealth    *self,
             WenDataset   *dataset,
             GCancellable *cancellable)
{
  g_autoptr (GArray) lengths = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean has_labels = wen_dataset_get_n_labels (dataset) > 0;
  GArray *empty = new_rows ();
  GArray *unlabelled = new_rows ();
  GArray *overlong = new_rows ();
  gsize long_bytes = LONG_TEXT_BYTES;

  for (guint row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      const char *text = wen_dataset_get_text (dataset, row);

      if (wen_dataset_is_blank (text))
        {
          g_array_append_val (empty, row);
        }
      else
        {
          guint32 length_bytes = (guint32) MIN (strlen (text), G_MAXUINT32);

          g_array_append_val (lengths, length_bytes);
          if (has_labels && wen_dataset_get_label (dataset, row) == WEN_NO_LABEL)
            g_array_append_val (unlabelled, row);
        }
    }
  if (lengths->len > 0)
    {
      g_array_sort (lengths, compare_lengths);
      long_bytes = MAX (long_bytes, LONG_TEXT_MEDIANS * (gsize) g_array_index (lengths, guint32, lengths->len / 2));
    }
  for (guint row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    if (strlen (wen_dataset_get_text (dataset, row)) > long_bytes)
      g_array_append_val (overlong, row);

  add_rows (self, WEN_FINDING_EMPTY_TEXTS,
            g_strdup_printf (wen_ngettext ("%u row has no text.",
                                           "%u rows have no text.", empty->len),
                             empty->len),
            empty, WEN_MEND_REMOVE_ROWS);
  add_rows (self, WEN_FINDING_MISSING_LABELS,
            g_strdup_printf (wen_ngettext ("%u row has a text and no label.",
                                           "%u rows have a text and no label.", unlabelled->len),
                             unlabelled->len),
            unlabelled, WEN_MEND_LABEL_ROWS);
  add_rows (self, WEN_FINDING_LONG_TEXTS,
            g_strdup_printf (wen_ngettext ("%u text is far longer than the others: look whether rows ran together.",
                                           "%u texts are far longer than the others: look whether rows ran together.", overlong->len),
                             overlong->len),
            overlong, WEN_MEND_REMOVE_ROWS);
}

/* Rows whose text has an earlier copy; conflicting: all rows of texts that have more
 * than one label. */
static void
sort_copies (WenDataset    *dataset,
             const guint32 *equal,
             GArray        *copies,
             GArray        *conflicting)
{
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  g_autofree gboolean *has_conflict = g_new0 (gboolean, MAX (1, n_rows));

  for (guint row = 0; row < n_rows; row++)
    {
      guint label = wen_dataset_get_label (dataset, row);

      if (equal[row] == WEN_NO_GROUP || label == WEN_NO_LABEL)
        continue;
      if (wen_dataset_get_label (dataset, equal[row]) != WEN_NO_LABEL
          && wen_dataset_get_label (dataset, equal[row]) != label)
        has_conflict[equal[row]] = TRUE;
    }
  for (guint row = 0; row < n_rows; row++)
    {
      if (equal[row] == WEN_NO_GROUP)
        continue;
      if (has_conflict[equal[row]] && wen_dataset_get_label (dataset, row) != WEN_NO_LABEL)
        g_array_append_val (conflicting, row);
      else if (equal[row] != row)
        g_array_append_val (copies, row);
    }
}

/* Rows for validation or test of groups that have rows for training too. */
static GArray *
find_leaked (WenDataset    *dataset,
             const guint32 *groups)
{
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  g_autofree guint8 *is_trained = g_new0 (guint8, MAX (1, n_rows));
  GArray *leaked = new_rows ();

  for (guint row = 0; row < n_rows; row++)
    if (groups[row] != WEN_NO_GROUP && wen_dataset_get_split (dataset, row) == WEN_SPLIT_TRAIN)
      is_trained[groups[row]] = 1;
  for (guint row = 0; row < n_rows; row++)
    if (groups[row] != WEN_NO_GROUP && is_trained[groups[row]]
        && (wen_dataset_get_split (dataset, row) == WEN_SPLIT_VALIDATION
            || wen_dataset_get_split (dataset, row) == WEN_SPLIT_TEST))
      g_array_append_val (leaked, row);
  return leaked;
}

static void
check_copies (WenHealth    *self,
              WenDataset   *dataset,
              GCancellable *cancellable)
{
  static const gboolean all_splits[WEN_N_SPLITS] = { TRUE, TRUE, TRUE, TRUE };
  g_autofree guint32 *equal = wen_duplicates_find_equal (dataset, all_splits);
  g_autofree guint32 *near = wen_duplicates_find_near (dataset, equal, 0, cancellable);
  GArray *copies = new_rows ();
  GArray *conflicting = new_rows ();
  GArray *near_copies = new_rows ();
  GArray *leaked = find_leaked (dataset, near);

  sort_copies (dataset, equal, copies, conflicting);
  for (guint row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    if (near[row] != equal[row])
      g_array_append_val (near_copies, row);

  add_rows (self, WEN_FINDING_EQUAL_TEXTS,
            g_strdup_printf (wen_ngettext ("%u row repeats the text of an earlier row.",
                                           "%u rows repeat the text of an earlier row.", copies->len),
                             copies->len),
            copies, WEN_MEND_REMOVE_ROWS);
  add_rows (self, WEN_FINDING_NEAR_TEXTS,
            g_strdup_printf (wen_ngettext ("%u row has nearly the text of an earlier row.",
                                           "%u rows have nearly the text of an earlier row.", near_copies->len),
                             near_copies->len),
            near_copies, WEN_MEND_REMOVE_ROWS);
  add_rows (self, WEN_FINDING_CONFLICTING_LABELS,
            g_strdup_printf (wen_ngettext ("%u row has a text that another row has with another label.",
                                           "%u rows have a text that another row has with another label.", conflicting->len),
                             conflicting->len),
            conflicting, WEN_MEND_LABEL_ROWS);
  add_rows (self, WEN_FINDING_LEAKED_TEXTS,
            g_strdup_printf (wen_ngettext ("%u row for validation or test has a text that is in the training too, or nearly.",
                                           "%u rows for validation or test have a text that is in the training too, or nearly.", leaked->len),
                             leaked->len),
            leaked, WEN_MEND_SPLIT_AGAIN);
}

typedef enum
{
  NO_LANGUAGE,
  CHINESE,
  JAPANESE,
  KOREAN,
  LATIN,
  CYRILLIC,
  ARABIC,
  OTHER,
  N_LANGUAGES,
} Language;

static Language
find_language (const char *text)
{
  guint n[N_LANGUAGES] = { 0 };
  Language best = NO_LANGUAGE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x80)
        n[LATIN] += g_ascii_isalpha ((char) c);
      else if (c >= 0x4E00 && c <= 0x9FFF)
        n[CHINESE] += 3; /* a character says as much as a short word */
      else if (c >= 0x3041 && c <= 0x30FA)
        n[JAPANESE] += 3;
      else if (c >= 0xAC00 && c <= 0xD7A3)
        n[KOREAN] += 3;
      else if (!g_unichar_isalpha (c))
        continue;
      else if (c < 0x250)
        n[LATIN]++;
      else if (c >= 0x400 && c < 0x530)
        n[CYRILLIC]++;
      else if (c >= 0x600 && c < 0x700)
        n[ARABIC]++;
      else
        n[OTHER]++;
    }
  if (n[JAPANESE] > LEAST_KANA_SHARE * n[CHINESE])
    n[JAPANESE] += n[CHINESE];
  for (guint i = 1; i < N_LANGUAGES; i++)
    if (n[i] >= LEAST_LETTERS && n[i] > n[best])
      best = (Language) i;
  return best;
}

static const char *
get_language_name (Language language)
{
  switch (language)
    {
    case CHINESE:
      return _ ("Chinese");
    case JAPANESE:
      return _ ("Japanese");
    case KOREAN:
      return _ ("Korean");
    case LATIN:
      return _ ("Latin letters");
    case CYRILLIC:
      return _ ("Cyrillic letters");
    case ARABIC:
      return _ ("Arabic letters");
    case NO_LANGUAGE:
    case OTHER:
    case N_LANGUAGES:
    default:
      return _ ("another script");
    }
}

static void
check_languages (WenHealth    *self,
                 WenDataset   *dataset,
                 GCancellable *cancellable)
{
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  g_autofree guint8 *languages = g_new (guint8, MAX (1, n_rows));
  gsize n[N_LANGUAGES] = { 0 };
  guint main_language = 1;
  GArray *rows = new_rows ();

  for (gsize row = 0; row < n_rows; row++)
    {
      languages[row] = (guint8) find_language (wen_dataset_get_text (dataset, row));
      n[languages[row]]++;
    }
  for (guint i = 1; i < N_LANGUAGES; i++)
    if (n[i] > n[main_language])
      main_language = i;
  for (guint row = 0; row < n_rows; row++)
    if (languages[row] != main_language && languages[row] != NO_LANGUAGE)
      g_array_append_val (rows, row);
  if (rows->len == 0)
    {
      g_array_unref (rows);
      return;
    }
  add (self, WEN_FINDING_LANGUAGES,
       /* Translators: a number, the name of a language or of its letters */
       g_strdup_printf (wen_ngettext ("%u text is not in the language of most (%s).",
                                      "%u texts are not in the language of most (%s).", rows->len),
                        rows->len, get_language_name ((Language) main_language)),
       rows->len, rows, WEN_MEND_NOTHING);
}

static void
check_splits (WenHealth    *self,
              WenDataset   *dataset,
              GCancellable *cancellable)
{
  double n_train = (double) wen_dataset_count_split (dataset, WEN_SPLIT_TRAIN);
  double n_validation = (double) wen_dataset_count_split (dataset, WEN_SPLIT_VALIDATION);
  double n_test = (double) wen_dataset_count_split (dataset, WEN_SPLIT_TEST);
  double n_all = n_train + n_validation + n_test;

  if (n_validation + n_test == 0)
    return;
  add (self, WEN_FINDING_SPLITS,
       g_strdup_printf (_ ("%.1f %% of the rows are for training, %.1f %% for validation and %.1f %% for the test."),
                        100 * n_train / n_all, 100 * n_validation / n_all, 100 * n_test / n_all),
       n_test / n_all, NULL, WEN_MEND_NOTHING);
}

/**
 * wen_health_new:
 * @dataset: a dataset that is filled
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Looks at all rows.  Blocks: a million short texts take about half a minute, mostly
 * for near duplicates.
 *
 * Returns: (transfer full) (nullable): what was found, or `NULL` with @error set when
 *   it was cancelled
 */
WenHealth *
wen_health_new (WenDataset    *dataset,
                GCancellable  *cancellable,
                GError       **error)
{
  static void (*const checks[]) (WenHealth *self, WenDataset *dataset, GCancellable *cancellable) = {
    check_labels, check_tokens, check_texts, check_copies, check_languages, check_splits,
  };
  g_autoptr (WenHealth) self = NULL;

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);

  self = g_object_new (WEN_TYPE_HEALTH, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      checks[i] (self, dataset, cancellable);
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * wen_health_get_n_findings:
 * @self: a health
 *
 * Counts what was found.
 *
 * Returns: how many findings
 */
gsize
wen_health_get_n_findings (WenHealth *self)
{
  g_return_val_if_fail (WEN_IS_HEALTH (self), 0);

  return self->findings->len;
}

/**
 * wen_health_get_finding:
 * @self: a health
 * @index: from 0
 *
 * Gets one of the things that were found.
 *
 * Returns: (transfer none): a finding
 */
WenFinding *
wen_health_get_finding (WenHealth *self,
                        gsize      index)
{
  g_return_val_if_fail (WEN_IS_HEALTH (self), NULL);
  g_return_val_if_fail (index < self->findings->len, NULL);

  return g_ptr_array_index (self->findings, index);
}

/**
 * wen_health_get_n_tokens:
 * @self: a health
 *
 * Counts the tokens that are told of.
 *
 * Returns: at most ten; 0 where there are no labels
 */
gsize
wen_health_get_n_tokens (WenHealth *self)
{
  g_return_val_if_fail (WEN_IS_HEALTH (self), 0);

  return self->tokens->len;
}

/**
 * wen_health_get_token:
 * @self: a health
 * @index: from 0, the token that tells most
 * @gain: (out) (optional): by how many nats knowing whether a text has it lowers the
 *   entropy of the labels
 * @n_rows: (out) (optional): rows that have it; of a large dataset, of a sample
 *
 * Gets one of the common tokens that tell most about the label.
 *
 * Returns: (transfer none): a word in lower case, or two East Asian characters
 */
const char *
wen_health_get_token (WenHealth *self,
                      gsize      index,
                      double    *gain,
                      gsize     *n_rows)
{
  const WenTokenGain *token;

  g_return_val_if_fail (WEN_IS_HEALTH (self), NULL);
  g_return_val_if_fail (index < self->tokens->len, NULL);

  token = g_ptr_array_index (self->tokens, index);
  if (gain != NULL)
    *gain = token->gain;
  if (n_rows != NULL)
    *n_rows = token->n_rows;
  return token->token;
}
