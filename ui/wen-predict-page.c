/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The page where a person types a text and sees which label it gets.
 *
 * DESIGN: every change of the text asks for a prediction.  One prediction runs at a
 * time, in a thread of a task; a text that changes meanwhile is predicted as soon as
 * the one before is done, and what was typed in between is skipped. */

#include "config.h"

#include "wen-predict-page.h"

#include <glib/gi18n.h>
#include <string.h>

#define NOTE_TEXT "predict-text"
#define N_EXAMPLES 4
/* More labels than this are not shown; the rest is summed up. */
#define N_SHOWN_CLASSES 10

/* One label of the list. */
typedef struct
{
  GtkWidget   *row;
  GtkLabel    *percent;
  GtkLevelBar *bar;
} ClassRow;

struct _WenPredictPage
{
  AdwBin parent_instance;

  /* template widgets */
  GtkStack      *stack;          /* "empty", "predict" */
  GtkTextView   *text_view;
  GtkTextBuffer *buffer;
  GtkLabel      *answer_label;
  GtkLabel      *note_label;
  GtkListBox    *classes_list;
  GtkWidget     *examples_group;
  GtkListBox    *examples_list;

  /* owned */
  WenProject    *project;
  WenClassifier *classifier;
  GArray        *class_rows;     /* of ClassRow */
  GPtrArray     *examples;       /* of strings, in the order of the list */

  gboolean       is_predicting;
  gboolean       is_outdated;    /* the text changed since the prediction that runs began */
};

enum
{
  PROP_0,
  PROP_PROJECT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenPredictPage, wen_predict_page, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];

static void predict (WenPredictPage *self);

typedef struct
{
  WenClassifier *classifier;
  char          *text;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->classifier);
  g_free (question->text);
  g_free (question);
}

static char *
dup_text (WenPredictPage *self)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

static void
add_class_row (WenPredictPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  ClassRow class_row = {
    .row = adw_action_row_new (),
    .percent = GTK_LABEL (gtk_label_new (NULL)),
    .bar = GTK_LEVEL_BAR (gtk_level_bar_new ()),
  };

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (class_row.row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (class_row.row), 1);
  gtk_widget_set_size_request (GTK_WIDGET (class_row.bar), 160, -1);
  gtk_widget_set_valign (GTK_WIDGET (class_row.bar), GTK_ALIGN_CENTER);
  /* Bars here say how much, not that little is bad. */
  gtk_level_bar_remove_offset_value (class_row.bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (class_row.bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (class_row.bar, GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_label_set_width_chars (class_row.percent, 7);
  gtk_label_set_xalign (class_row.percent, 1);
  gtk_widget_add_css_class (GTK_WIDGET (class_row.percent), "numeric");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (class_row.bar));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (class_row.percent));
  adw_action_row_add_suffix (ADW_ACTION_ROW (class_row.row), box);
  gtk_list_box_append (self->classes_list, class_row.row);
  g_array_append_val (self->class_rows, class_row);
}

static void
clear_class_rows (WenPredictPage *self)
{
  for (guint i = 0; i < self->class_rows->len; i++)
    gtk_list_box_remove (self->classes_list, g_array_index (self->class_rows, ClassRow, i).row);
  g_array_set_size (self->class_rows, 0);
}

static void
show_class (const ClassRow *class_row,
            const char     *label,
            double          probability)
{
  /* Translators: a probability in per cent */
  g_autofree char *percent = g_strdup_printf (_("%.1f %%"), 100 * probability);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (class_row->row), label);
  gtk_label_set_label (class_row->percent, percent);
  gtk_level_bar_set_value (class_row->bar, CLAMP (probability, 0, 1));
}

static char *
describe_tokens (WenPrediction *prediction)
{
  guint n_unknown = wen_prediction_get_n_unknown (prediction);
  guint n_cut = wen_prediction_get_n_cut (prediction);
  g_autoptr(GString) note = g_string_new (NULL);

  if (wen_prediction_get_n_tokens (prediction) == 0)
    return g_strdup (_("Cleaning leaves nothing of this text, so this is only a guess."));
  if (n_unknown > 0)
    g_string_append_printf (note,
                            g_dngettext (NULL, "%u character never occurred in training.",
                                         "%u characters never occurred in training.", n_unknown),
                            n_unknown);
  if (n_cut > 0)
    {
      if (note->len > 0)
        g_string_append_c (note, ' ');
      g_string_append_printf (note,
                              g_dngettext (NULL, "The last %u character was not looked at, because the text is too long.",
                                           "The last %u characters were not looked at, because the text is too long.",
                                           n_cut),
                              n_cut);
    }
  return g_strdup (note->str);
}

static void
show_nothing (WenPredictPage *self)
{
  gtk_label_set_label (self->answer_label, "");
  gtk_label_set_label (self->note_label, _("The answer follows while you type."));
  gtk_widget_set_visible (GTK_WIDGET (self->answer_label), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->classes_list), FALSE);
}

static void
show_prediction (WenPredictPage *self,
                 WenPrediction  *prediction)
{
  /* Translators: a label, and a probability in per cent */
  g_autofree char *answer = g_strdup_printf (_("%s, %.0f %% sure"), wen_prediction_get_label (prediction),
                                             100 * wen_prediction_get_probability (prediction));
  g_autofree char *note = describe_tokens (prediction);

  gtk_label_set_label (self->answer_label, answer);
  gtk_label_set_label (self->note_label, note);
  gtk_widget_set_visible (GTK_WIDGET (self->answer_label), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), *note != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->classes_list), TRUE);
  for (guint rank = 0; rank < self->class_rows->len; rank++)
    show_class (&g_array_index (self->class_rows, ClassRow, rank),
                wen_prediction_get_ranked_label (prediction, rank),
                wen_prediction_get_ranked_probability (prediction, rank));
}

static void
remember_text (WenPredictPage *self)
{
  g_autofree char *text = NULL;

  if (self->project == NULL)
    return;
  text = dup_text (self);
  wen_project_set_note (self->project, NOTE_TEXT, text);
}

static void
predict_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  Question *question = task_data;

  g_task_return_pointer (task, wen_classifier_predict (question->classifier, question->text), g_object_unref);
}

static void
predicted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  WenPredictPage *self = WEN_PREDICT_PAGE (object);
  Question *question = g_task_get_task_data (G_TASK (result));
  g_autoptr(WenPrediction) prediction = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_predicting = FALSE;
  if (self->is_outdated || question->classifier != self->classifier)
    predict (self);
  else if (self->classifier)
    {
      show_prediction (self, prediction);
      remember_text (self);
    }
}

/* Asks for a prediction of what is typed now. */
static void
predict (WenPredictPage *self)
{
  g_autofree char *text = NULL;
  g_autoptr(GTask) task = NULL;
  Question *question;

  if (self->is_predicting)
    {
      self->is_outdated = TRUE;
      return;
    }
  self->is_outdated = FALSE;
  if (self->classifier == NULL)
    return;
  text = dup_text (self);
  if (*text == '\0')
    {
      show_nothing (self);
      remember_text (self);
      return;
    }

  question = g_new (Question, 1);
  question->classifier = g_object_ref (self->classifier);
  question->text = g_steal_pointer (&text);
  self->is_predicting = TRUE;
  task = g_task_new (self, NULL, predicted_cb, NULL);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  g_task_run_in_thread (task, predict_in_thread);
}

static void
text_changed_cb (WenPredictPage *self)
{
  predict (self);
}

static void
add_examples (WenPredictPage *self)
{
  WenRun *run = wen_project_get_run (self->project);
  WenEvaluation *evaluation = run ? wen_run_get_evaluation (run) : NULL;
  const WenEvaluatedRow *rows = NULL;
  gsize n_rows = 0;

  for (guint i = 0; i < self->examples->len; i++)
    gtk_list_box_remove (self->examples_list, gtk_widget_get_first_child (GTK_WIDGET (self->examples_list)));
  g_ptr_array_set_size (self->examples, 0);

  if (evaluation)
    rows = wen_evaluation_get_rows (evaluation, &n_rows);
  for (gsize i = 0; i < MIN (N_EXAMPLES, n_rows); i++)
    {
      /* Spread over the test rows, so that their labels differ. */
      gint64 row_id = rows[i * n_rows / N_EXAMPLES].row_id;
      g_autoptr(WenProjectRow) project_row = wen_project_get_row (self->project, row_id);
      GtkWidget *row;

      if (project_row == NULL)
        continue;
      row = adw_action_row_new ();
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), wen_project_row_get_text (project_row));
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_list_box_append (self->examples_list, row);
      g_ptr_array_add (self->examples, g_strdup (wen_project_row_get_text (project_row)));
    }
  gtk_widget_set_visible (self->examples_group, self->examples->len > 0);
}

static void
example_activated_cb (WenPredictPage *self,
                      GtkListBoxRow  *row)
{
  const char *text = g_ptr_array_index (self->examples, gtk_list_box_row_get_index (row));

  gtk_text_buffer_set_text (self->buffer, text, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
update (WenPredictPage *self)
{
  WenClassifier *classifier = self->project ? wen_project_get_classifier (self->project) : NULL;

  gtk_stack_set_visible_child_name (self->stack, classifier ? "predict" : "empty");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "predict.save", classifier != NULL);
  if (!g_set_object (&self->classifier, classifier))
    return;

  clear_class_rows (self);
  if (classifier == NULL)
    return;
  for (guint i = 0; i < MIN (N_SHOWN_CLASSES, wen_classifier_get_n_labels (classifier)); i++)
    add_class_row (self);
  add_examples (self);
  predict (self);
}

static void
show_save_error (WenPredictPage *self,
                 const char     *message)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), _("The Classifier Was Not Saved"), message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  WenClassifier *classifier = g_object_get_data (G_OBJECT (task), "classifier");
  GError *error = NULL;

  if (wen_classifier_save (classifier, task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    show_save_error (WEN_PREDICT_PAGE (object), error->message);
}

static void
save_response_cb (WenPredictPage       *self,
                  int                   response,
                  GtkFileChooserNative *chooser)
{
  if (response == GTK_RESPONSE_ACCEPT && self->classifier)
    {
      g_autoptr(GTask) task = g_task_new (self, NULL, saved_cb, NULL);

      g_task_set_task_data (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)), g_object_unref);
      g_object_set_data_full (G_OBJECT (task), "classifier", g_object_ref (self->classifier), g_object_unref);
      g_task_run_in_thread (task, save_in_thread);
    }
  g_object_unref (chooser);
}

static void
save_action_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  WenPredictPage *self = WEN_PREDICT_PAGE (widget);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Save Classifier"),
                                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autofree char *title = wen_project_dup_title (self->project);
  /* Translators: the proposed name of a folder; %s is the name of a project */
  g_autofree char *folder = g_strdup_printf (_("%s-classifier"), title);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), folder);
  g_signal_connect_object (chooser, "response", G_CALLBACK (save_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
wen_predict_page_dispose (GObject *object)
{
  WenPredictPage *self = WEN_PREDICT_PAGE (object);

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_clear_object (&self->project);
  g_clear_object (&self->classifier);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_PREDICT_PAGE);

  G_OBJECT_CLASS (wen_predict_page_parent_class)->dispose (object);
}

static void
wen_predict_page_finalize (GObject *object)
{
  WenPredictPage *self = WEN_PREDICT_PAGE (object);

  g_array_unref (self->class_rows);
  g_ptr_array_unref (self->examples);

  G_OBJECT_CLASS (wen_predict_page_parent_class)->finalize (object);
}

static void
wen_predict_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PROJECT:
      g_value_set_object (value, WEN_PREDICT_PAGE (object)->project);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_predict_page_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_PROJECT:
      wen_predict_page_set_project (WEN_PREDICT_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_predict_page_class_init (WenPredictPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_predict_page_dispose;
  object_class->finalize = wen_predict_page_finalize;
  object_class->get_property = wen_predict_page_get_property;
  object_class->set_property = wen_predict_page_set_property;

  properties[PROP_PROJECT] =
    g_param_spec_object ("project", NULL, NULL, WEN_TYPE_PROJECT,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "predict.save", NULL, save_action_cb);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-predict-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WenPredictPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WenPredictPage, text_view);
  gtk_widget_class_bind_template_child (widget_class, WenPredictPage, buffer);
  gtk_widget_class_bind_template_child (widget_class, WenPredictPage, answer_label);
  gtk_widget_class_bind_template_child (widget_class, WenPredictPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, WenPredictPage, classes_list);
  gtk_widget_class_bind_template_child (widget_class, WenPredictPage, examples_group);
  gtk_widget_class_bind_template_child (widget_class, WenPredictPage, examples_list);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, example_activated_cb);
}

static void
wen_predict_page_init (WenPredictPage *self)
{
  self->class_rows = g_array_new (FALSE, FALSE, sizeof (ClassRow));
  self->examples = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));

  show_nothing (self);
  update (self);
}

/**
 * wen_predict_page_new:
 *
 * Makes a page without a project.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_predict_page_new (void)
{
  return g_object_new (WEN_TYPE_PREDICT_PAGE, NULL);
}

/**
 * wen_predict_page_get_project:
 * @self: a page
 *
 * Gets the project whose classifier answers.
 *
 * Returns: (transfer none) (nullable): the project
 */
WenProject *
wen_predict_page_get_project (WenPredictPage *self)
{
  g_return_val_if_fail (WEN_IS_PREDICT_PAGE (self), NULL);

  return self->project;
}

/**
 * wen_predict_page_set_project:
 * @self: a page
 * @project: (nullable): the project to ask
 *
 * Asks the classifier of another project from now on, about the text that was
 * typed there last.
 */
void
wen_predict_page_set_project (WenPredictPage *self,
                              WenProject     *project)
{
  g_return_if_fail (WEN_IS_PREDICT_PAGE (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_set_object (&self->project, project);
  if (project)
    {
      g_autofree char *text = wen_project_dup_note (project, NOTE_TEXT);

      g_signal_connect_object (project, "notify::classifier", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      gtk_text_buffer_set_text (self->buffer, text ? text : "", -1);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROJECT]);
}
