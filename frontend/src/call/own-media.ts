/** What this page says it sends, told once per change. */

import { said } from "../rtc/media-view";
import { type LocalMedia, type Media, NO_MEDIA, sameMedia } from "../rtc/types";
import type { SignalingPort } from "../signaling/port";
import type { Peers } from "./peers";
import type { Roster } from "./roster";

export class OwnMedia {
  readonly #local: LocalMedia;
  readonly #port: SignalingPort;
  #told: Media = NO_MEDIA;

  constructor(local: LocalMedia, port: SignalingPort) {
    this.#local = local;
    this.#port = port;
  }

  get now(): Media {
    return said(this.#local.view.get());
  }

  /** The others have heard this much from the server. */
  known(media: Media): void {
    this.#told = media;
  }

  /** By the channels when everybody admitted hears them, else by the server too. */
  announce(peers: Peers, roster: Roster | null): void {
    const media = this.now;
    if (sameMedia(media, this.#told)) return;
    this.#told = media;
    peers.post({ t: "media", media });
    const admitted = (roster?.others ?? []).filter(({ state }) => state === "admitted").map(({ id }) => id);
    if (admitted.length === 0 || !peers.allHear(admitted)) void this.#port.send("media_state", media);
  }
}
