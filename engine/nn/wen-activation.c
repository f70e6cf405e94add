/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bias and activation in one pass, forward and backward.
 *
 * GELU (x) = x P (x), where P is the distribution function of the normal
 * distribution: the exact form, not the one with tanh.
 * Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
 *
 * DESIGN.  P (x) and the density p (x) share e^(-x²/2), so the forward pass knows
 * the slope P (x) + x p (x) almost for free.  It leaves the slope where x was, and
 * the backward pass is a product.  Storing x and computing all of it again was
 * three times the work.
 */

#include "config.h"

#include "wen-activation-private.h"
#include "wen-vectorize-private.h"

typedef struct
{
  float value;
  float slope;
} Gelu;

/* The value is within 3e-7 * max (1, |x|) of the exact one, the slope within 1e-6.
 * Source: Abramowitz and Stegun 1964, formula 7.1.26, for erfc (|x| / √2). */
WEN_INLINE Gelu
gelu (float x)
{
  float size = x < 0.0f ? -x : x;
  float power = wen_exp (-0.5f * x * x);
  float t = 1.0f / (1.0f + 0.3275911f * 0.70710678118654752f * size);
  float series = 1.061405429f;
  float tail;
  float share;
  Gelu  result;

  series = series * t - 1.453152027f;
  series = series * t + 1.421413741f;
  series = series * t - 0.284496736f;
  series = series * t + 0.254829592f;
  tail = 0.5f * series * t * power;
  share = x < 0.0f ? tail : 1.0f - tail;

  result.value = x * share;
  result.slope = share + x * power * 0.39894228040143268f;
  return result;
}

/* rows += bias
 *
 *   rows   [n_rows][n_columns]
 *   bias   [n_columns] */
WEN_VARIANTS void
wen_bias_forward (float       *restrict rows,
                  const float *restrict bias,
                  gsize                 n_rows,
                  gsize                 n_columns)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      float *restrict row = rows + i * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        row[j] += bias[j];
    }
}

/* Undoes: rows += bias
 * Adds to d_bias the sum of each column. */
WEN_VARIANTS void
wen_bias_backward (float       *restrict d_bias,
                   const float *restrict d_rows,
                   gsize                 n_rows,
                   gsize                 n_columns)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      const float *restrict d_row = d_rows + i * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        d_bias[j] += d_row[j];
    }
}

/* rows = GELU (rows + bias), when no gradient is wanted.
 *
 *   rows   [n_rows][n_columns]
 *   bias   [n_columns] */
WEN_VARIANTS void
wen_bias_gelu (float       *restrict rows,
               const float *restrict bias,
               gsize                 n_rows,
               gsize                 n_columns)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      float *restrict row = rows + i * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        row[j] = gelu (row[j] + bias[j]).value;
    }
}

/* activated = GELU (rows + bias); then rows = the slope of GELU there.
 *
 *   activated, rows   [n_rows][n_columns], no overlap
 *   bias              [n_columns] */
WEN_VARIANTS void
wen_bias_gelu_forward (float       *restrict activated,
                       float       *restrict rows,
                       const float *restrict bias,
                       gsize                 n_rows,
                       gsize                 n_columns)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      float *restrict activated_row = activated + i * n_columns;
      float *restrict row = rows + i * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        {
          Gelu result = gelu (row[j] + bias[j]);

          activated_row[j] = result.value;
          row[j] = result.slope;
        }
    }
}

/* Undoes: activated = GELU (rows + bias)
 * Comes with d_rows the gradient of activated; writes that of rows in its place,
 * and adds its column sums to d_bias.
 *
 *   slopes   [n_rows][n_columns], as wen_bias_gelu_forward() left them */
WEN_VARIANTS void
wen_bias_gelu_backward (float       *restrict d_bias,
                        float       *restrict d_rows,
                        const float *restrict slopes,
                        gsize                 n_rows,
                        gsize                 n_columns)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      float       *restrict d_row = d_rows + i * n_columns;
      const float *restrict slope = slopes + i * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        {
          d_row[j] *= slope[j];
          d_bias[j] += d_row[j];
        }
    }
}

typedef struct
{
  float value;
  float slope;
} Activated;

/* The relative error is that of wen_exp(). */
WEN_INLINE Activated
sigmoid (float x)
{
  float value = 1.0f / (1.0f + wen_exp (-x));

  return (Activated) { value, value * (1.0f - value) };
}

/* tanh (x) = 2 sigmoid (2 x) - 1; within 2e-7 of it. */
WEN_INLINE Activated
hyperbolic_tangent (float x)
{
  float value = 2.0f / (1.0f + wen_exp (-2.0f * x)) - 1.0f;

  return (Activated) { value, 1.0f - value * value };
}

/* The slope at 0, where there is none, is 0. */
WEN_INLINE Activated
rectify (float x)
{
  return (Activated) { x > 0.0f ? x : 0.0f, x > 0.0f ? 1.0f : 0.0f };
}

/* One row, with one of the functions above. */
#define ACTIVATE_ROW(function)                     \
  G_STMT_START                                     \
    {                                              \
      WEN_SIDE_BY_SIDE                             \
      for (gsize j = 0; j < n_columns; j++)        \
        {                                          \
          Activated result = function (row[j] + bias[j]); \
                                                   \
          activated[j] = result.value;             \
          row[j] = result.slope;                   \
        }                                          \
    }                                              \
  G_STMT_END

WEN_VARIANTS static void
activate_row (float         *restrict activated,
              float         *restrict row,
              const float   *restrict bias,
              gsize                   n_columns,
              WenActivation           activation)
{
  if (activation == WEN_ACTIVATION_RELU)
    ACTIVATE_ROW (rectify);
  else if (activation == WEN_ACTIVATION_TANH)
    ACTIVATE_ROW (hyperbolic_tangent);
  else
    ACTIVATE_ROW (sigmoid);
}

#undef ACTIVATE_ROW

/* activated = activation (rows + bias); then rows = the slope of the activation there.
 *
 *   activated, rows   [n_rows][n_columns], no overlap
 *   bias              [n_columns] */
void
wen_bias_activation_forward (float         *activated,
                             float         *rows,
                             const float   *bias,
                             gsize          n_rows,
                             gsize          n_columns,
                             WenActivation  activation)
{
  if (activation == WEN_ACTIVATION_GELU)
    {
      wen_bias_gelu_forward (activated, rows, bias, n_rows, n_columns);
      return;
    }
  for (gsize i = 0; i < n_rows; i++)
    activate_row (activated + i * n_columns, rows + i * n_columns, bias, n_columns, activation);
}

/* Undoes: activated = activation (x)
 * Comes with d_values the gradient of activated; writes that of x in its place.
 *
 *   d_values, slopes   [n_values] */
WEN_VARIANTS void
wen_activation_backward (float       *restrict d_values,
                         const float *restrict slopes,
                         gsize                 n_values)
{
  WEN_SIDE_BY_SIDE
  for (gsize i = 0; i < n_values; i++)
    d_values[i] *= slopes[i];
}
