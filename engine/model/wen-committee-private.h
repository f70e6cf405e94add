/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several classifiers that answer as one. */

#pragma once

#include <json-glib/json-glib.h>

#include "wen-classifier.h"
#include "wen-combiner-private.h"

typedef struct _WenCommittee WenCommittee;

/* How the classifiers of one member become one opinion. */
typedef enum
{
  WEN_OPINION_MEAN,  /* of their probabilities */
  WEN_OPINION_VOTES, /* each gives its weight to the label it finds likeliest */
} WenOpinion;

/* Adds what one classifier says of a text to the opinion of its member.  labels: by label
 * of the classifier, that of the committee. */
void           wen_opinion_add               (float               *opinion,
                                              WenOpinion           kind,
                                              const float         *probabilities,
                                              const guint         *labels,
                                              guint                n_labels,
                                              double               weight);

WenCommittee  *wen_committee_new             (GPtrArray           *labels,
                                              guint                n_members,
                                              WenCombiner         *combiner);
void           wen_committee_free            (WenCommittee        *self);
void           wen_committee_add             (WenCommittee        *self,
                                              WenClassifier       *classifier,
                                              guint                member,
                                              WenOpinion           opinion,
                                              double               weight);
guint          wen_committee_get_n_classifiers (WenCommittee      *self);
WenClassifier *wen_committee_get_classifier  (WenCommittee        *self,
                                              guint                index,
                                              guint               *member,
                                              WenOpinion          *opinion,
                                              double              *weight);
guint          wen_committee_get_n_members   (WenCommittee        *self);
WenCombiner   *wen_committee_get_combiner    (WenCommittee        *self);
void           wen_committee_predict         (WenCommittee        *self,
                                              const char          *text,
                                              float               *probabilities);
gboolean       wen_committee_predict_texts   (WenCommittee        *self,
                                              const char * const  *texts,
                                              gsize                n_texts,
                                              float               *probabilities,
                                              guint64             *n_tokens,
                                              GCancellable        *cancellable,
                                              GError             **error);
gboolean       wen_committee_predict_members (WenCommittee        *self,
                                              const char * const  *texts,
                                              gsize                n_texts,
                                              float              **opinions,
                                              guint64             *n_tokens,
                                              GCancellable        *cancellable,
                                              GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCommittee, wen_committee_free)

/* wen-committee-files.c */

/* Name of a file of one classifier of a committee, in the committee's own folder.  index:
 * from 0. (transfer full) */
char         *wen_committee_dup_file_name    (guint               index,
                                              const char         *name);
/* Most classifiers that a folder may hold. */
#define WEN_COMMITTEE_MAXIMUM_CLASSIFIERS 10000
#define WEN_COMMITTEE_FOLDER_PREFIX "classifier-"

void          wen_committee_write_json       (WenCommittee       *self,
                                              JsonBuilder        *builder);
void          wen_committee_add_files        (WenCommittee       *self,
                                              GHashTable         *files);
WenCommittee *wen_committee_new_from_files   (JsonObject         *description,
                                              GHashTable         *files,
                                              GPtrArray          *labels,
                                              GError            **error);
