/**
 * The list of completions above the message field.
 *
 * @module
 */

import { h } from "preact";
import type { CompletionItem, Completions } from "../completion.ts";

export interface CompletionListProps {
  readonly completions: Completions;
  readonly chosen: number;
  onChoose(completion: CompletionItem): void;
}

export function optionId(index: number): string {
  return `completion-${index}`;
}

export function CompletionList({ completions, chosen, onChoose }: CompletionListProps) {
  return (
    <ul
      class="completions"
      id="completions"
      role="listbox"
      aria-label="Completions"
      tabIndex={0}
      // Keep the focus in the message field.
      onMouseDown={(event) => event.preventDefault()}
    >
      {completions.items.map((item, index) => (
        <li
          key={item.label}
          id={optionId(index)}
          role="option"
          aria-selected={index === chosen}
          ref={(element) => {
            if (index === chosen) element?.scrollIntoView({ block: "nearest" });
          }}
          onClick={() => onChoose(item)}
        >
          <b>{item.label}</b>
          {item.detail && <span>{item.detail}</span>}
        </li>
      ))}
    </ul>
  );
}
