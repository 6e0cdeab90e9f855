import { assertEquals, assertRejects } from "@std/assert";
import { loadService } from "../../../lib/cli/endpoints/service_module.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";
import { runCommand } from "../../support/command_line.ts";
import { makePipe } from "../../support/make_pipe.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";

/** Calls `work` with a module with this text. */
async function withModule(text: string, work: (file: string) => Promise<void>): Promise<void> {
  using directory = new TemporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/mine.ts`, text);
  await work(`${directory.path}/mine.ts`);
}

const HOW = 'it must export const service = { name: "NAME", async serve(session) { ... } }';
const NAMING = "names may contain only letters, digits, - and _";

for (
  const [text, reason] of [
    ["export const other = 1;", HOW],
    ['export const service = { name: "mine" };', HOW],
    ["export const service = { serve() {} };", HOW],
    ["export const service = undefined;", HOW],
    [
      'export const service = { name: "my own", serve() {} };',
      `its service is called "my own", but ${NAMING}`,
    ],
    ['export const service = { name: "", serve() {} };', `its service is called "", but ${NAMING}`],
  ] as const
) {
  Deno.test(`loadService() refuses a module with ${JSON.stringify(text)}`, async () => {
    await withModule(text, async (file) => {
      await assertRejects(
        () => loadService(file),
        UsageError,
        `Cannot use --service ${file}: ${reason}`,
      );
    });
  });
}

Deno.test("loadService() says what is wrong with a module that cannot be loaded", async () => {
  await withModule('throw new Error("no luck\\ntoday");', async (file) => {
    await assertRejects(
      () => loadService(file),
      UsageError,
      `Cannot load --service ${file}: no luck`,
    );
    const missing = file.replace("mine", "yours");
    await assertRejects(() => loadService(missing), UsageError, `Cannot load --service ${missing}`);
  });
});

Deno.test("loadService() does not wait for a pipe", async () => {
  using directory = new TemporaryDirectory();
  const file = await makePipe(`${directory.path}/mine.ts`);
  await assertRejects(
    () => loadService(file),
    UsageError,
    `Cannot load --service ${file}: it is not a regular file`,
  );
});

Deno.test("loadService() lets a service with hear() take datagrams", async () => {
  const hearing = 'export const service = { name: "a", word: "!", serve() {}, ' +
    "hear(line) { return line + this.word; } };";
  await withModule(hearing, async (file) => {
    const { takesDatagrams, create } = await loadService(file);
    const service = await create({} as Parameters<typeof create>[0]);
    const source = {} as Parameters<NonNullable<typeof service.hear>>[1];
    const answer = service.hear?.("hello", source);
    assertEquals([takesDatagrams, answer], [true, "hello!"]);
  });
});

Deno.test("serve refuses a service with the name of another one", async () => {
  await withModule('export const service = { name: "echo", serve() {} };', async (file) => {
    assertEquals(await runCommand(["--service", file, "--listen", "echo=tcp://127.0.0.1:0"]), {
      code: 2,
      stdout: "",
      stderr: "There is already a service called echo: rename yours\n" +
        "usage: partyline [serve] [OPTIONS]; see partyline serve --help\n",
    });
  });
});
