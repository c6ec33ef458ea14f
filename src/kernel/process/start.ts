/** What a kernel process is told when it starts. */
export interface KernelBoot {
  readonly socketPath: string
  /** Removed by the process when the server is gone. */
  readonly socketFolder: string
  /** The database's configuration, by option name. */
  readonly settings: Readonly<Record<string, string>>
  /** Nothing outside of them is opened. */
  readonly allowedFolders: readonly string[]
  /** Macros and the like, run before the configuration is locked. */
  readonly statements: readonly string[]
}
