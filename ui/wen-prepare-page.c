/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The page where a person chooses how texts are cleaned and cut into tokens, and
 * sees at once what becomes of the real rows. */

#include "config.h"

#include "wen-prepare-page.h"

#include "wen-adaptive-bin.h"
#include "wen-batch-dialog.h"
#include "wen-cleaning-list.h"
#include "wen-dictionary.h"
#include "wen-format.h"
#include "wen-length-plot.h"
#include "wen-preparation.h"
#include "wen-row-detail.h"
#include "wen-setting-row.h"
#include "wen-vocabulary-dialog.h"

#include <glib/gi18n.h>

/* Rows that are looked at first, in less time than a person notices. */
#define N_SAMPLED_ROWS 2000

/**
 * WenPreparePage:
 *
 * The recipe of the project is the only state: a switch changes the recipe, the
 * project says that it changed, and everything here follows.
 *
 * Each change is tried on some thousand rows at once, and then on all of them: first
 * the tokens, then the cleaning.  The next change ends what still runs.
 */
struct _WenPreparePage
{
  AdwBin parent_instance;

  /* template widgets */
  WenAdaptiveBin      *adaptive_bin;
  GtkLabel            *summary_label;
  GtkPaned            *paned;
  WenCleaningList     *cleaning_list;
  AdwPreferencesGroup *settings_group;
  GtkLabel            *vocabulary_label;
  AdwActionRow        *too_long_row;
  GtkLabel            *too_long_label;
  GtkLabel            *unknown_label;
  GtkWidget           *empty_row;
  GtkLabel            *empty_label;
  GtkLabel            *length_label;
  GtkWidget           *left_out_row;
  GtkLabel            *left_out_label;
  GtkWidget           *personal_row;
  GtkLabel            *personal_label;
  AdwPreferencesGroup *figures_group;
  GtkWidget           *vocabulary_button;
  GtkWidget           *batch_button;
  GtkWidget           *length_group;
  WenLengthPlot       *length_plot;
  WenRowDetail        *row_detail;

  /* owned */
  WenProject        *project;
  WenDataset        *dataset;          /* NULL until loaded */
  WenTokenReport    *report;           /* of the newest recipe, or of the one before while it is made */
  GPtrArray         *setting_rows;     /* element-type WenSettingRow, borrowed from the template's tree */
  GCancellable      *load_cancellable;
  GCancellable      *cancellable;      /* of the newest trial */
  WenProgressRelay  *relay;            /* of the trial on all rows */

  gboolean           is_updating;
  gboolean           is_of_all_rows;   /* what report is about */
};

enum
{
  PROP_0,
  PROP_PROJECT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenPreparePage, wen_prepare_page, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];

static const char * const setting_keys[] = {
  "tokens.tokenizer",
  "tokens.dictionary",
  "tokens.vocabulary_file",
  "tokens.maximum_length",
  "tokens.too_long",
  "tokens.minimum_count",
  "tokens.maximum_vocabulary",
};

static void
set_share (GtkLabel *label,
           guint64   part,
           guint64   whole)
{
  g_autofree char *count = wen_format_count (part);
  g_autofree char *text = NULL;
  double percent = whole > 0 ? 100.0 * (double) part / (double) whole : 0.0;

  /* Translators: a share in percent, and how many that are */
  text = g_strdup_printf (_("%.1f %% (%s)"), percent, count);
  gtk_label_set_label (label, text);
}

static void
show_figures (WenPreparePage        *self,
              const WenTokenFigures *figures)
{
  g_autofree char *vocabulary = wen_format_count (figures->n_vocabulary);
  g_autofree char *longest = wen_format_count (wen_token_report_get_longest (self->report));
  g_autofree char *left_out = wen_format_count (figures->n_left_out);
  g_autofree char *suspicious = wen_format_count (figures->n_suspicious);
  g_autofree char *length = NULL;

  gtk_label_set_label (self->vocabulary_label, vocabulary);
  set_share (self->too_long_label, figures->n_too_long, figures->n_texts);
  set_share (self->unknown_label, figures->n_unknown, figures->n_tokens);
  set_share (self->empty_label, figures->n_empty, figures->n_texts);
  /* Translators: the mean number of tokens in a text, and the greatest one */
  length = g_strdup_printf (_("%.1f (%s)"), (double) figures->n_tokens / (double) MAX (1, figures->n_texts), longest);
  gtk_label_set_label (self->length_label, length);
  gtk_label_set_label (self->left_out_label, left_out);
  gtk_label_set_label (self->personal_label, suspicious);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_row), figures->n_empty > 0);
  gtk_widget_set_visible (self->left_out_row, figures->n_left_out > 0);
  gtk_widget_set_visible (self->personal_row, figures->n_suspicious > 0);
}

/* Says what the figures are about: some rows, or all. */
static void
update_scope (WenPreparePage *self)
{
  g_autofree char *looked_at = NULL;
  g_autofree char *all = NULL;
  g_autofree char *sentence = NULL;
  double fraction;

  if (self->report == NULL || self->is_of_all_rows)
    {
      adw_preferences_group_set_description (self->figures_group,
                                             _("What these choices make of the whole table, as training would."));
      return;
    }

  fraction = self->relay ? wen_progress_relay_get_fraction (self->relay) : 0.0;
  looked_at = wen_format_count (wen_token_report_get_figures (self->report)->n_texts);
  all = wen_format_count (wen_dataset_get_n_rows (self->dataset));
  /* Translators: two numbers of rows, and a share in percent */
  sentence = g_strdup_printf (_("Of %s rows so far. Counting in all %s: %.0f %%"), looked_at, all,
                              100.0 * MAX (0.0, fraction));
  adw_preferences_group_set_description (self->figures_group, sentence);
}

static void
update_figures (WenPreparePage *self)
{
  const WenRecipe *recipe = self->project ? wen_project_get_recipe (self->project) : NULL;
  gboolean leaves_out = recipe && recipe->too_long == WEN_TOO_LONG_LEAVE_OUT;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->too_long_row),
                                 leaves_out ? _("Left Out as Too Long") : _("Cut Off"));
  adw_action_row_set_subtitle (self->too_long_row, _("Texts with more tokens than the maximum length"));

  if (self->report)
    show_figures (self, wen_token_report_get_figures (self->report));
  gtk_widget_set_sensitive (self->vocabulary_button, self->report != NULL);
  gtk_widget_set_sensitive (self->batch_button, self->report != NULL && self->is_of_all_rows);
  if (recipe)
    wen_length_plot_set_maximum (self->length_plot, recipe->maximum_length, leaves_out);
  wen_length_plot_set_report (self->length_plot, self->report);
  gtk_widget_set_visible (self->length_group,
                          self->report && wen_token_report_get_figures (self->report)->n_texts > 0);
  update_scope (self);
}

static void
update_summary (WenPreparePage *self)
{
  const WenRecipe *recipe;
  g_autofree char *sentence = NULL;
  guint n_steps;

  if (self->project == NULL)
    return;

  recipe = wen_project_get_recipe (self->project);
  n_steps = g_strv_length (recipe->cleaning);
  sentence = n_steps == 0
             ? g_strdup (_("Texts are used as they stand in the table."))
             : g_strdup_printf (g_dngettext (NULL,
                                             "Texts go through %u cleaning step before they are cut into tokens.",
                                             "Texts go through %u cleaning steps before they are cut into tokens.",
                                             n_steps),
                                n_steps);
  gtk_label_set_label (self->summary_label, sentence);
}

/* Switches and numbers as the recipe has them. */
static void
show_recipe (WenPreparePage *self)
{
  const WenRecipe *recipe = wen_project_get_recipe (self->project);

  self->is_updating = TRUE;
  wen_cleaning_list_set_entries (self->cleaning_list, (const char * const *) recipe->cleaning);
  for (guint i = 0; i < self->setting_rows->len; i++)
    {
      WenSettingRow *row = g_ptr_array_index (self->setting_rows, i);

      wen_setting_row_show (row, recipe);
      gtk_widget_set_visible (GTK_WIDGET (row), wen_recipe_uses_setting (recipe, wen_setting_row_get_key (row)));
    }
  self->is_updating = FALSE;

  wen_row_detail_set_recipe (self->row_detail, recipe);
  update_summary (self);
}

/* Takes the result of a trial, unless another one has begun since. */
static gboolean
is_newest (WenPreparePage *self,
           GAsyncResult   *result)
{
  return g_task_get_cancellable (G_TASK (result)) == self->cancellable;
}

/* Whether the first look is at all rows already. */
static gboolean
is_small (WenPreparePage *self)
{
  return wen_dataset_get_n_rows (self->dataset) <= N_SAMPLED_ROWS;
}

static void
all_cleaned_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(WenPreparePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenCleaningReport) report = wen_preparation_clean_finish (result, &error);

  if (report && is_newest (self, result))
    wen_cleaning_list_set_report (self->cleaning_list, report, TRUE, FALSE);
}

static void
some_cleaned_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(WenPreparePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenCleaningReport) report = wen_preparation_clean_finish (result, &error);

  if (report && is_newest (self, result))
    wen_cleaning_list_set_report (self->cleaning_list, report, is_small (self), TRUE);
}

static void
try_cleaning (WenPreparePage      *self,
              gsize                maximum_rows,
              GAsyncReadyCallback  callback)
{
  g_autofree gboolean *is_on = NULL;
  g_auto(GStrv) entries = wen_cleaning_list_dup_steps (self->cleaning_list, &is_on);

  wen_preparation_clean_async (self->dataset, (const char * const *) entries, is_on, maximum_rows, NULL,
                               self->cancellable, callback, g_object_ref (self));
}

static gboolean
take_report (WenPreparePage *self,
             GAsyncResult   *result,
             gboolean        is_of_all_rows)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(WenTokenReport) report = wen_preparation_cut_finish (result, &error);

  if (!is_newest (self, result))
    return FALSE;
  if (report == NULL)
    {
      gtk_label_set_label (self->summary_label, error->message);
      return FALSE;
    }

  g_set_object (&self->report, report);
  self->is_of_all_rows = is_of_all_rows;
  update_figures (self);
  wen_row_detail_set_report (self->row_detail, report);

  return TRUE;
}

static void
all_cut_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(WenPreparePage) self = user_data;

  if (take_report (self, result, TRUE))
    try_cleaning (self, 0, all_cleaned_cb);
}

static void
some_cut_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(WenPreparePage) self = user_data;

  if (!take_report (self, result, self->dataset && is_small (self)) || is_small (self))
    return;

  g_clear_object (&self->relay);
  self->relay = wen_progress_relay_new ();
  g_signal_connect_object (self->relay, "progress", G_CALLBACK (update_scope), self, G_CONNECT_SWAPPED);
  wen_preparation_cut_async (self->dataset, wen_project_get_recipe (self->project), 0, self->relay, self->cancellable,
                             all_cut_cb, g_object_ref (self));
}

/* Tries the recipe anew.  What is on the page stays until the new results come. */
static void
start_trial (WenPreparePage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->dataset == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  try_cleaning (self, N_SAMPLED_ROWS, some_cleaned_cb);
  wen_preparation_cut_async (self->dataset, wen_project_get_recipe (self->project), N_SAMPLED_ROWS, NULL,
                             self->cancellable, some_cut_cb, g_object_ref (self));
}

static void
recipe_changed_cb (WenPreparePage *self)
{
  show_recipe (self);
  update_figures (self);
  start_trial (self);
}

static void
dataset_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(WenPreparePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenDataset) dataset = wen_project_load_dataset_finish (WEN_PROJECT (object), result, &error);

  if (WEN_PROJECT (object) != self->project || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (dataset == NULL)
    {
      gtk_label_set_label (self->summary_label, error->message);
      return;
    }

  g_set_object (&self->dataset, dataset);
  wen_row_detail_set_dataset (self->row_detail, dataset);
  start_trial (self);
}

static void
clear_results (WenPreparePage *self)
{
  g_cancellable_cancel (self->load_cancellable);
  g_clear_object (&self->load_cancellable);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->relay);
  g_clear_object (&self->dataset);
  g_clear_object (&self->report);
}

/* The rows are read only when the page is looked at: they may be many. */
static void
load_rows_if_shown (WenPreparePage *self)
{
  if (self->project == NULL || self->load_cancellable || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->load_cancellable = g_cancellable_new ();
  wen_project_load_dataset_async (self->project, self->load_cancellable, dataset_cb, g_object_ref (self));
}

static void
rows_changed_cb (WenPreparePage *self)
{
  clear_results (self);
  wen_cleaning_list_set_report (self->cleaning_list, NULL, FALSE, FALSE);
  wen_row_detail_set_dataset (self->row_detail, NULL);
  update_figures (self);
  load_rows_if_shown (self);
}

/* Saves a changed recipe; where that fails, the page shows the old one again. */
static void
save_recipe (WenPreparePage  *self,
             const WenRecipe *recipe)
{
  g_autoptr(GError) error = NULL;

  if (wen_project_set_recipe (self->project, recipe, &error))
    return;

  show_recipe (self);
  gtk_label_set_label (self->summary_label, error->message);
}

static void
cleaning_changed_cb (WenPreparePage *self)
{
  g_autoptr(WenRecipe) recipe = NULL;

  if (self->is_updating || self->project == NULL)
    return;

  recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
  g_strfreev (recipe->cleaning);
  recipe->cleaning = wen_cleaning_list_dup_entries (self->cleaning_list);
  /* A setting of a step that is off changes only what is shown. */
  if (wen_recipe_equal (recipe, wen_project_get_recipe (self->project)))
    start_trial (self);
  else
    save_recipe (self, recipe);
}

static void
length_changed_cb (WenPreparePage *self)
{
  g_autoptr(WenRecipe) recipe = wen_recipe_copy (wen_project_get_recipe (self->project));

  recipe->maximum_length = wen_length_plot_get_maximum (self->length_plot);
  save_recipe (self, recipe);
}

static void
vocabulary_clicked_cb (WenPreparePage *self)
{
  wen_vocabulary_dialog_show (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->report);
}

static void
batch_clicked_cb (WenPreparePage *self)
{
  wen_batch_dialog_show (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->report, self->dataset);
}

static void
setting_changed_cb (WenPreparePage *self,
                    WenSettingRow  *row)
{
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(GError) error = NULL;

  if (self->is_updating || self->project == NULL)
    return;

  recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
  if (wen_setting_row_apply (row, recipe, &error))
    save_recipe (self, recipe);
  else
    gtk_label_set_label (self->summary_label, error->message);
}

static void
narrow_changed_cb (WenPreparePage *self)
{
  gboolean narrow = wen_adaptive_bin_get_narrow (self->adaptive_bin);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  /* A position in pixels means nothing in the other direction. */
  g_object_set (self->paned, "position-set", FALSE, NULL);
}

static void
set_setting (WenPreparePage *self,
             const char     *key,
             const char     *value)
{
  g_autoptr(WenRecipe) recipe = wen_recipe_copy (wen_project_get_recipe (self->project));

  if (wen_recipe_set (recipe, key, value, NULL))
    save_recipe (self, recipe);
}

static void
vocabulary_response_cb (WenPreparePage       *self,
                        int                   response,
                        GtkFileChooserNative *chooser)
{
  if (response == GTK_RESPONSE_ACCEPT && self->project)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *name = g_file_get_parse_name (file);

      set_setting (self, "tokens.vocabulary_file", name);
    }
  g_object_unref (chooser);
}

static void
dictionary_response_cb (WenPreparePage       *self,
                        int                   response,
                        GtkFileChooserNative *chooser)
{
  if (response == GTK_RESPONSE_ACCEPT && self->project)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autoptr(GError) error = NULL;
      g_auto(GStrv) words = wen_dictionary_read (file, NULL, &error);
      g_autofree char *joined = words ? g_strjoinv (",", words) : NULL;

      if (joined)
        set_setting (self, "tokens.dictionary", joined);
      else
        gtk_label_set_label (self->summary_label, error->message);
    }
  g_object_unref (chooser);
}

static void
choose_file (WenPreparePage *self,
             const char     *title,
             GCallback       response_cb)
{
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", response_cb, self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
choose_vocabulary_cb (WenPreparePage *self)
{
  choose_file (self, _("Choose a Vocabulary"), G_CALLBACK (vocabulary_response_cb));
}

static void
choose_dictionary_cb (WenPreparePage *self)
{
  choose_file (self, _("Choose a File of Words, One a Line"), G_CALLBACK (dictionary_response_cb));
}

static void
add_choose_button (WenPreparePage *self,
                   GtkWidget      *row,
                   const char     *title,
                   GCallback       clicked_cb)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("document-open-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_swapped (button, "clicked", clicked_cb, self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_rows (WenPreparePage *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (setting_keys); i++)
    {
      GtkWidget *row = wen_setting_row_new (setting_keys[i]);

      g_signal_connect_swapped (row, "changed", G_CALLBACK (setting_changed_cb), self);
      if (g_str_equal (setting_keys[i], "tokens.vocabulary_file"))
        add_choose_button (self, row, _("Choose a Vocabulary"), G_CALLBACK (choose_vocabulary_cb));
      else if (g_str_equal (setting_keys[i], "tokens.dictionary"))
        add_choose_button (self, row, _("Choose a File of Words, One a Line"), G_CALLBACK (choose_dictionary_cb));
      adw_preferences_group_add (self->settings_group, row);
      g_ptr_array_add (self->setting_rows, row);
    }
}

static void
wen_prepare_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wen_prepare_page_parent_class)->map (widget);

  load_rows_if_shown (WEN_PREPARE_PAGE (widget));
}

static void
wen_prepare_page_dispose (GObject *object)
{
  WenPreparePage *self = WEN_PREPARE_PAGE (object);

  clear_results (self);
  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_clear_object (&self->project);
  g_ptr_array_set_size (self->setting_rows, 0);
  /* Or the template would free the child that the bin still points to. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_PREPARE_PAGE);

  G_OBJECT_CLASS (wen_prepare_page_parent_class)->dispose (object);
}

static void
wen_prepare_page_finalize (GObject *object)
{
  WenPreparePage *self = WEN_PREPARE_PAGE (object);

  g_ptr_array_unref (self->setting_rows);

  G_OBJECT_CLASS (wen_prepare_page_parent_class)->finalize (object);
}

static void
wen_prepare_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  WenPreparePage *self = WEN_PREPARE_PAGE (object);

  switch (prop_id)
    {
    case PROP_PROJECT:
      g_value_set_object (value, self->project);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_prepare_page_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  WenPreparePage *self = WEN_PREPARE_PAGE (object);

  switch (prop_id)
    {
    case PROP_PROJECT:
      wen_prepare_page_set_project (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_prepare_page_class_init (WenPreparePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_prepare_page_dispose;
  object_class->finalize = wen_prepare_page_finalize;
  object_class->get_property = wen_prepare_page_get_property;
  object_class->set_property = wen_prepare_page_set_property;

  widget_class->map = wen_prepare_page_map;

  properties[PROP_PROJECT] =
    g_param_spec_object ("project", NULL, NULL, WEN_TYPE_PROJECT,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (WEN_TYPE_ADAPTIVE_BIN);
  g_type_ensure (WEN_TYPE_CLEANING_LIST);
  g_type_ensure (WEN_TYPE_LENGTH_PLOT);
  g_type_ensure (WEN_TYPE_ROW_DETAIL);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-prepare-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, adaptive_bin);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, paned);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, cleaning_list);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, settings_group);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, vocabulary_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, too_long_row);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, too_long_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, unknown_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, empty_row);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, empty_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, length_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, left_out_row);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, left_out_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, personal_row);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, personal_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, figures_group);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, vocabulary_button);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, batch_button);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, length_group);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, length_plot);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, row_detail);
  gtk_widget_class_bind_template_callback (widget_class, cleaning_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, length_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, vocabulary_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, batch_clicked_cb);
}

static void
wen_prepare_page_init (WenPreparePage *self)
{
  self->setting_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  add_rows (self);
  g_signal_connect_object (self->adaptive_bin, "notify::narrow",
                           G_CALLBACK (narrow_changed_cb), self, G_CONNECT_SWAPPED);
  update_figures (self);
}

/**
 * wen_prepare_page_new:
 *
 * Makes a page without a project.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_prepare_page_new (void)
{
  return g_object_new (WEN_TYPE_PREPARE_PAGE, NULL);
}

/**
 * wen_prepare_page_get_project:
 * @self: a page
 *
 * Gets the project whose recipe is shown.
 *
 * Returns: (transfer none) (nullable): the project
 */
WenProject *
wen_prepare_page_get_project (WenPreparePage *self)
{
  g_return_val_if_fail (WEN_IS_PREPARE_PAGE (self), NULL);

  return self->project;
}

/**
 * wen_prepare_page_set_project:
 * @self: a page
 * @project: (nullable): the project to show
 *
 * Shows the recipe and the rows of another project.
 */
void
wen_prepare_page_set_project (WenPreparePage *self,
                              WenProject     *project)
{
  g_return_if_fail (WEN_IS_PREPARE_PAGE (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_set_object (&self->project, project);
  if (project)
    {
      g_signal_connect_object (project, "rows-changed", G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "recipe-changed", G_CALLBACK (recipe_changed_cb), self, G_CONNECT_SWAPPED);
      show_recipe (self);
    }
  rows_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROJECT]);
}
