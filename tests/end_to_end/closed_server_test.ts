import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

Deno.test("a server with --password-file and --access accounts asks for both, and lets nobody else in", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.writeFile("password", "open sesame\n");
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
  await mallory.expect("* Goodbye. Reconnect to try again.");
  await mallory.expectEnd();
  await mallory.close();
});

Deno.test("SIGHUP reads the password of --password-file again, and keeps the old one if it cannot", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.writeFile("password", "open sesame\n");
  await using server = await ServerProcess.start({ args: ["--password-file", file] });
  const enter = async (...lines: string[]) => {
    const client = await LineClient.connect(server.port);
    await client.expect("This server has a password. What is it?");
    await client.send(...lines);
    return client;
  };
  const ann = await enter("open sesame", "ann");
  await ann.expect("* You are in #lobby");
  await Deno.writeTextFile(file, "a new password\n");
  server.process.kill("SIGHUP");
  await server.expectStderr(/info cli: Reloaded the password in /);
  const bob = await enter("open sesame");
  await bob.expect("! That is not the server's password.");
  await bob.send("a new password", "bob");
  await bob.expect("* You are in #lobby");
  await ann.send("still here");
  await bob.expect("<ann> still here");
  await Deno.writeTextFile(file, "short\n");
  server.process.kill("SIGHUP");
  await server.expectStderr(/error cli: Cannot use --password-file .*\n.*Nothing was reloaded/);
  const carl = await enter("a new password", "carl");
  await carl.expect("* You are in #lobby");
  for (const client of [ann, bob, carl]) await client.close();
});
