/**
 * A temporary directory, removed with all that is in it.
 *
 * Declare it before the programs that write to it: they are disposed first, and have ended when
 * it is removed.
 */

export class TemporaryDirectory implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "partyline-" });

  /** Writes a file; returns its path. */
  writeFile(name: string, text: string): string {
    const path = `${this.path}/${name}`;
    Deno.writeTextFileSync(path, text);
    return path;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
