/** Runs `run` for each number from `start` up to `end`, at most `limit` at once, in order of start. The first error ends it and is thrown. */
export async function forEachConcurrently(
  start: number,
  end: number,
  limit: number,
  run: (index: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let next = start
  let failed = false
  const worker = async (): Promise<void> => {
    while (next < end && !failed) {
      signal.throwIfAborted()
      try {
        await run(next++)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, end - start) }, worker))
}
