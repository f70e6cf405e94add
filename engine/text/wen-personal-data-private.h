/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* For the cleaning steps alone. */

#pragma once

#include "wen-personal-data.h"

#define WEN_PERSONAL_DATA_ALL ((1u << WEN_N_PERSONAL_DATA_KINDS) - 1)

gboolean wen_personal_data_match (const char      *text,
                                  const char      *p,
                                  guint            wanted_kinds,
                                  WenPersonalData *found);
