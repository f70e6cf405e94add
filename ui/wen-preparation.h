/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-cleaning-report.h"
#include "wen-token-report.h"

#include "wen-progress-relay.h"

G_BEGIN_DECLS

void               wen_preparation_clean_async   (WenDataset           *dataset,
                                                  const char * const   *entries,
                                                  const gboolean       *is_on,
                                                  gsize                 maximum_rows,
                                                  WenProgressRelay     *relay,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
WenCleaningReport *wen_preparation_clean_finish  (GAsyncResult         *result,
                                                  GError              **error);
void               wen_preparation_cut_async     (WenDataset           *dataset,
                                                  const WenRecipe      *recipe,
                                                  gsize                 maximum_rows,
                                                  WenProgressRelay     *relay,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
WenTokenReport    *wen_preparation_cut_finish    (GAsyncResult         *result,
                                                  GError              **error);

G_END_DECLS
