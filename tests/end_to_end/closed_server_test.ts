import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";

Deno.test("a server with --password-file and --access accounts asks for both, and lets nobody else in", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "open sesame\n");
  try {
    await using server = await ServerProcess.start({
      args: ["--password-file", file, "--access", "accounts"],
    });
    const client = await LineClient.connect(server.port);
    await client.expect("This server has a password. What is it?");
    await client.send("open sesame", "ann");
    await client.expect("Only people with an account may enter this server.");
    await client.send("no such password");
    await client.expect("! Wrong name or password.");
    await client.send("", "/quit");
    await client.expectEnd();
    await client.close();
    const mallory = await LineClient.connect(server.port);
    await mallory.send("guess", "again", "and again", "ann");
    await mallory.expect("* Goodbye. Connect again to try again.");
    await mallory.expectEnd();
    await mallory.close();
  } finally {
    await Deno.remove(file);
  }
});
