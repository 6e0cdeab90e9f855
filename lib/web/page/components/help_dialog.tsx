/**
 * What the keys do, and the commands.
 *
 * @module
 */

import type { App } from "../app.ts";
import { Dialog } from "./dialog.tsx";

const KEYS = [
  ["Enter", "send; Shift+Enter begins another line"],
  ["/", "commands"],
  ["@ or Tab", "complete a name; Tab again for the next one"],
  ["↑ in an empty field", "what you said before"],
  ["Alt+↑, Alt+↓", "the room above or below"],
  ["Ctrl+K", "search"],
  ["Esc", "back to the message field, and to the newest message"],
  ["↑, ↓ in the messages", "from message to message; Enter gets the link to it"],
  ["←, → in the chart", "move an end of what is shown; Esc shows all"],
] as const;

const ESCAPE = { name: "/", usage: "//shrug", summary: "say what begins with a slash" };

export function HelpDialog({ app }: { readonly app: App }) {
  return (
    <Dialog title="Help" onClose={() => app.open(undefined)}>
      <p>
        What you write is said in the room, and kept. The number beside each message is a link to
        it.
      </p>
      <h3>Keys</h3>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>Commands</h3>
      <dl class="keys">
        {[...app.client.state.commands, ESCAPE].map(({ name, usage, summary }) => (
          <div key={name}>
            <dt>{usage}</dt>
            <dd>{summary}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
