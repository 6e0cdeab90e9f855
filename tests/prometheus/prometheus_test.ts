/**
 * The metrics, alert rules and dashboard with the real programs: `prometheus` and `promtool`, which
 * must be installed (Debian's package `prometheus`).
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { runWithInput } from "../support/run_with_input.ts";
import { Output, runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const HERE = new URL(".", import.meta.url).pathname;
const RULES = new URL("../../packaging/alert-rules.yml", import.meta.url).pathname;
const RULE_TESTS = `${HERE}alert_rules_test.yml`;
const DASHBOARD = new URL("../../packaging/grafana-dashboard.json", import.meta.url);

/** Runs promtool; returns all that it printed. */
async function promtool(args: readonly string[], input = ""): Promise<string> {
  const { success, printed } = await runWithInput("promtool", args, input);
  assert(success, printed);
  return printed;
}

/** A Prometheus that scrapes targets every second. */
class Prometheus implements AsyncDisposable {
  /** Its process and directory. */
  readonly #parts: AsyncDisposable;
  readonly #url: string;

  private constructor(parts: AsyncDisposable, log: Output) {
    this.#parts = parts;
    const [, address] = /msg="Listening on" address=(\S+)/.exec(log.text)!;
    this.#url = `http://${address}`;
  }

  /** @param jobs Targets by name of the job, with a token if they need one. */
  static async start(
    jobs: Readonly<Record<string, { readonly target: string; readonly token?: string }>>,
  ): Promise<Prometheus> {
    await using parts = new AsyncDisposableStack();
    const directory = parts.use(new TemporaryDirectory());
    const scrapes = Object.entries(jobs).map(([name, { target, token }]) => ({
      job_name: name,
      static_configs: [{ targets: [target] }],
      ...(token === undefined ? {} : { authorization: { credentials: token } }),
    }));
    const config = {
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [RULES],
      scrape_configs: scrapes,
    };
    // YAML is a superset of JSON.
    await Deno.writeTextFile(`${directory.path}/prometheus.yml`, JSON.stringify(config));
    const process = new Deno.Command("prometheus", {
      args: [
        `--config.file=${directory.path}/prometheus.yml`,
        `--storage.tsdb.path=${directory.path}/data`,
        "--web.listen-address=127.0.0.1:0",
      ],
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const log = new Output(process.stderr);
    parts.defer(async () => {
      await process[Symbol.asyncDispose]();
      await log.all;
    });
    assert(await log.until(/Server is ready to receive web requests/), log.text);
    return new Prometheus(parts.move(), log);
  }

  /** Asks the API; returns its `data`. */
  async ask(path: string): Promise<unknown> {
    const answer = await (await fetch(`${this.#url}/api/v1/${path}`)).json();
    assertEquals(answer.status, "success", `${path}: ${answer.error}`);
    return answer.data;
  }

  /** The values of a query, with their labels. */
  async query(expression: string): Promise<{ metric: Record<string, string>; value: string }[]> {
    const data = await this.ask(`query?query=${encodeURIComponent(expression)}`);
    const { result } = data as {
      result: { metric: Record<string, string>; value: [number, string] }[];
    };
    return result.map(({ metric, value }) => ({ metric, value: value[1] }));
  }

  /** Asks again and again until there is an answer that will do. */
  async until<Answer>(ask: () => Promise<Answer>, isEnough: (answer: Answer) => boolean) {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask();
      if (isEnough(answer)) return answer;
      assert(performance.now() < deadline, JSON.stringify(answer));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}

function startServer(): Promise<ServerProcess> {
  return ServerProcess.start({
    args: ["--web", "http://127.0.0.1:0", "--metrics", "http://127.0.0.1:0"],
  });
}

function metricsUrl({ stdout }: ServerProcess): URL {
  return new URL(/^listening metrics (\S+)$/m.exec(stdout)![1]);
}

Deno.test("promtool finds nothing wrong with the metrics of a server", async () => {
  await using server = await startServer();
  const ann = await LineClient.enter(server.port, "ann");
  await ann.send("hello");
  const page = await (await fetch(metricsUrl(server))).text();
  assertEquals(await promtool(["check", "metrics"], page), "");
  await ann.close();
});

Deno.test("promtool accepts the alert rules, and each of them fires when it should", async () => {
  assertMatch(await promtool(["check", "rules", RULES]), /SUCCESS: \d+ rules found/);
  assertMatch(await promtool(["test", "rules", RULE_TESTS]), /SUCCESS/);
  const rules = Deno.readTextFileSync(RULES).matchAll(/- alert: (\w+)/g);
  const tests = Deno.readTextFileSync(RULE_TESTS);
  for (const [, name] of rules) {
    assertMatch(tests, new RegExp(`alertname: ${name}, exp_alerts: \\[\\]`), name);
    assertMatch(tests, new RegExp(`alertname: ${name}\\n +exp_alerts:\\n +- exp_labels`), name);
  }
});

Deno.test("Prometheus reads a server by its own port, its web port and with a token", async () => {
  await using server = await startServer();
  const token = await newToken(server.data);
  const ann = await LineClient.enter(server.port, "ann");
  const { host } = metricsUrl(server);
  await using prometheus = await Prometheus.start({
    "partyline": { target: host },
    "partyline-web": { target: new URL(server.web).host },
    "partyline-token": { target: new URL(server.web).host, token },
  });
  const people = await prometheus.until(
    () => prometheus.query("partyline_people"),
    (values) => values.length === 3,
  );
  assertEquals(people.map(({ value }) => value), ["1", "1", "1"]);
  assertEquals(
    people.map(({ metric }) => metric.job).sort(),
    ["partyline", "partyline-token", "partyline-web"],
  );
  const [joins] = await prometheus.query(
    'partyline_events_total{job="partyline",kind="join"}',
  );
  assertEquals([joins.metric.instance, joins.value], [host, "1"]);
  await ann.close();
});

Deno.test("Prometheus fires the alert for a log that is gone, and answers every query of the dashboard", async () => {
  await using server = await startServer();
  await using prometheus = await Prometheus.start({
    partyline: { target: metricsUrl(server).host },
  });
  // A rate takes two scrapes.
  await prometheus.until(
    () => prometheus.query("rate(process_cpu_seconds_total[1m])"),
    (values) => values.length === 1,
  );
  const { panels } = JSON.parse(await Deno.readTextFile(DASHBOARD));
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      const query = expr.replaceAll("$instance", ".*").replaceAll("$__rate_interval", "1m");
      assert((await prometheus.query(query)).length > 0, `${title}: ${query}`);
    }
  }
  await Deno.rename(`${server.data}/partyline.db`, `${server.data}/moved.db`);
  const alerts = await prometheus.until(
    () => prometheus.query('ALERTS{alertstate="firing"}'),
    (values) => values.length > 0,
  );
  assertEquals(alerts.map(({ metric }) => metric.alertname), ["PartylineLogNotWritable"]);
  const { groups } = await prometheus.ask("rules") as {
    groups: { rules: { name: string; health: string }[] }[];
  };
  const unhealthy = groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== "ok");
  assertEquals(unhealthy, []);
  await Deno.rename(`${server.data}/moved.db`, `${server.data}/partyline.db`);
});

/** Adds an account, and returns the secret of its token. */
async function newToken(data: string): Promise<string> {
  const run = async (input: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runToEnd([...args, "--data", data], { input });
    assertEquals(code, 0, stderr);
    return stdout.trim();
  };
  await run("tea at five\n", "account", "add", "watcher");
  return await run("", "token", "new", "watcher", "prometheus");
}
