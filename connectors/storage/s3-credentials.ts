import type { Environment } from './s3-config.ts'
import type { AwsCredentials } from './s3-sign.ts'

/** Where S3 credentials come from. `undefined` = there are none: requests go out unsigned. */
export interface CredentialSource {
  get(): Promise<AwsCredentials | undefined>
  /** Asks again after the store said that they have expired; false = there is nothing newer to get. */
  refresh(): Promise<boolean>
}

/**
 * AWS's default chain: environment, shared files, SSO, process, web identity, container, instance. The two plain variables
 * come first in it and need no SDK (whose import takes 0.1–0.3 s); all others go through the SDK's own provider, which
 * keeps and renews what it found.
 */
export function defaultCredentials(env: Environment): CredentialSource {
  const accessKeyId = env.AWS_ACCESS_KEY_ID
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY
  if (accessKeyId && secretAccessKey && !env.AWS_PROFILE) {
    const fixed = { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN || undefined }
    return { get: async () => fixed, refresh: async () => false }
  }
  return sdkCredentials(env.AWS_PROFILE)
}

type SdkProvider = (options?: { forceRefresh?: boolean }) => Promise<AwsCredentials>

function sdkCredentials(profile: string | undefined): CredentialSource {
  let provider: Promise<SdkProvider> | undefined
  let absent = false
  const load = async (): Promise<SdkProvider> => {
    const { S3Client } = await import('@aws-sdk/client-s3')
    // The region is asked for by some providers (SSO, STS) only where the profile has none.
    return new S3Client({ region: 'us-east-1' }).config.credentials as SdkProvider
  }
  const ask = async (forceRefresh: boolean): Promise<AwsCredentials | undefined> => {
    if (absent) return undefined
    provider ??= load()
    try {
      return await (await provider)({ forceRefresh })
    } catch (error) {
      if (!isNothingFound(error)) throw error
      if (profile) throw new Error(`the profile '${profile}' (AWS_PROFILE) has no credentials`, { cause: error })
      absent = true
      return undefined
    }
  }
  return { get: () => ask(false), refresh: async () => (await ask(true)) !== undefined }
}

/** The chain's end, as opposed to a source that is configured and fails (expired SSO login, refused assume-role). */
function isNothingFound(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'CredentialsProviderError' &&
    /Could not load credentials from any providers/.test(error.message)
  )
}
