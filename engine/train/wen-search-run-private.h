/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A search as plain sequential code, without threads or signals of its own. */

#pragma once

#include "wen-search.h"

typedef struct
{
  const WenSearchTrial *trial;    /* (nullable): changed */
  WenSearchProgress     progress;
  guint                 n_rungs;
  guint                 n_folds;
} WenSearchReport;

typedef void (*WenSearchReportFunc) (const WenSearchReport *report,
                                     gpointer               user_data);

typedef struct
{
  WenDataset             *dataset;
  const WenRecipe        *base;
  const WenSearchOptions *options;
  GCancellable           *cancellable;  /* (nullable): drops the search */
  GCancellable           *interrupt;    /* of its work: cancelled by a stop */
  gint                   *stops;        /* atomic: TRUE once it is to end */
  GBytes                 *checkpoint;   /* (nullable): to go on from */
  WenSearchReportFunc     report_func;
  WenSearchJournalFunc    journal_func; /* (nullable) */
  gpointer                user_data;
} WenSearchJob;

gboolean wen_search_job_run (const WenSearchJob  *self,
                             GError             **error);
