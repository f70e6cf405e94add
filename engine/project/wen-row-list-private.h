/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-project.h"

/* The project must live as long as rows are wanted; afterwards the list is made of empty rows. */
WenRowList *wen_row_list_new (WenProject *project);
