/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The choice of a model: a preset, the settings that matter most for it, and the
 * others folded away. */

#include "config.h"

#include "wen-train-settings.h"

#include "wen-augmentation-row.h"
#include "wen-forecast-row.h"
#include "wen-preset-titles.h"
#include "wen-setting-row.h"

#include <glib/gi18n.h>

/* Wider, and the list of presets would not fit a narrow window. */
#define SENTENCE_CHARS 36

typedef enum
{
  SECTION_MODEL,
  SECTION_TRAINING,
  SECTION_AUGMENTATION,
  SECTION_PRETRAINING,
  SECTION_ENSEMBLE,
  N_SECTIONS,
} Section;

/* The sections of settings that a preset decides.  Cleaning, tokens and split stay as
 * they were chosen. */
static const struct
{
  const char *prefix;
  const char *title;
} sections[N_SECTIONS] = {
  [SECTION_MODEL] = { "model.", N_("Model") },
  [SECTION_TRAINING] = { "training.", N_("Training") },
  [SECTION_AUGMENTATION] = { "augmentation.", N_("Augmentation") },
  [SECTION_PRETRAINING] = { "pretraining.", N_("Pre-Training") },
  [SECTION_ENSEMBLE] = { "ensemble.", N_("Ensemble") },
};

/* Always in sight, for the families that have them. */
static const struct
{
  const char *family;
  const char *key;
} main_settings[] = {
  { "bayes", "model.longest_ngram" },
  { "bayes", "model.smoothing" },
  { "linear", "model.longest_ngram" },
  { "linear", "model.cost" },
  { "transformer", "training.epochs" },
  { "transformer", "training.batch_size" },
  { "transformer", "training.learning_rate" },
  { "average", "model.hidden_size" },
  { "average", "training.epochs" },
  { "average", "training.learning_rate" },
  { "ensemble", "ensemble.members" },
  { "ensemble", "ensemble.budget" },
};

/**
 * WenTrainSettings:
 *
 * The recipe of the project is the only state: a row changes the recipe, the project
 * says that it changed, and everything here follows.
 *
 * Emits "problem" with a sentence when a value cannot be taken over.
 */
struct _WenTrainSettings
{
  AdwBin parent_instance;

  /* template widgets */
  AdwPreferencesGroup *main_group;
  AdwComboRow         *preset_row;
  AdwActionRow        *changed_row;
  AdwPreferencesGroup *more_group;

  /* owned */
  WenProject     *project;
  GPtrArray      *main_rows;                /* element-type WenSettingRow, borrowed from the template's tree */
  GPtrArray      *folded_rows[N_SECTIONS];  /* as main_rows */

  /* borrowed */
  GtkWidget          *section_rows[N_SECTIONS]; /* AdwExpanderRow */
  WenForecastRow     *forecast_row;
  WenAugmentationRow *augmentation_row;

  gboolean        is_showing;               /* a recipe, rather than taking over what a person does */
};

enum
{
  SIGNAL_PROBLEM,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenTrainSettings, wen_train_settings, ADW_TYPE_BIN)

static guint signals[N_SIGNALS];

static gboolean
is_main_setting (const WenRecipe *recipe,
                 const char      *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (main_settings); i++)
    if (g_str_equal (main_settings[i].family, recipe->family) && g_str_equal (main_settings[i].key, key))
      return TRUE;

  return FALSE;
}

/* A preset decides it, and a person may too. */
static gboolean
is_open_setting (const WenSetting *setting)
{
  /* The preset chooses the kind of model, and a choice among one is none. */
  if (g_str_equal (setting->key, "model.family") || (setting->choices && setting->choices[1] == NULL))
    return FALSE;
  for (gsize i = 0; i < N_SECTIONS; i++)
    if (g_str_has_prefix (setting->key, sections[i].prefix))
      return TRUE;

  return FALSE;
}

static guint
find_preset (const char *preset)
{
  const char * const *presets = wen_recipe_list_presets ();

  for (guint i = 0; presets[i]; i++)
    if (g_strcmp0 (presets[i], preset) == 0)
      return i;

  return 0;
}

static void
copy_setting (WenRecipe       *recipe,
              const WenRecipe *from,
              const char      *key)
{
  g_autofree char *value = wen_recipe_get (from, key);

  wen_recipe_set (recipe, key, value, NULL);
}

static guint
count_changed (const WenRecipe *recipe)
{
  g_autoptr(WenRecipe) preset = wen_recipe_new_preset (recipe->preset, NULL);
  gsize n_settings;
  const WenSetting *settings = wen_recipe_list_settings (&n_settings);
  guint n_changed = 0;

  if (preset == NULL)
    return 0;
  for (gsize i = 0; i < n_settings; i++)
    if (is_open_setting (&settings[i]) && wen_recipe_uses_setting (recipe, settings[i].key))
      {
        g_autofree char *value = wen_recipe_get (recipe, settings[i].key);
        g_autofree char *preset_value = wen_recipe_get (preset, settings[i].key);

        n_changed += !g_str_equal (value, preset_value);
      }

  return n_changed;
}

static void
show_changed (WenTrainSettings *self,
              const WenRecipe  *recipe)
{
  guint n_changed = count_changed (recipe);
  g_autofree char *sentence = NULL;

  sentence = g_strdup_printf (g_dngettext (NULL, "%u setting is not as the preset has it.",
                                           "%u settings are not as the preset has them.", n_changed),
                              n_changed);
  adw_action_row_set_subtitle (self->changed_row, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->changed_row), n_changed > 0);
}

static gboolean
show_row (WenSettingRow   *row,
          const WenRecipe *recipe,
          gboolean         is_main)
{
  const char *key = wen_setting_row_get_key (row);
  gboolean is_visible = wen_recipe_uses_setting (recipe, key) && is_main_setting (recipe, key) == is_main;

  wen_setting_row_show (row, recipe);
  gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_widget_set_visible (GTK_WIDGET (row), is_visible);

  return is_visible;
}

static void
show_recipe (WenTrainSettings *self)
{
  const WenRecipe *recipe = wen_project_get_recipe (self->project);
  guint preset = find_preset (recipe->preset);
  gboolean has_more = FALSE;

  self->is_showing = TRUE;
  adw_combo_row_set_selected (self->preset_row, preset);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->preset_row),
                               _(wen_recipe_describe_preset (wen_recipe_list_presets ()[preset])));
  show_changed (self, recipe);
  for (guint i = 0; i < self->main_rows->len; i++)
    show_row (g_ptr_array_index (self->main_rows, i), recipe, TRUE);
  for (gsize s = 0; s < N_SECTIONS; s++)
    {
      gboolean has_rows = FALSE;

      for (guint i = 0; i < self->folded_rows[s]->len; i++)
        has_rows |= show_row (g_ptr_array_index (self->folded_rows[s], i), recipe, FALSE);
      gtk_widget_set_visible (self->section_rows[s], has_rows);
      has_more |= has_rows;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->more_group), has_more);
  self->is_showing = FALSE;
}

static void
save_recipe (WenTrainSettings *self,
             const WenRecipe  *recipe)
{
  g_autoptr(GError) error = NULL;

  if (!wen_project_set_recipe (self->project, recipe, &error))
    {
      g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error->message);
      show_recipe (self);
    }
}

static void
choose_preset (WenTrainSettings *self,
               const char       *preset)
{
  g_autoptr(WenRecipe) recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
  g_autoptr(WenRecipe) values = wen_recipe_new_preset (preset, NULL);
  gsize n_settings;
  const WenSetting *settings = wen_recipe_list_settings (&n_settings);

  g_free (recipe->preset);
  recipe->preset = g_strdup (preset);
  for (gsize i = 0; i < n_settings; i++)
    if (is_open_setting (&settings[i]))
      copy_setting (recipe, values, settings[i].key);
  copy_setting (recipe, values, "model.family");
  save_recipe (self, recipe);
}

static void
preset_selected_cb (WenTrainSettings *self)
{
  if (self->project && !self->is_showing)
    choose_preset (self, wen_recipe_list_presets ()[adw_combo_row_get_selected (self->preset_row)]);
}

static void
back_to_preset_cb (WenTrainSettings *self)
{
  if (self->project)
    choose_preset (self, wen_recipe_list_presets ()[adw_combo_row_get_selected (self->preset_row)]);
}

static void
setting_changed_cb (WenTrainSettings *self,
                    WenSettingRow    *row)
{
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(GError) error = NULL;

  if (self->project == NULL || self->is_showing)
    return;

  recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
  if (wen_setting_row_apply (row, recipe, &error) && wen_recipe_validate (recipe, &error))
    {
      gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
      save_recipe (self, recipe);
    }
  else
    {
      gtk_widget_add_css_class (GTK_WIDGET (row), "error");
      g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error->message);
    }
}

static GtkWidget *
create_row (WenTrainSettings *self,
            const char       *key,
            GPtrArray        *rows)
{
  GtkWidget *row = wen_setting_row_new (key);

  g_signal_connect_object (row, "changed", G_CALLBACK (setting_changed_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (rows, row);

  return row;
}

static gboolean
has_row (GPtrArray  *rows,
         const char *key)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_str_equal (wen_setting_row_get_key (g_ptr_array_index (rows, i)), key))
      return TRUE;

  return FALSE;
}

/* Families share settings, so that one is in sight for some and folded away for others;
 * it has a row in both places, and one of them is shown. */
static void
add_rows (WenTrainSettings *self)
{
  gsize n_settings;
  const WenSetting *settings = wen_recipe_list_settings (&n_settings);

  for (gsize i = 0; i < G_N_ELEMENTS (main_settings); i++)
    if (!has_row (self->main_rows, main_settings[i].key))
      adw_preferences_group_add (self->main_group, create_row (self, main_settings[i].key, self->main_rows));
  self->forecast_row = WEN_FORECAST_ROW (wen_forecast_row_new ());
  adw_preferences_group_add (self->main_group, GTK_WIDGET (self->forecast_row));

  self->augmentation_row = g_object_new (WEN_TYPE_AUGMENTATION_ROW, NULL);
  for (gsize s = 0; s < N_SECTIONS; s++)
    {
      self->section_rows[s] = adw_expander_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->section_rows[s]), _(sections[s].title));
      /* Above the settings, so that it is in sight while they change. */
      if (s == SECTION_AUGMENTATION)
        adw_expander_row_add_row (ADW_EXPANDER_ROW (self->section_rows[s]), GTK_WIDGET (self->augmentation_row));
      for (gsize i = 0; i < n_settings; i++)
        if (g_str_has_prefix (settings[i].key, sections[s].prefix) && is_open_setting (&settings[i]))
          adw_expander_row_add_row (ADW_EXPANDER_ROW (self->section_rows[s]),
                                    create_row (self, settings[i].key, self->folded_rows[s]));
      adw_preferences_group_add (self->more_group, self->section_rows[s]);
    }
}

static void
setup_title_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_list_item_set_child (item, label);
}

static void
bind_title_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  const char *preset = gtk_string_object_get_string (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), wen_preset_get_title (preset));
}

static void
setup_choice_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *title_label = gtk_label_new (NULL);
  GtkWidget *sentence_label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title_label), 0);
  gtk_label_set_xalign (GTK_LABEL (sentence_label), 0);
  gtk_label_set_wrap (GTK_LABEL (sentence_label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (sentence_label), SENTENCE_CHARS / 2);
  gtk_label_set_max_width_chars (GTK_LABEL (sentence_label), SENTENCE_CHARS);
  gtk_widget_add_css_class (sentence_label, "dim-label");
  gtk_widget_add_css_class (sentence_label, "caption");
  gtk_box_append (GTK_BOX (box), title_label);
  gtk_box_append (GTK_BOX (box), sentence_label);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_list_item_set_child (item, box);
}

static void
bind_choice_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  const char *preset = gtk_string_object_get_string (gtk_list_item_get_item (item));
  GtkWidget *title_label = gtk_widget_get_first_child (gtk_list_item_get_child (item));

  gtk_label_set_label (GTK_LABEL (title_label), wen_preset_get_title (preset));
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (title_label)), _(wen_recipe_describe_preset (preset)));
}

static void
add_presets (WenTrainSettings *self)
{
  g_autoptr(GtkStringList) presets = gtk_string_list_new (wen_recipe_list_presets ());
  g_autoptr(GtkListItemFactory) title_factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkListItemFactory) choice_factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (title_factory, "setup", G_CALLBACK (setup_title_cb), NULL);
  g_signal_connect (title_factory, "bind", G_CALLBACK (bind_title_cb), NULL);
  g_signal_connect (choice_factory, "setup", G_CALLBACK (setup_choice_cb), NULL);
  g_signal_connect (choice_factory, "bind", G_CALLBACK (bind_choice_cb), NULL);
  adw_combo_row_set_factory (self->preset_row, title_factory);
  adw_combo_row_set_list_factory (self->preset_row, choice_factory);
  adw_combo_row_set_model (self->preset_row, G_LIST_MODEL (presets));
}

static void
wen_train_settings_dispose (GObject *object)
{
  WenTrainSettings *self = WEN_TRAIN_SETTINGS (object);

  wen_train_settings_set_project (self, NULL);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_TRAIN_SETTINGS);

  G_OBJECT_CLASS (wen_train_settings_parent_class)->dispose (object);
}

static void
wen_train_settings_finalize (GObject *object)
{
  WenTrainSettings *self = WEN_TRAIN_SETTINGS (object);

  g_ptr_array_unref (self->main_rows);
  for (gsize s = 0; s < N_SECTIONS; s++)
    g_ptr_array_unref (self->folded_rows[s]);

  G_OBJECT_CLASS (wen_train_settings_parent_class)->finalize (object);
}

static void
wen_train_settings_class_init (WenTrainSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_train_settings_dispose;
  object_class->finalize = wen_train_settings_finalize;

  signals[SIGNAL_PROBLEM] =
    g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-train-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, WenTrainSettings, main_group);
  gtk_widget_class_bind_template_child (widget_class, WenTrainSettings, preset_row);
  gtk_widget_class_bind_template_child (widget_class, WenTrainSettings, changed_row);
  gtk_widget_class_bind_template_child (widget_class, WenTrainSettings, more_group);
  gtk_widget_class_bind_template_callback (widget_class, preset_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_to_preset_cb);
}

static void
wen_train_settings_init (WenTrainSettings *self)
{
  self->main_rows = g_ptr_array_new ();
  for (gsize s = 0; s < N_SECTIONS; s++)
    self->folded_rows[s] = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  add_presets (self);
  add_rows (self);
}

/**
 * wen_train_settings_set_project:
 * @self: the settings
 * @project: (nullable): the project to train
 *
 * Shows the recipe of another project.
 */
void
wen_train_settings_set_project (WenTrainSettings *self,
                                WenProject       *project)
{
  g_return_if_fail (WEN_IS_TRAIN_SETTINGS (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_set_object (&self->project, project);
  wen_forecast_row_set_project (self->forecast_row, project);
  wen_augmentation_row_set_project (self->augmentation_row, project);
  if (project)
    {
      g_signal_connect_object (project, "recipe-changed", G_CALLBACK (show_recipe), self, G_CONNECT_SWAPPED);
      show_recipe (self);
    }
}
