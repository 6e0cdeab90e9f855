/**
 * The services that an endpoint can have. A new one is a file and a line here.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { isCharset } from "../codec/charset.ts";
import { isTimeZone } from "../codec/time_zone.ts";
import type { Accounts } from "../domain/access/accounts/accounts.ts";
import type { JobLine } from "../domain/tutorial/job_queue.ts";
import type { RoomHistory } from "../domain/history/room_history.ts";
import { isRoomName } from "../domain/name.ts";
import type { RoomRegistry } from "../domain/rooms/room_registry.ts";
import type { StateStore } from "../domain/state_store.ts";
import type { Programs, Service } from "../server/session/service.ts";
import type { ChatContext } from "./chat/chat_session.ts";
import type { IrcSettings } from "./irc/irc_settings.ts";

/** The parts that services are created from. */
export interface ServiceOptions {
  /** Shared by all people, on every kind of port. */
  readonly chat: ChatContext;
  readonly accounts: Accounts;
  readonly registry: RoomRegistry;
  readonly log: RoomHistory;
  readonly clock: Clock;
  /** Milliseconds for a new person in the chat to give a name; may change. */
  readonly nameDeadlineMs: () => number;
  /** What IRC clients are told of the server; may change. */
  readonly irc?: () => IrcSettings;
  /** Reads again what is read at SIGHUP. */
  readonly rehash?: () => void;
  /** Where the small services keep their data. */
  readonly state: StateStore;
  /** Where jobs wait that are done one at a time. @default {a line of this process} */
  readonly jobLine?: JobLine;
  /** Takes what the logger prints, line by line; nothing is printed without it. */
  readonly print?: (line: string) => void;
  /** The commands that people run over SSH. @default {none} */
  readonly programs?: Programs;
  /** Aborted when the server is about to stop, while the sessions can still be told. */
  readonly stopping: AbortSignal;
}

/** What an endpoint option may depend on. */
export interface EndpointFacts {
  readonly carriesDatagrams: boolean;
  readonly options: ReadonlyMap<string, string>;
}

/** An endpoint option that a service understands. */
export interface EndpointOption {
  readonly name: string;
  /** The values, the default first; any text if absent. */
  readonly values?: readonly string[];
  /**
   * What to write instead of `value`, as the rest of a sentence that begins with `use`;
   * `undefined` if the value is valid. For options whose values cannot be listed.
   */
  advise?(value: string): string | undefined;
  /** Whether it has no meaning for datagrams. */
  readonly isForStreamsOnly?: boolean;
  /** What to do instead of using `value` on this endpoint; `undefined` if that is possible. */
  adviseOn?(value: string, endpoint: EndpointFacts): string | undefined;
}

/** A service as it can be named on the command line. */
export interface ServiceDefinition {
  /** Its name in `--listen NAME=ENDPOINT`. */
  readonly name: string;
  /** The endpoint options it understands, besides `idle`, `max-line` and `allow`. */
  readonly endpointOptions: readonly EndpointOption[];
  /** Whether a TLS client certificate may log in, so that peers are asked for one. */
  readonly usesCertificates?: boolean;
  /** Whether it takes datagrams. */
  readonly takesDatagrams?: boolean;
  /** Where it listens with `--tutorials`; absent if it is not one of the tutorials. */
  readonly tutorialEndpoint?: string;
  /** Loads and creates the service, once for all its endpoints. */
  create(options: ServiceOptions): Promise<Service>;
}

/** A datagram is a frame already. */
const FRAMING: EndpointOption = {
  name: "framing",
  values: ["line", "raw"],
  isForStreamsOnly: true,
};

/** How lines are delimited, and which formats are recognised. */
const LOG_FRAMING: EndpointOption = {
  name: "framing",
  values: ["auto", "line", "octet", "raw", "syslog"],
};
const ROOM: EndpointOption = {
  name: "room",
  advise: (value) => isRoomName(value) ? undefined : "a room's name, such as room=build",
};

/** Where RFC 3164 times come from, which name no zone. */
const ZONE: EndpointOption = {
  name: "zone",
  advise: (value) => isTimeZone(value) ? undefined : "a time zone, such as zone=Europe/Berlin",
};
const CHARSET: EndpointOption = {
  name: "charset",
  advise: (value) =>
    isCharset(value)
      ? undefined
      : "an encoding that contains ASCII, such as charset=gbk or charset=latin1",
};

/** Whether senders need the token of an account. It is sent as a line before the log lines. */
const TOKEN: EndpointOption = {
  name: "token",
  values: ["optional", "required"],
  adviseOn(value, { carriesDatagrams, options }) {
    if (value === "optional") return undefined;
    if (carriesDatagrams) return "datagrams carry no token; use tcp, tls or unix";
    const framing = options.get("framing") ?? "auto";
    if (framing === "auto" || framing === "line") return undefined;
    return `no line with a token can be sent with framing=${framing}; use framing=auto or line`;
  },
};

export const SERVICES: readonly ServiceDefinition[] = [
  {
    name: "chat",
    endpointOptions: [],
    create: async (options) => {
      const { Chat } = await import("./chat/chat.ts");
      return new Chat(options);
    },
  },
  {
    name: "echo",
    endpointOptions: [FRAMING],
    takesDatagrams: true,
    tutorialEndpoint: "tcp://127.0.0.1:9000?idle=60",
    create: async () => {
      const { Echo } = await import("./echo.ts");
      return new Echo();
    },
  },
  {
    name: "greet",
    endpointOptions: [],
    tutorialEndpoint: "tcp://127.0.0.1:1235",
    create: async () => {
      const { Greet } = await import("./greet.ts");
      return new Greet();
    },
  },
  {
    name: "irc",
    endpointOptions: [],
    usesCertificates: true,
    create: async (options) => {
      const { Irc } = await import("./irc/irc.ts");
      if (!options.chat.claims) return new Irc(options);
      const { sharedHostKey } = await import("./irc/host_key.ts");
      return new Irc({ ...options, hostKey: await sharedHostKey(options.state) });
    },
  },
  {
    name: "logger",
    endpointOptions: [LOG_FRAMING, ROOM, ZONE, CHARSET, TOKEN],
    takesDatagrams: true,
    tutorialEndpoint: "tcp://127.0.0.1:1234",
    // Shared, so that no sender and no person have the same number.
    create: async (options) => {
      const { Logger } = await import("./logger/logger.ts");
      const { access, tokens, firstOrigin } = options.chat;
      return new Logger({ ...options, access, tokens, firstOrigin });
    },
  },
  {
    name: "todo",
    endpointOptions: [],
    tutorialEndpoint: "tcp://127.0.0.1:9001?idle=60",
    create: async ({ state }) => {
      const { Todo } = await import("./todo.ts");
      return new Todo(state);
    },
  },
  {
    name: "bank",
    endpointOptions: [],
    tutorialEndpoint: "tcp://127.0.0.1:54321",
    create: async ({ state }) => {
      const { Bank } = await import("./bank.ts");
      return new Bank(state);
    },
  },
  {
    name: "jobs",
    endpointOptions: [],
    tutorialEndpoint: "tcp://127.0.0.1:56780?idle=100",
    create: async (options) => {
      const { Jobs } = await import("./jobs.ts");
      return new Jobs({ ...options, line: options.jobLine });
    },
  },
];
