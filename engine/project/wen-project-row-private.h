/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-project.h"

WenProjectRow *wen_project_row_new (gint64    id,
                                    gint64    number,
                                    char     *text,    /* taken */
                                    char     *label,   /* taken */
                                    WenSplit  split);
