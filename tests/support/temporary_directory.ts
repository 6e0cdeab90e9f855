/**
 * A temporary directory, removed with all that is in it.
 *
 * Declare it before the programs that write to it: they are disposed first, and have ended when
 * it is removed.
 */

export class TemporaryDirectory implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "partyline-" });

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
