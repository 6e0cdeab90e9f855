/** A WebSocket whose other end is the test. */

import type { ServerMessage } from "../../lib/web/protocol.ts";

export class FakeSocket {
  onopen: (() => void) | undefined;
  onmessage: ((event: MessageEvent) => void) | undefined;
  onclose: ((event: CloseEvent) => void) | undefined;
  readonly sent: string[] = [];
  isClosed = false;

  asWebSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  open(): void {
    this.onopen!();
  }

  receive(message: ServerMessage): void {
    this.onmessage!({ data: JSON.stringify(message) } as MessageEvent);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
  }
}
