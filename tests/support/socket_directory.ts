/** A temporary directory for socket files. */

export class SocketDirectory implements Disposable {
  readonly path = Deno.makeTempDirSync();
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

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
