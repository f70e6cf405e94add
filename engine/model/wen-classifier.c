/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Everything that turns a text into a class: cleaning, vocabulary, labels and
 * weights, as one object that never changes.  An ensemble has a committee of such
 * objects instead of weights.  How it is kept in files stands in
 * wen-classifier-files.c. */

#include "config.h"

#include "wen-classifier-private.h"

#include <string.h>

#include "wen-committee-private.h"
#include "wen-prediction-private.h"

/* Texts that a worker takes at a time: many enough that matrix products are
 * efficient, few enough to share well.  A chunk holds the same texts whichever
 * worker takes it, so the numbers do not depend on how many workers there are. */
#define CHUNK_TEXTS 32

struct _WenClassifier
{
  GObject            parent_instance;

  /* owned, never changed */
  WenCleaner        *cleaner;
  WenTokenizer      *tokenizer;
  GPtrArray         *labels;           /* of strings */
  WenModel          *model;            /* NULL: there is a committee */
  WenCommittee      *committee;
  WenRecipe         *recipe;           /* of the committee */
  char              *training_record;

  /* for one text at a time (lock `mutex`) */
  GMutex             mutex;
  WenModelWorkspace *workspace;
  GArray            *tokens;           /* of WenToken */
  GArray            *token_ids;        /* of guint32 */
  float             *probabilities;
};

G_DEFINE_FINAL_TYPE (WenClassifier, wen_classifier, G_TYPE_OBJECT)

static void
wen_classifier_finalize (GObject *object)
{
  WenClassifier *self = WEN_CLASSIFIER (object);

  if (self->workspace != NULL)
    wen_model_workspace_free (self->model, self->workspace);
  g_clear_object (&self->cleaner);
  g_clear_object (&self->tokenizer);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_clear_object (&self->model);
  g_clear_pointer (&self->committee, wen_committee_free);
  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_clear_pointer (&self->training_record, g_free);
  g_clear_pointer (&self->tokens, g_array_unref);
  g_clear_pointer (&self->token_ids, g_array_unref);
  g_clear_pointer (&self->probabilities, g_free);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (wen_classifier_parent_class)->finalize (object);
}

static void
wen_classifier_class_init (WenClassifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_classifier_finalize;
}

static void
wen_classifier_init (WenClassifier *self)
{
  g_mutex_init (&self->mutex);
  self->tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  self->token_ids = g_array_new (FALSE, FALSE, sizeof (guint32));
}

/* labels: (element-type utf8), shared and not changed any more.  The model is
 * trained, and nobody trains it further. */
WenClassifier *
wen_classifier_new (WenCleaner   *cleaner,
                    WenTokenizer *tokenizer,
                    GPtrArray    *labels,
                    WenModel     *model,
                    const char   *training_record)
{
  WenClassifier *self = g_object_new (WEN_TYPE_CLASSIFIER, NULL);

  self->cleaner = g_object_ref (cleaner);
  self->tokenizer = g_object_ref (tokenizer);
  self->labels = g_ptr_array_ref (labels);
  self->model = g_object_ref (model);
  self->training_record = g_strdup (training_record);
  self->probabilities = g_new (float, labels->len);
  return self;
}

/* committee: (transfer full), with at least one classifier.  Its first one says what a
 * text is cut into, where a person asks. */
WenClassifier *
wen_classifier_new_committee (const WenRecipe *recipe,
                              GPtrArray       *labels,
                              WenCommittee    *committee,
                              const char      *training_record)
{
  WenClassifier *first = wen_committee_get_classifier (committee, 0, NULL, NULL, NULL);
  WenClassifier *self = g_object_new (WEN_TYPE_CLASSIFIER, NULL);

  self->cleaner = g_object_ref (first->cleaner);
  self->tokenizer = g_object_ref (first->tokenizer);
  self->labels = g_ptr_array_ref (labels);
  self->committee = committee;
  self->recipe = wen_recipe_copy (recipe);
  self->training_record = g_strdup (training_record);
  self->probabilities = g_new (float, labels->len);
  return self;
}

/* NULL: there is a committee. */
WenModel *
wen_classifier_get_model (WenClassifier *self)
{
  return self->model;
}

/* NULL: there is a model. */
WenCommittee *
wen_classifier_get_committee (WenClassifier *self)
{
  return self->committee;
}

/**
 * wen_classifier_get_recipe:
 * @self: a classifier
 *
 * Gets the choices that it was made with.
 *
 * Returns: (transfer none): its recipe
 */
const WenRecipe *
wen_classifier_get_recipe (WenClassifier *self)
{
  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), NULL);

  return self->committee != NULL ? self->recipe : wen_model_get_recipe (self->model);
}

/**
 * wen_classifier_get_cleaner:
 * @self: a classifier
 *
 * Gets what cleans a text before it is cut into tokens.
 *
 * Returns: (transfer none): its cleaner
 */
WenCleaner *
wen_classifier_get_cleaner (WenClassifier *self)
{
  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), NULL);

  return self->cleaner;
}

/**
 * wen_classifier_get_tokenizer:
 * @self: a classifier
 *
 * Gets what cuts a cleaned text into tokens.
 *
 * Returns: (transfer none): its tokenizer
 */
WenTokenizer *
wen_classifier_get_tokenizer (WenClassifier *self)
{
  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), NULL);

  return self->tokenizer;
}

/**
 * wen_classifier_get_n_labels:
 * @self: a classifier
 *
 * Counts the labels that it can give.
 *
 * Returns: at least 2
 */
guint
wen_classifier_get_n_labels (WenClassifier *self)
{
  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), 0);

  return self->labels->len;
}

/**
 * wen_classifier_get_label:
 * @self: a classifier
 * @label: from 0 to the number of labels less one
 *
 * Gets the name of a label.
 *
 * Returns: (transfer none): the name
 */
const char *
wen_classifier_get_label (WenClassifier *self,
                          guint          label)
{
  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), NULL);
  g_return_val_if_fail (label < self->labels->len, NULL);

  return g_ptr_array_index (self->labels, label);
}

/**
 * wen_classifier_get_n_parameters:
 * @self: a classifier
 *
 * Counts the numbers that training found.
 *
 * Returns: how many
 */
guint64
wen_classifier_get_n_parameters (WenClassifier *self)
{
  guint64 n_parameters = 0;

  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), 0);

  if (self->committee == NULL)
    return wen_model_count_values (self->model);
  for (guint i = 0; i < wen_committee_get_n_classifiers (self->committee); i++)
    n_parameters += wen_classifier_get_n_parameters (wen_committee_get_classifier (self->committee, i, NULL, NULL, NULL));
  return n_parameters;
}

/**
 * wen_classifier_get_training_record:
 * @self: a classifier
 *
 * Gets what is known about its training, as a JSON object.
 *
 * Returns: (transfer none): JSON, `{}` where nothing is known
 */
const char *
wen_classifier_get_training_record (WenClassifier *self)
{
  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), NULL);

  return self->training_record;
}

/* Of the first classifier of a committee. */
static guint
get_maximum_length (WenClassifier *self)
{
  if (self->committee != NULL)
    return get_maximum_length (wen_committee_get_classifier (self->committee, 0, NULL, NULL, NULL));
  return wen_classifier_get_recipe (self)->maximum_length;
}

/* Adds the ids of one text, cut to the maximum length, and says how many tokens
 * it has, [CLS] included.  tokens is scratch space. */
static guint
append_token_ids (WenClassifier *self,
                  const char    *text,
                  GArray        *tokens,
                  GArray        *token_ids)
{
  g_autofree char *cleaned = wen_cleaner_clean (self->cleaner, text);
  guint n_kept;

  wen_tokenizer_encode (self->tokenizer, cleaned, tokens);
  n_kept = MIN (tokens->len, get_maximum_length (self));
  for (guint i = 0; i < n_kept; i++)
    g_array_append_val (token_ids, g_array_index (tokens, WenToken, i).id);
  return tokens->len;
}

static guint
count_unknown (WenClassifier *self,
               GArray        *token_ids)
{
  guint unk_id = wen_vocabulary_get_unk_id (wen_tokenizer_get_vocabulary (self->tokenizer));
  guint n_unknown = 0;

  for (guint i = 0; i < token_ids->len; i++)
    n_unknown += g_array_index (token_ids, guint32, i) == unk_id;
  return n_unknown;
}

/* Lock `mutex`.  Cuts one text into self->token_ids and writes its probabilities; says
 * how many tokens it has, [CLS] included. */
static guint
compute (WenClassifier *self,
         const char    *text,
         float         *probabilities)
{
  guint32 offsets[2] = { 0 };
  guint n_tokens;

  g_array_set_size (self->token_ids, 0);
  n_tokens = append_token_ids (self, text, self->tokens, self->token_ids);
  if (self->committee != NULL)
    {
      wen_committee_predict (self->committee, text, probabilities);
      return n_tokens;
    }

  if (self->workspace == NULL)
    self->workspace = wen_model_workspace_new (self->model, get_maximum_length (self), 1);
  offsets[1] = self->token_ids->len;
  wen_model_predict (self->model, self->workspace,
                     &(WenBatch) {
                       .n_texts = 1,
                       .n_tokens = self->token_ids->len,
                       .token_ids = (const guint32 *) (const void *) self->token_ids->data,
                       .offsets = offsets,
                     },
                     probabilities);
  return n_tokens;
}

/* Writes the probabilities of one text, [n_labels].  Any thread may call it. */
void
wen_classifier_compute (WenClassifier *self,
                        const char    *text,
                        float         *probabilities)
{
  g_mutex_lock (&self->mutex);
  compute (self, text, probabilities);
  g_mutex_unlock (&self->mutex);
}

/**
 * wen_classifier_predict:
 * @self: a classifier
 * @text: as typed; bytes that are not UTF-8 are replaced
 *
 * Says which class one text belongs to.
 *
 * Blocks for one forward pass, or one for each classifier of an ensemble.  Any thread may
 * call it; calls wait for one another.  A text of which cleaning leaves nothing gets a
 * prediction too: see wen_prediction_get_n_tokens().
 *
 * Returns: (transfer full): the prediction
 */
WenPrediction *
wen_classifier_predict (WenClassifier *self,
                        const char    *text)
{
  WenPrediction *prediction;
  guint n_tokens;

  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  g_mutex_lock (&self->mutex);
  n_tokens = compute (self, text, self->probabilities);
  prediction = wen_prediction_new (self->labels, self->probabilities, n_tokens - 1,
                                   count_unknown (self, self->token_ids), n_tokens - self->token_ids->len);
  g_mutex_unlock (&self->mutex);

  return prediction;
}

/* What one worker needs to predict texts. */
typedef struct
{
  WenModelWorkspace *workspace;
  GArray            *tokens;    /* of WenToken */
  GArray            *token_ids; /* of guint32 */
  guint32            offsets[CHUNK_TEXTS + 1];
  guint64            n_tokens;
} TextWorker;

typedef struct
{
  WenClassifier     *classifier;
  TextWorker        *workers;
  const char *const *texts;
  gsize              n_texts;
  float             *probabilities;
  GCancellable      *cancellable;
  gint               next_chunk;    /* atomic */
} TextJob;

static void
predict_chunk (TextJob    *job,
               TextWorker *worker,
               gsize       first)
{
  WenClassifier *self = job->classifier;
  gsize n_texts = MIN (CHUNK_TEXTS, job->n_texts - first);

  g_array_set_size (worker->token_ids, 0);
  worker->offsets[0] = 0;
  for (gsize i = 0; i < n_texts; i++)
    {
      append_token_ids (self, job->texts[first + i], worker->tokens, worker->token_ids);
      worker->offsets[i + 1] = worker->token_ids->len;
    }
  wen_model_predict (self->model, worker->workspace,
                     &(WenBatch) {
                       .n_texts = n_texts,
                       .n_tokens = worker->token_ids->len,
                       .token_ids = (const guint32 *) (const void *) worker->token_ids->data,
                       .offsets = worker->offsets,
                     },
                     job->probabilities + first * self->labels->len);
  worker->n_tokens += worker->token_ids->len;
}

/* Worker.  Takes chunks until there are none left. */
static void
predict_chunks (guint    index,
                gpointer data)
{
  TextJob *job = data;

  while (!g_cancellable_is_cancelled (job->cancellable))
    {
      gsize first = (gsize) g_atomic_int_add (&job->next_chunk, 1) * CHUNK_TEXTS;

      if (first >= job->n_texts)
        break;
      predict_chunk (job, &job->workers[index], first);
    }
}

/**
 * wen_classifier_predict_texts:
 * @self: a classifier
 * @texts: (array length=n_texts): texts as typed
 * @n_texts: how many
 * @probabilities: (out caller-allocates) (array): room for @n_texts times the
 *   number of labels; the probabilities of each text in label order
 * @n_tokens: (out) (optional): tokens that went through the model
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Says which classes many texts belong to, on all cores.
 *
 * The same texts in the same order give the same bits, however many cores there
 * are.  Any thread may call it.
 *
 * Returns: whether it came to the end; only being cancelled prevents it
 */
gboolean
wen_classifier_predict_texts (WenClassifier      *self,
                              const char *const  *texts,
                              gsize               n_texts,
                              float              *probabilities,
                              guint64            *n_tokens,
                              GCancellable       *cancellable,
                              GError            **error)
{
  g_autoptr (WenWorkerPool) pool = NULL;
  g_autofree TextWorker *workers = NULL;
  gsize chunk_tokens;
  guint n_workers;
  guint64 n_run_tokens = 0;

  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), FALSE);

  if (self->committee != NULL)
    return wen_committee_predict_texts (self->committee, texts, n_texts, probabilities, n_tokens, cancellable, error);

  pool = wen_worker_pool_new (0);
  n_workers = wen_worker_pool_get_n_workers (pool);
  chunk_tokens = (gsize) CHUNK_TEXTS * wen_classifier_get_recipe (self)->maximum_length;
  workers = g_new0 (TextWorker, n_workers);
  for (guint i = 0; i < n_workers; i++)
    {
      workers[i].workspace = wen_model_workspace_new (self->model, chunk_tokens, CHUNK_TEXTS);
      workers[i].tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
      workers[i].token_ids = g_array_new (FALSE, FALSE, sizeof (guint32));
    }

  wen_worker_pool_run (pool, predict_chunks,
                       &(TextJob) {
                         .classifier = self,
                         .workers = workers,
                         .texts = texts,
                         .n_texts = n_texts,
                         .probabilities = probabilities,
                         .cancellable = cancellable,
                       });

  for (guint i = 0; i < n_workers; i++)
    {
      n_run_tokens += workers[i].n_tokens;
      wen_model_workspace_free (self->model, workers[i].workspace);
      g_array_unref (workers[i].tokens);
      g_array_unref (workers[i].token_ids);
    }
  if (n_tokens != NULL)
    *n_tokens = n_run_tokens;
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
