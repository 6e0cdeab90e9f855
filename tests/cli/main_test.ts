import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import type { CommandBody, CommandEnvironment } from "../../lib/cli/command.ts";
import { main } from "../../lib/cli/mod.ts";
import type { ParsedArguments } from "../../lib/cli/options/flags.ts";
import { UsageError } from "../../lib/cli/options/usage_error.ts";
import { runCommand, typedInput } from "../support/command_line.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** Calls `main` with two commands: a given `serve`, and a `tail` that returns 7. */
async function call(argv: string[], serve: CommandBody["run"] = () => Promise.resolve(0)) {
  const out: string[] = [];
  const err: string[] = [];
  const environment: CommandEnvironment = {
    stdout: (line) => void out.push(line),
    write: () => Promise.resolve(),
    hasColour: false,
    stderr: (line) => void err.push(line),
    stdin: typedInput(""),
    env: () => undefined,
    readTextFile: () => Promise.resolve(""),
    onHangup: () => {},
    signal: new AbortController().signal,
  };
  const bodies: Record<string, CommandBody> = {
    serve: {
      usage: "[serve] [OPTIONS]",
      options: [{ name: "data", kind: "string", value: "DIR", doc: "where" }],
      run: serve,
    },
    tail: {
      usage: "tail ROOM [OPTIONS]",
      options: [{ name: "json", kind: "flag", doc: "as JSON" }],
      run: () => Promise.resolve(7),
    },
  };
  const code = await main(argv, environment, [
    { name: "serve", summary: "serve lines", load: () => Promise.resolve(bodies.serve) },
    { name: "tail", summary: "show lines", load: () => Promise.resolve(bodies.tail) },
  ]);
  return { code, out, err, environment };
}

function failing(error: unknown): CommandBody["run"] {
  return () => Promise.reject(error);
}

const SERVE_USAGE = "usage: partyline [serve] [OPTIONS]; see partyline serve --help";
const USAGE = "usage: partyline COMMAND [OPTIONS]; see partyline --help";

Deno.test("main() runs the first command by default, with its flags", async () => {
  for (const argv of [["--data", "x"], ["serve", "--data", "x"]]) {
    const calls: [ParsedArguments, CommandEnvironment][] = [];
    const { code, out, err, environment } = await call(argv, (...args) => {
      calls.push(args);
      return Promise.resolve(0);
    });
    assertEquals({ code, out, err }, { code: 0, out: [], err: [] });
    assertEquals(calls.length, 1);
    assertEquals(calls[0][0], { positionals: [], flags: new Map([["data", ["x"]]]) });
    assertStrictEquals(calls[0][1], environment);
  }
});

Deno.test("main() ignores a leading --, as in deno task start -- OPTIONS", async () => {
  const calls: ParsedArguments[] = [];
  const { code } = await call(["--", "--data", "x"], (args) => {
    calls.push(args);
    return Promise.resolve(0);
  });
  const flags = new Map([["data", ["x"]]]);
  assertEquals([code, calls], [0, [{ positionals: [], flags }]]);
  assertEquals((await call(["--", "tail", "lobby", "--json"])).code, 7);
  assertEquals((await call(["--"])).code, 0);
});

Deno.test("main() returns the exit code of the named command", async () => {
  assertEquals((await call(["tail", "lobby", "--json"])).code, 7);
});

Deno.test("main() prints the version", async () => {
  for (const argv of [["--version"], ["-V"], ["serve", "--version"]]) {
    const { code, out, err } = await call(argv);
    assertEquals({ code, out, err }, { code: 0, out: ["partyline 0.1.0"], err: [] });
  }
});

Deno.test("main() prints the general help without a command, and the help of the command otherwise", async () => {
  for (
    const [argv, line] of [
      [["--help"], "usage: partyline COMMAND [OPTIONS]"],
      [["-h"], "usage: partyline COMMAND [OPTIONS]"],
      [["serve", "--help"], "usage: partyline [serve] [OPTIONS]"],
      [["tail", "--json", "-h"], "usage: partyline tail ROOM [OPTIONS]"],
      [["help"], "usage: partyline COMMAND [OPTIONS]"],
      [["help", "tail"], "usage: partyline tail ROOM [OPTIONS]"],
    ] as const
  ) {
    const { code, out, err } = await call([...argv]);
    assertEquals([code, out[2], err], [0, line, []]);
  }
});

Deno.test("main() prints the error and the usage line for wrong usage, and returns 2", async () => {
  assertEquals((await call(["--dta", "x"])).err, [
    "Unknown option --dta: did you mean --data?",
    SERVE_USAGE,
  ]);
  assertEquals((await call(["tail", "--jsn"])).err, [
    "Unknown option --jsn: did you mean --json?",
    "usage: partyline tail ROOM [OPTIONS]; see partyline tail --help",
  ]);
  const { code, out, err } = await call(["serve"], failing(new UsageError("Not so")));
  assertEquals({ code, out, err }, { code: 2, out: [], err: ["Not so", SERVE_USAGE] });
});

Deno.test("main() suggests the nearest command for an unknown one", async () => {
  const near = await call(["sevre"]);
  assertEquals([near.code, near.err], [2, [
    'Unknown command "sevre": did you mean "serve"?',
    USAGE,
  ]]);
  assertEquals((await call(["help", "sevre"])).err, near.err);
  assertEquals((await call(["frobnicate"])).err, ['Unknown command "frobnicate"', USAGE]);
  assertEquals((await call([""])).err, ['Unknown command ""', USAGE]);
});

Deno.test("main() says which permission is missing and how to give it", async () => {
  const error = new Deno.errors.NotCapable(
    'Requires net access to "127.0.0.1:2323", run again with the --allow-net flag',
  );
  const { code, err } = await call([], failing(error));
  assertEquals(code, 1);
  assertEquals(err, [
    'Cannot run without net access to "127.0.0.1:2323": add --allow-net, or use ' +
    '"deno task start", which has every flag',
  ]);
});

Deno.test("main() advises another path where Deno asks for all permissions", async () => {
  const error = new Deno.errors.NotCapable(
    'Requires all access to "/proc/x", run again with the --allow-all flag',
  );
  const { code, err } = await call([], failing(error));
  assertEquals(code, 1);
  assertEquals(err, [
    'Cannot run without all access to "/proc/x": choose another path, or add --allow-all',
  ]);
});

Deno.test("main() prints any other error as one line and returns 1", async () => {
  for (
    const [error, line] of [
      [new Error("Cannot open ./data: it is in use"), "Cannot open ./data: it is in use"],
      [new Error("first\n    at second"), "first"],
      [new TypeError(""), "Cannot run: TypeError"],
      [new Deno.errors.NotCapable("odd"), "odd"],
      ["text", "text"],
    ] as const
  ) {
    const { code, out, err } = await call([], failing(error));
    assertEquals({ code, out, err }, { code: 1, out: [], err: [line] });
  }
});

/** Runs the program itself, without any permission. */
async function run(...argv: string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", "main.ts", ...argv],
    cwd: new URL("../../", import.meta.url),
    env: { PARTYLINE_FLOOD_RATE: "7", NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

Deno.test("main() prints no control character from arguments, the environment or a file", async () => {
  const escape = "\x1b]0;title\x07\x9b2J";
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/partyline.toml`;
  await Deno.writeTextFile(file, 'web = "\\u001b[2J"\n"a\\u001bb" = 1\n');
  const commands: string[][] = [
    [escape],
    [`--${escape}`],
    ["serve", escape],
    ["serve", "--data", `/dev/null/${escape}`],
    ["serve", "--listen", escape],
    ["serve", "--listen", `chat=tcp://${escape}:0`],
    ["serve", "--listen", `chat=unix:///nonexistent/${escape}`, "--data", `${directory.path}/data`],
    ["serve", "--outbox-bytes", escape],
    ["serve", "--config", escape],
    ["serve", "--config", file],
    ["tail", escape],
    ["tail", "lobby", "--data", escape],
    ["search", `before:${escape}`, "--data", directory.path],
    ["export", "--since", escape],
    ["backup", escape, "--data", directory.path],
    ["restore", escape, "--data", `${directory.path}/data`],
    ["verify", escape],
    ["help", escape],
  ];
  for (const argv of commands) {
    const { code, stdout, stderr } = await runCommand(argv, { env: () => undefined });
    assert(code > 0, argv.join(" "));
    // deno-lint-ignore no-control-regex
    assertNotMatch(stdout + stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, argv.join(" "));
    assertNotMatch(stderr, /^\s+at /m);
  }
  const { stderr } = await runCommand(["serve"], { env: () => escape });
  // deno-lint-ignore no-control-regex
  assertNotMatch(stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

Deno.test("main.ts needs no permission to print its version", async () => {
  assertEquals(await run("--version"), { code: 0, stdout: "partyline 0.1.0\n", stderr: "" });
});

Deno.test("main.ts treats the environment as empty without permission to read it", async () => {
  // The variables are read before the last option turns out to be invalid.
  assertEquals(await run("--log-level", "loud"), {
    code: 2,
    stdout: "",
    stderr: 'Cannot parse --log-level "loud": use debug, info, warning or error\n' +
      SERVE_USAGE + "\n",
  });
});

Deno.test("main.ts says that it lacks permission to read the configuration file", async () => {
  assertEquals(await run("--config", "/partyline.toml"), {
    code: 1,
    stdout: "",
    stderr: 'Cannot run without read access to "/partyline.toml": add --allow-read, or use ' +
      '"deno task start", which has every flag\n',
  });
});

Deno.test("main.ts prints no control character of its arguments", async () => {
  using directory = new TemporaryDirectory();
  await using server = await ServerProcess.start({ data: `${directory.path}/\x1b[2J` });
  const { code, stdout, stderr } = await server.stop();
  assertEquals(code, 0);
  // deno-lint-ignore no-control-regex
  assertNotMatch(stdout + stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assertMatch(stderr, /^Press Ctrl-C .* kept in \S+\/\^\[\[2J\.$/m);
});
