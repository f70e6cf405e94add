/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-search.h"

G_BEGIN_DECLS

#define WEN_TYPE_TRIAL_ITEM (wen_trial_item_get_type ())

G_DECLARE_FINAL_TYPE (WenTrialItem, wen_trial_item, WEN, TRIAL_ITEM, GObject)

WenTrialItem         *wen_trial_item_new               (const WenSearchTrial *trial);
const WenSearchTrial *wen_trial_item_get_trial         (WenTrialItem         *self);
char                 *wen_trial_item_describe_settings (WenTrialItem         *self);
const char           *wen_trial_item_describe_state    (WenTrialItem         *self);
int                   wen_trial_item_compare           (WenTrialItem         *a,
                                                        WenTrialItem         *b);

G_END_DECLS
