/** Real telnet clients, and how to run them. */

export interface TelnetClient {
  readonly command: (port: number) => string[];
  /** Whether it reports changes of its window size. */
  readonly tellsSize: boolean;
  /**
   * Whether it shows a password while it edits lines itself, although it is asked to hide it.
   *
   * @default {false}
   */
  readonly showsPasswords?: boolean;
}

/** Clients that send every key to the server. */
export const CHARACTER_CLIENTS: Readonly<Record<string, TelnetClient>> = {
  "inetutils-telnet": {
    command: (port) => ["inetutils-telnet", "127.0.0.1", `${port}`],
    tellsSize: true,
  },
  "telnet-ssl": { command: (port) => ["telnet-ssl", "127.0.0.1", `${port}`], tellsSize: true },
  "busybox telnet": {
    command: (port) => ["busybox", "telnet", "127.0.0.1", `${port}`],
    tellsSize: false,
    showsPasswords: true,
  },
  "plink": {
    command: (port) => ["plink", "-telnet", "-P", `${port}`, "127.0.0.1"],
    tellsSize: true,
  },
};

/** Clients that edit lines themselves. */
export const LINE_CLIENTS: Readonly<Record<string, TelnetClient>> = {
  "tt++": {
    command: (port) => ["/usr/games/tt++", "-G", "-e", `#session p 127.0.0.1 ${port}`],
    tellsSize: true,
  },
  "tf5": { command: (port) => ["tf5", "-v", "-f", "127.0.0.1", `${port}`], tellsSize: true },
};

/** OpenSSH, which needs no negotiation of the terminal; the user's name is the name in the chat. */
export const SSH: TelnetClient = {
  command: (port) => [
    ...["ssh", "-F", "none", "-p", `${port}`, "-o", "StrictHostKeyChecking=no"],
    ...["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "IdentityFile=none"],
    "jack@127.0.0.1",
  ],
  tellsSize: true,
};
