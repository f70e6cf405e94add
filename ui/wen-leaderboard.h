/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-project.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WEN_TYPE_LEADERBOARD (wen_leaderboard_get_type ())

G_DECLARE_FINAL_TYPE (WenLeaderboard, wen_leaderboard, WEN, LEADERBOARD, AdwBin)

void wen_leaderboard_set_project (WenLeaderboard *self,
                                  WenProject     *project);

G_END_DECLS
