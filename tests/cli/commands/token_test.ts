import { assert, assertEquals, assertMatch } from "@std/assert";
import { openControlSocket } from "../../../lib/cli/control/control_socket.ts";
import { systemClock } from "../../../lib/clock.ts";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import { lockDataDirectory } from "../../../lib/store/sqlite/data_directory.ts";
import { openDatabase } from "../../../lib/store/sqlite/database.ts";
import { SqliteStateStore } from "../../../lib/store/sqlite/state_store.ts";
import { type CommandResult, runCommand } from "../../support/command_line.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";
import { openOwners, type TokenOwners } from "../../support/token_owners.ts";

/** A data directory with the accounts ann and bob. */
class OwnersData extends TemporaryDirectory {
  static async create(): Promise<OwnersData> {
    const data = new OwnersData();
    await data.use(() => Promise.resolve());
    return data;
  }

  token(words: string): Promise<CommandResult> {
    return runCommand(["token", ...words.split(" "), "--data", this.path]);
  }

  /** Does work while a server has the directory. */
  async use(work: (owners: TokenOwners) => Promise<void>): Promise<void> {
    using directory = lockDataDirectory(this.path);
    using database = openDatabase(directory.databasePath, "normal");
    const owners = await openOwners(["Ann", "bob"], { state: new SqliteStateStore(database) });
    await using _control = openControlSocket({
      data: this.path,
      parts: owners,
      clock: systemClock,
      work: new FairBudget({ clock: systemClock }).account(),
    });
    await work(owners);
    await owners.tokens.settled();
  }
}

/** The commands and what they print, with and without a server; returns the secrets. */
async function walk(data: OwnersData): Promise<string[]> {
  const secrets: string[] = [];
  for (const words of ["new ann deploy", "new ANN ci Ops #builds", "new bob deploy"]) {
    const { code, stdout, stderr } = await data.token(words);
    assertEquals([code, stderr], [0, "Keep it now, like a password: it is not shown again.\n"]);
    assertMatch(stdout, /^pl_[\w-]{43}\n$/);
    secrets.push(stdout.trimEnd());
  }
  const listed = (await data.token("list ann")).stdout.replaceAll(/\d{4}-\d\d-\d\d/g, "DAY");
  assertEquals(
    listed,
    "deploy  created on DAY  never used  all rooms\n" +
      "ci      created on DAY  never used  #Ops #builds\n2 tokens\n",
  );
  const { stdout } = await data.token("list ann --json");
  const [, ci] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const { createdAt, ...rest } = ci;
  assertEquals(rest, { label: "ci", rooms: ["Ops", "builds"], usedOn: null });
  assertMatch(createdAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assertEquals(await data.token("revoke ann DEPLOY"), {
    code: 0,
    stdout: "Revoked deploy. Whatever used it is refused from now on\n",
    stderr: "",
  });
  const refusals = [
    ["revoke ann deploy", "Ann has no token deploy. List them first."],
    ["new ann ci", "There is already a token ci. Choose another label, or revoke that one first."],
    ["new zoe x", "There is no account zoe. Check the spelling."],
    ["list zoe", "There is no account zoe. Check the spelling."],
    ["new ann a/b", "Labels may contain only letters, digits, _ - and ."],
    ["new ann x a/b", "Room names may contain only letters, digits, _ - and ."],
  ];
  for (const [words, sentence] of refusals) {
    assertEquals(await data.token(words), { code: 1, stdout: "", stderr: `${sentence}\n` }, words);
  }
  return secrets;
}

Deno.test("token works while no server runs", async () => {
  using data = await OwnersData.create();
  const [deploy, ci, bobs] = await walk(data);
  await data.use(async ({ tokens }) => {
    assertEquals(tokens.ask(deploy), undefined);
    assertEquals(tokens.ask(ci)?.onlyRooms, new Set(["ops", "builds"]));
    assertEquals(tokens.ask(bobs)?.account, "bob");
    await tokens.settled();
  });
  assertMatch((await data.token("list bob")).stdout, /^deploy .* {2}used on \d{4}-\d\d-\d\d /);
  // What belonged to a removed account is removed before the command ends.
  await runCommand(["account", "remove", "bob", "--data", data.path]);
  using database = openDatabase(`${data.path}/partyline.db`, "normal");
  const stored = await new SqliteStateStore(database).all("tokens");
  assertEquals([...stored.keys()], ["ann"]);
});

Deno.test("token works while a server runs, which knows of it at once", async () => {
  using data = await OwnersData.create();
  await data.use(async ({ tokens }) => {
    const [deploy, ci] = await walk(data);
    assertEquals(tokens.ask(deploy), undefined);
    const asker = tokens.ask(ci)!;
    await data.token("revoke ann ci");
    assert(asker.revoked!.aborted);
  });
});

Deno.test("token new succeeds even if it cannot look for other names of the rooms", async () => {
  using data = await OwnersData.create();
  await data.use(async ({ tokens }) => {
    // As after an upgrade without a restart, when only the server can read the log.
    using database = openDatabase(`${data.path}/partyline.db`, "normal");
    database.exec("PRAGMA user_version = 9999");
    const { code, stdout, stderr } = await data.token("new ann deploy Ops");
    assertEquals([code, stderr], [0, "Keep it now, like a password: it is not shown again.\n"]);
    assertEquals(tokens.ask(stdout.trimEnd())?.onlyRooms, new Set(["ops"]));
  });
});

Deno.test("token refuses wrong usage", async () => {
  using data = await OwnersData.create();
  const cases = [
    ["lits ann", 'Unknown action "lits": did you mean "list"?'],
    ["new", "token new needs an account"],
    ["new ann", "token new needs an account and a label"],
    ["list ann x", 'Unexpected argument "x": token list takes an account'],
    ["revoke ann", "token revoke needs an account and a label"],
    ["revoke ann x y", 'Unexpected argument "y": token revoke takes an account and a label'],
    ["revoke ann x --json", "Option --json is for token list"],
  ];
  const usage = "usage: partyline token ACTION ACCOUNT [LABEL] [ROOM ...] [OPTIONS]; " +
    "see partyline token --help";
  for (const [words, sentence] of cases) {
    const { code, stderr } = await data.token(words);
    assertEquals([code, stderr], [2, `${sentence}\n${usage}\n`], words);
  }
});
