/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Visibility of the functions that libwenlei exports. */

#pragma once

#include <glib-object.h>

#ifndef WEN_API
#define WEN_API __attribute__ ((visibility ("default"))) extern
#endif
