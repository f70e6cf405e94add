/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The page where a model is chosen and trained, with its learning curves. */

#include "config.h"

#include "wen-train-page.h"

#include "wen-adaptive-bin.h"
#include "wen-data-curve-view.h"
#include "wen-ensemble-record.h"
#include "wen-format.h"
#include "wen-leaderboard.h"
#include "wen-learning-curves.h"
#include "wen-plot-view.h"
#include "wen-preset-titles.h"
#include "wen-search-view.h"
#include "wen-train-settings.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

typedef enum
{
  PLOT_LOSS,
  PLOT_ACCURACY,
  PLOT_PRETRAINING,
  N_PLOTS,
} Plot;

/* Of the first half, where the halves lie side by side, or one above the other. */
#define START_WIDTH 400
#define START_HEIGHT 220

struct _WenTrainPage
{
  AdwBin parent_instance;

  /* template widgets */
  WenAdaptiveBin      *adaptive_bin;
  WenAdaptiveBin      *bar_bin;
  GtkOrientable       *bar_box;
  GtkLabel            *state_label;
  GtkWidget           *cancel_button;
  GtkWidget           *pause_button;
  GtkWidget           *stop_button;
  GtkWidget           *train_button;
  GtkWidget           *resume_button;
  GtkWidget           *next_button;
  GtkPaned            *paned;
  WenTrainSettings    *settings;
  GtkStack            *stack;
  WenLeaderboard      *leaderboard;
  WenSearchView       *search_view;
  WenDataCurveView    *data_curve_view;
  GtkWidget           *progress_box;
  GtkProgressBar      *progress_bar;
  GtkLabel            *progress_label;
  WenPlotView         *loss_view;
  WenPlotView         *accuracy_view;
  WenPlotView         *pretraining_view;
  GtkLabel            *curves_label;

  /* owned */
  WenProject        *project;
  GSignalGroup      *run_signals;
  WenLearningCurves *curves[N_PLOTS];

};

enum
{
  PROP_0,
  PROP_PROJECT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenTrainPage, wen_train_page, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];

static WenRun *
get_run (WenTrainPage *self)
{
  return self->project ? wen_project_get_run (self->project) : NULL;
}

/* What an ensemble is made of and why, as sentences one below the other; NULL: it is none. */
static char *
explain_ensemble (WenTrainPage *self,
                  WenRun       *run)
{
  WenClassifier *classifier = wen_project_get_classifier (self->project);
  g_auto(GStrv) sentences = NULL;

  if (classifier == NULL || !g_str_equal (wen_run_get_recipe (run)->family, "ensemble"))
    return NULL;
  sentences = wen_ensemble_explain (wen_classifier_get_training_record (classifier));
  return sentences ? g_strjoinv ("\n", sentences) : NULL;
}

static char *
describe_end (WenTrainPage *self,
              WenRun       *run)
{
  const WenTrainingSummary *summary = wen_run_get_summary (run);
  g_autofree char *duration = NULL;
  g_autofree char *best = NULL;

  if (summary == NULL)
    return g_strdup (_("Done."));

  duration = wen_format_duration ((gint64) (summary->seconds * 1e6));
  best = explain_ensemble (self, run);
  if (best != NULL)
    {
      g_autofree char *sentences = g_strconcat ("\n", best, NULL);

      g_free (best);
      best = g_steal_pointer (&sentences);
    }
  else if (isfinite (summary->best_validation_accuracy))
    /* Translators: number of an epoch, and a share in per cent */
    best = g_strdup_printf (_("Best after epoch %u: %.1f %% of the validation rows right."), summary->best_epoch,
                            100 * summary->best_validation_accuracy);
  else
    best = g_strdup (_("There were no validation rows to watch."));

  switch (summary->end)
    {
    case WEN_TRAINING_END_STOPPED:
      /* Translators: a duration, such as "41 s", and a sentence */
      return g_strdup_printf (_("Stopped after %s; the best so far is kept. %s"), duration, best);
    case WEN_TRAINING_END_EARLY:
      /* Translators: a duration, such as "41 s", and a sentence */
      return g_strdup_printf (_("Done in %s, early, because it no longer got better. %s"), duration, best);
    case WEN_TRAINING_END_COMPLETED:
    default:
      /* Translators: a duration, such as "41 s", and a sentence */
      return g_strdup_printf (_("Done in %s. %s"), duration, best);
    }
}

/* With something else that trains. */
static gboolean
is_otherwise_busy (WenTrainPage *self)
{
  return wen_search_view_is_busy (self->search_view) || wen_data_curve_view_is_busy (self->data_curve_view);
}

static char *
describe_state (WenTrainPage *self)
{
  WenRun *run = get_run (self);

  if (wen_search_view_is_busy (self->search_view))
    return g_strdup (_("Searching for settings. Training can begin when the search is done, or stopped."));
  if (wen_data_curve_view_is_busy (self->data_curve_view))
    return g_strdup (_("Finding out whether more data would help. Training can begin after that."));
  if (run == NULL)
    return g_strdup (_("Not trained yet. “Train” learns from your rows; you can watch and stop at any time."));

  switch (wen_run_get_state (run))
    {
    case WEN_RUN_STATE_LOADING:
      return g_strdup (_("Reading the rows…"));
    case WEN_RUN_STATE_TRAINING:
      return g_strdup (wen_run_is_paused (run)
                         ? _("Paused. You can go on at any time, also after closing the window.")
                         : _("Training…"));
    case WEN_RUN_STATE_EVALUATING:
      return g_strdup (_("Measuring on the test rows…"));
    case WEN_RUN_STATE_CANCELLED:
      return g_strdup (_("Cancelled; nothing of that training was kept."));
    case WEN_RUN_STATE_FAILED:
      return g_strdup (wen_run_get_error_message (run));
    case WEN_RUN_STATE_INTERRUPTED:
      return g_strdup (wen_project_can_resume_run (self->project)
                         ? _("The last training was interrupted when the program ended. It can go on where it was.")
                         : _("The last training was interrupted when the program ended. Train again to get a classifier."));
    case WEN_RUN_STATE_COMPLETED:
    case WEN_RUN_STATE_STOPPED:
    default:
      return describe_end (self, run);
    }
}

static char *
describe_progress_of_ensemble (const WenTrainingProgress *progress)
{
  const char *title = wen_preset_get_title (progress->member);
  g_autofree char *remaining = NULL;

  if (progress->remaining_us < 0)
    /* Translators: numbers, and the name of a preset */
    return g_strdup_printf (_("Classifier %u of %u (%s)"), progress->epoch, progress->n_epochs, title);
  remaining = wen_format_duration (progress->remaining_us);
  /* Translators: numbers, the name of a preset, a duration such as "41 s" */
  return g_strdup_printf (_("Classifier %u of %u (%s) · about %s left"), progress->epoch, progress->n_epochs, title,
                          remaining);
}

static char *
describe_progress (const WenTrainingProgress *progress)
{
  g_autofree char *speed = wen_format_count ((guint64) progress->tokens_per_second);
  g_autofree char *remaining = NULL;

  if (progress->phase == WEN_TRAINING_PHASE_PAUSED)
    /* Translators: epoch, number of epochs */
    return g_strdup_printf (_("Epoch %u of %u · paused"), progress->epoch, progress->n_epochs);
  if (progress->step == 0)
    return g_strdup (_("Cleaning the texts and cutting them into tokens…"));
  if (progress->member != NULL)
    return describe_progress_of_ensemble (progress);
  if (progress->phase == WEN_TRAINING_PHASE_PRETRAINING)
    /* Translators: epoch, number of epochs, tokens a second */
    return g_strdup_printf (_("Pre-training, epoch %u of %u · %s tokens a second"), progress->epoch,
                            progress->n_epochs, speed);
  if (progress->remaining_us < 0)
    /* Translators: epoch, number of epochs, tokens a second */
    return g_strdup_printf (_("Epoch %u of %u · %s tokens a second"), progress->epoch, progress->n_epochs, speed);
  remaining = wen_format_duration (progress->remaining_us);
  /* Translators: epoch, number of epochs, tokens a second, a duration such as "41 s" */
  return g_strdup_printf (_("Epoch %u of %u · %s tokens a second · about %s left"), progress->epoch,
                          progress->n_epochs, speed, remaining);
}

/* The one place that says what can be done now. */
static void
update_actions (WenTrainPage *self)
{
  WenRun *run = get_run (self);
  gboolean is_on = run && !wen_run_is_over (run);
  gboolean has_result = run && wen_run_get_evaluation (run);
  WenRunState state = run ? wen_run_get_state (run) : WEN_RUN_STATE_COMPLETED;
  gboolean is_training = is_on && state == WEN_RUN_STATE_TRAINING;
  gboolean is_paused = is_training && wen_run_is_paused (run);
  gboolean can_resume = self->project && wen_project_can_resume_run (self->project);
  gboolean is_searching = wen_search_view_is_busy (self->search_view);
  gboolean is_measuring = wen_data_curve_view_is_busy (self->data_curve_view);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.start",
                                 self->project && !is_on && !is_searching && !is_measuring
                                   && wen_project_get_n_rows (self->project) > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.resume", can_resume && !is_searching && !is_measuring);
  wen_search_view_set_blocked (self->search_view, is_on || is_measuring);
  wen_data_curve_view_set_blocked (self->data_curve_view, is_on || is_searching);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.pause", is_training);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.stop", is_training);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.cancel", is_on);

  gtk_widget_set_visible (self->train_button, !is_on);
  gtk_widget_set_visible (self->resume_button, can_resume);
  gtk_widget_set_visible (self->pause_button, is_on);
  gtk_widget_set_visible (self->stop_button, is_on);
  gtk_widget_set_visible (self->cancel_button, is_on);
  gtk_widget_set_visible (self->next_button, !is_on && has_result);
  gtk_widget_set_visible (self->progress_box, is_on);
  gtk_widget_set_sensitive (GTK_WIDGET (self->settings), !is_on);
  /* One primary button: training first, then what comes of it. */
  if (has_result || can_resume)
    gtk_widget_remove_css_class (self->train_button, "suggested-action");
  else
    gtk_widget_add_css_class (self->train_button, "suggested-action");
  gtk_button_set_label (GTK_BUTTON (self->train_button), has_result || can_resume ? _("_Train Again") : _("_Train"));
  gtk_button_set_label (GTK_BUTTON (self->pause_button), is_paused ? _("_Continue") : _("_Pause"));
  /* What most people want next; stopping keeps the best weights, so it destroys nothing. */
  if (is_paused)
    gtk_widget_add_css_class (self->pause_button, "suggested-action");
  else
    gtk_widget_remove_css_class (self->pause_button, "suggested-action");
  gtk_widget_set_tooltip_text (self->pause_button,
                               is_paused ? _("Go on with the training")
                                         : _("Let the training wait, and free the processors for other work"));
}

static void
update_progress (WenTrainPage *self)
{
  WenRun *run = get_run (self);
  WenTrainingProgress progress;
  g_autofree char *text = NULL;

  if (run == NULL || wen_run_is_over (run))
    return;
  wen_run_get_progress (run, &progress);
  text = describe_progress (&progress);
  gtk_progress_bar_set_fraction (self->progress_bar, CLAMP (progress.fraction, 0, 1));
  gtk_label_set_label (self->progress_label, text);
}

static void
update_curves (WenTrainPage *self)
{
  WenPlotView *views[] = { self->loss_view, self->accuracy_view, self->pretraining_view };

  for (gsize i = 0; i < N_PLOTS; i++)
    {
      g_autofree char *description = NULL;

      wen_learning_curves_set_run (self->curves[i], get_run (self));
      description = wen_learning_curves_describe (self->curves[i]);
      wen_plot_view_set_description (views[i], description);
      wen_plot_view_redraw (views[i]);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->pretraining_view),
                          !wen_learning_curves_is_empty (self->curves[PLOT_PRETRAINING]));
  gtk_label_set_label (self->curves_label,
                       wen_learning_curves_is_of_ensemble (self->curves[PLOT_LOSS])
                         ? _("Several classifiers are trained, one after the other. Each dot says how one of them does "
                             "with rows that it did not learn from; together they do better.")
                         : _("Training rows are learned from; validation rows are only watched. When validation stops "
                             "getting better while training still does, the model begins to learn by heart."));
}

static void
update_state (WenTrainPage *self)
{
  g_autofree char *sentence = describe_state (self);
  WenRun *run = get_run (self);

  gtk_label_set_label (self->state_label, sentence);
  if (run && wen_run_get_state (run) == WEN_RUN_STATE_FAILED && !is_otherwise_busy (self))
    gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_label), "error");
  update_actions (self);
  update_progress (self);
  update_curves (self);
}

static void
run_changed_cb (WenTrainPage *self)
{
  g_signal_group_set_target (self->run_signals, get_run (self));
  update_state (self);
}

static void
show_problem (WenTrainPage *self,
              const char   *sentence)
{
  gtk_label_set_label (self->state_label, sentence);
  gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "error");
}

static void
draw_curves (cairo_t            *cr,
             double              width,
             double              height,
             const WenPlotStyle *style,
             gpointer            user_data)
{
  WenPlotCurves plot;

  wen_learning_curves_get_plot (user_data, &plot);
  wen_plot_draw_curves (cr, width, height, style, &plot);
}

/* Both plots of training show the values of the same moment; pre-training has epochs of
 * its own. */
static void
hover_cb (WenTrainPage *self,
          double        x,
          double        y,
          WenPlotView  *view)
{
  WenPlotCurves plot;
  double width;
  double height;
  double epoch = NAN;
  gboolean is_pretraining = view == self->pretraining_view;

  wen_learning_curves_get_plot (self->curves[is_pretraining ? PLOT_PRETRAINING : PLOT_LOSS], &plot);
  wen_plot_view_get_size (view, &width, &height);
  if (x >= 0)
    epoch = wen_plot_find_curves_x (width, height, wen_plot_view_get_style (view), &plot, x);
  for (gsize i = 0; i < N_PLOTS; i++)
    if ((i == PLOT_PRETRAINING) == is_pretraining)
      wen_learning_curves_set_hover (self->curves[i], epoch);
  wen_plot_view_redraw (self->loss_view);
  wen_plot_view_redraw (self->accuracy_view);
  wen_plot_view_redraw (self->pretraining_view);
}

static void
start_action_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  WenTrainPage *self = WEN_TRAIN_PAGE (widget);
  g_autoptr(GError) error = NULL;

  if (wen_project_start_run (self->project, &error) == NULL)
    show_problem (self, error->message);
  else
    gtk_stack_set_visible_child_name (self->stack, "curves");
}

static void
resume_action_cb (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  WenTrainPage *self = WEN_TRAIN_PAGE (widget);
  g_autoptr(GError) error = NULL;

  if (wen_project_resume_run (self->project, &error) == NULL)
    show_problem (self, error->message);
  else
    gtk_stack_set_visible_child_name (self->stack, "curves");
}

static void
pause_action_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  WenTrainPage *self = WEN_TRAIN_PAGE (widget);
  WenRun *run = get_run (self);

  if (wen_run_is_paused (run))
    wen_run_resume (run);
  else
    wen_run_pause (run);
  update_state (self);
}

static void
stop_action_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  wen_run_stop (get_run (WEN_TRAIN_PAGE (widget)));
}

static void
cancel_action_cb (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  wen_run_cancel (get_run (WEN_TRAIN_PAGE (widget)));
}

static void
narrow_changed_cb (WenTrainPage *self)
{
  gboolean narrow = wen_adaptive_bin_get_narrow (self->adaptive_bin);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_paned_set_position (self->paned, narrow ? START_HEIGHT : START_WIDTH);
}

/* On a narrow page the buttons are below the sentence. */
static void
bar_narrow_changed_cb (WenTrainPage *self)
{
  gtk_orientable_set_orientation (self->bar_box, wen_adaptive_bin_get_narrow (self->bar_bin)
                                                   ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
wen_train_page_dispose (GObject *object)
{
  WenTrainPage *self = WEN_TRAIN_PAGE (object);

  wen_train_page_set_project (self, NULL);
  g_clear_object (&self->run_signals);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_TRAIN_PAGE);

  G_OBJECT_CLASS (wen_train_page_parent_class)->dispose (object);
}

static void
wen_train_page_finalize (GObject *object)
{
  WenTrainPage *self = WEN_TRAIN_PAGE (object);

  for (gsize i = 0; i < N_PLOTS; i++)
    wen_learning_curves_free (self->curves[i]);

  G_OBJECT_CLASS (wen_train_page_parent_class)->finalize (object);
}

static void
wen_train_page_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PROJECT:
      g_value_set_object (value, WEN_TRAIN_PAGE (object)->project);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_train_page_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_PROJECT:
      wen_train_page_set_project (WEN_TRAIN_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_train_page_class_init (WenTrainPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_train_page_dispose;
  object_class->finalize = wen_train_page_finalize;
  object_class->get_property = wen_train_page_get_property;
  object_class->set_property = wen_train_page_set_property;

  properties[PROP_PROJECT] =
    g_param_spec_object ("project", NULL, NULL, WEN_TYPE_PROJECT,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "train.start", NULL, start_action_cb);
  gtk_widget_class_install_action (widget_class, "train.resume", NULL, resume_action_cb);
  gtk_widget_class_install_action (widget_class, "train.pause", NULL, pause_action_cb);
  gtk_widget_class_install_action (widget_class, "train.stop", NULL, stop_action_cb);
  gtk_widget_class_install_action (widget_class, "train.cancel", NULL, cancel_action_cb);

  g_type_ensure (WEN_TYPE_ADAPTIVE_BIN);
  g_type_ensure (WEN_TYPE_DATA_CURVE_VIEW);
  g_type_ensure (WEN_TYPE_LEADERBOARD);
  g_type_ensure (WEN_TYPE_PLOT_VIEW);
  g_type_ensure (WEN_TYPE_SEARCH_VIEW);
  g_type_ensure (WEN_TYPE_TRAIN_SETTINGS);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-train-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, adaptive_bin);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, bar_bin);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, bar_box);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, pause_button);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, train_button);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, resume_button);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, next_button);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, paned);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, settings);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, leaderboard);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, search_view);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, data_curve_view);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, progress_box);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, loss_view);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, accuracy_view);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, pretraining_view);
  gtk_widget_class_bind_template_child (widget_class, WenTrainPage, curves_label);
  gtk_widget_class_bind_template_callback (widget_class, show_problem);
  gtk_widget_class_bind_template_callback (widget_class, update_state);
  gtk_widget_class_bind_template_callback (widget_class, hover_cb);
}

static void
wen_train_page_init (WenTrainPage *self)
{
  self->curves[PLOT_LOSS] = wen_learning_curves_new (WEN_CURVE_LOSS);
  self->curves[PLOT_ACCURACY] = wen_learning_curves_new (WEN_CURVE_ACCURACY);
  self->curves[PLOT_PRETRAINING] = wen_learning_curves_new (WEN_CURVE_PRETRAINING);
  self->run_signals = g_signal_group_new (WEN_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::evaluation", G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->run_signals, "progress", G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->run_signals, "curve-changed", G_CALLBACK (update_curves), self);
  gtk_widget_init_template (GTK_WIDGET (self));

  wen_plot_view_set_draw_func (self->loss_view, draw_curves, self->curves[PLOT_LOSS]);
  wen_plot_view_set_draw_func (self->accuracy_view, draw_curves, self->curves[PLOT_ACCURACY]);
  wen_plot_view_set_draw_func (self->pretraining_view, draw_curves, self->curves[PLOT_PRETRAINING]);
  g_signal_connect_object (self->adaptive_bin, "notify::narrow", G_CALLBACK (narrow_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bar_bin, "notify::narrow", G_CALLBACK (bar_narrow_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_state (self);
}

/**
 * wen_train_page_new:
 *
 * Makes a page without a project.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_train_page_new (void)
{
  return g_object_new (WEN_TYPE_TRAIN_PAGE, NULL);
}

/**
 * wen_train_page_get_project:
 * @self: a page
 *
 * Gets the project that is trained.
 *
 * Returns: (transfer none) (nullable): the project
 */
WenProject *
wen_train_page_get_project (WenTrainPage *self)
{
  g_return_val_if_fail (WEN_IS_TRAIN_PAGE (self), NULL);

  return self->project;
}

/**
 * wen_train_page_set_project:
 * @self: a page
 * @project: (nullable): the project to train
 *
 * Shows the settings and the newest run of another project.
 */
void
wen_train_page_set_project (WenTrainPage *self,
                            WenProject   *project)
{
  g_return_if_fail (WEN_IS_TRAIN_PAGE (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_set_object (&self->project, project);
  wen_train_settings_set_project (self->settings, project);
  wen_leaderboard_set_project (self->leaderboard, project);
  wen_search_view_set_project (self->search_view, project);
  wen_data_curve_view_set_project (self->data_curve_view, project);
  if (project)
    {
      g_signal_connect_object (project, "notify::run", G_CALLBACK (run_changed_cb), self, G_CONNECT_SWAPPED);
      /* Of a project that was just opened it comes after the run. */
      g_signal_connect_object (project, "notify::classifier", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "rows-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
      run_changed_cb (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROJECT]);
}

/**
 * wen_train_page_is_busy:
 * @self: a page
 *
 * Says whether something runs whose results would be lost with the project: a search, or
 * a curve over rows.
 *
 * Returns: whether it does
 */
gboolean
wen_train_page_is_busy (WenTrainPage *self)
{
  g_return_val_if_fail (WEN_IS_TRAIN_PAGE (self), FALSE);

  return is_otherwise_busy (self);
}
