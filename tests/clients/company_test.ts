/**
 * Takes the steps of "Open it to a company" in docs/operate.md, as they are written there, with the
 * real programs.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { PrivateNetwork } from "../support/private_network.ts";
import { runToEnd } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { TerminalProgram } from "../support/terminal_program.ts";

const TOP = new URL("../../", import.meta.url);
const PASSWORD = "what everybody knows";
const ANNS = "tea at five";

/** The first block of a language after a text in a page, without its indentation. */
function block(page: string, language: string, after: string): string {
  const text = Deno.readTextFileSync(new URL(page, TOP));
  const pattern = new RegExp(`\`\`\`${language}\n([^]*?)\n *\`\`\``);
  const [, lines] = pattern.exec(text.slice(text.indexOf(after)))!;
  const [indent] = /^ */.exec(lines)!;
  return lines.replaceAll(new RegExp(`^${indent}`, "gm"), "");
}

Deno.test("The systemd unit takes the lines that open it to a company", async () => {
  using directory = new TemporaryDirectory();
  const program = `${directory.path}/partyline`;
  await Deno.writeTextFile(program, "#!/bin/sh\n", { mode: 0o755 });
  const unit = Deno.readTextFileSync(new URL("packaging/partyline.service", TOP))
    .replace("[Service]\n", `[Service]\n${block("docs/operate.md", "ini", "A certificate")}\n`)
    .replaceAll("/usr/bin/partyline", program)
    // The man page comes with the Debian package.
    .replace("Documentation=man:partyline(1)\n", "");
  assert(unit.includes("LoadCredential=password:"), unit);
  const path = `${directory.path}/partyline.service`;
  await Deno.writeTextFile(path, unit);
  await using verify = await TerminalProgram.run([
    "sh",
    "-c",
    `systemd-analyze verify ${path} 2>&1; echo "code $?"`,
  ]);
  await verify.endInput();
  // It also complains about other units of a machine that does not run systemd.
  const said = await verify.expectEnd();
  assert(!said.includes("partyline"), said);
  assertMatch(said, /^code 0$/m);
});

Deno.test("A server with the options for a company lets in whom it should, and nobody else", async () => {
  using credentials = new TemporaryDirectory();
  const { cert, key } = await makeCertificate("chat.example.org");
  await Deno.writeTextFile(`${credentials.path}/cert`, cert);
  await Deno.writeTextFile(`${credentials.path}/key`, key, { mode: 0o600 });
  await Deno.writeTextFile(`${credentials.path}/password`, `${PASSWORD}\n`, { mode: 0o600 });
  const options = block("docs/operate.md", "toml", "A certificate")
    .replaceAll("/run/credentials/partyline.service", credentials.path);
  await Deno.writeTextFile(`${credentials.path}/partyline.toml`, options);
  await using network = await PrivateNetwork.start(
    ["--config", `${credentials.path}/partyline.toml`],
    {},
    {
      addresses: ["10.0.0.5/24", "10.20.0.5/24", "192.168.7.7/24"],
      async prepare(data) {
        const args = ["account", "add", "ann", "--operator", "--data", data];
        const { stdout } = await runToEnd(args, { input: `${ANNS}\n` });
        assertEquals(stdout, "Added ann, an operator\n");
      },
    },
  );
  await network.hints.until(/^Press Ctrl-C .*\n/m);
  assertMatch(
    network.hints.text,
    /Open to 10\.0\.0\.0\/8: chat telnets:\/\/\[::\]:2992, web https:\/\/\[::\]:443\/\. Only people with an account and the password/,
  );
  assertMatch(
    network.hints.text,
    /Open to 10\.20\.0\.0\/16: logger tcp:\/\/\[::\]:1514\. Anyone/,
  );

  const shell = async (command: string) => {
    await using program = await network.run("sh", "-c", `${command} 2>&1; echo "code $?"`);
    await program.endInput();
    return await program.expectEnd();
  };
  const authority = `${credentials.path}/cert`;
  await using telnet = await network.run("telnet-ssl", "-z", "ssl", "10.0.0.5", "2992");
  await telnet.expect("* This server has a password. What is it?");
  await telnet.type(`${PASSWORD}\n`);
  await telnet.expect("* Welcome to Partyline. What is your name?");
  await telnet.type("ann\n");
  await telnet.expect("What is the password of ann?");
  await telnet.type(`${ANNS}\n`);
  await telnet.expect("* You are logged in as ann, an operator of this server.");
  await telnet.type("/quit\n");
  assert(!(await telnet.expectEnd()).includes(ANNS));
  assert(!telnet.shown.includes(PASSWORD), telnet.shown);

  const refused = await shell("openssl s_client -quiet -connect 192.168.7.7:2992 </dev/null");
  assertMatch(refused, /alert access denied/);

  const curl = `curl -s --cacert ${authority} --resolve chat.example.org:443`;
  const page = await shell(`${curl}:10.0.0.5 https://chat.example.org/`);
  assert(page.startsWith("<!doctype html>"), page);
  const rooms = `https://chat.example.org/api/rooms -w ' %{http_code}\\n'`;
  assertMatch(await shell(`${curl}:10.0.0.5 ${rooms}`), / 401\n/);
  assertMatch(await shell(`${curl}:192.168.7.7 ${rooms}`), /code (?!0)\d+/);

  const log = (from: string) => shell(`echo 'disk full' | nc -N -s ${from} ${from} 1514`);
  assertMatch(await log("10.20.0.5"), /^stored 1 line as #1-#1 in log/m);
  assertMatch(await log("10.0.0.5"), /! This server is not open to your address, 10\.0\.0\.5\./);
});
