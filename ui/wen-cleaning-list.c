/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cleaning steps as cards, in the order in which they run.
 *
 * DESIGN: steps that are on stand in the order of the recipe, and can be moved.  Those
 * that are off stand behind the step that is before them where all are on, so that
 * every step has its place and none is searched for.  A step that may come several
 * times, find and replace, has one more card that is off, to begin the next.  Widgets
 * stay with their step when the order changes: what is being typed is not lost. */

#include "config.h"

#include "wen-cleaning-list.h"

#include "wen-cleaning-entry.h"
#include "wen-step-row.h"

#include <glib/gi18n.h>
#include <string.h>

/* The step that may come several times. */
#define REPEATABLE_STEP "pattern"

typedef struct
{
  const WenCleaningStep *step;
  const char            *entry;   /* NULL: off, with whatever settings its card shows */
} Card;

/**
 * WenCleaningList:
 *
 * Emits "changed" when something about a step was changed, also of one that is off.
 */
struct _WenCleaningList
{
  AdwBin parent_instance;

  /* borrowed */
  GtkListBox *list;
  GPtrArray  *rows;      /* of WenStepRow, in their order */

  gboolean    is_showing;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenCleaningList, wen_cleaning_list, ADW_TYPE_BIN)

static guint signals[N_SIGNALS];

static WenStepRow *
get_row (WenCleaningList *self,
         guint            position)
{
  return g_ptr_array_index (self->rows, position);
}

/* The next row that is on from a position, in steps of -1 or 1; NULL if there is none. */
static WenStepRow *
find_active (WenCleaningList *self,
             guint            position,
             int              direction)
{
  for (gint64 i = (gint64) position + direction; i >= 0 && i < self->rows->len; i += direction)
    if (wen_step_row_get_active (get_row (self, (guint) i)))
      return get_row (self, (guint) i);

  return NULL;
}

static void
place_rows (WenCleaningList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    wen_step_row_set_position (get_row (self, i), i, find_active (self, i, -1) != NULL, find_active (self, i, 1) != NULL);
  gtk_list_box_invalidate_sort (self->list);
}

static void
emit_changed (WenCleaningList *self)
{
  if (!self->is_showing)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
move_row (WenCleaningList *self,
          WenStepRow      *row,
          WenStepRow      *to)
{
  guint position = wen_step_row_get_position (to);

  g_ptr_array_remove (self->rows, row);
  g_ptr_array_insert (self->rows, (int) position, row);
  place_rows (self);
  emit_changed (self);
}

static void
row_moved_cb (WenCleaningList *self,
              int              direction,
              WenStepRow      *row)
{
  WenStepRow *to = find_active (self, wen_step_row_get_position (row), direction);

  if (to)
    move_row (self, row, to);
}

static void
row_dropped_cb (WenCleaningList *self,
                WenStepRow      *source,
                WenStepRow      *to)
{
  move_row (self, source, to);
}

static void
row_activated_cb (WenCleaningList *self,
                  WenStepRow      *row)
{
  wen_step_row_set_active (row, !wen_step_row_get_active (row));
}

static WenStepRow *
add_row (WenCleaningList       *self,
         const WenCleaningStep *step)
{
  GtkWidget *row = wen_step_row_new (step);

  g_signal_connect_swapped (row, "changed", G_CALLBACK (emit_changed), self);
  g_signal_connect_swapped (row, "moved", G_CALLBACK (row_moved_cb), self);
  g_signal_connect_swapped (row, "dropped", G_CALLBACK (row_dropped_cb), self);
  gtk_list_box_append (self->list, row);

  return WEN_STEP_ROW (row);
}

static gboolean
has_step (GArray                *cards,
          const WenCleaningStep *step)
{
  for (guint i = 0; i < cards->len; i++)
    if (g_array_index (cards, Card, i).step == step)
      return TRUE;

  return FALSE;
}

/* Where a card that is off goes: behind the last card of the step that is before it in
 * the order of all steps. */
static guint
find_place (GArray                *cards,
            const WenCleaningStep *steps,
            const WenCleaningStep *step)
{
  for (const WenCleaningStep *before = step; before >= steps; before--)
    for (guint i = cards->len; i > 0; i--)
      if (g_array_index (cards, Card, i - 1).step == before)
        return i;

  return 0;
}

static GArray *
list_cards (const char * const *entries)
{
  GArray *cards = g_array_new (FALSE, FALSE, sizeof (Card));
  gsize n_steps;
  const WenCleaningStep *steps = wen_cleaner_list_steps (&n_steps);

  for (gsize i = 0; entries[i]; i++)
    {
      g_autofree char *id = wen_cleaning_entry_dup_step (entries[i]);
      const Card card = { .step = wen_cleaner_find_step (id), .entry = entries[i] };

      if (card.step)
        g_array_append_val (cards, card);
    }
  for (gsize i = 0; i < n_steps; i++)
    if (!has_step (cards, &steps[i]) || strcmp (steps[i].id, REPEATABLE_STEP) == 0)
      {
        const Card card = { .step = &steps[i] };

        g_array_insert_val (cards, find_place (cards, steps, &steps[i]), card);
      }

  return cards;
}

/* Takes a row of the step out of the unused ones: one that shows the entry already, if
 * there is any. */
static WenStepRow *
take_row (GPtrArray  *unused,
          const Card *card)
{
  WenStepRow *best = NULL;

  for (guint i = 0; i < unused->len; i++)
    {
      WenStepRow *row = g_ptr_array_index (unused, i);

      if (wen_step_row_get_step (row) != card->step)
        continue;
      if (best == NULL)
        best = row;
      if (card->entry ? strcmp (wen_step_row_get_entry (row), card->entry) == 0 : !wen_step_row_get_active (row))
        {
          best = row;
          break;
        }
    }
  if (best)
    g_ptr_array_remove (unused, best);

  return best;
}

static int
compare_rows (GtkListBoxRow *a,
              GtkListBoxRow *b,
              gpointer       user_data)
{
  guint left = wen_step_row_get_position (WEN_STEP_ROW (a));
  guint right = wen_step_row_get_position (WEN_STEP_ROW (b));

  return left < right ? -1 : left > right;
}

static void
wen_cleaning_list_finalize (GObject *object)
{
  g_ptr_array_unref (WEN_CLEANING_LIST (object)->rows);

  G_OBJECT_CLASS (wen_cleaning_list_parent_class)->finalize (object);
}

static void
wen_cleaning_list_class_init (WenCleaningListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_cleaning_list_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wen_cleaning_list_init (WenCleaningList *self)
{
  const char * const none[] = { NULL };

  self->rows = g_ptr_array_new ();
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_sort_func (self->list, compare_rows, NULL, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Cleaning steps"),
                                  -1);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
  wen_cleaning_list_set_entries (self, none);
}

/**
 * wen_cleaning_list_set_entries:
 * @self: the list
 * @entries: (array zero-terminated=1): the steps that are on, as a recipe has them
 *
 * Shows the cleaning of a recipe.
 */
void
wen_cleaning_list_set_entries (WenCleaningList     *self,
                               const char * const  *entries)
{
  g_autoptr(GArray) cards = NULL;
  g_autoptr(GPtrArray) unused = NULL;

  g_return_if_fail (WEN_IS_CLEANING_LIST (self));
  g_return_if_fail (entries != NULL);

  cards = list_cards (entries);
  unused = g_ptr_array_copy (self->rows, NULL, NULL);
  g_ptr_array_set_size (self->rows, 0);
  self->is_showing = TRUE;
  for (guint i = 0; i < cards->len; i++)
    {
      const Card *card = &g_array_index (cards, Card, i);
      WenStepRow *row = take_row (unused, card);

      if (row == NULL)
        row = add_row (self, card->step);
      if (card->entry)
        wen_step_row_set_entry (row, card->entry);
      wen_step_row_set_active (row, card->entry != NULL);
      g_ptr_array_add (self->rows, row);
    }
  for (guint i = 0; i < unused->len; i++)
    gtk_list_box_remove (self->list, g_ptr_array_index (unused, i));
  place_rows (self);
  self->is_showing = FALSE;
}

/**
 * wen_cleaning_list_dup_entries:
 * @self: the list
 *
 * Gets the steps that are on, as a recipe has them.
 *
 * Returns: (transfer full) (array zero-terminated=1): entries of a recipe
 */
char **
wen_cleaning_list_dup_entries (WenCleaningList *self)
{
  g_autoptr(GStrvBuilder) entries = g_strv_builder_new ();

  g_return_val_if_fail (WEN_IS_CLEANING_LIST (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    if (wen_step_row_get_active (get_row (self, i)))
      g_strv_builder_add (entries, wen_step_row_get_entry (get_row (self, i)));

  return g_strv_builder_end (entries);
}

/**
 * wen_cleaning_list_dup_steps:
 * @self: the list
 * @is_on: (out) (transfer full) (array): for each step, whether it is on
 *
 * Gets all steps, with the settings that their cards show.
 *
 * Returns: (transfer full) (array zero-terminated=1): entries as of a recipe
 */
char **
wen_cleaning_list_dup_steps (WenCleaningList  *self,
                             gboolean        **is_on)
{
  g_autoptr(GStrvBuilder) entries = g_strv_builder_new ();

  g_return_val_if_fail (WEN_IS_CLEANING_LIST (self), NULL);

  *is_on = g_new0 (gboolean, MAX (1, self->rows->len));
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_strv_builder_add (entries, wen_step_row_get_entry (get_row (self, i)));
      (*is_on)[i] = wen_step_row_get_active (get_row (self, i));
    }

  return g_strv_builder_end (entries);
}

/**
 * wen_cleaning_list_set_report:
 * @self: the list
 * @report: (nullable): what the steps of wen_cleaning_list_dup_steps() do
 * @is_all: whether it is about all rows
 * @has_off: whether it says something about steps that are off too
 *
 * Shows on each card what its step does.
 */
void
wen_cleaning_list_set_report (WenCleaningList   *self,
                              WenCleaningReport *report,
                              gboolean           is_all,
                              gboolean           has_off)
{
  g_return_if_fail (WEN_IS_CLEANING_LIST (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      WenStepRow *row = get_row (self, i);

      if (report == NULL)
        wen_step_row_set_effect (row, NULL, 0, FALSE);
      else if (i < report->n_effects && (has_off || wen_step_row_get_active (row)))
        wen_step_row_set_effect (row, &report->effects[i], report->n_rows, is_all);
    }
}
