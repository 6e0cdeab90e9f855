/** A temporary directory for socket files. */

import { TemporaryDirectory } from "./temporary_directory.ts";

export class SocketDirectory extends TemporaryDirectory {
  #count = 0;

  /** A new path. */
  newPath(): string {
    return `${this.path}/socket${++this.#count}`;
  }

  /** The names of the files in the directory. */
  names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name);
  }

  /** Creates a socket file without a listener, as a killed server leaves behind. */
  leaveDeadSocket(path: string): void {
    const socket = Deno.listenDatagram({ transport: "unixpacket", path });
    socket.close();
  }
}
