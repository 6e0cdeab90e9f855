/** What `serve` refuses before it listens. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { runCommand } from "../../support/command_line.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";

const USAGE = "usage: partyline [serve] [OPTIONS]; see partyline serve --help\n";

Deno.test("serve refuses an endpoint option that the service does not take", async () => {
  const where = "tcp://127.0.0.1:0";
  for (
    const [listen, complaint] of [
      [`echo=${where}?framing=banana`, 'framing is "banana"; use line or raw'],
      [`echo=${where}?framing=lines`, 'framing is "lines"; use line or raw; did you mean line?'],
      [
        "echo=udp://127.0.0.1:0?framing=raw",
        "framing does not apply to datagrams; leave it out",
      ],
      [
        `todo=${where}?framing=raw`,
        'unknown endpoint option "framing"; use idle, max-line or allow',
      ],
      [
        `jobs=${where}?idle=abc`,
        'idle is "abc"; write a whole number of seconds up to 2147483, 0 for never',
      ],
      [
        `bank=${where}?max-line=-1`,
        'max-line is "-1"; write a whole number of bytes from 64 to 1048576',
      ],
    ]
  ) {
    assertEquals(await runCommand(["serve", "--listen", listen]), {
      code: 2,
      stdout: "",
      stderr: `Cannot parse --listen "${listen}": ${complaint}\n${USAGE}`,
    });
  }
});

Deno.test("serve refuses an invalid configuration file, and names file and line", async () => {
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/partyline.toml`;
  for (
    const [text, complaint] of [
      ['data = "x"\nstall = [\n', /^\S+partyline\.toml:\d+: .+\n$/],
      ["# mine\n\nflood-rte = 5\n", /^\S+partyline\.toml:3: unknown key "flood-rte": did you/],
      ['data = "x"\nstall = "long"\n', /^\S+partyline\.toml:2: cannot parse stall = "long": /],
    ] as const
  ) {
    await Deno.writeTextFile(file, text);
    const { code, stdout, stderr } = await runCommand(["serve", "--config", file]);
    assertEquals({ code, stdout }, { code: 2, stdout: "" });
    assert(stderr.startsWith(file) && stderr.endsWith(USAGE), stderr);
    assertMatch(stderr.slice(0, -USAGE.length), complaint);
  }
  assertEquals(await runCommand(["serve", "--config", `${directory.path}/none.toml`]), {
    code: 2,
    stdout: "",
    stderr:
      `Cannot read config file "${directory.path}/none.toml": there is no such file\n${USAGE}`,
  });
});
