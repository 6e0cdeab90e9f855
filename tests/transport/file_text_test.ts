import { assert, assertEquals, assertRejects } from "@std/assert";
import { readFileText } from "../../lib/transport/file_text.ts";
import { FakeClock, settleSockets } from "../support/fake_clock.ts";
import { makePipe } from "../support/make_pipe.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** A named pipe, for the time of a test. */
class Pipe extends TemporaryDirectory {
  readonly file = `${this.path}/pipe`;

  static async make(): Promise<Pipe> {
    const pipe = new Pipe();
    await makePipe(pipe.file);
    return pipe;
  }

  /** Opens it as a program that writes to it. */
  openToWrite(): Deno.FsFile {
    // Opening it only to write would wait for a reader.
    return Deno.openSync(this.file, { read: true, write: true });
  }
}

Deno.test("readFileText() reads a file, and says with Deno's errors why it cannot", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.writeFile("a", "tea\n");
  assertEquals(await readFileText(file), "tea\n");
  await assertRejects(() => readFileText(`${directory.path}/b`), Deno.errors.NotFound);
  await assertRejects(() => readFileText(directory.path), Deno.errors.IsADirectory);
  assertEquals(await readFileText("/dev/null"), "");
});

Deno.test("readFileText() reads all that a program writes to a pipe, in pieces", async () => {
  using pipe = await Pipe.make();
  const clock = new FakeClock({ settle: settleSockets });
  const text = readFileText(pipe.file, { clock });
  await settleSockets();
  const writer = pipe.openToWrite();
  for (const byte of new TextEncoder().encode("correct horse é\n")) {
    await writer.write(Uint8Array.of(byte));
    await clock.advance(200);
  }
  writer.close();
  await clock.advance(200);
  assertEquals(await text, "correct horse é\n");
});

/** Lets time pass until `work` is refused; returns the reason, and the seconds until then. */
async function refusal(work: (clock: FakeClock) => Promise<unknown>) {
  const clock = new FakeClock({ settle: settleSockets });
  const start = clock.monotonic();
  let passed: number | undefined;
  const refused = assertRejects(() => work(clock), Error)
    .finally(() => passed = clock.monotonic() - start);
  while (passed === undefined) await clock.advance(200);
  return { reason: (await refused).message, seconds: passed / 1000 };
}

Deno.test("readFileText() waits for a program to write to a pipe, but not for ever", async () => {
  using pipe = await Pipe.make();
  const { reason, seconds } = await refusal((clock) => readFileText(pipe.file, { clock }));
  assertEquals(reason, "it is a pipe, and no program writes to it");
  assert(seconds >= 5 && seconds < 20, `${seconds}`);
});

Deno.test("readFileText() does not wait for ever for a program that writes nothing", async () => {
  using pipe = await Pipe.make();
  using _writer = pipe.openToWrite();
  const { reason, seconds } = await refusal((clock) => readFileText(pipe.file, { clock }));
  assertEquals(reason, "its end did not come within 20 seconds");
  assert(seconds >= 20, `${seconds}`);
});

Deno.test("readFileText() stops reading what has no end", async () => {
  await assertRejects(() => readFileText("/dev/zero"), Error, "it gives more than 1048576 bytes");
});

Deno.test("readFileText() stops waiting when the program is interrupted", async () => {
  using pipe = await Pipe.make();
  const stop = new AbortController();
  const refused = assertRejects(
    () => readFileText(pipe.file, { signal: stop.signal }),
    Error,
    "the program was interrupted",
  );
  stop.abort();
  await refused;
});
