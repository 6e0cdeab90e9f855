/** A service of the user's own, as in the documentation. */

import { assert, assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const PAGE = new URL("../../docs/services.md", import.meta.url);

async function codeInPage(language: string): Promise<string> {
  const [, code] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``)
    .exec(await Deno.readTextFile(PAGE))!;
  return code;
}

Deno.test("--service runs the service from the documentation", async () => {
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/shout.ts`;
  await Deno.writeTextFile(file, await codeInPage("ts"));
  await using server = await ServerProcess.start({
    args: ["--service", file, "--listen", "shout=tcp://127.0.0.1:0"],
  });
  const client = await LineClient.connect(server.port);
  await client.send("hello", "bye");
  assertEquals(await client.expectEnd(), "Say something.\r\nHELLO!\r\nGOODBYE!\r\n");
  await client.close();
});

Deno.test("--service offers line editing at telnet only if the service asks for it", async () => {
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/shout.ts`;
  const code = await codeInPage("ts");
  for (const editsLines of [true, false]) {
    await Deno.writeTextFile(
      file,
      code.replace('name: "shout",', `name: "shout",\n  editsLines: ${editsLines},`),
    );
    await using server = await ServerProcess.start({
      args: ["--service", file, "--listen", "shout=telnet://127.0.0.1:0"],
    });
    const client = await LineClient.connect(server.port);
    const begin = await client.expect("Say something.\r\n");
    assertEquals(begin.length > "Say something.\r\n".length, editsLines);
    await client.send("bye");
    assert((await client.expectEnd()).endsWith("GOODBYE!\r\n"));
    await client.close();
  }
});
