/** A directory for socket files, for as long as a test takes. */

export class SocketDirectory implements Disposable {
  readonly path = Deno.makeTempDirSync();
  #count = 0;

  /** A path at which there is nothing. */
  newPath(): string {
    return `${this.path}/socket${++this.#count}`;
  }

  /** What is in the directory. */
  names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name);
  }

  /** Makes a socket file to which nobody listens, as a server leaves behind that was killed. */
  leaveDeadSocket(path: string): void {
    const socket = Deno.listenDatagram({ transport: "unixpacket", path });
    socket.close();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
