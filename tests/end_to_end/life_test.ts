/** How the program starts, refuses to start, and stops. */

import { assert, assertEquals, assertLess, assertMatch, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import {
  PERMISSIONS,
  type ProgramOptions,
  runToEnd,
  ServerProcess,
  TROUBLE,
} from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const USAGE = "usage: partyline [serve] [OPTIONS]; see partyline serve --help\n";
const ANY_PORT = ["--listen", "chat=tcp://127.0.0.1:0"];

function isRoot(): boolean {
  const { stdout } = new Deno.Command("id", { args: ["-u"] }).outputSync();
  return new TextDecoder().decode(stdout).trim() === "0";
}

async function withDirectory(work: (path: string) => Promise<void>): Promise<void> {
  using directory = new TemporaryDirectory();
  await work(directory.path);
}

/** Runs a program that cannot start, and throws unless it prints exactly that. */
async function assertRefuses(
  args: readonly string[],
  expected: { code: number; stderr: string },
  options?: ProgramOptions,
): Promise<void> {
  const { code, stdout, stderr } = await runToEnd(["serve", ...args], options);
  assertEquals({ code, stdout, stderr }, { stdout: "", ...expected });
}

Deno.test("serve prints its listeners with their real ports, and when it is ready", async () => {
  await using server = await ServerProcess.start();
  const [telnet, tcp] = server.ports;
  const { code, stdout, stderr } = await server.stop();
  assertEquals(
    stdout,
    `listening chat telnet://127.0.0.1:${telnet}\nlistening chat tcp://127.0.0.1:${tcp}\nready\n`,
  );
  assertEquals(
    stderr,
    `Join with: telnet 127.0.0.1 ${telnet}   or: nc 127.0.0.1 ${tcp}\n` +
      "Off: chat=ssh://127.0.0.1:2222, irc=tcp://127.0.0.1:6667, logger=tcp://127.0.0.1:1514. " +
      "Add --listen default to keep the defaults.\n" +
      `Press Ctrl-C to stop the server. Everything is kept in ${server.data}.\n`,
  );
  assertEquals(code, 0);
});

Deno.test("serve --log-format json writes only JSON Lines to standard error", async () => {
  await using server = await ServerProcess.start({
    args: ["--log-format", "json", "--log-level", "debug"],
  });
  const ann = await LineClient.enter(server.port, "ann");
  const { stderr } = await server.stop();
  const records = stderr.trim().split("\n").map((line) => JSON.parse(line));
  const connected = records.find(({ message }) => message === "Connected");
  assertEquals(connected.properties.transport, "tcp");
  assertEquals(
    connected.properties.remote,
    `127.0.0.1:${(ann.connection.localAddr as Deno.NetAddr).port}`,
  );
  await ann.close();
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`serve says goodbye to everybody on ${signal}, and exits with 0`, async () => {
    await using server = await ServerProcess.start();
    const [telnet, tcp] = server.ports;
    const ann = await LineClient.enter(telnet, "ann");
    const bob = await LineClient.enter(tcp, "bob");
    const nameless = await LineClient.connect(tcp);
    await nameless.expect("What is your name?\r\n");
    await bob.send("last words");
    await ann.expect("<bob> last words\r\n");
    const stopped = server.stop(signal);
    for (const client of [ann, bob, nameless]) {
      await client.expect("* The server is stopping. All messages are saved.\r\n");
      await client.expectEnd();
      await client.close();
    }
    const { code, stderr } = await stopped;
    assertEquals(code, 0);
    assertNotMatch(stderr, TROUBLE);
  });
}

/** A peer that reads nothing while another one talks, so that its outbox is full. */
async function enterStalled(port: number): Promise<LineClient> {
  const stalled = await LineClient.enter(port, "stalled");
  stalled.pause();
  const talker = await LineClient.enter(port, "talker");
  await talker.send("/set echo on");
  for (let number = 0; number < 20; number++) {
    // 20 MiB: more than the system buffers for a connection.
    const lines = Array.from({ length: 512 }, () => "x".repeat(2048));
    await talker.send(...lines, `end of ${number}`);
    await talker.expect(`end of ${number}\r\n`);
  }
  await talker.close();
  return stalled;
}

Deno.test("serve exits with 0 within 5 s of SIGTERM even if a peer does not read", async () => {
  await using server = await ServerProcess.start({ args: ["--flood-rate", "0"] });
  const stalled = await enterStalled(server.port);
  const ann = await LineClient.enter(server.port, "ann");
  const start = performance.now();
  const stopped = server.stop("SIGTERM");
  await ann.expect("* The server is stopping.");
  await ann.expectEnd();
  assertEquals((await stopped).code, 0);
  const elapsed = performance.now() - start;
  assertLess(elapsed, 5000);
  // Otherwise the server had nobody to wait for, and this test would prove nothing.
  assert(elapsed > 2000, "Nobody was stalled");
  await Promise.all([ann.close(), stalled.close()]);
});

Deno.test("serve exits at once on a second signal", async () => {
  await using server = await ServerProcess.start({ args: ["--flood-rate", "0"] });
  const stalled = await enterStalled(server.port);
  const ann = await LineClient.enter(server.port, "ann");
  server.process.kill("SIGTERM");
  await ann.expect("* The server is stopping.");
  // Half a second must pass before a signal counts as the second one.
  const insisting = setInterval(() => {
    try {
      server.process.kill("SIGINT");
    } catch {
      // It has exited.
    }
  }, 50);
  const start = performance.now();
  assertEquals((await server.process.status).code, 130);
  clearInterval(insisting);
  assert(performance.now() - start > 300);
  await Promise.all([ann.close(), stalled.close()]);
});

Deno.test("serve refuses a port that is in use", async () => {
  await using server = await ServerProcess.start();
  await withDirectory(async (data) => {
    const listen = `chat=tcp://127.0.0.1:${server.port}`;
    await assertRefuses(["--data", data, "--listen", listen], {
      code: 1,
      stderr: `Cannot listen on tcp://127.0.0.1:${server.port}: the port is in use. ` +
        "Stop the program that uses it, or choose another port with --listen.\n",
    });
  });
});

Deno.test("serve refuses an address that the machine does not have", async () => {
  await withDirectory(async (data) => {
    await assertRefuses(["--data", data, "--listen", "chat=tcp://192.0.2.1:2324"], {
      code: 1,
      stderr: "Cannot listen on tcp://192.0.2.1:2324: this machine does not have that address. " +
        "Choose one of its own with --listen.\n",
    });
  });
});

Deno.test("serve refuses a data directory that another server uses, until that is killed", async () => {
  await withDirectory(async (data) => {
    await using first = await ServerProcess.start({ data });
    await assertRefuses(["--data", data, ...ANY_PORT], {
      code: 1,
      stderr: `The data directory ${data} is in use by another Partyline ` +
        `(process ${first.process.pid}). Stop that one with "kill ${first.process.pid}", ` +
        "or choose another directory with --data DIR.\n",
    });
    const ann = await LineClient.enter(first.port, "ann");
    await ann.send("/who");
    await ann.expect("* In #lobby: ann\r\n");
    await ann.close();
    await first.kill();
    await using second = await ServerProcess.start({ data });
    await (await LineClient.enter(second.port, "ann")).close();
  });
});

Deno.test("serve refuses a data directory that is a file", async () => {
  await withDirectory(async (path) => {
    await Deno.writeTextFile(`${path}/file`, "");
    await assertRefuses(["--data", `${path}/file`, ...ANY_PORT], {
      code: 1,
      stderr: `Cannot write to the data directory ${path}/file: the file exists already. ` +
        "Choose another with --data DIR.\n",
    });
    const { code, stderr } = await runToEnd(["serve", "--data", `${path}/file/data`, ...ANY_PORT]);
    assertEquals(code, 1);
    assertMatch(stderr, /^Cannot write to the data directory \S+: not a directory\. Choose.*\n$/);
  });
});

Deno.test("serve refuses a data directory that it cannot lock", async () => {
  await withDirectory(async (data) => {
    await Deno.mkdir(`${data}/lock`);
    const { code, stderr } = await runToEnd(["serve", "--data", data, ...ANY_PORT]);
    assertEquals(code, 1);
    assertMatch(stderr, /^Cannot write to the data directory \S+: is a directory\. Choose.*\n$/);
  });
});

Deno.test({
  name: "serve refuses a data directory that it may not write to",
  ignore: isRoot(), // who may write anywhere
  async fn() {
    await withDirectory(async (data) => {
      await Deno.chmod(data, 0o500);
      await assertRefuses(["--data", data, ...ANY_PORT], {
        code: 1,
        stderr: `Cannot write to the data directory ${data}: permission denied. ` +
          "Choose another with --data DIR.\n",
      });
    });
  },
});

Deno.test("serve refuses a log that is not a database, and does not change it", async () => {
  await withDirectory(async (data) => {
    const text = "The diary of somebody else.\n".repeat(100);
    await Deno.writeTextFile(`${data}/partyline.db`, text);
    await assertRefuses(["--data", data, ...ANY_PORT], {
      code: 1,
      stderr: `Cannot open the log ${data}/partyline.db: file is not a database. ` +
        `Move ${data} away, or choose another directory with --data DIR.\n`,
    });
    assertEquals(await Deno.readTextFile(`${data}/partyline.db`), text);
  });
});

Deno.test("serve says which permission it lacks", async () => {
  await withDirectory(async (data) => {
    for (
      const [missing, access] of [
        ["--allow-net", "net"],
        ["--allow-write", "write"],
        ["--allow-read", "read"],
      ]
    ) {
      const denoFlags = PERMISSIONS.filter((permission) => permission !== missing);
      const { code, stdout, stderr } = await runToEnd(["serve", "--data", data, ...ANY_PORT], {
        denoFlags,
      });
      assertEquals({ code, stdout }, { code: 1, stdout: "" }, missing);
      assertMatch(
        stderr,
        new RegExp(
          `^Cannot run without ${access} access.*: add ${missing}, ` +
            `or use "deno task start", which has every flag\n$`,
        ),
      );
    }
  });
});

Deno.test("serve runs without --allow-env", async () => {
  await using server = await ServerProcess.start({
    denoFlags: ["--allow-net", "--allow-read", "--allow-write"],
    env: { PARTYLINE_LISTEN: "nonsense" },
  });
  await (await LineClient.enter(server.port, "ann")).close();
});

Deno.test("serve refuses an unknown option, and suggests the nearest", async () => {
  await assertRefuses(["--flod-rate", "3"], {
    code: 2,
    stderr: `Unknown option --flod-rate: did you mean --flood-rate?\n${USAGE}`,
  });
  await assertRefuses(["--max-connections", "many"], {
    code: 2,
    stderr: `Cannot parse --max-connections "many": use a whole number from 0 to 1000000\n` +
      USAGE,
  });
});

Deno.test("serve refuses an invalid configuration file, and names file and line", async () => {
  await withDirectory(async (path) => {
    const file = `${path}/partyline.toml`;
    await Deno.writeTextFile(file, 'data = "x"\nstall = [\n');
    const { code, stdout, stderr } = await runToEnd(["serve", "--config", file]);
    assertEquals({ code, stdout }, { code: 2, stdout: "" });
    assertMatch(stderr, /^\S+partyline\.toml:\d+: .+\nusage: /);
    assertNotMatch(stderr, TROUBLE);
  });
});

Deno.test("serve prefers flags to the environment, and that to the file", async () => {
  await withDirectory(async (path) => {
    const file = `${path}/partyline.toml`;
    await Deno.writeTextFile(
      file,
      'listen = "chat=tcp://127.0.0.1:0"\nmax-connections = 1\nmax-per-address = 1\n',
    );
    const env = { PARTYLINE_MAX_CONNECTIONS: "2", PARTYLINE_MAX_PER_ADDRESS: "2" };
    // The limit shows in which of the connections is refused.
    for (
      const [args, variables, limit] of [
        [[], {}, 1],
        [[], env, 2],
        [["--max-connections", "3", "--max-per-address", "3"], env, 3],
      ] as const
    ) {
      await using server = await ServerProcess.start({
        args: ["--config", file, ...args],
        env: variables,
      });
      const clients: LineClient[] = [];
      for (let number = 0; number < limit; number++) {
        clients.push(await LineClient.connect(server.port));
        await clients[number].expect("What is your name?");
      }
      const refused = await LineClient.connect(server.port);
      await refused.expect(
        `! The server is full: its limit is ${limit} connections. Try again later.\r\n`,
      );
      await refused.expectEnd();
      for (const client of [...clients, refused]) await client.close();
    }
  });
});

Deno.test("partyline --version and --help need no permission", async () => {
  for (
    const [flag, start] of [["--version", /^partyline \d+\.\d+\.\d+\n$/], ["--help", /^party/]]
  ) {
    const { code, stdout, stderr } = await runToEnd([`${flag}`], { denoFlags: [] });
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, start as RegExp);
  }
});
