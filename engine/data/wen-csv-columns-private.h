/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which columns of a table are read, and what there is to report about them. */

#pragma once

#include "wen-dataset.h"

typedef struct
{
  gssize text;
  gssize label; /* -1: there is none */
} WenCsvColumns;

gboolean wen_csv_columns_find      (WenCsvColumns       *self,
                                    WenCsvReader        *reader,
                                    const char          *text_column,
                                    const char          *label_column,
                                    gboolean             label_optional,
                                    GError             **error);
void     wen_csv_columns_describe  (const WenCsvColumns *self,
                                    WenCsvReader        *reader,
                                    WenImportReport     *report);
void     wen_csv_columns_count_row (WenImportReport     *report,
                                    const char          *text,
                                    const char          *label);
