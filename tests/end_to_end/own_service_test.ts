/** A service from outside the tree, as the documentation shows. */

import { assert, assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";

const PAGE = new URL("../../docs/services.md", import.meta.url);

async function codeInPage(language: string): Promise<string> {
  const [, code] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``)
    .exec(await Deno.readTextFile(PAGE))!;
  return code;
}

Deno.test("--service serves the service that the documentation shows", async () => {
  const directory = await Deno.makeTempDir({ prefix: "partyline-service-" });
  try {
    const file = `${directory}/shout.ts`;
    await Deno.writeTextFile(file, await codeInPage("ts"));
    await using server = await ServerProcess.start({
      args: ["--service", file, "--listen", "shout=tcp://127.0.0.1:0"],
    });
    const client = await LineClient.connect(server.port);
    await client.send("hello", "bye");
    assertEquals(await client.expectEnd(), "Say something.\r\nHELLO!\r\nGOODBYE!\r\n");
    await client.close();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("--service offers to edit lines at telnet where the service says so, and only there", async () => {
  const directory = await Deno.makeTempDir({ prefix: "partyline-service-" });
  try {
    const file = `${directory}/shout.ts`;
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
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
