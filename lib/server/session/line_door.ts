/**
 * Serves a service on a listener: makes a session of each connection, and has the service talk to it
 * or run its command.
 *
 * @module
 */

import { log } from "../../log.ts";
import type { ByteConnection, RemoteCommand } from "../../transport/connection.ts";
import type {
  Conversation,
  ConversationOptions,
  NewConnection,
} from "../connections/conversation.ts";
import type { KeyTime } from "../fairness/paced_bytes.ts";
import type { LineSplitter } from "../framing/line_framer.ts";
import type { Service } from "./service.ts";
import { Session } from "./session.ts";
import type { SessionOptions } from "./session_options.ts";

const NO_OPTIONS: ReadonlyMap<string, string> = new Map();

/** What is served on a listener, and how. */
export interface Binding {
  readonly service: Service;
  /** The endpoint's scheme, e.g. `telnet`. */
  readonly scheme: string;
  readonly maxLineBytes?: number;
  readonly idleMs?: number;
  /** The options of the endpoint that are for the service. */
  readonly options?: ReadonlyMap<string, string>;
}

/** Shared by all line doors, except for their traffic. */
export interface LineDoorOptions extends ConversationOptions {
  readonly splitter: LineSplitter;
  readonly keyTime: KeyTime;
  /** Where visitors with a browser are sent, if anywhere. */
  readonly webUrl?: string;
}

export class LineDoor {
  readonly #service: Service;
  readonly #options: SessionOptions;
  /** One for all connections: a closure for each would retain its scope. */
  readonly #serve: (session: Session) => Promise<void>;

  constructor(binding: Binding, options: LineDoorOptions) {
    const service = this.#service = binding.service;
    this.#options = sessionOptions(binding, options);
    this.#serve = (session) =>
      session.program ? runCommand(session, service) : service.serve(session);
  }

  converse({ connection, context, refusal }: NewConnection): Conversation {
    const { command } = connection;
    const options = command ? commandOptions(this.#options, this.#service, command) : this.#options;
    const session = new Session(connection, context, options);
    return new LineConversation(session, refusal ? refuse(refusal, connection) : this.#serve);
  }
}

/** A session served by a service. */
class LineConversation implements Conversation {
  readonly #session: Session;
  readonly #serve: (session: Session) => Promise<void>;

  constructor(session: Session, serve: (session: Session) => Promise<void>) {
    this.#session = session;
    this.#serve = serve;
  }

  get queuedBytes(): number {
    return this.#session.outbox.queuedBytes;
  }

  run(): Promise<void> {
    return this.#session.run(this.#serve);
  }

  check(): void {
    this.#session.check();
  }

  stop(farewell: string): void {
    this.#session.stop(`* ${farewell}`);
  }
}

function sessionOptions(
  { service, scheme, maxLineBytes, idleMs, options = NO_OPTIONS }: Binding,
  shared: LineDoorOptions,
): SessionOptions {
  const isTelnet = scheme === "telnet" || scheme === "telnets";
  return {
    ...shared,
    guard: service.isFloodControlled ? shared.guard : undefined,
    maxLineBytes: maxLineBytes ?? service.maxLineBytes,
    maxBlockLineBytes: service.maxBlockLineBytes,
    framing: service.framing?.(options),
    charset: service.charset?.(options),
    http: service.httpDetection?.(options),
    onRefused: (peer) => service.noteRefusal?.(peer),
    offersTelnet: isTelnet && service.editsLines === true,
    isForPrograms: service.isForPrograms,
    phrase: service.phrase && ((line) => service.phrase!(line)),
    isUncounted: service.isUncounted && ((line) => service.isUncounted!(line)),
    keepsTelnet: service.isForPrograms && !isTelnet,
    idleMs,
    endpointOptions: options,
  };
}

/** The options of the session of a command. */
function commandOptions(
  options: SessionOptions,
  service: Service,
  { text }: RemoteCommand,
): SessionOptions {
  const { isFloodControlled, ...input } = service.commandInput?.(text) ?? {};
  const guard = isFloodControlled === false ? undefined : options.guard;
  // Its input may be silent for as long as it likes.
  return { ...options, ...input, guard, idleMs: undefined };
}

async function runCommand(session: Session, service: Service): Promise<void> {
  const program = session.program!;
  try {
    if (service.runCommand) return await program.exit(await service.runCommand(session, program));
    program.writeError(`! ${service.name} has no commands. Connect without one.\n`);
    await program.exit(1);
  } catch (error) {
    program.writeError("! Internal error. It was logged; try again later.\n");
    log("server").error("A command failed: {error}", { error });
    await program.exit(1);
  }
}

function refuse(
  sentence: string,
  connection: ByteConnection,
): (session: Session) => Promise<void> {
  return async (session) => {
    session.tell(sentence);
    connection.exit?.(1);
    await session.program?.exit(1);
    await session.end();
  };
}
