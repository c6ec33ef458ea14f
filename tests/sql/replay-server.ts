/** A Weir server whose schema `tiny` holds the tables of Trino's `tpch.tiny`. */
import { join } from 'node:path'
import { registerTables } from '#tests/support/tpc-lake'
import { TPCH_TABLES } from '#tests/support/tpch-schema'
import { startWeir, type WeirServer } from '#tests/support/weir'

const TINY = join(import.meta.dirname, 'tpch-tiny')

export async function startReplayServer(): Promise<WeirServer> {
  const weir = await startWeir({ args: ['--allow', `${TINY}/`] })
  try {
    await registerTables(weir, { location: `${TINY}/`, env: {}, close: async () => {} }, 'tiny', TPCH_TABLES)
  } catch (error) {
    await weir.stop()
    throw error
  }
  return weir
}
