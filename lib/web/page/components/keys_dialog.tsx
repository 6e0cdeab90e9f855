/**
 * What the keys do.
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

export function KeysDialog({ app }: { readonly app: App }) {
  return (
    <Dialog title="Keys" onClose={() => app.open(undefined)}>
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
    </Dialog>
  );
}
