/**
 * Every option of `serve`: its name, its limits, its default, and what `--help` says of it.
 *
 * @module
 */

import { DEFAULT_BLOCK_LIMITS } from "../../domain/text/block.ts";
import { DEFAULT_LISTEN } from "../endpoints/listen.ts";
import { LOG_LEVELS } from "../log_output.ts";
import type { OptionSpec } from "../options/option.ts";
import { DATA_OPTION } from "./common_options.ts";

const UP_TO_A_MILLION = { kind: "integer", value: "N", min: 0, max: 1_000_000 } as const;
const SECONDS_OF_A_DAY = { kind: "integer", value: "SECONDS", min: 1, max: 86_400 } as const;

/** Tables, and groups of them, in the configuration file. */
export const TABLES = ["irc", "rooms", "alerts", "cluster"];

/** Every option of `serve` but `CONFIG_OPTION`. */
export const SERVE_OPTIONS = [
  {
    name: "listen",
    kind: "list",
    value: "SERVICE=ENDPOINT",
    default: DEFAULT_LISTEN,
    doc:
      "where a service listens; repeatable. It replaces the defaults, unless one of the values " +
      "is the word default. ENDPOINT is ssh://HOST:PORT, telnet://HOST:PORT, tcp://HOST:PORT, " +
      "tls:// or telnets://HOST:PORT?cert=FILE,key=FILE, unix:///PATH, udp://HOST:PORT or " +
      "unixgram:///PATH. Every endpoint takes the options idle=SECONDS, max-line=BYTES and, " +
      "except for files, allow=ADDRESSES. Port 0 picks a free port",
  },
  {
    name: "tutorials",
    kind: "flag",
    doc: "also run the small services of the tutorials, each on its usual port",
  },
  {
    name: "service",
    kind: "list",
    value: "FILE",
    default: [],
    doc: "load a service of your own from a module, for use in --listen; repeatable",
  },
  {
    name: "print",
    kind: "flag",
    doc: "print what the logger service receives, besides storing it",
  },
  {
    name: "web",
    kind: "string",
    value: "ENDPOINT",
    negatable: true,
    default: "http://127.0.0.1:8080",
    doc: "where to serve the web page and the HTTP API: http://HOST:PORT or " +
      "https://HOST:PORT?cert=FILE,key=FILE; allow=ADDRESSES as in --listen",
  },
  {
    name: "web-host",
    kind: "list",
    value: "NAME",
    default: [],
    doc: "another host name for the web page, besides the one in --web and those of this " +
      "machine; repeatable. Line ports redirect browsers to the first",
  },
  {
    name: "web-origin",
    kind: "list",
    value: "ORIGIN",
    default: [],
    doc: "allow web pages from another origin, such as https://HOST, to connect and post; " +
      "repeatable",
  },
  {
    name: "web-base",
    kind: "string",
    value: "PATH",
    default: "/",
    doc: "the path under which a proxy publishes the web page, such as /partyline/; needed only " +
      "if the proxy leaves it in requests",
  },
  {
    name: "post-token",
    kind: "string",
    value: "TOKEN",
    doc: "the token that HTTP requests need to post to a room; without it none can. Prefer " +
      "PARTYLINE_POST_TOKEN, which other users of this machine cannot see",
  },
  {
    name: "metrics",
    kind: "string",
    value: "ENDPOINT",
    doc: "where to serve metrics for Prometheus to everybody, as http://HOST:PORT/metrics; " +
      "allow=ADDRESSES as in --listen. The web page serves them at /metrics to this machine and " +
      "with a token",
  },
  {
    name: "description",
    kind: "string",
    value: "TEXT",
    doc: "what this server is, in one line, for newcomers on the web page and for IRC clients",
  },
  {
    name: "access",
    kind: "choice",
    choices: ["open", "accounts"],
    default: "open",
    doc: "who may enter: open, anybody who gives a name; accounts, only people with an account, " +
      "the first made with partyline account add NAME --operator",
  },
  {
    name: "password-file",
    kind: "string",
    value: "FILE",
    doc: "a file whose first line is a password, 8 characters or more, that everybody must give " +
      "to enter; without it, nobody is asked for one",
  },
  DATA_OPTION,
  {
    name: "takeover",
    kind: "flag",
    doc:
      "take over from the server that runs on the same data directory: it stops, and people who " +
      "connect meanwhile wait for this one",
  },
  {
    ...UP_TO_A_MILLION,
    name: "max-connections",
    default: 10_000,
    doc: "the maximum number of connections; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "max-per-address",
    default: 64,
    doc: "the maximum number of connections from one address; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "flood-rate",
    default: 5,
    doc: "lines a second that a peer may sustain in chat before it is slowed down; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "flood-burst",
    min: 1,
    default: 20,
    doc: "lines that a peer may send at once before --flood-rate applies",
  },
  {
    name: "block-bytes",
    kind: "integer",
    value: "BYTES",
    min: 4096,
    max: 32_768,
    default: DEFAULT_BLOCK_LIMITS.bytes,
    doc: "the maximum size of a message of several lines",
  },
  {
    name: "block-lines",
    kind: "integer",
    value: "N",
    min: 1,
    max: 1000,
    default: DEFAULT_BLOCK_LIMITS.lines,
    doc: "the maximum number of lines in a message",
  },
  {
    name: "outbox-bytes",
    kind: "integer",
    value: "BYTES",
    min: 16_384,
    max: 1_073_741_824,
    default: 262_144,
    doc: "bytes queued for a peer before it is fed from the log instead",
  },
  {
    ...SECONDS_OF_A_DAY,
    name: "stall",
    default: 60,
    doc: "disconnect a peer that reads nothing for this long",
  },
  {
    ...SECONDS_OF_A_DAY,
    name: "name-deadline",
    default: 60,
    doc: "disconnect a peer that gives no name within this time",
  },
  {
    name: "durability",
    kind: "choice",
    choices: ["normal", "full"],
    default: "normal",
    doc: "what commits survive: normal, a crash of the program; full, also a power cut",
  },
  {
    name: "log-format",
    kind: "choice",
    choices: ["text", "json"],
    default: "text",
    doc: "the format of diagnostics on standard error",
  },
  {
    name: "log-level",
    kind: "choice",
    value: "LEVEL",
    choices: LOG_LEVELS,
    default: "info",
    doc: "the least severe diagnostics to print",
  },
] as const satisfies readonly OptionSpec[];
