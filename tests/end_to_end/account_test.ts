/** `partyline account` beside the real server. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { askServer } from "../../lib/cli/control/ask_server.ts";
import { CONTROL_REQUESTS } from "../../lib/cli/control/requests/mod.ts";
import { systemClock } from "../../lib/clock.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteStateStore } from "../../lib/store/sqlite/state_store.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { PERMISSIONS, runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const PASSWORD = "tea at five";
const ROUNDS = rounds(2, 20);

Deno.test("account reaches a running server, and works on its directory when it has stopped", async () => {
  using data = new TemporaryDirectory();
  const account = async (words: string, input = "") => {
    const args = ["account", ...words.split(" "), "--data", data.path];
    const { code, stdout, stderr } = await runToEnd(args, { input, denoFlags: PERMISSIONS });
    assertEquals([code, stderr], [0, ""], words);
    return stdout;
  };
  assertEquals(await account("add ann --operator", `${PASSWORD}\n`), "Added ann, an operator\n");
  {
    await using server = await ServerProcess.start({ data: data.path });
    assertEquals(Deno.lstatSync(`${data.path}/control.sock`).mode! & 0o777, 0o600);
    assertEquals(await account("add bob", `${PASSWORD}\n`), "Added bob\n");
    assertEquals(await account("grant bob operator"), "bob is an operator now\n");
    const { code, stderr } = await server.stop();
    assertEquals(code, 0);
    assert(!stderr.includes(PASSWORD));
  }
  assert(![...Deno.readDirSync(data.path)].some(({ name }) => name.startsWith("control.sock")));
  assertMatch(await account("list"), /^ann .* operator\nbob .* operator\n2 accounts\n$/);
});

Deno.test("kill -9 during account add leaves each account added or not", async () => {
  const random = new SeededRandom(SEED);
  using data = new TemporaryDirectory();
  const add = CONTROL_REQUESTS.find(({ name }) => name === "account add")!;
  const added = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    // The socket of the killed server is still there.
    await using server = await ServerProcess.start({ data: data.path });
    let answered = 0;
    const { promise: isTime, resolve } = Promise.withResolvers<void>();
    const killAfter = random.int(4);
    if (killAfter === 0) setTimeout(resolve, random.int(200));
    const adding = Array.from({ length: 6 }, async (_, index) => {
      const name = `r${round}n${index}`;
      try {
        await askServer(add, { name, password: `${PASSWORD} ${name}` }, {
          data: data.path,
          clock: systemClock,
        });
        added.add(name);
      } catch (error) {
        assertEquals(
          (error as Error).message,
          "The server ended before it answered. Check whether it did this before you try again.",
        );
      }
      if (++answered === killAfter) resolve();
    });
    await isTime;
    await server.kill();
    await Promise.all(adding);

    using database = openDatabase(`${data.path}/partyline.db`, "normal");
    const accounts = await Accounts.open({ state: new SqliteStateStore(database) });
    const context = `seed ${SEED}, round ${round}`;
    for (const name of added) assert(accounts.find(name), `${context}: ${name} is gone`);
    const last = accounts.list().filter(({ name }) => name.startsWith(`r${round}n`));
    for (const { name } of last) await accounts.passwords.logIn(name, `${PASSWORD} ${name}`);
  }
});
