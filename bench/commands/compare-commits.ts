export async function compareCommits(..._: readonly unknown[]): Promise<number> {
  return 2
}
