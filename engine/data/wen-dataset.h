/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-csv-reader.h"

G_BEGIN_DECLS

/**
 * WenSplit:
 * @WEN_SPLIT_NONE: used for nothing: no text or no label
 * @WEN_SPLIT_TRAIN: weights are fitted on these rows
 * @WEN_SPLIT_VALIDATION: decides when to stop
 * @WEN_SPLIT_TEST: measured once, at the end
 *
 * What a row is used for.
 */
typedef enum
{
  WEN_SPLIT_NONE,
  WEN_SPLIT_TRAIN,
  WEN_SPLIT_VALIDATION,
  WEN_SPLIT_TEST,
} WenSplit;

#define WEN_N_SPLITS 4
#define WEN_NO_LABEL G_MAXUINT

typedef struct _WenImportReport WenImportReport;

/**
 * WenImportReport:
 * @n_rows: data rows read
 * @n_without_text: rows whose text is empty or only white space
 * @n_without_label: rows whose label is empty or only white space
 * @encoding: as read
 * @delimiter: as read
 * @has_header: whether the first row named the columns
 * @text_column: name of the column
 * @label_column: name of the column
 * @warnings: translated sentences
 *
 * What was read from a file.
 */
struct _WenImportReport
{
  guint64   n_rows;
  guint64   n_without_text;
  guint64   n_without_label;
  char     *encoding;
  char      delimiter;
  gboolean  has_header;
  char     *text_column;
  char     *label_column;
  char    **warnings;
};

#define WEN_TYPE_IMPORT_REPORT (wen_import_report_get_type ())
WEN_API
GType            wen_import_report_get_type (void) G_GNUC_CONST;
WEN_API
WenImportReport *wen_import_report_copy     (const WenImportReport *self);
WEN_API
void             wen_import_report_free     (WenImportReport       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenImportReport, wen_import_report_free)

/**
 * WenProgressFunc:
 * @fraction: from 0 to 1, or -1 when not known
 * @user_data: the caller's
 *
 * Called now and then, in the thread that works.
 */
typedef void (*WenProgressFunc) (double   fraction,
                                 gpointer user_data);

#define WEN_TYPE_DATASET (wen_dataset_get_type ())

/* Rows in memory, as columns: texts end to end in one block, label ids, splits.  Filled by one thread; once filled, any thread may read. */
WEN_API
G_DECLARE_FINAL_TYPE (WenDataset, wen_dataset, WEN, DATASET, GObject)

WEN_API
WenDataset      *wen_dataset_new             (void);
/* row_id: any number that means something to the caller (number in the file, key in the project).
 * label: NULL or blank for none.  A row without text or label gets WEN_SPLIT_NONE whatever split says. */
WEN_API
void             wen_dataset_append          (WenDataset           *self,
                                              gint64                row_id,
                                              const char           *text,
                                              const char           *label,
                                              WenSplit              split);
/* Appends every row of the file with the given split (WEN_SPLIT_TRAIN for "not decided").  text_column, label_column: NULL is guessed;
 * a missing label column is an error unless label_optional. */
WEN_API
WenImportReport *wen_dataset_append_csv      (WenDataset           *self,
                                              WenCsvReader         *reader,
                                              const char           *text_column,
                                              const char           *label_column,
                                              gboolean              label_optional,
                                              WenSplit              split,
                                              WenProgressFunc       progress,
                                              gpointer              user_data,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* Stratified, the same for the same seed and rows: of the rows that are WEN_SPLIT_TRAIN, moves test_share of each label to test,
 * then validation_share of the rest to validation.  Copies and near copies stay together.  A label with one row stays in training. */
WEN_API
gboolean         wen_dataset_split           (WenDataset           *self,
                                              guint64               seed,
                                              double                test_share,
                                              double                validation_share,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* Of a row that belongs to no fold. */
#define WEN_NO_FOLD 255
WEN_API
guint8          *wen_dataset_make_folds      (WenDataset           *self,
                                              guint64               seed,
                                              guint                 n_folds,
                                              GCancellable         *cancellable,
                                              GError              **error);
WEN_API
gsize            wen_dataset_get_n_rows      (WenDataset           *self);
WEN_API
gint64           wen_dataset_get_row_id      (WenDataset           *self,
                                              gsize                 row);
WEN_API
const char      *wen_dataset_get_text        (WenDataset           *self,
                                              gsize                 row);
/* WEN_NO_LABEL where it has none. */
WEN_API
guint            wen_dataset_get_label       (WenDataset           *self,
                                              gsize                 row);
WEN_API
WenSplit         wen_dataset_get_split       (WenDataset           *self,
                                              gsize                 row);
WEN_API
guint            wen_dataset_get_n_labels    (WenDataset           *self);
/* Labels are in the order in which they first occurred. */
WEN_API
const char      *wen_dataset_get_label_name  (WenDataset           *self,
                                              guint                 label);
WEN_API
gsize            wen_dataset_count_label     (WenDataset           *self,
                                              guint                 label,
                                              WenSplit              split);
WEN_API
gsize            wen_dataset_count_split     (WenDataset           *self,
                                              WenSplit              split);
/* Translated sentences: labels with a single row, labels without test rows, heavy imbalance, … */
WEN_API
char           **wen_dataset_dup_warnings    (WenDataset           *self);

G_END_DECLS
