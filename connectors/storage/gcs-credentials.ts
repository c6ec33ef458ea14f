import type { GcsConfig } from './gcs-config.ts'

/** Where bearer tokens come from. `undefined` = there are no credentials: requests go out without one. */
export interface TokenSource {
  get(): Promise<string | undefined>
  /** Forgets the token after the store refused it; false = a new one cannot be had. */
  refresh(): Promise<boolean>
}

const NO_TOKENS: TokenSource = { get: async () => undefined, refresh: async () => false }

/** Google's application default credentials by its own library (imported when first needed); none for an emulator. */
export function defaultGcsTokens(config: GcsConfig): TokenSource {
  if (config.isEmulator) return NO_TOKENS
  let absent = false
  let auth: Promise<TokenAuth> | undefined
  const load = async (): Promise<TokenAuth> => {
    const { Storage } = await import('@google-cloud/storage')
    return new Storage().authClient
  }
  return {
    async get() {
      if (absent) return undefined
      auth ??= load()
      try {
        return (await (await auth).getAccessToken()) ?? undefined
      } catch (error) {
        if (!(error instanceof Error) || !/Could not load the default credentials/.test(error.message)) throw error
        absent = true
        return undefined
      }
    },
    async refresh() {
      if (absent) return false
      auth = load()
      return true
    },
  }
}

interface TokenAuth {
  getAccessToken(): Promise<string | null | undefined>
}
