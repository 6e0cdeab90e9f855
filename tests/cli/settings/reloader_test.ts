import { assertEquals } from "@std/assert";
import { parseArguments } from "../../../lib/cli/options/flags.ts";
import { CONFIG_OPTION } from "../../../lib/cli/settings/common_options.ts";
import { Reloader } from "../../../lib/cli/settings/reloader.ts";
import { SERVE_OPTIONS } from "../../../lib/cli/settings/serve_option_list.ts";
import { resolveServe, type ServeOptions } from "../../../lib/cli/settings/serve_options.ts";
import {
  changedSettings,
  readServeSettings,
  type ServeSettings,
} from "../../../lib/cli/settings/serve_settings.ts";
import { SERVICES } from "../../../lib/service/mod.ts";
import { RecordedLog } from "../../support/recorded_log.ts";

const FILE = "partyline.toml";
const ARGUMENTS = parseArguments(["--config", FILE], [...SERVE_OPTIONS, CONFIG_OPTION]);

type Files = Map<string, string | Promise<string>>;

/** Reads the settings of a server from files. */
async function read(files: Files): Promise<ServeSettings> {
  const environment = {
    env: () => undefined,
    async readTextFile(path: string) {
      const text = await files.get(path);
      if (text === undefined) throw new Deno.errors.NotFound();
      return text;
    },
  };
  return await readServeSettings(await resolveServe(ARGUMENTS, environment), environment, SERVICES);
}

/** A server's configuration, and what its reloads have done. */
class Scene implements Disposable {
  readonly files: Files;
  readonly #recorded = new RecordedLog("info");
  readonly applied: ServeOptions[] = [];
  readonly outcomes: string[] = [];
  /** Called while options are applied. */
  onApply = async () => {};
  certificate: string | Error = "first";
  readonly reloader: Reloader;
  usedCertificate = "";

  private constructor(files: Files, settings: ServeSettings) {
    this.files = files;
    this.reloader = new Reloader({
      settings,
      read: () => read(files),
      listeners: [{
        endpoint: "tls://127.0.0.1:6697",
        prepareReload: () => {
          const { certificate } = this;
          if (certificate instanceof Error) return Promise.reject(certificate);
          return Promise.resolve(() => void (this.usedCertificate = certificate));
        },
      }, { endpoint: "tcp://127.0.0.1:6667" }],
      apply: async (options) => {
        this.applied.push(options);
        await this.onApply();
      },
      onBegin: () => void this.outcomes.push("begin"),
      onEnd: (faults) => void this.outcomes.push(faults.join()),
    });
  }

  static async open(toml: string): Promise<Scene> {
    const files: Files = new Map([["/etc/hostname", "test.example"], [FILE, toml]]);
    return new Scene(files, await read(files));
  }

  /** Reloads another configuration; returns the new lines of the log. */
  async reload(toml: string): Promise<string[]> {
    this.files.set(FILE, toml);
    this.#recorded.lines.length = 0;
    await this.reloader.request();
    return this.log;
  }

  /** The lines of the log, without their times. */
  get log(): string[] {
    return this.#recorded.lines.map((line) => line.replace(/^\S+ /, ""));
  }

  [Symbol.dispose](): void {
    this.#recorded[Symbol.dispose]();
  }
}

const CERTIFICATE = "info cli: Reloaded the certificate of tls://127.0.0.1:6697";

Deno.test("Reloader.request() applies what has changed, and says what that is", async () => {
  using scene = await Scene.open("max-connections = 10\n");
  assertEquals(
    await scene.reload(
      'max-connections = 20\nstall = 5\n[irc]\nnetwork = "Here"\n' +
        '[rooms.log]\nkeep-for = "30d"\n[alerts.disk]\nquery = "full"\nroom = "ops"\n',
    ),
    [
      CERTIFICATE,
      "info cli: Reloaded the configuration: max-connections, stall, [irc], [rooms], [alerts]",
    ],
  );
  const [{ maxConnections, stallSeconds, irc, retention, alerts }] = scene.applied;
  assertEquals([maxConnections, stallSeconds, irc.network], [20, 5, "Here"]);
  assertEquals([retention.areAny, alerts.length, scene.usedCertificate], [true, 1, "first"]);
  assertEquals(scene.outcomes, ["begin", ""]);
  assertEquals(
    (await scene.reload(await scene.files.get(FILE)!)).at(-1),
    "info cli: Reloaded the configuration: nothing in it has changed",
  );
});

Deno.test("Reloader.request() changes nothing if the file has a fault, and says where", async () => {
  using scene = await Scene.open("max-connections = 10\n");
  const fault = `${FILE}:2: cannot parse stall = 0: use a whole number from 1 to 86400`;
  assertEquals(await scene.reload("max-connections = 20\nstall = 0\n"), [
    `error cli: ${fault}`,
    "error cli: Nothing was reloaded. Correct that, and reload again",
  ]);
  assertEquals([scene.applied.length, scene.usedCertificate], [0, ""]);
  assertEquals(scene.outcomes, ["begin", fault]);
});

Deno.test("Reloader.request() changes nothing if a certificate is invalid, and says all faults", async () => {
  using scene = await Scene.open("max-connections = 10\n");
  scene.certificate = new Error("there is no key file");
  const sentence = "error cli: Cannot reload the certificate of tls://127.0.0.1:6697, " +
    "keeping the old one: there is no key file";
  const end = "error cli: Nothing was reloaded. Correct that, and reload again";
  assertEquals(await scene.reload("max-connections = 20\n"), [sentence, end]);
  assertEquals(await scene.reload("max-conections = 20\n"), [
    `error cli: ${FILE}:1: unknown key "max-conections": did you mean "max-connections"?`,
    sentence,
    end,
  ]);
  assertEquals(scene.applied, []);
});

Deno.test("Reloader.request() says at each reload what needs a restart, with its place", async () => {
  using scene = await Scene.open('durability = "full"\n[irc]\nserver-name = "a.example"\n');
  const told = [
    `warning cli: ${FILE}: durability has changed, which needs a restart; until then, the server ` +
    "goes on with the old value",
    `warning cli: ${FILE}:2: web has changed, which needs a restart; until then, the server goes ` +
    "on with the old value",
    `warning cli: ${FILE}:4: server-name in [irc] has changed, which needs a restart; until then, ` +
    "the server goes on with the old value",
  ];
  const toml = 'stall = 5\nweb = false\n[irc]\nserver-name = "b.example"\n';
  const ordered = (lines: string[]) => lines.filter((line) => line.startsWith("warning")).sort();
  assertEquals(ordered(await scene.reload(toml)), told.toSorted());
  const again = await scene.reload(toml);
  assertEquals(ordered(again), told.toSorted());
  assertEquals(
    again[1],
    "info cli: Reloaded the configuration: nothing that can change without a restart",
  );
  assertEquals(
    ordered(await scene.reload('durability = "full"\n[irc]\nserver-name = "a.example"\n')),
    [],
  );
});

Deno.test("Reloader.request() changes allow= of endpoints, and nothing else about them", async () => {
  const toml = (allow: string, idle: number) =>
    `listen = ["chat=tcp://[::]:1?idle=${idle}${allow}"]\nweb = "http://[::]:2${
      allow.replace(",", "?")
    }"\n`;
  using scene = await Scene.open(toml("", 5));
  assertEquals(await scene.reload(toml(",allow=10.0.0.0/8", 5)), [
    CERTIFICATE,
    "info cli: Reloaded the configuration: allow",
  ]);
  assertEquals(scene.applied[0].listen[0].allow?.includes("10.1.2.3"), true);
  assertEquals((await scene.reload(toml(",allow=11.0.0.0/8", 6))).slice(1), [
    "info cli: Reloaded the configuration: allow",
    `warning cli: ${FILE}:1: listen has changed, which needs a restart; until then, the server ` +
    "goes on with the old value",
  ]);
});

Deno.test("Reloader.request() reloads once more for requests during a reload, one after the other", async () => {
  using scene = await Scene.open("stall = 1\n");
  let hurry!: () => void;
  scene.onApply = () => new Promise((resolve) => hurry = resolve);
  const first = scene.reload("stall = 2\n");
  while (scene.applied.length === 0) await Promise.resolve();
  scene.onApply = async () => {};
  scene.files.set(FILE, "stall = 3\n");
  const requests = [scene.reloader.request(), scene.reloader.request()];
  hurry();
  await Promise.all([first, ...requests]);
  assertEquals(scene.applied.map(({ stallSeconds }) => stallSeconds), [2, 3]);
});

Deno.test("Reloader.request() says once it has ended that the server is stopping", async () => {
  using scene = await Scene.open("stall = 1\n");
  await scene.reloader.end();
  assertEquals(await scene.reloader.request(), {
    faults: ["The server is stopping. Nothing was reloaded."],
    news: [],
  });
});

Deno.test("Reloader.request() advises nothing if the server itself failed", async () => {
  using scene = await Scene.open("stall = 1\n");
  scene.onApply = () => Promise.reject(new Error("out of order"));
  assertEquals(await scene.reloader.request(), {
    faults: ["Internal error. The server has logged it."],
    news: [],
  });
});

Deno.test("Reloader.end() waits for what is being applied, but not for what is being read", async () => {
  using scene = await Scene.open("stall = 1\n");
  const applied = Promise.withResolvers<void>();
  let isApplied = false;
  scene.onApply = async () => {
    await applied.promise;
    isApplied = true;
  };
  const reload = scene.reload("stall = 2\n");
  while (scene.applied.length === 0) await Promise.resolve();
  const ended = scene.reloader.end().then(() => isApplied);
  applied.resolve();
  assertEquals(await ended, true);
  await reload;

  using other = await Scene.open("stall = 1\n");
  const pipe = Promise.withResolvers<string>();
  other.files.set(FILE, pipe.promise);
  const request = other.reloader.request();
  await other.reloader.end();
  pipe.resolve("stall = 2\n");
  const { faults } = await request;
  assertEquals(faults, ["The server is stopping. Nothing was reloaded."]);
  assertEquals(other.applied, []);
});

Deno.test("changedSettings() notices new texts in files that other files name", async () => {
  using scene = await Scene.open("");
  scene.files.set("p", "open sesame\n").set("m", "Be kind.\n");
  scene.files.set(FILE, 'password-file = "p"\n[irc]\nmotd = "m"\n');
  const before = await read(scene.files);
  assertEquals(changedSettings(before, await read(scene.files)), []);
  scene.files.set("p", "another one\n").set("m", "Be short.\n");
  assertEquals(changedSettings(before, await read(scene.files)), ["password-file", "[irc]"]);
});
