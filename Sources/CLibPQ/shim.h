#pragma once
#include <libpq-fe.h>

// What the importer cannot see: PG_DIAG_* are character macros, and what newer versions of libpq add.

/// The fields of an error that we use. DETAIL is left out on purpose: it shows whole rows.
static inline const char *landlord_sqlstate(const PGresult *r) { return PQresultErrorField(r, PG_DIAG_SQLSTATE); }
static inline const char *landlord_message(const PGresult *r) { return PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY); }
static inline const char *landlord_constraint(const PGresult *r) { return PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME); }
static inline const char *landlord_column(const PGresult *r) { return PQresultErrorField(r, PG_DIAG_COLUMN_NAME); }
static inline const char *landlord_hint(const PGresult *r) { return PQresultErrorField(r, PG_DIAG_MESSAGE_HINT); }

static inline void landlord_ignore_notice(void *argument, const PGresult *notice) { (void)argument; (void)notice; }
/// Without a receiver of its own libpq writes notices to standard error, across the screen.
static inline void landlord_ignore_notices(PGconn *c) { PQsetNoticeReceiver(c, landlord_ignore_notice, 0); }

// A cancel request: from libpq 17 on it is encrypted as its connection is; before, only PQcancel is there.
#ifdef LIBPQ_HAS_ASYNC_CANCEL
static inline void *landlord_cancel_make(PGconn *c) { return PQcancelCreate(c); }
static inline int landlord_cancel_send(void *cancel) {
  int done = PQcancelBlocking((PGcancelConn *)cancel);
  PQcancelReset((PGcancelConn *)cancel);
  return done;
}
static inline void landlord_cancel_free(void *cancel) { PQcancelFinish((PGcancelConn *)cancel); }
#else
static inline void *landlord_cancel_make(PGconn *c) { return PQgetCancel(c); }
static inline int landlord_cancel_send(void *cancel) {
  char message[256];
  return PQcancel((PGcancel *)cancel, message, sizeof message);
}
static inline void landlord_cancel_free(void *cancel) { PQfreeCancel((PGcancel *)cancel); }
#endif
