import { keys } from "smartcms-plugin/keys";

import type { Token } from "./token.ts";

const SECONDS = 3600;
/** The hours that are forgotten at most in one request. */
const FORGOTTEN_MAX = 500;
const FORGOTTEN = "forgotten";

export const hourOf = (seconds: number): number => Math.floor(seconds / SECONDS);

/** Whether a form was sent before: it is kept once, however often somebody presses the button. */
export const wasSent = (token: Token): boolean => keys.getText(sentOf(token))?.includes(token.nonce) ?? false;

/** What was sent is remembered with the hour that its form was made in. */
const sentOf = (token: Token): string => `sent/${hourOf(token.made)}`;

/** Whether there is room for one more message in this hour. The count is atomic: requests at once are all counted. */
export function hasRoom(now: number, perHour: number): boolean {
  return keys.increment(`count/${hourOf(now)}`) <= perHour;
}

export function remember(token: Token, now: number, mostHours: number): void {
  keys.set(sentOf(token), `${keys.getText(sentOf(token)) ?? ""}${token.nonce} `);
  forget(hourOf(now) - mostHours - 1);
}

/** Keys of hours whose forms cannot be sent any more. */
function forget(before: number): void {
  const kept = Number(keys.getText(FORGOTTEN) ?? before);
  if (kept >= before && keys.getText(FORGOTTEN) !== undefined) return;
  for (let hour = Math.max(kept, before - FORGOTTEN_MAX); hour < before; hour += 1) {
    keys.delete(`sent/${hour}`);
    keys.delete(`count/${hour}`);
  }
  keys.set(FORGOTTEN, String(before));
}
