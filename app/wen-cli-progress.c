/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Progress on standard error: a bar on a terminal, and one line an epoch
 * everywhere.  The functions may be called from the thread that works. */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR_CELLS 20
/* A terminal shows no more, and writing to it costs. */
#define REDRAW_INTERVAL_US (100 * G_TIME_SPAN_MILLISECOND)

struct _WenCliProgress
{
  gboolean      is_terminal;
  gboolean      bar_is_shown;
  gint64        last_redraw_us;
  guint         n_epochs;
  /* Points of the training split since the last validation. */
  guint         n_train_points;
  double        train_loss;       /* sum */
  double        train_accuracy;   /* sum */
};

WenCliProgress *
wen_cli_progress_new (void)
{
  WenCliProgress *self = g_new0 (WenCliProgress, 1);

  self->is_terminal = isatty (STDERR_FILENO);
  return self;
}

void
wen_cli_progress_clear (WenCliProgress *self)
{
  if (self->bar_is_shown)
    fputs ("\r\033[K", stderr);
  self->bar_is_shown = FALSE;
}

void
wen_cli_progress_free (WenCliProgress *self)
{
  wen_cli_progress_clear (self);
  g_free (self);
}

static guint
get_terminal_width (void)
{
  struct winsize size = { 0 };

  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* text: what stands behind the bar; left out where the terminal is narrow. */
static void
draw_bar (WenCliProgress *self,
          double          fraction,
          const char     *text)
{
  g_autoptr(GString) line = g_string_new ("\r");
  double n_full = CLAMP (fraction, 0, 1) * BAR_CELLS;
  gsize width = BAR_CELLS + 7;

  for (guint cell = 0; cell < BAR_CELLS; cell++)
    g_string_append (line, cell + 0.5 <= n_full ? "█" : "░");
  g_string_append_printf (line, " %3d %%", (int) (CLAMP (fraction, 0, 1) * 100));
  for (const char *c = text; *c != '\0' && width < get_terminal_width (); c = g_utf8_next_char (c))
    {
      width += g_unichar_iswide (g_utf8_get_char (c)) ? 2 : 1;
      if (width < get_terminal_width ())
        g_string_append_unichar (line, g_utf8_get_char (c));
    }
  g_string_append (line, "\033[K");
  fputs (line->str, stderr);
  fflush (stderr);
  self->bar_is_shown = TRUE;
}

static gboolean
is_redraw_due (WenCliProgress *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!self->is_terminal || now_us - self->last_redraw_us < REDRAW_INTERVAL_US)
    return FALSE;
  self->last_redraw_us = now_us;
  return TRUE;
}

void
wen_cli_progress_training (WenCliProgress            *self,
                           const WenTrainingProgress *progress)
{
  g_autoptr(GString) text = g_string_new (NULL);

  self->n_epochs = progress->n_epochs;
  if (!is_redraw_due (self))
    return;
  if (progress->phase == WEN_TRAINING_PHASE_PREPARING)
    {
      g_string_append_printf (text, "  %s", _ ("cutting texts into tokens"));
    }
  else
    {
      g_autofree char *speed = wen_cli_format_count ((guint64) progress->tokens_per_second);

      g_string_append (text, "  ");
      g_string_append_printf (text, _ ("epoch %u of %u"), progress->epoch, progress->n_epochs);
      g_string_append (text, "  ");
      g_string_append_printf (text, _ ("%s tokens/s"), speed);
      if (progress->remaining_us >= 0)
        {
          g_autofree char *remaining = wen_cli_format_seconds ((double) progress->remaining_us / G_USEC_PER_SEC);

          g_string_append (text, "  ");
          /* Translators: %s is a time such as 1:23 */
          g_string_append_printf (text, _ ("%s left"), remaining);
        }
    }
  draw_bar (self, progress->fraction, text->str);
}

/* Each validation closes an epoch. */
void
wen_cli_progress_point (WenCliProgress      *self,
                        const WenCurvePoint *point)
{
  g_autofree char *train_share = NULL;
  g_autofree char *validation_share = NULL;
  g_autofree char *time = NULL;

  if (point->split == WEN_SPLIT_TRAIN)
    {
      self->n_train_points++;
      self->train_loss += point->loss;
      self->train_accuracy += point->accuracy;
      return;
    }
  wen_cli_progress_clear (self);
  train_share = wen_cli_format_share (self->train_accuracy / MAX (self->n_train_points, 1));
  validation_share = wen_cli_format_share (point->accuracy);
  time = wen_cli_format_seconds ((double) point->elapsed_us / G_USEC_PER_SEC);
  /* Translators: the figures behind "training" and "validation" are a loss and a share, "0.312, 87.7 %" */
  fprintf (stderr, _ ("Epoch %.0f of %u: training %.3f, %s right; validation %.3f, %s right (%s)\n"), point->epoch,
           self->n_epochs, self->train_loss / MAX (self->n_train_points, 1), train_share, point->loss,
           validation_share, time);
  self->n_train_points = 0;
  self->train_loss = self->train_accuracy = 0;
}

void
wen_cli_progress_search (WenCliProgress          *self,
                         const WenSearchProgress *progress,
                         const WenSearchTrial    *best)
{
  g_autoptr(GString) text = g_string_new ("  ");

  if (!is_redraw_due (self))
    return;
  g_string_append_printf (text, _ ("trial %u"), progress->running);
  if (best != NULL)
    {
      g_string_append (text, "  ");
      /* Translators: a figure such as 0.873, and the number of a trial */
      g_string_append_printf (text, _ ("best %.3f (trial %u)"), best->score, best->number);
    }
  if (progress->remaining_us >= 0)
    {
      g_autofree char *remaining = wen_cli_format_seconds ((double) progress->remaining_us / G_USEC_PER_SEC);

      g_string_append (text, "  ");
      /* Translators: %s is a time such as 1:23 */
      g_string_append_printf (text, _ ("%s left"), remaining);
    }
  draw_bar (self, MAX (progress->fraction, 0), text->str);
}

void
wen_cli_progress_fraction (double   fraction,
                           gpointer user_data)
{
  WenCliProgress *self = user_data;

  if (fraction >= 0 && is_redraw_due (self))
    draw_bar (self, fraction, "");
}
