/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the commands of wenlei-cli share. */

#pragma once

#include <json-glib/json-glib.h>
#include <wenlei.h>

/* Exit statuses. */
#define WEN_CLI_DONE 0
#define WEN_CLI_FAILED 1
#define WEN_CLI_WRONG_USAGE 2

/* Commands: arguments begin with the name of the command and are NULL-terminated. */
int      wen_cli_inspect           (char                **arguments);
int      wen_cli_train             (char                **arguments);
int      wen_cli_evaluate          (char                **arguments);
int      wen_cli_predict           (char                **arguments);
int      wen_cli_clean             (char                **arguments);
int      wen_cli_augment           (char                **arguments);
int      wen_cli_tokenize          (char                **arguments);
int      wen_cli_cross_validate    (char                **arguments);
int      wen_cli_search            (char                **arguments);
int      wen_cli_learning_curve    (char                **arguments);
int      wen_cli_demo              (char                **arguments);

/* wen-cli-arguments.c */

/* Reads the options of one command; what is left are its files.  FALSE: wrong usage, which was told. */
gboolean wen_cli_parse             (char               ***arguments,
                                    const GOptionEntry   *entries,
                                    const char           *parameters,
                                    const char           *summary,
                                    guint                 n_least,
                                    guint                 n_most);
int      wen_cli_wrong_usage       (const char           *command,
                                    const char           *format,
                                    ...) G_GNUC_PRINTF (2, 3);
/* Tells an error in one line, naming the file (may be NULL) where the message does not. */
int      wen_cli_fail              (GFile                *file,
                                    const GError         *error);
/* An argument as UTF-8: names of columns and labels. (transfer full) (nullable) */
char    *wen_cli_dup_utf8          (const char           *argument);

typedef struct _WenCliProgress WenCliProgress;

/* wen-cli-recipe.c: options that several commands have. */

typedef struct
{
  char  *text_column;   /* NULL: guessed */
  char  *label_column;  /* NULL: guessed */
  char  *preset;        /* NULL: the default one */
  char  *recipe_file;   /* NULL: none */
  char **settings;      /* KEY=VALUE; NULL: none */
} WenCliChoices;

#define WEN_CLI_TEXT_ENTRY(choices) \
  { "text", 0, 0, G_OPTION_ARG_FILENAME, &(choices).text_column, N_ ("Column of the texts, else guessed"), \
    N_ ("COLUMN") }
#define WEN_CLI_LABEL_ENTRY(choices) \
  { "label", 0, 0, G_OPTION_ARG_FILENAME, &(choices).label_column, N_ ("Column of the labels, else guessed"), \
    N_ ("COLUMN") }
#define WEN_CLI_RECIPE_ENTRIES(choices) \
  { "preset", 0, 0, G_OPTION_ARG_FILENAME, &(choices).preset, \
    N_ ("Settings to begin with: linear, bayes, small, classic"), N_ ("NAME") }, \
  { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &(choices).recipe_file, N_ ("Settings to begin with, as JSON"), \
    N_ ("FILE") }, \
  { "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(choices).settings, N_ ("One setting, such as training.epochs=3"), \
    N_ ("KEY=VALUE") }

void        wen_cli_choices_clear  (WenCliChoices        *self);
/* The recipe that was chosen, checked.  Else what is wrong was told. */
int         wen_cli_make_recipe    (const char           *help,
                                    const WenCliChoices  *choices,
                                    WenRecipe           **recipe);
/* The rows of a table, all in one split; warnings may be NULL. (transfer full) */
WenDataset *wen_cli_read_dataset   (GFile                *file,
                                    const WenCliChoices  *choices,
                                    WenSplit              split,
                                    WenCliProgress       *progress,
                                    GPtrArray            *warnings,
                                    GError              **error);

/* wen-cli-output.c: people read standard output in UTF-8, whatever the locale says. */

char    *wen_cli_format_count      (guint64               count);
char    *wen_cli_format_share      (double                share);
char    *wen_cli_format_seconds    (double                seconds);
/* A warning on standard error. */
void     wen_cli_warn              (const char           *sentence);
void     wen_cli_print             (const char           *format,
                                    ...) G_GNUC_PRINTF (1, 2);
/* Prints a table: cells [n_rows][n_columns], the first row being the heads.  The first column is flush left, numbers flush right. */
void     wen_cli_print_table       (const char * const   *cells,
                                    gsize                 n_rows,
                                    gsize                 n_columns);
/* One object on one line. */
void     wen_cli_print_json        (JsonObject           *object);
void     wen_cli_json_add_strings  (JsonObject           *object,
                                    const char           *name,
                                    const char * const   *strings);
/* Flushes standard output; FALSE with a message told when it could not be written.  A reader that has gone away has seen enough. */
gboolean wen_cli_flush             (void);
/* TRUE once nobody reads standard output any more. */
gboolean wen_cli_reader_is_gone    (void);

/* wen-cli-progress.c */

WenCliProgress *wen_cli_progress_new      (void);
void            wen_cli_progress_free     (WenCliProgress            *self);
void            wen_cli_progress_training (WenCliProgress            *self,
                                           const WenTrainingProgress *progress);
void            wen_cli_progress_point    (WenCliProgress            *self,
                                           const WenCurvePoint       *point);
/* WenProgressFunc for reading and predicting; user_data is a WenCliProgress.  Only on a terminal. */
void            wen_cli_progress_fraction (double                     fraction,
                                           gpointer                   user_data);
void            wen_cli_progress_search   (WenCliProgress            *self,
                                           const WenSearchProgress   *progress,
                                           const WenSearchTrial      *best);
void            wen_cli_progress_clear    (WenCliProgress            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCliProgress, wen_cli_progress_free)

/* wen-cli-figures.c */

/* Every figure, for people.  what: "test rows". */
void     wen_cli_print_figures     (WenEvaluation        *evaluation);
/* Every figure, as members of a new object. (transfer full) */
JsonObject *wen_cli_figures_to_json (WenEvaluation       *evaluation);
/* Labels of the evaluation that training never saw, as sentences, appended to warnings. */
void     wen_cli_warn_unknown_labels (WenEvaluation      *evaluation,
                                      WenClassifier      *classifier,
                                      GPtrArray          *warnings);
gboolean wen_cli_write_errors      (WenEvaluation        *evaluation,
                                    WenDataset           *dataset,
                                    GFile                *file,
                                    GError              **error);
gint64   wen_cli_get_peak_rss      (void);

/* wen-cli-csv.c */

/* text_option: name of the column with the texts, or NULL to guess. (transfer full) */
WenCsvReader    *wen_cli_open_table       (GFile                *file,
                                           const char           *text_option,
                                           gsize                *text_column,
                                           GError              **error);

typedef struct _WenCliCsvWriter WenCliCsvWriter;

/* file: NULL is standard output.  A file appears, whole, when it is closed. */
WenCliCsvWriter *wen_cli_csv_writer_new   (GFile                *file,
                                           GError              **error);
gboolean         wen_cli_csv_writer_write (WenCliCsvWriter      *self,
                                           const char * const   *fields,
                                           gsize                 n_fields,
                                           GError              **error);
gboolean         wen_cli_csv_writer_close (WenCliCsvWriter      *self,
                                           GError              **error);
void             wen_cli_csv_writer_free  (WenCliCsvWriter      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCliCsvWriter, wen_cli_csv_writer_free)

/* wen-cli-journal.c */

/* checkpoint: NULL where there is no such file yet. */
gboolean wen_cli_journal_read      (GFile                *file,
                                    GBytes              **checkpoint,
                                    GError              **error);
gboolean wen_cli_journal_write     (GFile                *file,
                                    GBytes               *checkpoint,
                                    GError              **error);

/* wen-cli-training.c: one training run, from a table to a saved and measured classifier. */

typedef struct
{
  GFile           *file;
  GFile           *test_file;     /* NULL: split by the recipe */
  char            *text_column;   /* NULL: guessed */
  char            *label_column;  /* NULL: guessed */
  const WenRecipe *recipe;
  GFile           *output;        /* NULL: not saved */
  GFile           *journal;       /* NULL: an interrupted run is lost */
  gboolean         forecasts;     /* rather than trains */
  gboolean         json;
} WenCliTraining;

/* classifier: (out) (optional) (transfer full): what was trained, or NULL where it failed. */
int      wen_cli_run_training      (const WenCliTraining *training,
                                    WenClassifier       **classifier);
