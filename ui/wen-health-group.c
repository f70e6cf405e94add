/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What there is to know about the rows before they are learned from: a list of
 * findings, each with the rows behind it at a click.
 *
 * DESIGN: a thread looks at a dataset of its own.  Other rows end that. */

#include "config.h"

#include "wen-health-group.h"

#include "wen-health.h"

#include <glib/gi18n.h>

struct _WenHealthGroup
{
  AdwPreferencesGroup parent_instance;

  /* owned by the widget tree */
  GtkListBox   *list;
  GtkSpinner   *spinner;

  /* owned */
  WenProject   *project;
  GArray       *row_ids;       /* of gint64: of the rows that findings count; NULL: no findings yet */
  GCancellable *cancellable;   /* of the look that is on; NULL: none */
};

enum
{
  SHOW_ROWS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WenHealthGroup, wen_health_group, ADW_TYPE_PREFERENCES_GROUP)

/* What the thread works on, and what it finds. */
typedef struct
{
  WenDataset *dataset;
  WenHealth  *health;
  GArray     *row_ids;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_object (&look->dataset);
  g_clear_object (&look->health);
  g_clear_pointer (&look->row_ids, g_array_unref);
  g_free (look);
}

static void
look_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Look *look = task_data;
  gsize n_rows = wen_dataset_get_n_rows (look->dataset);
  GError *error = NULL;

  look->health = wen_health_new (look->dataset, cancellable, &error);
  if (look->health == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  look->row_ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), (guint) n_rows);
  for (gsize row = 0; row < n_rows; row++)
    {
      gint64 row_id = wen_dataset_get_row_id (look->dataset, row);

      g_array_append_val (look->row_ids, row_id);
    }
  /* Texts are large, and no longer needed. */
  g_clear_object (&look->dataset);
  g_task_return_boolean (task, TRUE);
}

static void
show_rows_cb (GtkButton      *button,
              WenHealthGroup *self)
{
  WenFinding *finding = g_object_get_data (G_OBJECT (button), "finding");
  g_autoptr(GArray) row_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gsize n_rows;
  const guint *rows = wen_finding_get_rows (finding, &n_rows);

  for (gsize i = 0; i < n_rows; i++)
    g_array_append_val (row_ids, g_array_index (self->row_ids, gint64, rows[i]));
  g_signal_emit (self, signals[SHOW_ROWS], 0, finding, row_ids);
}

/* What puts a finding right needs attention; the rest is only good to know. */
static GtkWidget *
create_row (WenHealthGroup *self,
            WenFinding     *finding)
{
  GtkWidget *row = adw_action_row_new ();
  const char *mend = wen_finding_get_mend_sentence (finding);
  GtkWidget *image = gtk_image_new_from_icon_name (mend ? "dialog-warning-symbolic" : "dialog-information-symbolic");
  gsize n_rows;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), wen_finding_get_sentence (finding));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_add_css_class (image, mend ? "warning" : "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  mend ? _("Needs attention") : _("Good to know"), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);

  wen_finding_get_rows (finding, &n_rows);
  if (n_rows > 0)
    {
      GtkWidget *button = gtk_button_new_from_icon_name ("go-next-symbolic");

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_tooltip_text (button, _("Show the Rows"));
      g_object_set_data_full (G_OBJECT (button), "finding", g_object_ref (finding), g_object_unref);
      g_signal_connect_object (button, "clicked", G_CALLBACK (show_rows_cb), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
    }
  return row;
}

static void
clear (WenHealthGroup *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, row);
  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
}

/* "“room” 0.31, “slow” 0.22 …" */
static char *
describe_tokens (WenHealth *health)
{
  g_autoptr(GString) tokens = g_string_new (NULL);

  for (gsize i = 0; i < wen_health_get_n_tokens (health); i++)
    {
      double gain;
      const char *token = wen_health_get_token (health, i, &gain, NULL);

      /* Translators: a word, and by how many nats it lowers the entropy of the labels */
      g_string_append_printf (tokens, _("%s“%s” %.3f"), i > 0 ? _(", ") : "", token, gain);
    }
  return g_string_free (g_steal_pointer (&tokens), FALSE);
}

static void
append_tokens_row (WenHealthGroup *self,
                   WenHealth      *health)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *tokens = describe_tokens (health);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Words that tell most about the label, in nats"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), tokens);
  gtk_widget_set_tooltip_text (row, _("By how much it becomes clearer which label a row has, once one knows whether "
                                      "its text has this word. The entropy of the labels is what there is to know."));
  gtk_list_box_append (self->list, row);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  WenHealthGroup *self = WEN_HEALTH_GROUP (object);
  Look *look = g_task_get_task_data (G_TASK (result));

  /* Cancelled: other rows are looked at by now. */
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;

  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  self->row_ids = g_steal_pointer (&look->row_ids);
  for (gsize i = 0; i < wen_health_get_n_findings (look->health); i++)
    gtk_list_box_append (self->list, create_row (self, wen_health_get_finding (look->health, i)));
  if (wen_health_get_n_tokens (look->health) > 0)
    append_tokens_row (self, look->health);
  gtk_widget_set_visible (GTK_WIDGET (self->list), gtk_widget_get_first_child (GTK_WIDGET (self->list)) != NULL);
}

static void
wen_health_group_dispose (GObject *object)
{
  WenHealthGroup *self = WEN_HEALTH_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->project);
  g_clear_pointer (&self->row_ids, g_array_unref);

  G_OBJECT_CLASS (wen_health_group_parent_class)->dispose (object);
}

static void
wen_health_group_class_init (WenHealthGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wen_health_group_dispose;

  /**
   * WenHealthGroup::show-rows:
   * @self: the group
   * @finding: a finding
   * @row_ids: (element-type gint64): the rows behind it
   *
   * A person wants to see the rows.
   */
  signals[SHOW_ROWS] =
    g_signal_new ("show-rows", WEN_TYPE_HEALTH_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  WEN_TYPE_FINDING, G_TYPE_ARRAY);
}

static void
wen_health_group_init (WenHealthGroup *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *spinner = gtk_spinner_new ();

  self->list = GTK_LIST_BOX (list);
  self->spinner = GTK_SPINNER (spinner);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("Health of the Data"));
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_visible (list, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Health of the data"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("The rows are being looked at"), -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), list);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), spinner);
}

/**
 * wen_health_group_new:
 *
 * Makes a group that knows no rows.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_health_group_new (void)
{
  return g_object_new (WEN_TYPE_HEALTH_GROUP, NULL);
}

/**
 * wen_health_group_set_dataset:
 * @self: a group
 * @project: (nullable): where the rows are from
 * @dataset: (nullable): all rows of @project, with their ids; `NULL` shows nothing
 *
 * Looks at other rows, in a thread.
 */
void
wen_health_group_set_dataset (WenHealthGroup *self,
                              WenProject     *project,
                              WenDataset     *dataset)
{
  g_autoptr(GTask) task = NULL;
  Look *look;

  g_return_if_fail (WEN_IS_HEALTH_GROUP (self));
  g_return_if_fail (dataset == NULL || (WEN_IS_DATASET (dataset) && WEN_IS_PROJECT (project)));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  clear (self);
  g_set_object (&self->project, project);
  g_clear_pointer (&self->row_ids, g_array_unref);
  gtk_widget_set_visible (GTK_WIDGET (self), dataset != NULL);
  if (dataset == NULL)
    return;

  gtk_spinner_start (self->spinner);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, looked_cb, NULL);
  g_task_set_name (task, "look at rows");
  look = g_new0 (Look, 1);
  look->dataset = g_object_ref (dataset);
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_thread);
}
