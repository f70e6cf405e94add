/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-finding.h"

WenFinding *wen_finding_new (WenFindingKind  kind,
                             char           *sentence,
                             double          value,
                             GArray         *rows,
                             WenMend         mend);
