/** The Debian package: built by dpkg-deb, installed into a directory of its own, run and removed. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { compiledProgram, runTool } from "../support/compiled_program.ts";
import { Output } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const BUILD = new URL("../../packaging/debian/build.sh", import.meta.url).pathname;

async function withPackage(
  test: (root: string, dpkg: (...args: string[]) => Promise<string>, file: string) => Promise<void>,
): Promise<void> {
  using directory = new TemporaryDirectory();
  const output = await runTool(BUILD, [compiledProgram(), directory.path]);
  const file = output.trim().split("\n").at(-1)!;
  const root = `${directory.path}/root`;
  await Deno.mkdir(`${root}/var/lib/dpkg/updates`, { recursive: true });
  await Deno.mkdir(`${root}/var/lib/dpkg/info`);
  await Deno.writeTextFile(`${root}/var/lib/dpkg/status`, "");
  // The directory has none of the packages that ours depends on, and no shell.
  const options = ["--force-depends", "--force-script-chrootless", "--log=/dev/null"];
  const dpkg = (...args: string[]) => runTool("dpkg", [`--root=${root}`, ...options, ...args]);
  await test(root, dpkg, file);
}

async function filesIn(root: string): Promise<string[]> {
  const output = await runTool("find", [root, "-type", "f", "-printf", "/%P\n"]);
  return output.trim().split("\n").filter((path) => !path.startsWith("/var/lib/dpkg")).sort();
}

Deno.test("The Debian package installs a program that runs, and takes it away again", async () => {
  await withPackage(async (root, dpkg, file) => {
    const control = await runTool("dpkg-deb", ["--field", file]);
    assertMatch(control, /^Package: partyline\nVersion: \d+\.\d+\.\d+\nArchitecture: \w+\n/);
    await dpkg("--install", file);
    assertEquals(
      await runTool("dpkg-query", [`--root=${root}`, "-W", "-f=${Status}", "partyline"]),
      "install ok installed",
    );
    const files = await filesIn(root);
    for (
      const path of [
        "/etc/partyline.toml",
        "/usr/bin/partyline",
        "/usr/lib/systemd/system/partyline.service",
        "/usr/share/bash-completion/completions/partyline",
        "/usr/share/fish/vendor_completions.d/partyline.fish",
        "/usr/share/man/man1/partyline.1.gz",
        "/usr/share/zsh/vendor-completions/_partyline",
      ]
    ) assertEquals(files.includes(path), true, path);
    assertStringIncludes(
      await runTool("man", ["-l", `${root}/usr/share/man/man1/partyline.1.gz`]),
      "PARTYLINE(1)",
    );

    // With the installed file, apart from the ports, so that nothing on the machine is in the way.
    const listen = ["--listen", "chat=tcp://127.0.0.1:0", "--no-web"];
    const config = ["--config", `${root}/etc/partyline.toml`, "--data", `${root}/data`];
    await using server = new Deno.Command(`${root}/usr/bin/partyline`, {
      args: ["serve", ...config, ...listen],
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const [stdout, stderr] = [new Output(server.stdout), new Output(server.stderr)];
    assertEquals(await stdout.until(/^ready\n/m), true);
    server.kill("SIGTERM");
    assertEquals((await server.status).code, 0);
    await Promise.all([stdout.all, stderr.all]);
    await Deno.remove(`${root}/data`, { recursive: true });

    await dpkg("--remove", "partyline");
    // Until it is purged, Debian also remembers that the service was enabled.
    const left = (await filesIn(root)).filter((path) => !path.startsWith("/var/lib/systemd/"));
    assertEquals(left, ["/etc/partyline.toml"]);
    await dpkg("--purge", "partyline");
    assertEquals((await filesIn(root)).filter((path) => path.includes("partyline")), []);
  });
});
