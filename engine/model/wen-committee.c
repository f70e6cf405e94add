/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several classifiers that answer as one: an ensemble.
 *
 * DESIGN: a member of the ensemble is one opinion, and may be given by several
 * classifiers: those of the folds, of the bags or of the rounds of boosting.  Each has
 * its own cleaning, vocabulary and weights, and is whole by itself.  A classifier whose
 * training rows lacked a label gives it no probability. */

#include "config.h"

#include "wen-committee-private.h"

#include <string.h>

#include "wen-classifier-private.h"
#include "wen-probabilities-private.h"

/* Texts whose probabilities of all members are in memory at a time. */
#define BLOCK_TEXTS 8192

typedef struct
{
  WenClassifier *classifier; /* owned */
  guint         *labels;     /* by label of the classifier: label of the committee, owned */
  guint          member;
  WenOpinion     opinion;
  double         weight;
} Seat;

struct _WenCommittee
{
  GPtrArray   *labels;       /* of strings, owned */
  guint        n_members;
  WenCombiner *combiner;     /* owned */
  GArray      *seats;        /* of Seat */
};

static void
clear_seat (gpointer data)
{
  Seat *seat = data;

  g_clear_object (&seat->classifier);
  g_clear_pointer (&seat->labels, g_free);
}

/* labels: (element-type utf8), shared; combiner: (transfer full). */
WenCommittee *
wen_committee_new (GPtrArray   *labels,
                   guint        n_members,
                   WenCombiner *combiner)
{
  WenCommittee *self = g_new0 (WenCommittee, 1);

  self->labels = g_ptr_array_ref (labels);
  self->n_members = n_members;
  self->combiner = combiner;
  self->seats = g_array_new (FALSE, FALSE, sizeof (Seat));
  g_array_set_clear_func (self->seats, clear_seat);
  return self;
}

void
wen_committee_free (WenCommittee *self)
{
  g_ptr_array_unref (self->labels);
  g_clear_pointer (&self->combiner, wen_combiner_free);
  g_array_unref (self->seats);
  g_free (self);
}

/* Every label of the classifier is one of the committee's.  weight: its share in the
 * member's opinion. */
void
wen_committee_add (WenCommittee  *self,
                   WenClassifier *classifier,
                   guint          member,
                   WenOpinion     opinion,
                   double         weight)
{
  guint n_labels = wen_classifier_get_n_labels (classifier);
  Seat seat = {
    .classifier = g_object_ref (classifier),
    .labels = g_new0 (guint, n_labels),
    .member = member,
    .opinion = opinion,
    .weight = weight,
  };

  for (guint i = 0; i < n_labels; i++)
    g_ptr_array_find_with_equal_func (self->labels, wen_classifier_get_label (classifier, i), g_str_equal,
                                      &seat.labels[i]);
  g_array_append_val (self->seats, seat);
}

guint
wen_committee_get_n_classifiers (WenCommittee *self)
{
  return self->seats->len;
}

/* (transfer none) */
WenClassifier *
wen_committee_get_classifier (WenCommittee *self,
                              guint         index,
                              guint        *member,
                              WenOpinion   *opinion,
                              double       *weight)
{
  const Seat *seat = &g_array_index (self->seats, Seat, index);

  if (member != NULL)
    *member = seat->member;
  if (opinion != NULL)
    *opinion = seat->opinion;
  if (weight != NULL)
    *weight = seat->weight;
  return seat->classifier;
}

guint
wen_committee_get_n_members (WenCommittee *self)
{
  return self->n_members;
}

WenCombiner *
wen_committee_get_combiner (WenCommittee *self)
{
  return self->combiner;
}

void
wen_opinion_add (float       *opinion,
                 WenOpinion   kind,
                 const float *probabilities,
                 const guint *labels,
                 guint        n_labels,
                 double       weight)
{
  if (kind == WEN_OPINION_VOTES)
    opinion[labels[wen_find_largest (probabilities, n_labels)]] += (float) weight;
  for (guint i = 0; i < n_labels && kind == WEN_OPINION_MEAN; i++)
    opinion[labels[i]] += (float) (weight * (double) probabilities[i]);
}

static void
add_opinion (const Seat  *seat,
             const float *probabilities,
             float       *opinion)
{
  wen_opinion_add (opinion, seat->opinion, probabilities, seat->labels, wen_classifier_get_n_labels (seat->classifier),
                   seat->weight);
}

static float **
new_opinions (WenCommittee *self,
              gsize         n_texts)
{
  float **opinions = g_new (float *, self->n_members);

  for (guint member = 0; member < self->n_members; member++)
    opinions[member] = g_new0 (float, n_texts * self->labels->len);
  return opinions;
}

static void
free_opinions (WenCommittee *self,
               float       **opinions)
{
  for (guint member = 0; member < self->n_members; member++)
    g_free (opinions[member]);
  g_free (opinions);
}

/* Writes what each member says of texts: [n_members], each [n_texts][n_labels].  FALSE
 * where it was cancelled. */
gboolean
wen_committee_predict_members (WenCommittee       *self,
                               const char *const  *texts,
                               gsize               n_texts,
                               float             **opinions,
                               guint64            *n_tokens,
                               GCancellable       *cancellable,
                               GError            **error)
{
  g_autofree float *probabilities = g_new (float, MAX (1, n_texts * self->labels->len));

  for (guint member = 0; member < self->n_members; member++)
    memset (opinions[member], 0, n_texts * self->labels->len * sizeof (float));
  for (guint i = 0; i < self->seats->len; i++)
    {
      const Seat *seat = &g_array_index (self->seats, Seat, i);
      guint n_own_labels = wen_classifier_get_n_labels (seat->classifier);
      guint64 n_own_tokens;

      if (!wen_classifier_predict_texts (seat->classifier, texts, n_texts, probabilities, &n_own_tokens, cancellable,
                                         error))
        return FALSE;
      for (gsize text = 0; text < n_texts; text++)
        add_opinion (seat, probabilities + text * n_own_labels, opinions[seat->member] + text * self->labels->len);
      if (n_tokens != NULL)
        *n_tokens += n_own_tokens;
    }
  return TRUE;
}

/* As wen_classifier_predict_texts(). */
gboolean
wen_committee_predict_texts (WenCommittee       *self,
                             const char *const  *texts,
                             gsize               n_texts,
                             float              *probabilities,
                             guint64            *n_tokens,
                             GCancellable       *cancellable,
                             GError            **error)
{
  float **opinions = new_opinions (self, MIN (n_texts, BLOCK_TEXTS));
  gboolean is_whole = TRUE;

  if (n_tokens != NULL)
    *n_tokens = 0;
  for (gsize first = 0; first < n_texts && is_whole; first += BLOCK_TEXTS)
    {
      gsize n_block = MIN (BLOCK_TEXTS, n_texts - first);

      is_whole = wen_committee_predict_members (self, texts + first, n_block, opinions, n_tokens, cancellable, error);
      if (is_whole)
        wen_combiner_apply (self->combiner, (const float *const *) opinions, n_block,
                            probabilities + first * self->labels->len);
    }
  free_opinions (self, opinions);
  return is_whole;
}

/* Writes the probabilities of one text, [n_labels], in the calling thread. */
void
wen_committee_predict (WenCommittee *self,
                       const char   *text,
                       float        *probabilities)
{
  float **opinions = new_opinions (self, 1);
  g_autofree float *own = g_new (float, self->labels->len);

  for (guint i = 0; i < self->seats->len; i++)
    {
      const Seat *seat = &g_array_index (self->seats, Seat, i);

      wen_classifier_compute (seat->classifier, text, own);
      add_opinion (seat, own, opinions[seat->member]);
    }
  wen_combiner_apply (self->combiner, (const float *const *) opinions, 1, probabilities);
  free_opinions (self, opinions);
}
