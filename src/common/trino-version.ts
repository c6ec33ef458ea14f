/** The version of Trino whose SQL and protocol Weir speaks, as clients are told: they choose their statements by it. */
export const TRINO_VERSION = '476'
