/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

#include "wen-macros.h"

G_BEGIN_DECLS

/**
 * WenPersonalDataKind:
 * @WEN_PERSONAL_DATA_ID_NUMBER: a Chinese identity number of 18 places
 * @WEN_PERSONAL_DATA_PHONE: a mobile or landline number
 * @WEN_PERSONAL_DATA_BANK_CARD: the number of a payment card
 * @WEN_PERSONAL_DATA_EMAIL: an e-mail address
 * @WEN_PERSONAL_DATA_IP_ADDRESS: an IPv4 address
 * @WEN_PERSONAL_DATA_PASSPORT: the number of a Chinese passport
 * @WEN_PERSONAL_DATA_LICENCE_PLATE: a Chinese licence plate
 * @WEN_PERSONAL_DATA_IBAN: an international bank account number
 * @WEN_N_PERSONAL_DATA_KINDS: how many kinds there are
 *
 * What tells about a person rather than about a class.
 */
typedef enum
{
  WEN_PERSONAL_DATA_ID_NUMBER,
  WEN_PERSONAL_DATA_PHONE,
  WEN_PERSONAL_DATA_BANK_CARD,
  WEN_PERSONAL_DATA_EMAIL,
  WEN_PERSONAL_DATA_IP_ADDRESS,
  WEN_PERSONAL_DATA_PASSPORT,
  WEN_PERSONAL_DATA_LICENCE_PLATE,
  WEN_PERSONAL_DATA_IBAN,
  WEN_N_PERSONAL_DATA_KINDS,
} WenPersonalDataKind;

typedef struct _WenPersonalData WenPersonalData;

/**
 * WenPersonalData:
 * @kind: what it is
 * @begin: its first byte
 * @end: after its last byte
 *
 * A piece of a text that is personal.
 */
struct _WenPersonalData
{
  WenPersonalDataKind kind;
  gsize               begin;
  gsize               end;
};

WEN_API
WenPersonalData *wen_personal_data_find     (const char          *text,
                                             gsize               *n_found);
WEN_API
const char      *wen_personal_data_get_name (WenPersonalDataKind  kind);
WEN_API
gboolean         wen_personal_data_is_suspicious (const char     *piece);

G_END_DECLS
