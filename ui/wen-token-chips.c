/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tokens of one text as coloured chips. */

#include "config.h"

#include "wen-token-chips.h"

#include "wen-format.h"

#include <glib/gi18n.h>

#define CHIP_PADDING_X 6
#define CHIP_PADDING_Y 3
#define CHIP_SPACING 4
#define CHIP_RADIUS 6
#define MAXIMUM_CHIPS 600

typedef struct
{
  char            *label;
  guint            id;
  guint64          count;
  gboolean         is_start;       /* [CLS] */
  gboolean         is_unknown;
  gboolean         is_cut;
  graphene_rect_t  area;
} Chip;

/**
 * WenTokenChips:
 *
 * Drawn by hand rather than made of labels: a text has hundreds of tokens, and
 * hundreds of widgets take longer than a frame.
 *
 * The pointer or the arrow keys choose a chip; the property "description" tells
 * about it in a sentence, or is `NULL`.
 */
struct _WenTokenChips
{
  GtkWidget parent_instance;

  /* owned */
  GArray      *chips;          /* element-type Chip */
  PangoLayout *layout;
  char        *description;

  gssize       current;        /* -1 for none */
  gboolean     widths_known;
  int          chip_height;
};

enum
{
  PROP_0,
  PROP_DESCRIPTION,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenTokenChips, wen_token_chips, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* Token ids next to each other get different colours, and one token always the same. */
static const char * const chip_colours[] = { "blue_3", "green_3", "yellow_4", "purple_3", "orange_3" };

static void
chip_clear (gpointer data)
{
  Chip *chip = data;

  g_free (chip->label);
}

static void
measure_chips (WenTokenChips *self)
{
  PangoRectangle extents;

  if (self->widths_known)
    return;

  if (self->layout == NULL)
    self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  pango_layout_set_text (self->layout, "字g", -1);
  pango_layout_get_pixel_extents (self->layout, NULL, &extents);
  self->chip_height = extents.height + 2 * CHIP_PADDING_Y;

  for (guint i = 0; i < self->chips->len; i++)
    {
      Chip *chip = &g_array_index (self->chips, Chip, i);
      int width;

      pango_layout_set_text (self->layout, chip->label, -1);
      pango_layout_get_pixel_size (self->layout, &width, NULL);
      chip->area.size.width = MAX (width + 2 * CHIP_PADDING_X, self->chip_height);
      chip->area.size.height = self->chip_height;
    }
  self->widths_known = TRUE;
}

/* Gives every chip its place in lines of the given width, and returns the height. */
static int
place_chips (WenTokenChips *self,
             int            width)
{
  float x = 0;
  float y = 0;

  measure_chips (self);
  for (guint i = 0; i < self->chips->len; i++)
    {
      Chip *chip = &g_array_index (self->chips, Chip, i);

      if (x > 0 && x + chip->area.size.width > width)
        {
          x = 0;
          y += self->chip_height + CHIP_SPACING;
        }
      chip->area.origin.x = x;
      chip->area.origin.y = y;
      x += chip->area.size.width + CHIP_SPACING;
    }

  return self->chips->len > 0 ? y + self->chip_height : 0;
}

static void
wen_token_chips_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  WenTokenChips *self = WEN_TOKEN_CHIPS (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      int widest = 0;

      measure_chips (self);
      for (guint i = 0; i < self->chips->len; i++)
        widest = MAX (widest, g_array_index (self->chips, Chip, i).area.size.width);
      *minimum = MIN (widest, 160);
      *natural = MAX (widest, 240);
    }
  else
    *minimum = *natural = place_chips (self, for_size < 0 ? 240 : for_size);
}

static void
wen_token_chips_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  place_chips (WEN_TOKEN_CHIPS (widget), width);
}

static GtkSizeRequestMode
wen_token_chips_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
draw_chip (WenTokenChips   *self,
           GtkSnapshot     *snapshot,
           GtkStyleContext *context,
           const Chip      *chip,
           gboolean         is_current)
{
  GskRoundedRect outline;
  GdkRGBA text_colour;
  GdkRGBA fill;
  GdkRGBA border;
  int text_width;
  int text_height;
  const char *colour_name = chip->is_unknown ? "error_color"
                            : chip->is_start ? "window_fg_color"
                            : chip_colours[chip->id % G_N_ELEMENTS (chip_colours)];

  gtk_style_context_get_color (context, &text_colour);
  if (!gtk_style_context_lookup_color (context, colour_name, &fill))
    fill = text_colour;
  border = fill;
  fill.alpha = chip->is_start ? 0.1 : 0.28;

  gsk_rounded_rect_init_from_rect (&outline, &chip->area, CHIP_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &fill, &chip->area);
  gtk_snapshot_pop (snapshot);

  /* Unknown tokens differ by their border too, for those who do not see the colour. */
  if (chip->is_unknown || is_current)
    {
      float width = is_current ? 2 : 1;
      const float widths[4] = { width, width, width, width };
      const GdkRGBA colours[4] = { border, border, border, border };

      gtk_snapshot_append_border (snapshot, &outline, widths, colours);
    }

  pango_layout_set_text (self->layout, chip->label, -1);
  pango_layout_get_pixel_size (self->layout, &text_width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (chip->area.origin.x + (int) ((chip->area.size.width - text_width) / 2),
                                                chip->area.origin.y + (int) ((chip->area.size.height - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, self->layout, &text_colour);
  gtk_snapshot_restore (snapshot);
}

static void
wen_token_chips_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  WenTokenChips *self = WEN_TOKEN_CHIPS (widget);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  measure_chips (self);
  for (guint i = 0; i < self->chips->len; i++)
    {
      const Chip *chip = &g_array_index (self->chips, Chip, i);

      if (chip->is_cut)
        gtk_snapshot_push_opacity (snapshot, 0.4);
      draw_chip (self, snapshot, context, chip, (gssize) i == self->current);
      if (chip->is_cut)
        gtk_snapshot_pop (snapshot);
    }
}

static char *
describe_chip (const Chip *chip)
{
  g_autofree char *count = NULL;
  g_autofree char *sentence = NULL;

  if (chip->is_start)
    return g_strdup (_("[CLS] stands at the beginning of every text."));

  if (chip->is_unknown)
    /* Translators: %s is a token, such as one character */
    sentence = g_strdup_printf (_("“%s” is not in the vocabulary."), chip->label);
  else
    {
      count = wen_format_count (chip->count);
      /* Translators: the first %s is a token, %u its number in the vocabulary, the last %s how often it occurs */
      sentence = g_strdup_printf (g_dngettext (NULL,
                                               "“%s” is token %u and occurs %s time in the training texts.",
                                               "“%s” is token %u and occurs %s times in the training texts.",
                                               chip->count),
                                  chip->label, chip->id, count);
    }
  if (chip->is_cut)
    /* Translators: the first %s is a sentence about a token */
    return g_strdup_printf (_("%s It is cut off: the text is longer than the maximum length."), sentence);

  return g_steal_pointer (&sentence);
}

static void
set_current (WenTokenChips *self,
             gssize         current)
{
  if (current == self->current)
    return;

  self->current = current;
  g_clear_pointer (&self->description, g_free);
  if (current >= 0)
    self->description = describe_chip (&g_array_index (self->chips, Chip, current));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->description ? self->description : "",
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCRIPTION]);
}

static gssize
find_chip_at (WenTokenChips *self,
              double         x,
              double         y)
{
  for (guint i = 0; i < self->chips->len; i++)
    if (graphene_rect_contains_point (&g_array_index (self->chips, Chip, i).area,
                                      &GRAPHENE_POINT_INIT (x, y)))
      return i;

  return -1;
}

static void
pointer_moved_cb (WenTokenChips *self,
                  double         x,
                  double         y)
{
  set_current (self, find_chip_at (self, x, y));
}

static void
pointer_left_cb (WenTokenChips *self)
{
  set_current (self, -1);
}

static gboolean
key_pressed_cb (WenTokenChips   *self,
                guint            key,
                guint            key_code,
                GdkModifierType  state)
{
  gssize n_chips = self->chips->len;
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gssize step = 0;

  if (n_chips == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    step = is_rtl ? -1 : 1;
  else if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    step = is_rtl ? 1 : -1;

  if (step != 0)
    set_current (self, CLAMP (self->current + step, 0, n_chips - 1));
  else if (key == GDK_KEY_Home)
    set_current (self, 0);
  else if (key == GDK_KEY_End)
    set_current (self, n_chips - 1);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static void
wen_token_chips_css_changed (GtkWidget         *widget,
                             GtkCssStyleChange *change)
{
  WenTokenChips *self = WEN_TOKEN_CHIPS (widget);

  GTK_WIDGET_CLASS (wen_token_chips_parent_class)->css_changed (widget, change);

  self->widths_known = FALSE;
  g_clear_object (&self->layout);
  gtk_widget_queue_resize (widget);
}

static void
wen_token_chips_dispose (GObject *object)
{
  WenTokenChips *self = WEN_TOKEN_CHIPS (object);

  g_clear_object (&self->layout);

  G_OBJECT_CLASS (wen_token_chips_parent_class)->dispose (object);
}

static void
wen_token_chips_finalize (GObject *object)
{
  WenTokenChips *self = WEN_TOKEN_CHIPS (object);

  g_array_unref (self->chips);
  g_free (self->description);

  G_OBJECT_CLASS (wen_token_chips_parent_class)->finalize (object);
}

static void
wen_token_chips_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  WenTokenChips *self = WEN_TOKEN_CHIPS (object);

  switch (prop_id)
    {
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_token_chips_class_init (WenTokenChipsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_token_chips_dispose;
  object_class->finalize = wen_token_chips_finalize;
  object_class->get_property = wen_token_chips_get_property;

  widget_class->measure = wen_token_chips_measure;
  widget_class->size_allocate = wen_token_chips_size_allocate;
  widget_class->get_request_mode = wen_token_chips_get_request_mode;
  widget_class->snapshot = wen_token_chips_snapshot;
  widget_class->css_changed = wen_token_chips_css_changed;

  properties[PROP_DESCRIPTION] =
    g_param_spec_string ("description", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "token-chips");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
wen_token_chips_init (WenTokenChips *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->chips = g_array_new (FALSE, TRUE, sizeof (Chip));
  g_array_set_clear_func (self->chips, chip_clear);
  self->current = -1;

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (pointer_moved_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (pointer_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

/**
 * wen_token_chips_new:
 *
 * Makes a widget without chips.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_token_chips_new (void)
{
  return g_object_new (WEN_TYPE_TOKEN_CHIPS, NULL);
}

/* White space has no shape of its own. */
static char *
make_label (const char *piece)
{
  if (g_strcmp0 (piece, " ") == 0)
    return g_strdup ("␣");
  if (g_strcmp0 (piece, "\n") == 0 || g_strcmp0 (piece, "\r") == 0)
    return g_strdup ("↵");
  if (g_strcmp0 (piece, "\t") == 0)
    return g_strdup ("⇥");
  if (g_strcmp0 (piece, "\u3000") == 0)
    return g_strdup ("□");

  return g_strdup (piece);
}

static void
add_chip (WenTokenChips  *self,
          GString        *spoken,
          const char     *piece,
          guint           token_id,
          WenTokenReport *report,
          gboolean        is_cut)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (wen_token_report_get_tokenizer (report));
  Chip chip = {
    .label = make_label (piece),
    .id = token_id,
    .count = wen_token_report_get_count (report, token_id),
    .is_start = token_id == wen_vocabulary_get_cls_id (vocabulary),
    .is_unknown = token_id == wen_vocabulary_get_unk_id (vocabulary),
    .is_cut = is_cut,
  };

  g_string_append_printf (spoken, " %s", chip.label);
  g_array_append_val (self->chips, chip);
}

static void
show_chips (WenTokenChips *self,
            const char    *spoken)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  self->widths_known = FALSE;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static GString *
clear_chips (WenTokenChips *self)
{
  set_current (self, -1);
  g_array_set_size (self->chips, 0);

  return g_string_new (_("Tokens:"));
}

/**
 * wen_token_chips_set_tokens:
 * @self: the widget
 * @text: (nullable): the cleaned text
 * @tokens: (array length=n_tokens) (nullable): its tokens
 * @n_tokens: how many
 * @report: (nullable): where the tokens are from; not needed without tokens
 * @maximum_length: tokens from here on are shown as cut off
 *
 * Shows the tokens of a text.  Some hundreds at most get a chip.
 */
void
wen_token_chips_set_tokens (WenTokenChips  *self,
                            const char     *text,
                            const WenToken *tokens,
                            gsize           n_tokens,
                            WenTokenReport *report,
                            gsize           maximum_length)
{
  g_autoptr(GString) spoken = NULL;

  g_return_if_fail (WEN_IS_TOKEN_CHIPS (self));
  g_return_if_fail (n_tokens == 0 || (text && tokens && WEN_IS_TOKEN_REPORT (report)));

  spoken = clear_chips (self);
  for (gsize i = 0; i < MIN (n_tokens, MAXIMUM_CHIPS); i++)
    {
      WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (wen_token_report_get_tokenizer (report));
      g_autofree char *piece = tokens[i].end > tokens[i].start
                                 ? g_strndup (text + tokens[i].start, tokens[i].end - tokens[i].start)
                                 : g_strdup (wen_vocabulary_get_token (vocabulary, tokens[i].id));

      /* Tokens that are parts of a character, bytes, have no shape of their own. */
      if (!g_utf8_validate (piece, -1, NULL))
        {
          g_free (piece);
          piece = g_strdup (wen_vocabulary_get_token (vocabulary, tokens[i].id));
        }
      add_chip (self, spoken, piece, tokens[i].id, report, i >= maximum_length);
    }
  if (n_tokens > MAXIMUM_CHIPS)
    g_string_append (spoken, " …");
  show_chips (self, spoken->str);
}

/**
 * wen_token_chips_set_ids:
 * @self: the widget
 * @token_ids: (array length=n_token_ids): numbers of tokens
 * @n_token_ids: how many
 * @report: where they are from
 *
 * Shows tokens as a model sees them, without the text they came from.
 */
void
wen_token_chips_set_ids (WenTokenChips  *self,
                         const guint32  *token_ids,
                         gsize           n_token_ids,
                         WenTokenReport *report)
{
  WenVocabulary *vocabulary;
  g_autoptr(GString) spoken = NULL;

  g_return_if_fail (WEN_IS_TOKEN_CHIPS (self));
  g_return_if_fail (WEN_IS_TOKEN_REPORT (report));

  vocabulary = wen_tokenizer_get_vocabulary (wen_token_report_get_tokenizer (report));
  spoken = clear_chips (self);
  for (gsize i = 0; i < MIN (n_token_ids, MAXIMUM_CHIPS); i++)
    add_chip (self, spoken, wen_vocabulary_get_token (vocabulary, token_ids[i]), token_ids[i], report, FALSE);
  show_chips (self, spoken->str);
}

/**
 * wen_token_chips_get_description:
 * @self: the widget
 *
 * Gets a sentence about the chip under the pointer or chosen by keys.
 *
 * Returns: (nullable): the sentence
 */
const char *
wen_token_chips_get_description (WenTokenChips *self)
{
  g_return_val_if_fail (WEN_IS_TOKEN_CHIPS (self), NULL);

  return self->description;
}
