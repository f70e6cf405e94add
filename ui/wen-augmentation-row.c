/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A row that shows what augmentation makes of some of one's own texts.
 *
 * DESIGN: as WenForecastRow, it looks when it is in sight and something changed, after a
 * moment in which nothing else did: the rows are loaded, then a thread changes them. */

#include "config.h"

#include "wen-augmentation-row.h"

#include "wen-augmentation-preview.h"
#include "wen-diff-labels.h"
#include "wen-format.h"

#include <glib/gi18n.h>

/* A person who types a number is not done with its first digit. */
#define CALM_MS 600
#define N_EXAMPLES 4
#define CONTEXT_CHARS 12
#define MAXIMUM_CHARS 90

struct _WenAugmentationRow
{
  AdwPreferencesRow parent_instance;

  /* template widgets */
  GtkLabel     *sentence_label;
  GtkWidget    *next_button;
  GtkWidget    *examples_box;

  /* owned */
  WenProject   *project;
  GCancellable *cancellable;   /* of the look that is on; NULL: none */

  guint         calm_source;   /* 0: nothing is waiting */
  guint         epoch;
};

G_DEFINE_FINAL_TYPE (WenAugmentationRow, wen_augmentation_row, ADW_TYPE_PREFERENCES_ROW)

/* What the thread works on. */
typedef struct
{
  WenDataset *dataset;
  WenRecipe  *recipe;
  guint       epoch;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->dataset);
  wen_recipe_free (request->recipe);
  g_free (request);
}

static void
clear_examples (WenAugmentationRow *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->examples_box)))
    gtk_box_remove (GTK_BOX (self->examples_box), child);
}

static void
show_sentence (WenAugmentationRow *self,
               const char         *sentence)
{
  gtk_label_set_label (self->sentence_label, sentence);
  gtk_widget_set_visible (self->next_button, self->project
                                               && wen_project_get_recipe (self->project)->augmented_texts > 0);
}

static GtkWidget *
create_text_label (GtkWidget *box)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

static void
add_example (WenAugmentationRow     *self,
             const WenAugmentedText *example)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *before_label = create_text_label (box);
  GtkWidget *after_label = create_text_label (box);

  gtk_widget_add_css_class (box, "example");
  gtk_box_append (GTK_BOX (self->examples_box), box);
  wen_diff_labels_set_texts (GTK_LABEL (before_label), GTK_LABEL (after_label), example->before, example->after,
                             CONTEXT_CHARS, MAXIMUM_CHARS);
}

static void
show_preview (WenAugmentationRow     *self,
              WenAugmentationPreview *preview)
{
  g_autofree char *n_changed = wen_format_count (preview->n_changed);
  g_autofree char *n_texts = wen_format_count (preview->n_texts);
  g_autofree char *sentence = NULL;

  /* Translators: number of an epoch, a number of texts, and how many there are */
  sentence = g_strdup_printf (_("Epoch %u: %s of %s training texts are changed, such as these."), self->epoch,
                              n_changed, n_texts);
  show_sentence (self, preview->n_changed > 0 ? sentence : _("No text is changed: choose also what is done to it."));
  clear_examples (self);
  for (gsize i = 0; i < preview->n_examples; i++)
    add_example (self, wen_augmentation_preview_get_example (preview, i));
}

static void
end_look (WenAugmentationRow *self)
{
  g_clear_handle_id (&self->calm_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
show_error (WenAugmentationRow *self,
            const GError       *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  clear_examples (self);
  show_sentence (self, error->message);
}

static void
look_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Request *request = task_data;
  g_autoptr(GError) error = NULL;
  WenAugmentationPreview *preview;

  preview = wen_augmentation_preview_new (request->dataset, request->recipe, request->epoch, N_EXAMPLES, NULL, NULL,
                                          cancellable, &error);
  if (preview)
    g_task_return_pointer (task, preview, (GDestroyNotify) wen_augmentation_preview_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  WenAugmentationRow *self = WEN_AUGMENTATION_ROW (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(WenAugmentationPreview) preview = g_task_propagate_pointer (G_TASK (result), &error);

  if (preview)
    {
      g_clear_object (&self->cancellable);
      show_preview (self, preview);
    }
  else
    {
      show_error (self, error);
    }
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(WenAugmentationRow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenDataset) dataset = wen_project_load_dataset_finish (WEN_PROJECT (object), result, &error);
  g_autoptr(GTask) task = NULL;
  Request *request;

  if (dataset == NULL || self->cancellable == NULL || self->project != WEN_PROJECT (object))
    {
      if (error && self->cancellable)
        show_error (self, error);
      return;
    }

  request = g_new0 (Request, 1);
  request->dataset = g_steal_pointer (&dataset);
  request->recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
  request->epoch = self->epoch;
  task = g_task_new (self, self->cancellable, looked_cb, NULL);
  g_task_set_name (task, "augmentation preview");
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, look_thread);
}

static gboolean
calm_cb (gpointer user_data)
{
  WenAugmentationRow *self = user_data;

  self->calm_source = 0;
  self->cancellable = g_cancellable_new ();
  wen_project_load_dataset_async (self->project, self->cancellable, loaded_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static gboolean
is_training (WenAugmentationRow *self)
{
  WenRun *run = wen_project_get_run (self->project);

  return run && !wen_run_is_over (run);
}

static void
update (WenAugmentationRow *self)
{
  end_look (self);
  if (self->project == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) || is_training (self)
      || wen_project_get_n_rows (self->project) == 0)
    return;

  if (wen_project_get_recipe (self->project)->augmented_texts > 0)
    {
      self->calm_source = g_timeout_add (CALM_MS, calm_cb, self);
    }
  else
    {
      clear_examples (self);
      show_sentence (self, _("No text is changed. Give “Changed Texts” a value above 0, and see here what it does."));
    }
}

static void
next_epoch_cb (WenAugmentationRow *self)
{
  self->epoch++;
  update (self);
}

static void
wen_augmentation_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wen_augmentation_row_parent_class)->map (widget);
  update (WEN_AUGMENTATION_ROW (widget));
}

static void
wen_augmentation_row_unmap (GtkWidget *widget)
{
  end_look (WEN_AUGMENTATION_ROW (widget));
  GTK_WIDGET_CLASS (wen_augmentation_row_parent_class)->unmap (widget);
}

static void
wen_augmentation_row_dispose (GObject *object)
{
  wen_augmentation_row_set_project (WEN_AUGMENTATION_ROW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WEN_TYPE_AUGMENTATION_ROW);

  G_OBJECT_CLASS (wen_augmentation_row_parent_class)->dispose (object);
}

static void
wen_augmentation_row_class_init (WenAugmentationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wen_augmentation_row_dispose;
  widget_class->map = wen_augmentation_row_map;
  widget_class->unmap = wen_augmentation_row_unmap;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-augmentation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WenAugmentationRow, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, WenAugmentationRow, next_button);
  gtk_widget_class_bind_template_child (widget_class, WenAugmentationRow, examples_box);
  gtk_widget_class_bind_template_callback (widget_class, next_epoch_cb);
}

static void
wen_augmentation_row_init (WenAugmentationRow *self)
{
  self->epoch = 1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * wen_augmentation_row_set_project:
 * @self: a row
 * @project: (nullable): whose texts to change
 *
 * Shows texts of another project.
 */
void
wen_augmentation_row_set_project (WenAugmentationRow *self,
                                  WenProject         *project)
{
  g_return_if_fail (WEN_IS_AUGMENTATION_ROW (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  end_look (self);
  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_set_object (&self->project, project);
  self->epoch = 1;
  if (project)
    {
      g_signal_connect_object (project, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "rows-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "recipe-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      update (self);
    }
}
