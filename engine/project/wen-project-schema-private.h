/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tables of a project file, and how a file of an older version becomes one of this version. */

#pragma once

#include "wen-store-private.h"

/* Which import a row came with. */
typedef enum
{
  WEN_ORIGIN_TABLE,       /* the table of the project */
  WEN_ORIGIN_TEST_FILE,   /* a test file of one's own */
  WEN_ORIGIN_UNLABELLED,  /* texts without labels, to be labelled in the project */
} WenOrigin;

#define WEN_N_ORIGINS 3

/* Bits of rows.flags. */
#define WEN_ROW_WITHOUT_TEXT 1
#define WEN_ROW_IN_BIN 2

/* Makes the tables in an empty file. */
gboolean wen_project_schema_create  (WenStore  *store,
                                     GError   **error);
/* Refuses files that are not ours or too new; brings older ones up to date. */
gboolean wen_project_schema_prepare (WenStore  *store,
                                     GError   **error);
