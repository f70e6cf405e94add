/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All rows of a project as a list model that reads pages as they are looked at. */

#pragma once

#include "wen-project-rows-private.h"

#define WEN_TYPE_ROW_LIST (wen_row_list_get_type ())

G_DECLARE_FINAL_TYPE (WenRowList, wen_row_list, WEN, ROW_LIST, GObject)

/* The project must live as long as rows are wanted; afterwards the list is made of empty rows. */
WenRowList *wen_row_list_new (WenProject *project);
