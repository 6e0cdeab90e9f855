import { assert, assertEquals, assertMatch } from "@std/assert";
import { openControlSocket } from "../../../lib/cli/control/control_socket.ts";
import { systemClock } from "../../../lib/clock.ts";
import { AccountKeys } from "../../../lib/domain/access/accounts/account_keys.ts";
import { Accounts } from "../../../lib/domain/access/accounts/accounts.ts";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import { lockDataDirectory, lockOnceFree } from "../../../lib/store/sqlite/data_directory.ts";
import { openDatabase } from "../../../lib/store/sqlite/database.ts";
import { SqliteStateStore } from "../../../lib/store/sqlite/state_store.ts";
import { type CommandResult, runCommand, typedInput } from "../../support/command_line.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PUBLIC_KEYS } from "../../support/public_keys.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";
import { noTokens } from "../../support/token_owners.ts";

const PASSWORD = "tea at five";

/** A data directory that does not exist yet. */
class FreshData implements Disposable {
  readonly #directory = new TemporaryDirectory();
  readonly parent = this.#directory.path;
  readonly path = `${this.parent}/data`;

  account(words: string, password = ""): Promise<CommandResult> {
    const stdin = typedInput(password);
    return runCommand(["account", ...words.split(" "), "--data", this.path], { stdin });
  }

  async accounts(): Promise<Accounts> {
    using database = openDatabase(`${this.path}/partyline.db`, "normal");
    return await Accounts.open({ state: new SqliteStateStore(database) });
  }

  /** Does work while a server has the directory. */
  async withServer(work: (accounts: Accounts) => Promise<void>): Promise<void> {
    using directory = lockDataDirectory(this.path);
    using database = openDatabase(directory.databasePath, "normal");
    const state = new SqliteStateStore(database);
    const accounts = await Accounts.open({ state, reservedNames: ["chat"] });
    await using _control = openControlSocket({
      data: this.path,
      parts: { accounts, keys: new AccountKeys({ accounts }), tokens: noTokens() },
      clock: systemClock,
      work: new FairBudget({ clock: systemClock }).account(),
    });
    await work(accounts);
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

const ok = (stdout: string) => ({ code: 0, stdout, stderr: "" });

/** The commands and what they print, with and without a server. */
async function walk(data: FreshData): Promise<void> {
  const account = data.account.bind(data);
  assertEquals(
    await account("add Ann --operator", `${PASSWORD}\n`),
    ok("Added Ann, an operator\n"),
  );
  assertEquals(await account("add bob", PASSWORD), ok("Added bob\n"));
  const listed = (await account("list")).stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "TIME");
  assertEquals(listed, "Ann  TIME  operator\nbob  TIME\n2 accounts\n");
  const { stdout } = await account("list --json");
  const [ann, bob] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(Object.keys(ann), ["name", "operator", "createdAt"]);
  assertEquals([ann.name, ann.operator, bob.name, bob.operator], ["Ann", true, "bob", false]);
  assertMatch(ann.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assertEquals(await account("grant BOB operator"), ok("bob is an operator now\n"));
  assertEquals(await account("grant ann none"), ok("Ann is not an operator now\n"));
  assertEquals(await account("remove ann"), ok("Removed Ann. Anybody can use the name now\n"));
  assertEquals(await account("password bob", "coffee at six"), ok("Set a new password for bob\n"));
  const fails = async (words: string, sentence: string) =>
    assertEquals(await account(words, PASSWORD), { code: 1, stdout: "", stderr: `${sentence}\n` });
  await fails("remove ann", "There is no account ann. Check the spelling.");
  await fails("password ann", "There is no account ann. Check the spelling.");
  await fails("grant ann none", "There is no account ann. Check the spelling.");
  await fails(
    "add bob",
    "There is already an account bob, or one that looks like it. Choose another name.",
  );
  await fails("add a/b", "Names may contain only letters, digits, _ - and .");
  await fails("add chat", "The name chat is reserved. Choose another.");
}

Deno.test("account works while no server runs, and creates the data directory", async () => {
  using data = new FreshData();
  await walk(data);
  const accounts = await data.accounts();
  assertEquals((await accounts.passwords.logIn("bob", "coffee at six")).isOperator, true);
  assertEquals(accounts.list().length, 1);
  assertEquals(Deno.statSync(data.path).mode! & 0o777, 0o700);
});

Deno.test("account works while a server runs, which knows of it at once", async () => {
  using data = new FreshData();
  await data.withServer(async (accounts) => {
    await walk(data);
    await data.account("remove bob");
    await checkServer(data, accounts);
  });
});

async function checkServer(data: FreshData, accounts: Accounts): Promise<void> {
  await data.account("add ann --operator", PASSWORD);
  assertEquals((await accounts.passwords.logIn("ann", PASSWORD)).isOperator, true);
  await data.account("grant ann none");
  await data.account("password ann", "coffee at six");
  assertEquals((await accounts.passwords.logIn("ann", "coffee at six")).isOperator, false);
  assertEquals((await data.account("list")).stdout.split("\n")[1], "1 account");
  await data.account("remove ann");
  assertEquals(accounts.find("ann"), undefined);
}

/** What `account key` prints, with and without a server. */
async function walkKeys(data: FreshData): Promise<void> {
  const { ANN, SECOND, NIST256, DSA } = PUBLIC_KEYS;
  const [ann, second] = [ANN, SECOND].map(({ line, fingerprint }) =>
    `${fingerprint} ssh-ed25519 ${line.split(" ").slice(2).join(" ")}`
  );
  const account = data.account.bind(data);
  await account("add ann", PASSWORD);
  await account("add bob", PASSWORD);
  const file = `${data.parent}/keys`;
  await Deno.writeTextFile(file, `# laptops\n${ANN.line}\n\n${DSA.line}\n${SECOND.line}\n`);
  const added = await account(`key add ann ${file}`);
  assertEquals([added.code, added.stdout], [0, `Added ${ann}\nAdded ${second}\n`]);
  assertMatch(added.stderr, /^Left out: Line 4: Keys of type ssh-dss are not supported\. .*\n$/);
  assertEquals(await account("key add ann -", `${ANN.line}\n`), ok("ann has it already\n"));
  assertEquals(
    await account("key add ann", NIST256.line),
    ok(
      `Added ${NIST256.fingerprint} ecdsa-sha2-nistp256 ec256\n`,
    ),
  );
  assertEquals(
    await account("key remove ann 3"),
    ok(`Removed ${NIST256.fingerprint} ecdsa-sha2-nistp256 ec256\n`),
  );
  assertEquals(await account("key list ann"), ok(`1  ${ann}\n2  ${second}\n2 keys\n`));
  const [json] = (await account("key list ann --json")).stdout.split("\n");
  assertEquals(Object.keys(JSON.parse(json)), ["fingerprint", "type", "label", "addedAt"]);
  const fails = async (words: string, input: string, sentence: string) =>
    assertEquals(await account(words, input), { code: 1, stdout: "", stderr: `${sentence}\n` });
  await fails(
    "key add bob",
    ANN.line,
    `The key ${ANN.fingerprint} already belongs to ann. Remove it there first, or use another key.`,
  );
  await fails(
    "key add carl",
    ANN.line,
    'There is no account carl. Check the spelling, or add it with "partyline account add".',
  );
  await fails("key remove ann 7", "", "ann has no key 7. List them first.");
  await fails(
    "key add ann",
    "hello",
    "Line 1: This is not a public key. Copy the line of a .pub file: ssh-ed25519 AAAA... NAME",
  );
  await fails(
    `key add ann ${data.parent}/none`,
    "",
    `Cannot read ${data.parent}/none: no such file or directory`,
  );
  assertEquals(await account("key remove ann 1"), ok(`Removed ${ann}\n`));
}

Deno.test("account key adds, lists and removes keys while no server runs", async () => {
  using data = new FreshData();
  await walkKeys(data);
  const keys = new AccountKeys({ accounts: await data.accounts() });
  assertEquals(keys.ownerOf(PUBLIC_KEYS.SECOND.fingerprint)?.name, "ann");
});

Deno.test("account key has a running server do its work", async () => {
  using data = new FreshData();
  await data.withServer(async (accounts) => {
    await walkKeys(data);
    assertEquals(accounts.find("ann")?.keys?.length, 1);
  });
});

Deno.test("account refuses wrong usage, and never quotes a password", async () => {
  using data = new FreshData();
  for (
    const [words, sentence] of [
      ["list x", 'Unexpected argument "x": account list takes options only'],
      ["lits", 'Unknown action "lits": did you mean "list"?'],
      [
        "constructor",
        'Unknown action "constructor": use add, list, remove, password, grant or key',
      ],
      ["add", "account add needs a name"],
      ["add ann secret", 'Unexpected argument "secret": account add takes one name'],
      ["remove", "account remove needs a name"],
      ["grant ann", "account grant needs a power: account grant NAME operator|none"],
      ["grant ann owner", 'Unknown power "owner": use operator or none'],
      ["grant ann none x", 'Unexpected argument "x": account grant takes a name and a power'],
      ["list --operator", "Option --operator is for account add; see also account grant"],
      ["key", "account key needs an action: add, list or remove"],
      ["key ad ann", 'Unknown action "ad": did you mean "add"?'],
      ["key list", "account key list needs a name"],
      [
        "key remove ann",
        "account key remove needs a fingerprint, or a number in account key list",
      ],
      ["add ann --json", "Option --json is for account list and account key list"],
    ]
  ) {
    const usage = "usage: partyline account ACTION [NAME] [OPTIONS]; see partyline account --help";
    const { code, stderr } = await data.account(words, PASSWORD);
    assertEquals([code, stderr], [2, `${sentence}\n${usage}\n`], words);
  }
  const { code, stderr } = await runCommand(["account"]);
  assertEquals(code, 2);
  assert(stderr.startsWith("account needs an action: add, list, remove, password, grant or key\n"));
});

Deno.test("account says that there is no log, and creates none but with add", async () => {
  using data = new FreshData();
  for (const words of ["list", "remove ann", "grant ann none", "password ann"]) {
    const { code, stderr } = await data.account(words, PASSWORD);
    assertEquals(code, 1);
    assertMatch(stderr, /^There is no log in .*\/data\. Give the server's data directory /);
  }
  assertEquals((await data.account("add ann", "short")).code, 1);
  assertEquals([...Deno.readDirSync(data.parent)], []);
});

Deno.test("account names the process that has the directory if it cannot be reached", async () => {
  using data = new FreshData();
  await data.account("add ann", PASSWORD);
  using _other = lockDataDirectory(data.path);
  // It waits for a server that is starting or stopping; that takes no time here.
  const clock = new FakeClock();
  const waiting = runCommand(["account", "list", "--data", data.path], { clock });
  let isDone = false;
  waiting.then(() => isDone = true);
  while (!isDone) await clock.advance(100);
  const { code, stderr } = await waiting;
  assertEquals(code, 1);
  assertMatch(stderr, new RegExp(`^The data directory .* is in use .*\\(process ${Deno.pid}\\)`));
});

Deno.test("account waits for a server that is about to open its socket", async () => {
  using data = new FreshData();
  await data.account("add ann", PASSWORD);
  let listing: Promise<CommandResult>;
  {
    using _server = lockDataDirectory(data.path);
    listing = data.account("list");
  }
  await data.withServer(async () => {
    assertEquals((await listing).code, 0);
  });
});

Deno.test("lockOnceFree() waits for a command that has the directory for a moment only", async () => {
  using data = new FreshData();
  const clock = new FakeClock();
  const command = lockDataDirectory(data.path, { isBrief: true });
  const server = lockOnceFree(data.path, clock);
  await clock.advance(1000);
  command[Symbol.dispose]();
  await clock.advance(100);
  (await server)[Symbol.dispose]();
});
