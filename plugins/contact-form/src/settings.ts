import { settings } from "smartcms-plugin";

/** What people read. `texts` in the settings, a JSON object, replaces any of it. */
const TEXTS = {
  language: "en",
  title: "Write to us",
  intro: "",
  name: "Your name",
  email: "Your e-mail address",
  message: "Your message",
  send: "Send",
  link: "Write to us",
  trap: "Leave this empty",
  thanks: "Thank you",
  sent: "Your message has arrived.",
  back: "Back to the site",
  missing: "Please fill in every field.",
  address: "This does not look like an e-mail address.",
  long: "Something is too long.",
  links: "A message may have at most {most} links.",
  words: "The message holds words that this site does not take.",
  quick: "That was very quick. Please look over your message and send it again.",
  expired: "The form was open for too long. Please send it again.",
  busy: "Many messages came within the last hour. Please try again later.",
  unavailable: "Your message could not be kept. Please try again later.",
};

export type Texts = typeof TEXTS;

export interface Settings {
  collection: string;
  /** Whether blocks show the form itself, which needs `html:trusted`, or a link to it. */
  inline: boolean;
  /** How long a reader takes at least, in seconds, and how long a form can be sent, in hours. */
  leastSeconds: number;
  mostHours: number;
  perHour: number;
  links: number;
  words: string[];
  messageMax: number;
  texts: Texts;
}

/** A setting that cannot be used throws with a sentence that names it. */
export function read(): Settings {
  return {
    collection: settings.text("collection", "messages"),
    inline: settings.text("inline", "false") === "true",
    leastSeconds: whole("least_seconds", 3),
    mostHours: whole("most_hours", 24),
    perHour: whole("per_hour", 30),
    links: whole("links", 2),
    messageMax: whole("message_max", 5000),
    words: settings
      .text("words", "")
      .toLowerCase()
      .split(",")
      .map((it) => it.trim())
      .filter((it) => it !== ""),
    texts: texts(),
  };
}

function whole(name: string, otherwise: number): number {
  const number = settings.number(name, otherwise);
  if (!Number.isInteger(number) || number < 0) throw new Error(`the setting \`${name}\` cannot be used: ${number} is no whole number`);
  return number;
}

function texts(): Texts {
  const given = settings.get("texts");
  if (given === undefined) return TEXTS;
  let parsed: unknown;
  try {
    parsed = JSON.parse(given);
  } catch {
    throw new Error("the setting `texts` cannot be used: it is no JSON object");
  }
  const changed = Object.entries(parsed ?? {}).filter(([name, text]) => name in TEXTS && typeof text === "string");
  return { ...TEXTS, ...Object.fromEntries(changed) };
}
