/** Waits until `done` gives something. */
export async function until<T>(done: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await done();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
