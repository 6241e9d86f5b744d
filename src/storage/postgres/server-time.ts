/** The time of the transaction, spelled as `Date.prototype.toISOString` does. */
export const SERVER_TIME = `to_char(transaction_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
