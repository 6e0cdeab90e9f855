/**
 * The wiring: the only file that knows every part. Everything is opened and closed here.
 *
 * @module
 */

import { systemClock } from "../clock.ts";
import { RoomRegistry } from "../domain/rooms/room_registry.ts";
import { countText } from "../domain/wording.ts";
import { log as diagnostics } from "../log.ts";
import { clusterMetrics } from "../metrics/cluster_metrics.ts";
import { Server, type ServerLimits } from "../server/accepting/serve.ts";
import { FairBudget } from "../server/fairness/fair_budget.ts";
import { Gathering } from "../server/fairness/gathering.ts";
import { SocketTurn } from "../server/fairness/socket_turn.ts";
import { openChatContext, reservedNicknames } from "../service/chat/chat_context.ts";
import { tellOfLog } from "../service/chat/log_notice.ts";
import type { ServiceDefinition } from "../service/mod.ts";
import { SshGate } from "../service/ssh/ssh_gate.ts";
import { lockOnceFree } from "../store/sqlite/data_directory.ts";
import { countRepeats } from "../transport/silent_peers.ts";
import { aborted } from "./aborted.ts";
import { StandingNotes } from "./check/standing_notes.ts";
import type { CommandEnvironment } from "./command.ts";
import { openControlSocket } from "./control/control_socket.ts";
import { askToStop, TAKEOVER_MS } from "./control/take_over.ts";
import { Doorkeepers, doorsOf } from "./endpoints/doorkeepers.ts";
import { hostKeyFileIn } from "./endpoints/host_key_file.ts";
import { startHints } from "./endpoints/welcome.ts";
import { reportFailure } from "./internal_failure.ts";
import { configureLog } from "./log_output.ts";
import { BackgroundWork } from "./parts/background_work.ts";
import { warnOfFewDescriptors } from "./parts/few_descriptors.ts";
import { openAccess } from "./parts/open_access.ts";
import { loadAlerts } from "./parts/open_alerts.ts";
import { openBackplane } from "./parts/open_backplane.ts";
import { ServerMetrics } from "./parts/open_metrics.ts";
import { openPorts } from "./parts/open_ports.ts";
import { openStores } from "./parts/open_stores.ts";
import { serveLines } from "./parts/serve_lines.ts";
import { serveSites } from "./parts/serve_sites.ts";
import { ServerStatus } from "./parts/server_status.ts";
import { stopServer } from "./parts/stop_server.ts";
import { createServices, loadPrograms } from "./parts/used_services.ts";
import { ircSettings } from "./settings/irc_options.ts";
import { Reloader } from "./settings/reloader.ts";
import type { ServeOptions } from "./settings/serve_options.ts";
import type { ServeSettings } from "./settings/serve_settings.ts";
import { webUrl } from "./settings/web_options.ts";
import { isJournal } from "./systemd/journal.ts";
import { JournalSocket } from "./systemd/journal_socket.ts";
import { ServiceManager } from "./systemd/service_manager.ts";
import { HashThreads } from "./threads/hash_threads.ts";

/**
 * Runs the server until the signal of the environment is aborted, and resolves to the exit code.
 *
 * @param readSettings Reads the options. Called once at start and at each reload.
 * @param definitions The services that `options.listen` may name.
 * @throws {Error} if it cannot start; the message is a sentence that says what to do.
 */
export async function serve(
  readSettings: () => Promise<ServeSettings>,
  definitions: readonly ServiceDefinition[],
  environment: CommandEnvironment,
): Promise<number> {
  const settings = await readSettings();
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
  const reloading = Promise.withResolvers<Reloader>();
  const reload = async () => await (await reloading.promise).request();
  // From now on, since the signal would end the process otherwise.
  environment.onHangup(() => void reload());
  using turn = new SocketTurn(clock);
  const pollSockets = () => turn.next();
  const budget = new FairBudget({ clock, pollSockets });
  let gate: SshGate;
  const ssh = {
    gate: { meet: (peer: Parameters<SshGate["meet"]>[0]) => gate.meet(peer) },
    clock,
    work: budget,
    hostKeyFile: hostKeyFileIn(options.data),
  };
  const keepers = new Doorkeepers();
  const parts = { definitions, environment, ssh, work: budget, keepers };
  const isTakingOver = options.takeover && await askToStop(options.data, clock);
  // Nobody is accepted before the log is open, and nobody is refused.
  const opened = isTakingOver
    ? await openPorts(options, parts, { clock, ms: TAKEOVER_MS })
    : undefined;
  using directory = await lockOnceFree(options.data, clock, isTakingOver ? TAKEOVER_MS : 0);
  const stores = await openStores(directory, options);
  const { log, guard, history, readers, search } = stores;
  const stopping = new AbortController();
  try {
    using hashThreads = new HashThreads(directory.openSpare);
    const gathering = new Gathering({ clock, turn, waiting: () => budget.waiting });
    const nextTurn = () => turn.later();
    await using backplane = await openBackplane(options, {
      stores,
      clock,
      nextTurn,
      gathering,
      environment,
    });
    const { cluster, sequencer, state } = backplane;
    if (cluster && environment.signal.aborted) return 0;
    const reservedNames = reservedNicknames(definitions.map(({ name }) => name));
    const security = await openAccess(options, { state, hashThreads, clock, reservedNames });
    const { access, accounts, tokens, logins } = security;
    const registry = new RoomRegistry({
      log: history,
      sequencer,
      brake: stores.brake,
      access,
      isShared: cluster !== undefined,
    });
    const chat = openChatContext({
      registry,
      log: history,
      access,
      accounts,
      serverPassword: security.serverPassword(options),
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
      rehash: () => void reload(),
    };
    gate = new SshGate({
      accounts,
      access,
      get serverPassword() {
        return chat.serverPassword;
      },
      keys: chat.keys,
    });
    const ports = opened ?? await openPorts(options, parts);
    const { lines: listeners, web, metrics: metricsPort, skipped } = ports;
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
    const { datagrams, streams } = serveLines(listeners, {
      server,
      services,
      clock,
      budget,
      signal: stopping.signal,
      print: environment.stdout,
    });
    await serveSites(options, ports, {
      server,
      services,
      serviceOptions,
      metrics: metrics.all,
      describe: () => live.description,
      print: environment.stdout,
    });
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
        reload,
        cluster,
      },
      clock,
      work: budget.account(),
    });
    warnOfFewDescriptors(directory.openSpare, options.maxConnections);
    environment.stdout("ready");
    manager.ready(() => countText(server.sessionCount, "connection"));
    const { isDecider } = cluster ?? {};
    const work = { stores, sequencer, state, access, clock, isDecider };
    await using background = new BackgroundWork(work);
    await background.adjust(options);
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
        security.configure(next);
        keepers.adjust(doorsOf(next));
        chat.serverPassword = security.serverPassword(next, chat.serverPassword);
        stores.prepareRetention(next.retention);
        await background.adjust(next);
        tellNotes(next);
      },
    });
    reloading.resolve(reloader);
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
    await reloader.end();
    stopping.abort();
    await stopServer({
      server,
      datagrams,
      clock,
      isHandingOver,
      isLogLost: guard.isLost,
      isClustered: cluster !== undefined,
      settled: () => sequencer.settled().then(() => security.settled()),
    });
    return cluster?.failed.aborted ? 1 : 0;
  } finally {
    await readers.close();
    await log.close();
  }
}

/** What the options say about the server's limits. */
function serverLimits(options: ServeOptions): ServerLimits {
  return { ...options, stallMs: options.stallSeconds * 1000 };
}
