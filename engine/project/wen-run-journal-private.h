/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of the run that is on, in a file beside the project's. */

#pragma once

#include <glib.h>

gboolean wen_run_journal_exists (const char *project_path);
GBytes  *wen_run_journal_read   (const char *project_path);
void     wen_run_journal_write  (const char *project_path,
                                 GBytes     *checkpoint);
void     wen_run_journal_remove (const char *project_path);
