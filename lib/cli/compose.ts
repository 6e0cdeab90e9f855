/**
 * The wiring: the only file that knows every part. Everything is opened and closed here.
 *
 * @module
 */

import { AccessControl, type AccessSettings } from "../domain/access/access_control.ts";
import { Accounts } from "../domain/access/accounts.ts";
import { PasswordHasher } from "../domain/access/password_hasher.ts";
import { ServerPassword } from "../domain/access/server_password.ts";
import { KNOWN_ADDRESS_STATE, KnownAddresses } from "../domain/access/known_addresses.ts";
import { LoginDelays, MOST_TRACKED } from "../domain/access/login_delays.ts";
import { LoginTally } from "../domain/access/login_tally.ts";
import { Tokens } from "../domain/access/tokens.ts";
import { CLUSTER_STATE } from "../backplane/cluster_state.ts";
import { LocalSequencer } from "../backplane/local.ts";
import { type Clock, systemClock, waitFor } from "../clock.ts";
import { RoomRegistry } from "../domain/room_registry.ts";
import { StateExpiry } from "../domain/state_expiry.ts";
import { DecidedSweeper } from "../domain/decided_sweeper.ts";
import { Sweeper } from "../domain/sweeper.ts";
import { countText } from "../domain/wording.ts";
import { log as diagnostics } from "../log.ts";
import { FairBudget } from "../server/fair_budget.ts";
import { Gathering } from "../server/gathering.ts";
import { Server, type ServerLimits } from "../server/serve.ts";
import { SocketTurn } from "../server/socket_turn.ts";
import { openChatContext, reservedNicknames } from "../service/chat/chat_context.ts";
import { tellOfLog } from "../service/chat/log_notice.ts";
import { PERSON_STATE } from "../service/chat/person_store.ts";
import { SshGate } from "../service/ssh/ssh_gate.ts";
import { PROGRESS_STATE } from "../service/logger/sender_progress.ts";
import type { ServiceDefinition } from "../service/mod.ts";
import { lockOnceFree } from "../store/sqlite/data_directory.ts";
import { DamageSearch } from "../store/sqlite/reading/damage_search.ts";
import { countRepeats } from "../transport/silent_peers.ts";
import { clusterMetrics } from "../metrics/cluster_metrics.ts";
import { MetricsPage } from "../metrics/metrics_page.ts";
import { createMetricsSite } from "../web/metrics_response.ts";
import { HashThreads } from "./hash_threads.ts";
import type { CommandEnvironment } from "./command.ts";
import { openControlSocket } from "./control/control_socket.ts";
import { Doorkeepers, doorsOf } from "./doorkeepers.ts";
import { warnOfFewDescriptors } from "./few_descriptors.ts";
import { InternalFailure } from "./internal_failure.ts";
import { ircSettings } from "./irc_options.ts";
import { openListeners, type Patience } from "./listeners.ts";
import { configureLog, type LogLevel } from "./log_output.ts";
import { loadAlerts, openAlerts } from "./open_alerts.ts";
import { ServerMetrics } from "./open_metrics.ts";
import { ServerStatus } from "./server_status.ts";
import { openStores } from "./open_stores.ts";
import { Reloader } from "./reloader.ts";
import { serveLines } from "./serve_lines.ts";
import type { ServeOptions } from "./serve_options.ts";
import type { ServeSettings } from "./serve_settings.ts";
import { StandingNotes } from "./standing_notes.ts";
import { Successor } from "./successor.ts";
import { createServices, loadPrograms } from "./used_services.ts";
import { webUrl } from "./web_options.ts";
import { isJournal } from "./systemd/journal.ts";
import { JournalSocket } from "./systemd/journal_socket.ts";
import type { PassedSockets } from "./systemd/passed_sockets.ts";
import { ServiceManager } from "./systemd/service_manager.ts";
import { askToStop, TAKEOVER_MS } from "./take_over.ts";
import { startHints, waysInOf } from "./welcome.ts";

/** The host key of SSH endpoints in the data directory, under the name that sshd gives it. */
const HOST_KEY_FILE = "ssh_host_ed25519_key";
/** Peers get this long to read what is still queued for them. */
const STOP_LIMIT_MS = 2500;
/** The same while others wait for the next server. */
const HANDOVER_LIMIT_MS = 1000;
const HANDOVER = "The server restarts. Connect again; all messages are saved.";
/** Those who have not read it by then are disconnected, and their connections end in this time. */
const ABORT_LIMIT_MS = 500;
/** What has not reached the cluster by then is not sent. */
const CUT_OFF_LIMIT_MS = 1500;

/**
 * Runs the server until the signal of the environment is aborted, and resolves to the exit code.
 *
 * @param readSettings Reads the options. Called once at start and at each reload.
 * @param definitions The services that `options.listen` may name.
 * @throws {Error} if it cannot start; the message is a sentence that says what to do.
 */
export async function serve(
  readSettings: () => ServeSettings,
  definitions: readonly ServiceDefinition[],
  environment: CommandEnvironment,
): Promise<number> {
  const settings = readSettings();
  const { options } = settings;
  let live = options;
  const write = (line: string) => environment.stderr(line);
  const isForJournal = isJournal(environment.env("JOURNAL_STREAM"));
  await using journal = isForJournal ? JournalSocket.open() : undefined;
  const output = { write, isJournal: isForJournal, journal };
  configureLog({ format: options.logFormat, level: options.logLevel, ...output });
  reportFailure(environment.signal, options.logLevel);
  const clock = systemClock;
  await using manager = new ServiceManager({ env: environment.env, clock, pid: Deno.pid });
  let isReloadWanted = false;
  let rehash = () => void (isReloadWanted = true);
  // From now on, since the signal would end the process otherwise.
  environment.onHangup(() => rehash());
  using turn = new SocketTurn(clock);
  const pollSockets = () => turn.next();
  const budget = new FairBudget({ clock, pollSockets });
  let gate: SshGate;
  const ssh = {
    gate: { meet: (peer: Parameters<SshGate["meet"]>[0]) => gate.meet(peer) },
    clock,
    work: budget,
    hostKeyFile: `${options.data}/${HOST_KEY_FILE}`,
  };
  const certified = new Set(
    definitions.filter(({ usesCertificates }) => usesCertificates).map(({ name }) => name),
  );
  const keepers = new Doorkeepers();
  const openPorts = async (patience?: Patience) => {
    const passed = await passedSockets(environment);
    const open = { ...options, ssh, work: budget, certified, keepers, passed, patience };
    const opened = await openListeners(options.listen, open);
    return { ...opened, skipped: [...opened.skipped, ...passed?.close() ?? []] };
  };
  const isTakingOver = options.takeover && await askToStop(options.data, clock);
  // Nobody is accepted before the log is open, and nobody is refused.
  const opened = isTakingOver ? await openPorts({ clock, ms: TAKEOVER_MS }) : undefined;
  using directory = await lockOnceFree(options.data, clock, isTakingOver ? TAKEOVER_MS : 0);
  const stores = await openStores(directory, options);
  const { log, guard, damage, history, readers, search, sweep } = stores;
  const stopping = new AbortController();
  try {
    using hashThreads = new HashThreads(directory.openSpare);
    const gathering = new Gathering({ clock, turn, waiting: () => budget.waiting });
    const nextTurn = () => turn.later();
    if (!options.cluster && (await stores.state.all(CLUSTER_STATE)).size > 0) {
      throw new Error(
        `${options.data} belongs to a cluster, and its log would diverge from those of the other nodes. ` +
          "Start with the configuration that has [cluster], or leave it: partyline cluster reset",
      );
    }
    // Loads NATS only if it is used.
    await using cluster = options.cluster &&
      await (await import("./open_cluster.ts")).openCluster(options.cluster, {
        log,
        state: stores.state,
        clock,
        nextTurn,
        signal: environment.signal,
      });
    if (cluster && environment.signal.aborted) return 0;
    const state = cluster?.state ?? stores.state;
    const sequencer = cluster?.sequencer ?? new LocalSequencer(log, clock, nextTurn, gathering);
    // Loads OpenTelemetry only if it is used.
    if (sequencer instanceof LocalSequencer && environment.env("OTEL_DENO") === "true") {
      const { batchTracing } = await import("./tracing/batch_tracing.ts");
      sequencer.startTrace = batchTracing(clock);
    }
    const access = await AccessControl.open(state, { ...accessSettings(options), clock });
    const registry = new RoomRegistry({
      log: history,
      sequencer,
      brake: stores.brake,
      access,
      isShared: cluster !== undefined,
    });
    const reservedNames = reservedNicknames(definitions.map(({ name }) => name));
    const known = await KnownAddresses.open(MOST_TRACKED, state);
    const logins = new LoginTally();
    const delays = new LoginDelays({ clock, known, tally: logins });
    const hasher = new PasswordHasher(hashThreads);
    const accounts = await Accounts.open({ state, hasher, delays, clock, reservedNames });
    const tokens = await Tokens.open({ state, accounts, delays, clock });
    const chat = openChatContext({
      registry,
      log: history,
      access,
      accounts,
      serverPassword: serverPassword(options, clock, logins),
      tokens,
      state,
      search,
      clock,
      reservedNames,
      blocks: options.blocks,
      firstOrigin: cluster?.firstOrigin,
    });
    await cluster?.bringTogether(chat);
    guard.onChange = (isLost) => void tellOfLog(chat, isLost);
    const serviceOptions = {
      chat,
      accounts,
      registry,
      log: history,
      search,
      state,
      clock,
      nameDeadlineMs: () => live.nameSeconds * 1000,
      programs: await loadPrograms(options, { chat, clock, state }),
      print: options.print ? environment.stdout : undefined,
      stopping: stopping.signal,
      jobLine: cluster?.jobLine,
      rehash: () => rehash(),
    };
    gate = new SshGate({
      accounts,
      access,
      get serverPassword() {
        return chat.serverPassword;
      },
      keys: chat.keys,
    });
    const { lines: listeners, web, metrics: metricsPort, skipped } = opened ?? await openPorts();
    let irc = ircSettings(options.irc, listeners);
    const services = await createServices(
      definitions,
      { ...serviceOptions, irc: () => irc },
      { lines: listeners, web },
    );
    const server = new Server({
      ...serverLimits(options),
      budget,
      clock,
      pollSockets,
      nextTurn: () => turn.later(),
      openSpare: directory.openSpare,
      countRepeats,
      webUrl: web && webUrl(web.endpoint, options.web!),
    });
    gathering.written = () => server.written();
    const watched = { server, budget, chat, logins, sequencer, stores, clock, data: options.data };
    using metrics = new ServerMetrics(watched, cluster && clusterMetrics(cluster.view));
    using status = new ServerStatus(watched, cluster?.view);
    const page = new MetricsPage(metrics.all);
    const readMetrics = () => page.read();
    const { datagrams, streams } = serveLines(listeners, {
      server,
      services,
      clock,
      budget,
      signal: stopping.signal,
      print: environment.stdout,
    });
    if (web) {
      const { createWebSite } = await import("../web/web_site.ts");
      const { endpoint, ...webOptions } = options.web!;
      const waysIn = waysInOf(listeners);
      server.converse(
        web,
        "web",
        createWebSite({
          ...serviceOptions,
          ...webOptions,
          ...endpoint,
          ircService: services.get("irc"),
          facts: () => ({ description: live.description, waysIn }),
          metrics: readMetrics,
        }),
      );
      environment.stdout(`listening web ${web.endpoint}/`);
    }
    if (metricsPort) {
      const { endpoint: { scheme } } = options.metrics!;
      server.converse(metricsPort, "metrics", createMetricsSite(scheme, readMetrics));
      environment.stdout(`listening metrics ${metricsPort.endpoint}/metrics`);
    }
    const notes = new StandingNotes();
    const tellNotes = (now: ServeOptions) =>
      notes.tell({
        ...now,
        data: options.data,
        listeners: listeners.map((open) => {
          return { ...open, binding: { ...open.binding, allow: keepers.allowOf(open.guard) } };
        }),
        web,
        webAllow: now.web?.allow,
        metricsPort,
        metricsAllow: now.metrics?.allow,
      });
    tellNotes(options);
    for (const message of skipped) diagnostics("cli").warning("{message}", { message });
    await loadAlerts(options.alerts);
    await stores.ready();
    const successor = Promise.withResolvers<void>();
    await using _control = openControlSocket({
      data: options.data,
      parts: {
        accounts,
        keys: chat.keys,
        tokens,
        status: () => status.read(),
        handOver: () => successor.resolve(),
        cluster,
      },
      clock,
      work: budget.account(),
    });
    warnOfFewDescriptors(directory.openSpare, options.maxConnections);
    environment.stdout("ready");
    manager.ready(() => countText(server.sessionCount, "connection"));
    await using sweeping = new Successor();
    const openSweeper = ({ retention: rules }: ServeOptions) =>
      sweeping.start(() => {
        const parts = { log: sweep, sequencer, rules, clock };
        const { isDecider } = cluster ?? {};
        return Promise.resolve(
          isDecider ? new DecidedSweeper({ ...parts, isDecider }) : new Sweeper(parts),
        );
      });
    await openSweeper(options);
    await using _expiry = new StateExpiry({ ...PERSON_STATE, state, clock });
    await using _known = new StateExpiry({ ...KNOWN_ADDRESS_STATE, state, clock });
    await using _progress = new StateExpiry({ ...PROGRESS_STATE, state, clock });
    await using _search = new DamageSearch({
      pool: readers,
      clock,
      report: damage,
      onIndexDamage: (fault) => stores.rebuildIndex(fault),
    });
    const parts = { pool: readers, sequencer, state, clock, access, isDecider: cluster?.isDecider };
    using _watch = guard.watch(clock);
    await using alerting = new Successor();
    await alerting.start(() => openAlerts(options.alerts, parts));
    const reloader = new Reloader({
      settings,
      read: readSettings,
      listeners: [...streams, web, metricsPort].filter((one) => one !== undefined),
      onBegin: () => manager.reloading(),
      onEnd: (faults) => manager.reloaded(faults),
      async apply(next) {
        live = next;
        irc = ircSettings({ ...next.irc, serverName: irc.serverName }, listeners);
        configureLog({ format: next.logFormat, level: next.logLevel, ...output });
        server.adjust(serverLimits(next));
        access.configure(accessSettings(next));
        keepers.adjust(doorsOf(next));
        if (next.sharedPassword !== undefined && chat.serverPassword) {
          chat.serverPassword.replace(next.sharedPassword);
        } else chat.serverPassword = serverPassword(next, clock, logins);
        stores.prepareRetention(next.retention);
        await openSweeper(next);
        await alerting.start(() => openAlerts(next.alerts, parts));
        tellNotes(next);
      },
    });
    rehash = () => void reloader.request();
    if (isReloadWanted) rehash();
    if (options.logFormat === "text" && !output.isJournal) {
      environment.stderr(startHints({ ...options, listeners, web }));
    }
    const ended = AbortSignal.any([environment.signal, ...cluster ? [cluster.failed] : []]);
    await Promise.race([aborted(ended), successor.promise]);
    const isHandingOver = !ended.aborted;
    if (cluster?.failed.aborted) {
      const { message } = cluster.failed.reason as Error;
      diagnostics("cluster").error("{message}", { message });
    }
    manager.stopping();
    rehash = () => {};
    await reloader.settled();
    stopping.abort();
    const stopped = Promise.all([
      server.stop(guard.isLost ? "The server is stopping." : isHandingOver ? HANDOVER : undefined),
      ...datagrams,
    ]);
    await waitFor(stopped, clock, isHandingOver ? HANDOVER_LIMIT_MS : STOP_LIMIT_MS);
    // What was read of those who are left is still stored.
    server.abort();
    await waitFor(stopped, clock, ABORT_LIMIT_MS);
    const settled = sequencer.settled().then(() =>
      Promise.all([tokens.settled(), known.settled()])
    );
    // A node that is cut off cannot wait for the cluster.
    await (cluster ? waitFor(settled, clock, CUT_OFF_LIMIT_MS) : settled);
    return cluster?.failed.aborted ? 1 : 0;
  } finally {
    await readers.close();
    await log.close();
  }
}

/** What the service manager passes on; the code for it is loaded only if there is something. */
async function passedSockets({ env }: CommandEnvironment): Promise<PassedSockets | undefined> {
  if (env("LISTEN_FDS") === undefined) return undefined;
  const { PassedSockets } = await import("./systemd/passed_sockets.ts");
  return await PassedSockets.open(env, Deno.pid);
}

/** What the options say about the server's limits. */
function serverLimits(options: ServeOptions): ServerLimits {
  return { ...options, stallMs: options.stallSeconds * 1000 };
}

/** What they say about access. */
function accessSettings(options: ServeOptions): AccessSettings {
  return { isClosed: options.access === "accounts", commonRooms: configuredRooms(options) };
}

function serverPassword(
  { sharedPassword }: ServeOptions,
  clock: Clock,
  tally: LoginTally,
): ServerPassword | undefined {
  if (sharedPassword === undefined) return undefined;
  const delays = new LoginDelays({ clock, tally });
  return new ServerPassword({ password: sharedPassword, clock, delays });
}

/** The rooms that log endpoints and alerts write into. */
function configuredRooms({ listen, alerts }: ServeOptions): string[] {
  const rooms = [
    ...listen.map(({ endpoint }) => endpoint.options.get("room")),
    ...alerts.map(({ room }) => room),
  ];
  return rooms.filter((room) => room !== undefined);
}

/** Logs what stops the server at once, if that is an exception that nobody caught. */
async function reportFailure(signal: AbortSignal, level: LogLevel): Promise<void> {
  await aborted(signal);
  const failure: unknown = signal.reason;
  if (!(failure instanceof InternalFailure)) return;
  failure.isReported = true;
  // Only --log-level debug shows where it comes from.
  const { sentence: message, cause } = failure;
  const details = level === "debug" ? { error: cause } : {};
  diagnostics("cli").error("{message}", { message, ...details });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
