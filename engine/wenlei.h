/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The one header that users of libwenlei include. */

#pragma once

#include "wen-macros.h"
#include "wen-cleaning-entry.h"
#include "wen-recipe.h"
#include "wen-cleaner.h"
#include "wen-vocabulary.h"
#include "wen-dictionary.h"
#include "wen-tokenizer.h"
#include "wen-csv-reader.h"
#include "wen-dataset.h"
#include "wen-personal-data.h"
#include "wen-finding.h"
#include "wen-health.h"
#include "wen-prediction.h"
#include "wen-classifier.h"
#include "wen-cleaning-report.h"
#include "wen-cross-validation.h"
#include "wen-token-report.h"
#include "wen-trainer.h"
#include "wen-training-forecast.h"
#include "wen-evaluation.h"
#include "wen-comparison.h"
#include "wen-run.h"
#include "wen-project.h"
#include "wen-run-list.h"
#include "wen-row-list.h"
#include "wen-plot.h"
