import { StoreError } from './object-store.ts'
import type { Environment } from './s3-config.ts'

export interface GcsConfig {
  readonly origin: string
  /** An emulator takes requests without a token. */
  readonly isEmulator: boolean
}

/** STORAGE_EMULATOR_HOST, with or without a scheme, or Google itself. Throws StoreError misconfigured. */
export function readGcsConfig(env: Environment): GcsConfig {
  const text = env.STORAGE_EMULATOR_HOST
  if (text === undefined || text === '') return { origin: 'https://storage.googleapis.com', isEmulator: false }
  const url = /^https?:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(url)) throw new StoreError('misconfigured', 'configure', 'gs://', 'STORAGE_EMULATOR_HOST must be host:port or a URL')
  return { origin: new URL(url).origin, isEmulator: true }
}
