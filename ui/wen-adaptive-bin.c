/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A widget with one child that knows whether it is narrow, so that templates can
 * bind orientations to it.  (libadwaita 1.2 has no breakpoints.) */

#include "config.h"

#include "wen-adaptive-bin.h"

/**
 * WenAdaptiveBin:
 *
 * Lays its child out over its whole area and says in the property "narrow"
 * whether the area is narrower than "narrow-below" pixels.
 *
 * The property changes right after the allocation, at high idle priority: a
 * child must not ask for another size while it is being given one.
 */
struct _WenAdaptiveBin
{
  GtkWidget parent_instance;

  /* owned */
  GtkWidget *child;
  guint      update_source;

  int        narrow_below;
  gboolean   narrow;
  gboolean   allocated_narrow;
};

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_NARROW_BELOW,
  PROP_NARROW,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenAdaptiveBin, wen_adaptive_bin, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static gboolean
update_narrow_cb (gpointer user_data)
{
  WenAdaptiveBin *self = user_data;

  self->update_source = 0;
  if (self->narrow != self->allocated_narrow)
    {
      self->narrow = self->allocated_narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
    }

  return G_SOURCE_REMOVE;
}

static void
wen_adaptive_bin_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  WenAdaptiveBin *self = WEN_ADAPTIVE_BIN (widget);

  *minimum = 0;
  *natural = 0;
  if (self->child && gtk_widget_should_layout (self->child))
    gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
wen_adaptive_bin_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  WenAdaptiveBin *self = WEN_ADAPTIVE_BIN (widget);

  if (self->child && gtk_widget_should_layout (self->child))
    gtk_widget_allocate (self->child, width, height, baseline, NULL);

  self->allocated_narrow = width < self->narrow_below;
  if (self->allocated_narrow != self->narrow && self->update_source == 0)
    self->update_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_narrow_cb, self, NULL);
}

static GtkSizeRequestMode
wen_adaptive_bin_get_request_mode (GtkWidget *widget)
{
  WenAdaptiveBin *self = WEN_ADAPTIVE_BIN (widget);

  return self->child ? gtk_widget_get_request_mode (self->child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
set_child (WenAdaptiveBin *self,
           GtkWidget      *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
wen_adaptive_bin_dispose (GObject *object)
{
  WenAdaptiveBin *self = WEN_ADAPTIVE_BIN (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (wen_adaptive_bin_parent_class)->dispose (object);
}

static void
wen_adaptive_bin_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  WenAdaptiveBin *self = WEN_ADAPTIVE_BIN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_NARROW_BELOW:
      g_value_set_int (value, self->narrow_below);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_adaptive_bin_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  WenAdaptiveBin *self = WEN_ADAPTIVE_BIN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;
    case PROP_NARROW_BELOW:
      self->narrow_below = g_value_get_int (value);
      gtk_widget_queue_allocate (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_adaptive_bin_class_init (WenAdaptiveBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_adaptive_bin_dispose;
  object_class->get_property = wen_adaptive_bin_get_property;
  object_class->set_property = wen_adaptive_bin_set_property;

  widget_class->measure = wen_adaptive_bin_measure;
  widget_class->size_allocate = wen_adaptive_bin_size_allocate;
  widget_class->get_request_mode = wen_adaptive_bin_get_request_mode;

  properties[PROP_CHILD] =
    g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW_BELOW] =
    g_param_spec_int ("narrow-below", NULL, NULL, 0, G_MAXINT, 0,
                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
wen_adaptive_bin_init (WenAdaptiveBin *self)
{
}

/**
 * wen_adaptive_bin_get_narrow:
 * @self: a bin
 *
 * Says whether the widget is narrower than its "narrow-below".
 *
 * Returns: `TRUE` if it is narrow
 */
gboolean
wen_adaptive_bin_get_narrow (WenAdaptiveBin *self)
{
  g_return_val_if_fail (WEN_IS_ADAPTIVE_BIN (self), FALSE);

  return self->narrow;
}
