/** How real IRC clients log in: irssi and WeeChat, with SASL and certificates. */

import { assertMatch } from "@std/assert";
import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { makeCertificate } from "../support/certificate.ts";
import { IrcClient } from "../support/irc_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { requireProgram } from "../support/terminal_program.ts";
import { Tmux } from "../support/tmux.ts";

const PASSWORD = "tea-at-five";
/** Deno 2.7 cannot ask for certificates. */
const IGNORES_CERTIFICATES = !("context" in createSecureContext());

/** A server with the account ann, and somebody in #lobby who sees as what others come. */
class Scene implements AsyncDisposable {
  readonly #temporary: TemporaryDirectory;
  readonly directory: string;
  readonly server: ServerProcess;
  readonly watcher: IrcClient;

  private constructor(temporary: TemporaryDirectory, server: ServerProcess, watcher: IrcClient) {
    this.#temporary = temporary;
    this.directory = temporary.path;
    this.server = server;
    this.watcher = watcher;
  }

  static async open(): Promise<Scene> {
    const temporary = new TemporaryDirectory();
    const directory = temporary.path;
    const { cert, key } = await makeCertificate();
    await Deno.writeTextFile(`${directory}/cert.pem`, cert);
    await Deno.writeTextFile(`${directory}/key.pem`, key);
    const secure = `tls://127.0.0.1:0?cert=${directory}/cert.pem,key=${directory}/key.pem`;
    const listen = ["irc=tcp://127.0.0.1:0", `irc=${secure}`].flatMap((text) => ["--listen", text]);
    const server = await ServerProcess.start({ args: listen });
    const owner = await IrcClient.connect(server.ports[0], "ann");
    owner.send(`NS REGISTER ${PASSWORD}`);
    await owner.until(/Account created/);
    const own = await makeCertificate("ann");
    await Deno.writeTextFile(`${directory}/own.pem`, own.cert + own.key);
    owner.send(`NS CERT ADD ${new X509Certificate(own.cert).fingerprint256}`);
    await owner.until(/Added /);
    await owner.leave();
    const watcher = await IrcClient.connect(server.ports[0], "watcher", {
      caps: ["extended-join"],
    });
    watcher.send("JOIN #lobby");
    await watcher.until(/ 366 /);
    return new Scene(temporary, server, watcher);
  }

  /** Waits for somebody to come to the room; returns their account, `*` for none. */
  async comer(): Promise<string> {
    const line = (await this.watcher.until(/^:ann!\S+ JOIN #lobby /)).at(-1)!;
    return line.split(" ")[3];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _temporary = this.#temporary;
    await using _server = this.server;
    await this.watcher.leave();
  }
}

/** Starts irssi with these settings of the server and of its network. */
async function runIrssi(
  { directory }: Scene,
  server: string,
  network: string,
): Promise<Tmux> {
  await requireProgram("irssi");
  const home = `${directory}/irssi`;
  await Deno.mkdir(home);
  await Deno.writeTextFile(
    `${home}/config`,
    `servers = ({ address = "127.0.0.1"; chatnet = "p"; autoconnect = "yes"; ${server} });\n` +
      `chatnets = { p = { type = "IRC"; nick = "ann"; ${network} }; };\n` +
      `channels = ({ name = "#lobby"; chatnet = "p"; autojoin = "yes"; });\n`,
  );
  return await Tmux.run(["irssi", `--home=${home}`], { columns: 100, rows: 30 });
}

/** Starts WeeChat with these options of the server. */
async function runWeeChat(
  { directory }: Scene,
  port: number,
  options: Readonly<Record<string, string>>,
): Promise<AsyncDisposable> {
  await requireProgram("weechat-headless");
  const home = `${directory}/weechat`;
  const settings = { autojoin: "#lobby", nicks: "ann", ...options };
  const run = [
    `/server add p 127.0.0.1/${port}`,
    ...Object.entries(settings).map(([name, value]) => `/set irc.server.p.${name} ${value}`),
    `/set fifo.file.path ${home}/fifo`,
    "/fifo enable",
    "/connect p",
  ];
  const process = new Deno.Command("weechat-headless", {
    args: ["-d", home, ...run.flatMap((command) => ["-r", command])],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      await Deno.writeTextFile(`${home}/fifo`, "core.weechat */quit\n", { create: false });
      await process.status;
    },
  };
}

Deno.test("irssi logs in with SASL PLAIN", async () => {
  await using scene = await Scene.open();
  await using irssi = await runIrssi(
    scene,
    `port = "${scene.server.ports[0]}"; use_tls = "no";`,
    `sasl_mechanism = "PLAIN"; sasl_username = "ann"; sasl_password = "${PASSWORD}";`,
  );
  assertMatch(await scene.comer(), /^ann$/);
  await irssi.expectText("SASL authentication succeeded");
});

Deno.test("irssi shows why a log-in failed", async () => {
  await using scene = await Scene.open();
  await using irssi = await runIrssi(
    scene,
    `port = "${scene.server.ports[0]}"; use_tls = "no";`,
    `sasl_mechanism = "PLAIN"; sasl_username = "ann"; sasl_password = "wrong-password";`,
  );
  await irssi.expectText("Wrong name or password");
});

Deno.test({
  name: "irssi logs in with SASL EXTERNAL and its certificate",
  ignore: IGNORES_CERTIFICATES,
  async fn() {
    await using scene = await Scene.open();
    await using irssi = await runIrssi(
      scene,
      `port = "${scene.server.ports[1]}"; use_tls = "yes"; tls_verify = "no"; ` +
        `tls_cert = "${scene.directory}/own.pem";`,
      `sasl_mechanism = "EXTERNAL";`,
    );
    assertMatch(await scene.comer(), /^ann$/);
    await irssi.expectText("SASL authentication succeeded");
  },
});

Deno.test("WeeChat logs in with SASL SCRAM-SHA-256", async () => {
  await using scene = await Scene.open();
  await using _weechat = await runWeeChat(scene, scene.server.ports[0], {
    ssl: "off",
    sasl_mechanism: "scram-sha-256",
    sasl_username: "ann",
    sasl_password: PASSWORD,
  });
  assertMatch(await scene.comer(), /^ann$/);
});

Deno.test({
  name: "WeeChat logs in with SASL EXTERNAL and its certificate",
  ignore: IGNORES_CERTIFICATES,
  async fn() {
    await using scene = await Scene.open();
    await using _weechat = await runWeeChat(scene, scene.server.ports[1], {
      ssl: "on",
      ssl_verify: "off",
      ssl_cert: `${scene.directory}/own.pem`,
      sasl_mechanism: "external",
    });
    assertMatch(await scene.comer(), /^ann$/);
  },
});
