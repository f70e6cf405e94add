/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_HEALTH_GROUP (wen_health_group_get_type ())

G_DECLARE_FINAL_TYPE (WenHealthGroup, wen_health_group, WEN, HEALTH_GROUP, AdwPreferencesGroup)

GtkWidget *wen_health_group_new         (void);
void       wen_health_group_set_dataset (WenHealthGroup *self,
                                         WenProject     *project,
                                         WenDataset     *dataset);

G_END_DECLS
