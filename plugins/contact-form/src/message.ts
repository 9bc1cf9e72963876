import type { Settings, Texts } from "./settings.ts";

/** What a reader filled in. */
export interface Message {
  name: string;
  email: string;
  message: string;
  page: string;
}

const NAME_MAX = 200;
const EMAIL_MAX = 254;
const PAGE_MAX = 200;
const EMAIL = /^[^\s@<>"',;]{1,64}@[^\s@<>"',;.]+(\.[^\s@<>"',;.]+)+$/;
const LINK = /https?:\/\/|www\./gi;
// Letters that only tell programs something; a line may end and have tabs.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

export function messageOf(form: Record<string, string | undefined>): Message {
  const line = (text = "") => text.replace(CONTROL, "").replace(/\s+/g, " ").trim();
  return {
    name: line(form.name),
    email: line(form.email),
    message: (form.message ?? "").replace(/\r\n?/g, "\n").replace(CONTROL, "").trim(),
    page: line(form.page).slice(0, PAGE_MAX),
  };
}

/** Why a message is not taken, as the name of a text. */
export function objection(message: Message, settings: Settings): keyof Texts | undefined {
  const { name, email, message: text } = message;
  if (name === "" || email === "" || text === "") return "missing";
  if (name.length > NAME_MAX || email.length > EMAIL_MAX || text.length > settings.messageMax) return "long";
  if (!EMAIL.test(email)) return "address";
  if ((`${name} ${text}`.match(LINK) ?? []).length > settings.links) return "links";
  const small = `${name} ${text}`.toLowerCase();
  return settings.words.some((word) => small.includes(word)) ? "words" : undefined;
}

/** What the message is called in lists. */
export function subjectOf({ name, message }: Message): string {
  const words = message.replace(/\s+/g, " ");
  const letters = Array.from(words);
  return `${Array.from(name).slice(0, 60).join("")}: ${letters.length > 80 ? `${letters.slice(0, 79).join("")}…` : words}`;
}
