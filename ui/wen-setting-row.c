/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One choice of a recipe as a row: its title and explanation, and a number, a
 * switch or a list of choices, as the engine describes it. */

#include "config.h"

#include "wen-setting-row.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/**
 * WenSettingRow:
 *
 * Made from a setting's key alone.  Emits "changed" when a person changes it, not
 * when wen_setting_row_show() does.
 */
struct _WenSettingRow
{
  AdwActionRow parent_instance;

  /* borrowed */
  const WenSetting *setting;
  GtkWidget        *control;       /* GtkSpinButton, GtkSwitch, GtkDropDown, GtkEntry or GtkButton */
  GtkWidget        *clear_button;  /* of files; NULL: other settings */

  /* owned */
  GStrv             files;         /* NULL: none, and other settings */

  gboolean          is_showing;
  gboolean          is_closed;     /* the value is too long to be typed, and only shown as a number */
};

/* Longer ones come from files, and an entry would take seconds to lay them out. */
#define LONGEST_TYPED_BYTES 2000
/* Places after the point that the smallest learning rate needs. */
#define NUMBER_DIGITS 7

enum
{
  PROP_0,
  PROP_KEY,
  N_PROPS
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenSettingRow, wen_setting_row, ADW_TYPE_ACTION_ROW)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What the ids of choices are called; where settings share an id, the one for a setting
 * comes first. */
static const struct
{
  const char *id;
  const char *title;
  const char *key;                 /* NULL: any setting */
} choice_titles[] = {
  { "none", N_("Every Text the Same"), "training.class_weights" },
  { "balanced", N_("Every Label the Same"), "training.class_weights" },
  { "own", N_("Own"), "training.class_weights" },
  { "cut", N_("Cut Off the End"), NULL },
  { "leave-out", N_("Leave the Row Out"), NULL },
  { "character", N_("Characters"), NULL },
  { "word", N_("Words"), NULL },
  { "bpe", N_("Common Parts of Words (BPE)"), NULL },
  { "wordpiece", N_("Words and Their Parts (WordPiece)"), NULL },
  { "mean", N_("Mean of All Tokens"), NULL },
  { "first", N_("First Token"), NULL },
  { "adamw", "AdamW", NULL },
  { "adam", "Adam", NULL },
  { "linear", N_("In a Straight Line"), NULL },
  { "cosine", N_("Along a Curve"), NULL },
  { "none", N_("Not at All"), NULL },
  { "complement", N_("Rare Under Others (Complement)"), NULL },
  { "multinomial", N_("Common Under It (Multinomial)"), NULL },
  { "squared-hinge", N_("Squared Hinge"), NULL },
  { "logistic", N_("Logistic"), NULL },
  { "cross-entropy", N_("Cross-Entropy"), NULL },
  { "squared-error", N_("Squared Error"), NULL },
  { "gelu", "GELU", NULL },
  { "relu", "ReLU", NULL },
  { "tanh", "tanh", NULL },
  { "sigmoid", N_("Sigmoid"), NULL },
  { "stack", N_("A Small Model Decides"), NULL },
  { "average", N_("Weighted Mean"), NULL },
};

static const char *
get_choice_title (const char *key,
                  const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (choice_titles); i++)
    if (strcmp (choice_titles[i].id, id) == 0
        && (choice_titles[i].key == NULL || strcmp (choice_titles[i].key, key) == 0))
      return _(choice_titles[i].title);

  return id;
}

static void
control_changed_cb (WenSettingRow *self)
{
  if (!self->is_showing)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* How far one press of a key or button goes: learning rates differ in the fourth place
 * after the point, shares in the second. */
static double
get_step (const WenSetting *setting)
{
  if (setting->kind == WEN_SETTING_WHOLE_NUMBER)
    return 1;
  if (g_str_has_suffix (setting->key, "learning_rate"))
    return 0.0001;

  return setting->maximum <= 1 ? 0.01 : 0.1;
}

/* Without zeros at the end: some settings have seven places, most values one or two. */
static gboolean
output_cb (GtkSpinButton *spin_button)
{
  g_autofree char *text = g_strdup_printf ("%.*f", (int) gtk_spin_button_get_digits (spin_button),
                                           gtk_spin_button_get_value (spin_button));
  gsize length = strlen (text);

  while (length > 1 && text[length - 1] == '0' && g_ascii_isdigit (text[length - 2]))
    length--;
  if (length > 2 && text[length - 1] == '0' && !g_ascii_isdigit (text[length - 2]))
    length -= 2;
  text[length] = '\0';
  if (strcmp (text, gtk_editable_get_text (GTK_EDITABLE (spin_button))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin_button), text);

  return TRUE;
}

static GtkWidget *
create_spin_button (const WenSetting *setting)
{
  gboolean is_whole = setting->kind == WEN_SETTING_WHOLE_NUMBER;
  double step = get_step (setting);
  GtkAdjustment *adjustment = gtk_adjustment_new (setting->minimum, setting->minimum, setting->maximum,
                                                  step, step * 10.0, 0.0);
  GtkWidget *spin_button = gtk_spin_button_new (adjustment, 1.0, is_whole ? 0 : NUMBER_DIGITS);

  if (!is_whole)
    g_signal_connect (spin_button, "output", G_CALLBACK (output_cb), NULL);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin_button), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin_button), 6);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin_button), 8);

  return spin_button;
}

static GtkWidget *
create_drop_down (const WenSetting *setting)
{
  GtkStringList *titles = gtk_string_list_new (NULL);

  for (gsize i = 0; setting->choices && setting->choices[i]; i++)
    gtk_string_list_append (titles, get_choice_title (setting->key, setting->choices[i]));

  return gtk_drop_down_new (G_LIST_MODEL (titles), NULL);
}

/* What an empty entry means, or how it is filled in. */
static const char *
get_placeholder (const WenSetting *setting)
{
  if (strcmp (setting->key, "training.own_weights") == 0)
    /* Translators: a label and its weight; keep the form */
    return _("urgent=3");
  if (strcmp (setting->key, "ensemble.members") == 0)
    return _("By the data");
  if (strcmp (setting->key, "ensemble.student") == 0)
    return _("None");
  return NULL;
}

/* Shows what is in the recipe, or how much it is. */
static void
show_text (WenSettingRow *self,
           const char    *value)
{
  g_autofree char *words = NULL;
  guint n_words = 1;

  for (const char *comma = strchr (value, ','); comma; comma = strchr (comma + 1, ','))
    n_words++;
  self->is_closed = strlen (value) > LONGEST_TYPED_BYTES;
  words = g_strdup_printf (g_dngettext (NULL, "%u word", "%u words", n_words), n_words);
  gtk_editable_set_text (GTK_EDITABLE (self->control), self->is_closed ? "" : value);
  gtk_editable_set_editable (GTK_EDITABLE (self->control), !self->is_closed);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->control), self->is_closed ? words : get_placeholder (self->setting));
  gtk_entry_set_icon_from_icon_name (GTK_ENTRY (self->control), GTK_ENTRY_ICON_SECONDARY,
                                     self->is_closed ? "edit-clear-symbolic" : NULL);
  gtk_entry_set_icon_tooltip_text (GTK_ENTRY (self->control), GTK_ENTRY_ICON_SECONDARY, _("Remove All"));
}

static void
icon_pressed_cb (WenSettingRow *self)
{
  self->is_closed = FALSE;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Settings that are lists of files are chosen, not typed. */
static gboolean
is_of_files (const WenSetting *setting)
{
  return strcmp (setting->key, "pretraining.files") == 0;
}

static void
show_files (WenSettingRow *self)
{
  guint n_files = self->files ? g_strv_length (self->files) : 0;
  g_autofree char *names = self->files ? g_strjoinv ("\n", self->files) : NULL;
  g_autofree char *count = g_strdup_printf (g_dngettext (NULL, "%u File", "%u Files", n_files), n_files);

  gtk_button_set_label (GTK_BUTTON (self->control), n_files > 0 ? count : _("Choose…"));
  gtk_widget_set_tooltip_text (self->control, n_files > 0 ? names : NULL);
  gtk_widget_set_visible (self->clear_button, n_files > 0);
}

static void
set_files (WenSettingRow *self,
           char         **files)
{
  g_strfreev (self->files);
  self->files = files;
  show_files (self);
}

static void
files_response_cb (WenSettingRow        *self,
                   int                   response,
                   GtkFileChooserNative *chooser)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GListModel) chosen = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));
      g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

      for (guint i = 0; i < g_list_model_get_n_items (chosen); i++)
        {
          g_autoptr(GFile) file = g_list_model_get_item (chosen, i);

          if (g_file_peek_path (file))
            g_strv_builder_add (builder, g_file_peek_path (file));
        }
      set_files (self, g_strv_builder_end (builder));
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
    }
  g_object_unref (chooser);
}

static void
choose_files_cb (WenSettingRow *self)
{
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_(self->setting->title),
                                         GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (files_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
clear_files_cb (WenSettingRow *self)
{
  set_files (self, NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static GtkWidget *
create_file_button (WenSettingRow *self)
{
  GtkWidget *button = gtk_button_new_with_label (_("Choose…"));

  self->clear_button = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  gtk_widget_set_tooltip_text (self->clear_button, _("Remove All"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->clear_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Remove All"), -1);
  gtk_widget_add_css_class (self->clear_button, "flat");
  gtk_widget_set_valign (self->clear_button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->clear_button, FALSE);
  g_signal_connect_swapped (self->clear_button, "clicked", G_CALLBACK (clear_files_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->clear_button);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (choose_files_cb), self);

  return button;
}

/* What is typed counts when it is finished. */
static GtkWidget *
create_entry (WenSettingRow *self)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 14);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (control_changed_cb), self);
  g_signal_connect_swapped (entry, "icon-press", G_CALLBACK (icon_pressed_cb), self);
  gtk_widget_add_controller (entry, focus);

  return entry;
}

static void
create_control (WenSettingRow *self)
{
  const char *signal_name;

  switch (self->setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
    case WEN_SETTING_NUMBER:
      self->control = create_spin_button (self->setting);
      signal_name = "value-changed";
      break;
    case WEN_SETTING_YES_NO:
      self->control = gtk_switch_new ();
      signal_name = "notify::active";
      break;
    case WEN_SETTING_CHOICE:
      self->control = create_drop_down (self->setting);
      signal_name = "notify::selected";
      break;
    case WEN_SETTING_LIST:
    case WEN_SETTING_TEXT:
    default:
      self->control = is_of_files (self->setting) ? create_file_button (self) : create_entry (self);
      signal_name = is_of_files (self->setting) ? NULL : "activate";
      break;
    }

  if (signal_name)
    g_signal_connect_swapped (self->control, signal_name, G_CALLBACK (control_changed_cb), self);
  gtk_widget_set_valign (self->control, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->control),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(self->setting->title),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(self->setting->explanation),
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->control);
}

static void
wen_setting_row_finalize (GObject *object)
{
  g_strfreev (WEN_SETTING_ROW (object)->files);

  G_OBJECT_CLASS (wen_setting_row_parent_class)->finalize (object);
}

static void
wen_setting_row_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  WenSettingRow *self = WEN_SETTING_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      g_value_set_string (value, self->setting->key);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_setting_row_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  WenSettingRow *self = WEN_SETTING_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      self->setting = wen_recipe_find_setting (g_value_get_string (value));
      g_return_if_fail (self->setting != NULL);
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _(self->setting->title));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _(self->setting->explanation));
      create_control (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_setting_row_class_init (WenSettingRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = wen_setting_row_finalize;
  object_class->get_property = wen_setting_row_get_property;
  object_class->set_property = wen_setting_row_set_property;

  properties[PROP_KEY] =
    g_param_spec_string ("key", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wen_setting_row_init (WenSettingRow *self)
{
}

/**
 * wen_setting_row_new:
 * @key: key of a setting, such as "tokens.maximum_length"
 *
 * Makes a row for a setting of a recipe.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_setting_row_new (const char *key)
{
  return g_object_new (WEN_TYPE_SETTING_ROW, "key", key, NULL);
}

/**
 * wen_setting_row_get_key:
 * @self: a row
 *
 * Gets the key of the setting.
 *
 * Returns: the key, such as "model.dropout"
 */
const char *
wen_setting_row_get_key (WenSettingRow *self)
{
  g_return_val_if_fail (WEN_IS_SETTING_ROW (self), NULL);

  return self->setting->key;
}

/**
 * wen_setting_row_show:
 * @self: a row
 * @recipe: a recipe
 *
 * Shows the value that the setting has in a recipe.
 */
void
wen_setting_row_show (WenSettingRow   *self,
                      const WenRecipe *recipe)
{
  g_autofree char *value = NULL;

  g_return_if_fail (WEN_IS_SETTING_ROW (self));
  g_return_if_fail (recipe != NULL);

  value = wen_recipe_get (recipe, self->setting->key);
  g_return_if_fail (value != NULL);

  self->is_showing = TRUE;
  if (GTK_IS_SPIN_BUTTON (self->control))
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->control), g_ascii_strtod (value, NULL));
  else if (GTK_IS_SWITCH (self->control))
    gtk_switch_set_active (GTK_SWITCH (self->control), strcmp (value, "true") == 0);
  else if (GTK_IS_ENTRY (self->control))
    show_text (self, value);
  else if (GTK_IS_BUTTON (self->control))
    set_files (self, g_strdupv (recipe->pretraining_files));
  else
    for (guint i = 0; self->setting->choices[i]; i++)
      if (strcmp (self->setting->choices[i], value) == 0)
        gtk_drop_down_set_selected (GTK_DROP_DOWN (self->control), i);
  self->is_showing = FALSE;
}

/**
 * wen_setting_row_apply:
 * @self: a row
 * @recipe: a recipe to change
 * @error: return location for an error
 *
 * Sets the setting in a recipe to what the row shows.
 *
 * Returns: `TRUE`, or `FALSE` with @error set
 */
gboolean
wen_setting_row_apply (WenSettingRow  *self,
                       WenRecipe      *recipe,
                       GError        **error)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  const char *value;

  g_return_val_if_fail (WEN_IS_SETTING_ROW (self), FALSE);
  g_return_val_if_fail (recipe != NULL, FALSE);

  if (self->is_closed)
    return TRUE;
  if (GTK_IS_BUTTON (self->control))
    {
      /* Names of files may have commas, so this list does not go through text. */
      g_strfreev (recipe->pretraining_files);
      recipe->pretraining_files = self->files ? g_strdupv (self->files) : g_new0 (char *, 1);
      return TRUE;
    }

  if (GTK_IS_SPIN_BUTTON (self->control))
    {
      guint n_digits = gtk_spin_button_get_digits (GTK_SPIN_BUTTON (self->control));
      char format[8];

      g_snprintf (format, sizeof format, "%%.%uf", n_digits);
      value = g_ascii_formatd (number, sizeof number, format,
                               gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->control)));
    }
  else if (GTK_IS_SWITCH (self->control))
    value = gtk_switch_get_active (GTK_SWITCH (self->control)) ? "true" : "false";
  else if (GTK_IS_ENTRY (self->control))
    value = gtk_editable_get_text (GTK_EDITABLE (self->control));
  else
    value = self->setting->choices[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->control))];

  return wen_recipe_set (recipe, self->setting->key, value, error);
}

/**
 * wen_setting_row_name_value:
 * @setting: a setting
 * @value: one of its values, as text
 *
 * Gets what to call a value.
 *
 * Returns: (transfer none): a name; the value itself where it has none, as numbers
 */
const char *
wen_setting_row_name_value (const WenSetting *setting,
                            const char       *value)
{
  g_return_val_if_fail (setting != NULL && value != NULL, NULL);

  switch (setting->kind)
    {
    case WEN_SETTING_YES_NO:
      return strcmp (value, "true") == 0 ? _("Yes") : _("No");
    case WEN_SETTING_CHOICE:
      return get_choice_title (setting->key, value);
    case WEN_SETTING_WHOLE_NUMBER:
    case WEN_SETTING_NUMBER:
    case WEN_SETTING_LIST:
    case WEN_SETTING_TEXT:
    default:
      return value;
    }
}
