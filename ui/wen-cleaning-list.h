/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

#include "wen-cleaning-report.h"

G_BEGIN_DECLS

#define WEN_TYPE_CLEANING_LIST (wen_cleaning_list_get_type ())

G_DECLARE_FINAL_TYPE (WenCleaningList, wen_cleaning_list, WEN, CLEANING_LIST, AdwBin)

void   wen_cleaning_list_set_entries (WenCleaningList     *self,
                                      const char * const  *entries);
char **wen_cleaning_list_dup_entries (WenCleaningList     *self);
char **wen_cleaning_list_dup_steps   (WenCleaningList     *self,
                                      gboolean           **is_on);
void   wen_cleaning_list_set_report  (WenCleaningList     *self,
                                      WenCleaningReport   *report,
                                      gboolean             is_all,
                                      gboolean             has_off);

G_END_DECLS
