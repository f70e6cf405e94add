/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

#include "wen-token-report.h"

G_BEGIN_DECLS

void wen_batch_dialog_show (GtkWindow      *parent,
                            WenTokenReport *report,
                            WenDataset     *dataset);

G_END_DECLS
