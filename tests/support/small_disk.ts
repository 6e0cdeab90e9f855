/** A small file system that can be filled or made read-only. Needs root. */

import { assert } from "@std/assert";
import { TemporaryDirectory } from "./temporary_directory.ts";

export class SmallDisk implements AsyncDisposable {
  readonly #directory: TemporaryDirectory;
  readonly path: string;
  readonly #filler: string;

  private constructor(directory: TemporaryDirectory) {
    this.#directory = directory;
    this.path = directory.path;
    this.#filler = `${this.path}/filler`;
  }

  /** Mounts the file system; `undefined` if that is not permitted. */
  static async mount(megabytes = 4): Promise<SmallDisk | undefined> {
    const directory = new TemporaryDirectory();
    const mount = 'mount -t tmpfs -o size="$2"m tmpfs "$1"';
    if (await shell(mount, directory.path, `${megabytes}`)) return new SmallDisk(directory);
    directory[Symbol.dispose]();
    return undefined;
  }

  async fill(): Promise<void> {
    using file = await Deno.open(this.#filler, { create: true, append: true });
    const page = new Uint8Array(4096);
    try {
      for (;;) file.writeSync(page);
    } catch {
      // The disk is full now.
    }
  }

  async makeSpace(): Promise<void> {
    await Deno.remove(this.#filler);
  }

  async makeReadOnly(): Promise<void> {
    assert(await shell('mount -o remount,ro "$1"', this.path));
  }

  async makeWritable(): Promise<void> {
    assert(await shell('mount -o remount,rw "$1"', this.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    assert(await shell('umount "$1"', this.path));
  }
}

/** Whether a file system can be mounted. */
export async function canMount(): Promise<boolean> {
  await using disk = await SmallDisk.mount();
  return disk !== undefined;
}

async function shell(script: string, ...args: string[]): Promise<boolean> {
  const command = new Deno.Command("sh", { args: ["-c", script, "sh", ...args], stderr: "null" });
  return (await command.output()).success;
}
