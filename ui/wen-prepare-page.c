/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The page where a person chooses how texts are cleaned and cut into tokens, and
 * sees at once what becomes of the real rows. */

#include "config.h"

#include "wen-prepare-page.h"

#include "wen-adaptive-bin.h"
#include "wen-diff-labels.h"
#include "wen-format.h"
#include "wen-preparation.h"
#include "wen-setting-row.h"
#include "wen-step-row.h"
#include "wen-token-chips.h"

#include <glib/gi18n.h>
#include <string.h>

/* One row in detail is cleaned in the main thread: not more of it than fits well
 * into a frame. */
#define MAXIMUM_DETAIL_BYTES 8000
#define MAXIMUM_DETAIL_CHARS 600

/**
 * WenPreparePage:
 *
 * The recipe of the project is the only state: a switch changes the recipe, the
 * project says that it changed, and everything here follows.
 */
struct _WenPreparePage
{
  AdwBin parent_instance;

  /* template widgets */
  WenAdaptiveBin      *adaptive_bin;
  GtkLabel            *summary_label;
  GtkPaned            *paned;
  GtkListBox          *steps_list;
  AdwPreferencesGroup *settings_group;
  GtkLabel            *vocabulary_label;
  AdwActionRow        *too_long_row;
  GtkLabel            *too_long_label;
  GtkLabel            *unknown_label;
  GtkWidget           *empty_row;
  GtkLabel            *empty_label;
  GtkWidget           *row_group;
  GtkLabel            *row_number_label;
  GtkWidget           *previous_button;
  GtkWidget           *next_button;
  GtkLabel            *before_label;
  GtkLabel            *after_label;
  WenTokenChips       *token_chips;

  /* owned */
  WenProject        *project;
  WenDataset        *dataset;          /* NULL until loaded */
  WenCleaningSample *sample;           /* of the newest recipe, or of the one before while it is made */
  WenTokenFigures   *figures;
  GPtrArray         *setting_rows;     /* element-type WenSettingRow, borrowed from the template's tree */
  GCancellable      *load_cancellable;
  GCancellable      *cancellable;      /* of the newest trial */

  guint              current;          /* which sampled row is shown in detail */
  gboolean           is_updating;
  gboolean           is_stale;         /* figures do not belong to the sample's cleaning */
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
  "tokens.maximum_length",
  "tokens.too_long",
  "tokens.minimum_count",
  "tokens.maximum_vocabulary",
};

static char *
get_token_sentence (GObject    *object,
                    const char *description)
{
  return g_strdup (description ? description : _("Point at a token to see how often it occurs."));
}

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
update_figures (WenPreparePage *self)
{
  const WenRecipe *recipe = self->project ? wen_project_get_recipe (self->project) : NULL;
  gboolean leaves_out = recipe && recipe->too_long == WEN_TOO_LONG_LEAVE_OUT;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->too_long_row),
                                 leaves_out ? _("Left Out as Too Long") : _("Cut Off"));
  adw_action_row_set_subtitle (self->too_long_row, _("Texts with more tokens than the maximum length"));

  if (self->figures)
    {
      g_autofree char *vocabulary = wen_format_count (self->figures->n_vocabulary);

      gtk_label_set_label (self->vocabulary_label, vocabulary);
      set_share (self->too_long_label, self->figures->n_too_long, self->figures->n_texts);
      set_share (self->unknown_label, self->figures->n_unknown, self->figures->n_tokens);
      set_share (self->empty_label, self->figures->n_empty, self->figures->n_texts);
    }
  else
    {
      gtk_label_set_label (self->vocabulary_label, "…");
      gtk_label_set_label (self->too_long_label, "…");
      gtk_label_set_label (self->unknown_label, "…");
      gtk_label_set_label (self->empty_label, "…");
    }
  gtk_widget_set_visible (self->empty_row, self->figures && self->figures->n_empty > 0);
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

static void
update_chips (WenPreparePage *self,
              const char     *cleaned)
{
  g_autoptr(GArray) tokens = NULL;

  if (self->figures == NULL || self->is_stale)
    {
      wen_token_chips_set_tokens (self->token_chips, NULL, NULL, 0, NULL, 0);
      return;
    }

  tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  wen_tokenizer_encode (self->figures->tokenizer, cleaned, tokens);
  wen_token_chips_set_tokens (self->token_chips, cleaned,
                              (const WenToken *) (gpointer) tokens->data, tokens->len,
                              wen_tokenizer_get_vocabulary (self->figures->tokenizer),
                              wen_project_get_recipe (self->project)->maximum_length);
}

static char *
dup_beginning (const char *text)
{
  const char *end;

  if (strlen (text) <= MAXIMUM_DETAIL_BYTES)
    return g_strdup (text);

  end = g_utf8_find_prev_char (text, text + MAXIMUM_DETAIL_BYTES);
  return g_strndup (text, end - text);
}

static void
update_row (WenPreparePage *self)
{
  guint n_rows = self->sample ? self->sample->rows->len : 0;
  g_autofree char *text = NULL;
  g_autofree char *cleaned = NULL;
  g_autofree char *count = NULL;
  g_autofree char *number = NULL;
  gsize row;

  gtk_widget_set_visible (self->row_group, n_rows > 0);
  if (n_rows == 0)
    return;

  self->current = MIN (self->current, n_rows - 1);
  row = g_array_index (self->sample->rows, gsize, self->current);
  text = dup_beginning (wen_dataset_get_text (self->dataset, row));
  cleaned = wen_cleaner_clean (self->sample->cleaner, text);

  count = wen_format_count (row + 1);
  /* Translators: %s is the number of a row of the table */
  number = g_strdup_printf (_("Row %s"), count);
  gtk_label_set_label (self->row_number_label, number);
  gtk_widget_set_sensitive (self->previous_button, self->current > 0);
  gtk_widget_set_sensitive (self->next_button, self->current + 1 < n_rows);
  wen_diff_labels_set_texts (self->before_label, self->after_label, text, cleaned, G_MAXSIZE, MAXIMUM_DETAIL_CHARS);
  update_chips (self, cleaned);
}

static void
update_steps (WenPreparePage *self)
{
  guint n_sampled_rows = self->sample ? self->sample->rows->len : 0;

  for (int i = 0;; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->steps_list, i);
      const WenStepEffect *effect = NULL;

      if (row == NULL)
        break;
      if (self->sample)
        effect = &g_array_index (self->sample->effects, WenStepEffect, i);
      wen_step_row_set_effect (WEN_STEP_ROW (row), effect, n_sampled_rows);
    }
}

/* Switches and numbers as the recipe has them. */
static void
show_recipe (WenPreparePage *self)
{
  const WenRecipe *recipe = wen_project_get_recipe (self->project);
  GtkListBoxRow *row;

  self->is_updating = TRUE;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->steps_list, i)); i++)
    wen_step_row_set_active (WEN_STEP_ROW (row),
                             g_strv_contains ((const char * const *) recipe->cleaning,
                                              wen_step_row_get_id (WEN_STEP_ROW (row))));
  for (guint i = 0; i < self->setting_rows->len; i++)
    wen_setting_row_show (g_ptr_array_index (self->setting_rows, i), recipe);
  self->is_updating = FALSE;

  update_summary (self);
}

static void
figures_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(WenPreparePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenTokenFigures) figures = wen_token_figures_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (figures == NULL)
    {
      g_debug ("No figures: %s", error->message);
      return;
    }

  g_clear_pointer (&self->figures, wen_token_figures_free);
  self->figures = g_steal_pointer (&figures);
  self->is_stale = FALSE;
  update_figures (self);
  update_row (self);
}

static void
sample_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(WenPreparePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenCleaningSample) sample = wen_cleaning_sample_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (sample == NULL)
    {
      g_debug ("No sample: %s", error->message);
      return;
    }

  g_clear_pointer (&self->sample, wen_cleaning_sample_free);
  self->sample = g_steal_pointer (&sample);
  update_steps (self);
  update_row (self);
}

/* Tries the recipe anew.  What is on the page stays until the new results come. */
static void
start_trial (WenPreparePage *self)
{
  const WenRecipe *recipe;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->dataset == NULL)
    return;

  recipe = wen_project_get_recipe (self->project);
  self->cancellable = g_cancellable_new ();
  self->is_stale = TRUE;
  wen_cleaning_sample_async (self->dataset, recipe, self->cancellable, sample_cb, g_object_ref (self));
  wen_token_figures_async (self->dataset, recipe, self->cancellable, figures_cb, g_object_ref (self));
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
  start_trial (self);
}

static void
clear_results (WenPreparePage *self)
{
  g_cancellable_cancel (self->load_cancellable);
  g_clear_object (&self->load_cancellable);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->sample, wen_cleaning_sample_free);
  g_clear_pointer (&self->figures, wen_token_figures_free);
  self->current = 0;
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
  update_steps (self);
  update_figures (self);
  update_row (self);
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
step_changed_cb (WenPreparePage *self)
{
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(GStrvBuilder) ids = NULL;
  GtkListBoxRow *row;

  if (self->is_updating || self->project == NULL)
    return;

  ids = g_strv_builder_new ();
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->steps_list, i)); i++)
    if (wen_step_row_get_active (WEN_STEP_ROW (row)))
      g_strv_builder_add (ids, wen_step_row_get_id (WEN_STEP_ROW (row)));

  recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
  g_strfreev (recipe->cleaning);
  recipe->cleaning = g_strv_builder_end (ids);
  save_recipe (self, recipe);
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
step_activated_cb (WenPreparePage *self,
                   WenStepRow     *row)
{
  wen_step_row_set_active (row, !wen_step_row_get_active (row));
}

static void
previous_row_cb (WenPreparePage *self)
{
  if (self->current > 0)
    self->current--;
  update_row (self);
}

static void
next_row_cb (WenPreparePage *self)
{
  self->current++;
  update_row (self);
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
add_rows (WenPreparePage *self)
{
  gsize n_steps;
  const WenCleaningStep *steps = wen_cleaner_list_steps (&n_steps);

  for (gsize i = 0; i < n_steps; i++)
    {
      GtkWidget *row = wen_step_row_new (&steps[i]);

      g_signal_connect_swapped (row, "notify::active", G_CALLBACK (step_changed_cb), self);
      gtk_list_box_append (self->steps_list, row);
    }
  g_signal_connect_swapped (self->steps_list, "row-activated", G_CALLBACK (step_activated_cb), self);

  for (gsize i = 0; i < G_N_ELEMENTS (setting_keys); i++)
    {
      GtkWidget *row = wen_setting_row_new (setting_keys[i]);

      g_signal_connect_swapped (row, "changed", G_CALLBACK (setting_changed_cb), self);
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
  g_type_ensure (WEN_TYPE_TOKEN_CHIPS);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-prepare-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, adaptive_bin);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, paned);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, steps_list);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, settings_group);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, vocabulary_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, too_long_row);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, too_long_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, unknown_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, empty_row);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, empty_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, row_group);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, row_number_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, previous_button);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, next_button);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, before_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, after_label);
  gtk_widget_class_bind_template_child (widget_class, WenPreparePage, token_chips);
  gtk_widget_class_bind_template_callback (widget_class, get_token_sentence);
  gtk_widget_class_bind_template_callback (widget_class, previous_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_row_cb);
}

static void
wen_prepare_page_init (WenPreparePage *self)
{
  self->setting_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  add_rows (self);
  g_signal_connect_object (self->adaptive_bin, "notify::narrow",
                           G_CALLBACK (narrow_changed_cb), self, G_CONNECT_SWAPPED);
  /* The marks of changes have colours of the style. */
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_row), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  update_figures (self);
  update_row (self);
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
