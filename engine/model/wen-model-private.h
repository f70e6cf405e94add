/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What trainer, evaluation and classifier know of a model, whatever its family. */

#pragma once

#include "wen-batch-private.h"
#include "wen-encoder-private.h"
#include "wen-recipe.h"
#include "wen-worker-pool-private.h"

#define WEN_TYPE_MODEL (wen_model_get_type ())
G_DECLARE_DERIVABLE_TYPE (WenModel, wen_model, WEN, MODEL, GObject)

/* One step of training, as it was. */
typedef struct
{
  guint64 step;           /* from 1, over all epochs */
  guint   epoch;          /* from 1 */
  gsize   n_texts;
  gsize   n_tokens;
  gsize   n_masked;       /* while pre-training: tokens that were to be guessed */
  gsize   n_correct;      /* of the texts, or of the masked tokens */
  double  loss;           /* mean over the same, in nats */
  double  learning_rate;
} WenModelStep;

/* Called after each step.  FALSE ends the epoch there. */
typedef gboolean (*WenModelStepFunc) (const WenModelStep *step,
                                      gpointer            user_data);

/* The texts of an epoch (from 1), where they are other ones each time: as many as the
 * training texts and in the same order, none longer than max_tokens says.  They stay valid
 * until the next call. */
typedef struct
{
  WenBatch (*get_texts) (guint    epoch,
                         gpointer user_data);
  guint    (*max_tokens) (guint    n_tokens,   /* of a training text */
                          gpointer user_data);
  gpointer   user_data;
} WenModelAugmentation;

/* What one worker needs to predict; made by the family. */
typedef struct _WenModelWorkspace WenModelWorkspace;

/* Abstract.  A family implements:
 *
 *   build            makes the parameters, from `recipe`, `n_vocabulary`, `n_labels`
 *   fit_file         optional: takes sizes that the recipe does not tell from a file
 *                    of weights, before that is read
 *   initialize       sets them to where training starts
 *   begin            readies training on `texts`, with their weights and targets, which
 *                    stay valid until end()
 *   begin_pretraining  optional: the same for pre-training, in which tokens that `mask_id`
 *                    hides are guessed; all until end() is then about that
 *   count_steps      steps in an epoch, after begin()
 *   run_epoch        one pass over the texts in an order that only seed and epoch decide;
 *                    the first n_done steps of it were done before
 *   calibrate        optional: makes the probabilities of validation texts honest, and
 *                    those of all texts with them
 *   list_state       optional: what else training changes, between begin() and end()
 *   restore          optional: parameters and state were set to those of a checkpoint
 *   end              frees what begin() made
 *   list_parameters  names, shapes and values
 *   workspace_*      what prediction needs for up to n_tokens and n_texts at a time
 *   compute_logits   writes [n_texts][n_labels]; several threads may run it, each
 *                    with a workspace of its own, while nobody trains */
struct _WenModelClass
{
  GObjectClass parent_class;

  void               (*build)           (WenModel          *self);
  void               (*fit_file)        (WenModel          *self,
                                         GBytes            *weights);
  void               (*initialize)      (WenModel          *self,
                                         guint64            seed);
  void               (*begin)           (WenModel          *self,
                                         const WenBatch    *texts,
                                         WenWorkerPool     *pool);
  void               (*begin_pretraining) (WenModel        *self,
                                         const WenBatch    *texts,
                                         guint              mask_id,
                                         WenWorkerPool     *pool);
  guint64            (*count_steps)     (WenModel          *self);
  gboolean           (*run_epoch)       (WenModel          *self,
                                         guint              epoch,
                                         guint64            n_done,
                                         WenModelStepFunc   func,
                                         gpointer           user_data);
  void               (*calibrate)       (WenModel          *self,
                                         const WenBatch    *texts,
                                         float             *probabilities);
  const WenTensor   *(*list_state)      (WenModel          *self,
                                         gsize             *n_tensors);
  void               (*restore)         (WenModel          *self);
  void               (*end)             (WenModel          *self);
  const WenTensor   *(*list_parameters) (WenModel          *self,
                                         gsize             *n_parameters);
  WenModelWorkspace *(*workspace_new)   (WenModel          *self,
                                         gsize              n_tokens,
                                         gsize              n_texts);
  void               (*workspace_free)  (WenModel          *self,
                                         WenModelWorkspace *workspace);
  void               (*compute_logits)  (WenModel          *self,
                                         WenModelWorkspace *workspace,
                                         const WenBatch    *texts,
                                         float             *logits);
};

WenModel          *wen_model_new             (const WenRecipe   *recipe,
                                              guint              n_vocabulary,
                                              guint              n_labels);
const WenRecipe   *wen_model_get_recipe      (WenModel          *self);
guint              wen_model_get_n_vocabulary (WenModel         *self);
guint              wen_model_get_n_labels    (WenModel          *self);
void               wen_model_fit_file        (WenModel          *self,
                                              GBytes            *weights);
void               wen_model_initialize      (WenModel          *self,
                                              guint64            seed);
void               wen_model_begin           (WenModel          *self,
                                              const WenBatch    *texts,
                                              WenWorkerPool     *pool);
/* Only where wen_recipe_pretrains() says so. */
void               wen_model_begin_pretraining (WenModel        *self,
                                              const WenBatch    *texts,
                                              guint              mask_id,
                                              WenWorkerPool     *pool);
/* Before begin(); a family that does not learn in batches takes no notice. */
void               wen_model_set_augmentation (WenModel         *self,
                                              const WenModelAugmentation *augmentation);
const WenModelAugmentation *wen_model_get_augmentation (WenModel *self);
guint64            wen_model_count_steps     (WenModel          *self);
gboolean           wen_model_run_epoch       (WenModel          *self,
                                              guint              epoch,
                                              guint64            n_done,
                                              WenModelStepFunc   func,
                                              gpointer           user_data);
/* The order of the texts in an epoch (from 1): the same for every family. */
void               wen_model_order_texts     (const WenRecipe   *recipe,
                                              guint              epoch,
                                              guint32           *order,
                                              gsize              n_texts);
void               wen_model_calibrate       (WenModel          *self,
                                              const WenBatch    *texts,
                                              float             *probabilities);
const WenTensor   *wen_model_list_state      (WenModel          *self,
                                              gsize             *n_tensors);
void               wen_model_restore         (WenModel          *self);
void               wen_model_end             (WenModel          *self);
const WenTensor   *wen_model_list_parameters (WenModel          *self,
                                              gsize             *n_parameters);
guint64            wen_model_forecast_values (const WenRecipe   *recipe,
                                              guint              n_vocabulary,
                                              guint              n_labels);
guint64            wen_model_forecast_bytes  (const WenRecipe   *recipe,
                                              guint              n_vocabulary,
                                              guint              n_labels,
                                              guint              n_workers,
                                              guint              longest);
guint64            wen_model_count_values    (WenModel          *self);
void               wen_model_copy_values     (WenModel          *self,
                                              float             *values);
void               wen_model_set_values      (WenModel          *self,
                                              const float       *values);
WenModelWorkspace *wen_model_workspace_new   (WenModel          *self,
                                              gsize              n_tokens,
                                              gsize              n_texts);
void               wen_model_workspace_free  (WenModel          *self,
                                              WenModelWorkspace *workspace);
void               wen_model_predict         (WenModel          *self,
                                              WenModelWorkspace *workspace,
                                              const WenBatch    *texts,
                                              float             *probabilities);
