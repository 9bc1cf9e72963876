import { settings } from "smartcms-plugin";

/** A site that tells what is behind its addresses, by the protocol oEmbed. */
export interface Provider {
  /** Its hosts; each with what stands below it. */
  hosts: string[];
  endpoint: string;
}

const PROVIDERS: Provider[] = [
  { hosts: ["youtube.com", "youtu.be"], endpoint: "https://www.youtube.com/oembed" },
  { hosts: ["vimeo.com"], endpoint: "https://vimeo.com/api/oembed.json" },
  { hosts: ["flickr.com", "flic.kr"], endpoint: "https://www.flickr.com/services/oembed/" },
  { hosts: ["soundcloud.com"], endpoint: "https://soundcloud.com/oembed" },
  { hosts: ["open.spotify.com"], endpoint: "https://open.spotify.com/oembed" },
  { hosts: ["ted.com"], endpoint: "https://www.ted.com/services/v1/oembed.json" },
  { hosts: ["dailymotion.com", "dai.ly"], endpoint: "https://www.dailymotion.com/services/oembed" },
];

const ADDRESS = /^https?:\/\/([^/?#\s:@]+)(?::\d{1,5})?([/?#][^\s]*)?$/i;

/** The host of an address of the web; none for anything else, and none with a user's name in it. */
export const hostOf = (address: string): string | undefined => ADDRESS.exec(address)?.[1]?.toLowerCase();

/** Who can tell about an address: those of the settings first. */
export function providerOf(address: string): Provider | undefined {
  const host = hostOf(address);
  if (host === undefined) return undefined;
  const fits = (known: string): boolean => host === known || host.endsWith(`.${known}`);
  return [...added(), ...PROVIDERS].find((it) => it.hosts.some(fits));
}

/** The setting `providers`: a JSON object of hosts and the addresses that are asked about them. */
function added(): Provider[] {
  const text = settings.get("providers");
  if (text === undefined) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Error("the setting `providers` cannot be used: it is no JSON object of hosts and addresses");
  }
  return Object.entries(parsed).map(([host, endpoint]) => {
    if (hostOf(String(endpoint)) === undefined) {
      throw new Error(`the setting \`providers\` cannot be used: ${JSON.stringify(endpoint)} is no address of the web`);
    }
    return { hosts: [host.toLowerCase()], endpoint: String(endpoint) };
  });
}

export function question({ endpoint }: Provider, address: string): string {
  return `${endpoint}${endpoint.includes("?") ? "&" : "?"}format=json&maxwidth=800&url=${encodeURIComponent(address)}`;
}
